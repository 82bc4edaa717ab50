"""Snapshots: the state of a stream, kept beside the log and taken up again, if it fits in every respect.

A snapshot fits if it is whole, was made by this very version (`state.image.stamp`), and if the log has, at its version,
the event that it was taken after, under the rulebook that it was taken under. Whatever is wrong with it otherwise comes
up when it is taken up. None of that is an error: the stream is read from its beginning instead. Nothing that happens
while one is kept is an error either, since the log needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple, TypeVar

from groupcore.engine.eras import Eras
from groupcore.events.base import ORG
from groupcore.events.casework import ReportFiled
from groupcore.events.codec import decode
from groupcore.events.facts import MessagePosted
from groupcore.events.row import Row
from groupcore.state import Group, Org
from groupcore.state.image import (
    Note,
    group_of,
    image_of_group,
    image_of_org,
    notes_in,
    org_of,
    put_reporters,
    reports_in,
    stamp,
)
from groupcore.stores import Store
from groupcore.stores.shelf import Snapshot, snapshot
from groupcore.wire import pack, unpack

T = TypeVar("T")


class Mark(NamedTuple):
    """An event that a state was folded up to: the last one of its stream."""

    version: int
    position: int
    digest: str


class TakenUp(NamedTuple):
    """What a snapshot holds, the event that it was taken after, and the rows behind that."""

    state: Any
    mark: Mark
    rest: Iterator[Row]


_stamp = cache(stamp)


def stream_of(group: str) -> str:
    """The stream of a group."""
    return f"group/{group}"


class Snapshots:
    """The snapshots of one log."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- taking up ------------------------------------------------------------------------------------------

    def org(self) -> TakenUp | None:
        """The organisation and its eras, as a pair; None where no snapshot fits."""
        return self._take_up(ORG, self._org)

    def group(self, group: str, eras: Eras) -> TakenUp | None:
        """A group; None where no snapshot fits."""
        return self._take_up(stream_of(group), lambda kept: self._group(kept, eras))

    def _take_up(self, stream: str, read: Callable[[Snapshot], TakenUp | None]) -> TakenUp | None:
        try:
            kept = self._store.shelf.get(stream)
            return read(kept) if kept is not None and kept.stream == stream and _fits(kept) else None
        except Exception:  # whatever damage makes come up; if it is in the log, reading that says so again
            return None

    def _org(self, kept: Snapshot) -> TakenUp | None:
        image = unpack(kept.body)
        org, eras = org_of(image["org"]), Eras.of(image["eras"])
        rows = self._store.read_stream(ORG, after=kept.version - 1)
        mark = _mark_of(next(rows))
        return TakenUp((org, eras), mark, rows) if _follows(kept, mark) and kept.rules == (org.digest or "") else None

    def _group(self, kept: Snapshot, eras: Eras) -> TakenUp | None:
        image = unpack(kept.body)
        group, notes = group_of(image), notes_in(image)
        put_reporters(group, {id: self._reporter(id) if known else "" for id, known in reports_in(image).items()})
        rows = self._store.read_stream(kept.stream, after=image["since"] - 1)
        mark = _read_posts(group, notes, rows, kept.version)
        fits = _follows(kept, mark) and eras.at(mark.position).rules == kept.rules
        return TakenUp(group, mark, rows) if fits else None

    def _reporter(self, report: str) -> str:
        row = self._store.get(report)
        fact = decode(row).event if row is not None else None
        assert isinstance(fact, ReportFiled), "what a case stands on is in the log"
        return fact.reporter

    # --- keeping --------------------------------------------------------------------------------------------

    def of_org(self, org: Org, eras: Eras, mark: Mark) -> Snapshot:
        """The snapshot of the organisation."""
        body = pack({"org": image_of_org(org), "eras": eras.to_list()})
        return _sealed(ORG, mark, org.digest or "", org.agenda.first, body)

    def of_group(self, group: Group, eras: Eras, mark: Mark) -> Snapshot:
        """The snapshot of a group. Raises whatever comes up."""
        stream, first = stream_of(group.id), next(iter(group.windows), None)
        row = self._store.get(first.fact.id) if first is not None else None
        since = row.version if row is not None else mark.version  # where the log is read again for the posts
        body = pack({**image_of_group(group), "since": since})
        return _sealed(stream, mark, eras.at(mark.position).rules, group.due, body)

    def keep(self, taken: Sequence[Callable[[], Snapshot]]) -> None:
        """Keep what these take, as far as that can be done: nobody's append is to fail for it."""
        with suppress(Exception):
            self._store.shelf.put([take() for take in taken])

    def labels(self) -> dict[str, Snapshot]:
        """For each stream that we have a snapshot of: what is written on it."""
        with suppress(Exception):
            return {one.stream: one for one in self._store.shelf.labels() if one.is_sealed and one.stamp == _stamp()}
        return {}


def _sealed(stream: str, mark: Mark, rules: str, due: int | None, body: bytes) -> Snapshot:
    return snapshot(stream, mark.version, mark.digest, stamp=_stamp(), rules=rules, due=due, body=body)


def _fits(kept: Snapshot) -> bool:
    return kept.is_whole and kept.stamp == _stamp()


def _follows(kept: Snapshot, mark: Mark) -> bool:
    return (mark.version, mark.digest) == (kept.version, kept.digest)


def _mark_of(row: Row) -> Mark:
    return Mark(row.version, row.position, row.digest)


def _read_posts(group: Group, notes: Sequence[Note], rows: Iterator[Row], version: int) -> Mark:
    """Put the posts back into the windows of *group*, and say which event it was folded up to."""
    wanted = {note.id for note in notes}
    facts: dict[str, MessagePosted] = {}
    for row in rows:
        if row.id in wanted:
            fact = decode(row).event
            assert isinstance(fact, MessagePosted), "only messages are in a window"
            facts[row.id] = fact
        if row.version >= version:
            break
    for note in notes:
        group.windows.restore(note.post(facts[note.id]))
    return _mark_of(row)
