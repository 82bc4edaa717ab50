"""What falls due, in order of time: the one door to sortedcontainers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sortedcontainers import SortedList

Entry = tuple[int, str, str]
"""When it is due, what it is (``mute``, ``block``), and whose."""


class Agenda:
    """A calendar of one stream. Adding, dropping and looking at the first cost O(log n)."""

    __slots__ = ("_entries",)

    def __init__(self) -> None:
        self._entries: SortedList[Entry] = SortedList()

    def add(self, due: int, kind: str, who: str) -> None:
        """Note that *kind* of *who* ends at *due*."""
        self._entries.add((due, kind, who))

    def drop(self, due: int, kind: str, who: str) -> None:
        """Strike an entry out; one that is not there is no error."""
        self._entries.discard((due, kind, who))

    def due(self, now: int) -> Iterator[Entry]:
        """The entries that are due at *now*, earliest first."""
        for entry in self._entries:
            if entry[0] > now:
                return
            yield entry

    def expire(self, now: int) -> None:
        """Drop all that is due at *now*."""
        while self._entries and self._entries[0][0] <= now:
            del self._entries[0]

    @property
    def first(self) -> int | None:
        """When the earliest entry is due; None where there is none."""
        return self._entries[0][0] if self._entries else None

    def to_mapping(self) -> dict[str, list[Entry]]:
        """All of it as plain values; `of` is the way back."""
        return {"entries": list(self._entries)}

    @classmethod
    def of(cls, mapping: Mapping[str, Iterable[Iterable[Any]]]) -> Agenda:
        """The agenda that `to_mapping` wrote down."""
        made = cls()
        made._entries.update((due, kind, who) for due, kind, who in mapping["entries"])
        return made

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Agenda) and list(self._entries) == list(other._entries)

    __hash__ = None  # type: ignore[assignment]
