"""Texts in which what stands for something else is replaced by it, with the way back to the original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from groupcore.text.folding import OffsetMap

MOST = 10_000
"""So many links, contacts and candidates for them are looked at in one text: more than any platform lets into one."""

MOST_REWRITES = 100_000
"""So many rewrites of one trick are carried out in one text."""


class Rewrite(NamedTuple):
    """A stretch of a text that stands for something else."""

    start: int
    end: int
    new: str
    trick: str


class Rewritten:
    """*text* with *rewrites* carried out; of two that overlap the first. Linear to make, O(log rewrites) to ask."""

    __slots__ = ("_ends", "_offsets", "_starts", "rewrites", "text")

    def __init__(self, text: str, rewrites: Iterable[Rewrite]) -> None:
        self.rewrites = _apart(rewrites)
        self.text = _rewritten(text, self.rewrites)
        self._offsets = OffsetMap((start, end, len(new)) for start, end, new, _ in self.rewrites)
        self._starts = [rewrite.start for rewrite in self.rewrites]
        self._ends = [rewrite.end for rewrite in self.rewrites]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that ``(start, end)`` of the rewritten text came from; it must not be empty."""
        return self._offsets.back(start, end)

    def inside(self, start: int, end: int) -> Sequence[Rewrite]:
        """The rewrites that touch the span ``(start, end)`` of the original."""
        return self.rewrites[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


def _apart(rewrites: Iterable[Rewrite]) -> list[Rewrite]:
    kept: list[Rewrite] = []
    for rewrite in sorted(rewrites):
        if not kept or rewrite.start >= kept[-1].end:
            kept.append(rewrite)
    return kept


def _rewritten(text: str, rewrites: Iterable[Rewrite]) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop, new, _ in rewrites:
        pieces += [text[end:start], new]
        end = stop
    return "".join([*pieces, text[end:]])
