"""What a log holds, counted in one pass."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any, Self

from attrs import Factory, define, field

from groupcore.cli.output import Progress
from groupcore.clock import format_instant
from groupcore.events import Head, Row, RulebookAdopted, event_types
from groupcore.stores import Store
from groupcore.wire import loads

_PEOPLE = ("author", "member", "person", "owner")


@define
class Contents:
    """The counts of a log, its times, the rulebooks that it adopted, and where each stream ends."""

    size: int | None = None
    events: int = 0
    facts: int = 0
    erased: int = 0
    newer: int = 0
    first: int | None = None
    last: int | None = None
    types: Counter[str] = Factory(Counter)
    groups: Counter[str] = Factory(Counter)
    people: set[str] = Factory(set)
    rulebooks: list[dict[str, Any]] = Factory(list)
    heads: dict[str, Head] = Factory(dict)
    _known: dict[str, int] = field(factory=lambda: {name: cls.schema for name, cls in event_types().items()})

    @classmethod
    def of(cls, store: Store, name: str) -> Self:
        """What the log *store* of that name holds. Reads it once."""
        made, progress = cls(size=_size(name)), Progress()
        for row in store.read():
            made.count(row)
            if not made.events % 1024:
                progress.show(lambda: f"{made.events:,} events")
        made.heads = store.heads()
        progress.clear()
        return made

    def count(self, row: Row) -> None:
        """Count one event."""
        self.events += 1
        self.types[row.type] += 1
        self.erased += row.erased
        self.newer += row.schema > self._known.get(row.type, 0)
        if row.group is not None:
            self.groups[row.group] += 1
        if row.type == RulebookAdopted.type:
            self._adopted(row)
        if row.cause is None:
            self.facts += 1
            self._fact(row)

    def _fact(self, row: Row) -> None:
        if row.group is None:
            return
        self.first = row.at if self.first is None else min(self.first, row.at)
        self.last = row.at if self.last is None else max(self.last, row.at)
        data = loads(row.data)
        self.people.update(who for key in _PEOPLE if isinstance(who := data.get(key), str))

    def _adopted(self, row: Row) -> None:
        data = loads(row.data)
        self.rulebooks.append({"position": row.position, "name": data["name"], "digest": data["digest"]})

    def to_mapping(self) -> dict[str, Any]:
        """All of it as plain values, for programs."""
        return {
            "events": self.events,
            "facts": self.facts,
            "verdicts": self.events - self.facts,
            "erased": self.erased,
            "newer": self.newer,
            "members": len(self.people),
            "first": self.first,
            "last": self.last,
            "size": self.size,
            "types": dict(self.types.most_common()),
            "groups": dict(self.groups.most_common()),
            "rulebooks": self.rulebooks,
            "heads": {stream: head._asdict() for stream, head in sorted(self.heads.items())},
        }

    def records(self) -> Iterator[dict[str, Any]]:
        """All of it as rows of ``what``, ``name`` and ``value``, for a table."""
        for what, name, value in self._rows():
            yield {"what": what, "name": name, "value": value}

    def _rows(self) -> Iterator[tuple[str, str, Any]]:
        if self.size is not None:
            yield "size", "bytes", self.size
        yield from (("log", name, getattr(self, name)) for name in ("events", "facts", "erased"))
        if self.newer:
            yield "log", "of a newer version", self.newer
        yield "log", "members", len(self.people)
        for name in ("first", "last"):
            at = getattr(self, name)
            yield "time", name, format_instant(at) if at is not None else ""
        yield from (("type", name, count) for name, count in self.types.most_common())
        yield from (("group", name, count) for name, count in self.groups.most_common())
        yield from (
            ("rulebook", book["name"], f"{book['digest']} from event {book['position']}") for book in self.rulebooks
        )
        yield from (("head", stream, f"{head.version} {head.digest}") for stream, head in sorted(self.heads.items()))


def _size(name: str) -> int | None:
    """The bytes of the file, where *name* is a path."""
    return os.path.getsize(name) if os.path.isfile(name) else None
