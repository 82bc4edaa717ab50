"""Whose an event is: about whom, by whom, and whose private part it holds.

It is told from the data alone, so that events of newer versions are told as well. What names nobody is about whom it
refers to: an answer about the person of its fact, a decision about the person of the sanction, a withdrawal about the
author of the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import define, field, frozen

from groupcore.events.people import ACTORS, REFERENCES, subjects_of
from groupcore.events.row import Row
from groupcore.wire import loads


@frozen
class Belonging:
    """An event of somebody: about them, by them, or both. ``personal``: its private part goes with them."""

    row: Row
    capacities: frozenset[str]  # "about", "by"
    personal: bool


def data_of(row: Row) -> dict[str, Any]:
    """All that the row says, the private part included where it is there and can be read."""
    data: dict[str, Any] = loads(row.data)
    return data | loads(row.private) if row.private is not None else data


@define
class Belongings:
    """What a log holds of ``person``, told row by row, in order. It keeps the ids of what is about them."""

    person: str
    _ids: set[str] = field(factory=set, init=False)  # of events about them
    _messages: set[tuple[str | None, str]] = field(factory=set, init=False)  # that they wrote, with the group

    def among(self, rows: Iterable[Row]) -> Iterator[Belonging]:
        """Those of *rows* that are theirs."""
        for row in rows:
            found = self.take(row)
            if found is not None:
                yield found

    def take(self, row: Row) -> Belonging | None:
        """What *row* is to them, or None. Give it every row, in order."""
        data = data_of(row)
        named = subjects_of(data)
        about = self.person in named if named else self._is_implied(row, data)
        if about:
            self._note(row, data)
        by = any(data.get(key) == self.person for key in ACTORS)
        if not (about or by):
            return None
        said = {"about": about, "by": by}
        theirs = about or data.get("reporter") == self.person
        return Belonging(row, frozenset(name for name, true in said.items() if true), theirs)

    def _is_implied(self, row: Row, data: Mapping[str, Any]) -> bool:
        if row.cause in self._ids or any(data.get(key) in self._ids for key in REFERENCES):
            return True
        return (row.group, data.get("message")) in self._messages

    def _note(self, row: Row, data: Mapping[str, Any]) -> None:
        self._ids.add(row.id)
        if data.get("author") == self.person and isinstance(data.get("message"), str):
            self._messages.add((row.group, data["message"]))
