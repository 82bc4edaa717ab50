"""Where the words of a Chinese sentence end: what tells a pun from a sentence that happens to sound alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise

from groupcore.text.tables.packages import package

AROUND = 5
"""Characters on either side of a place that its words are told by."""


@cache
def _cutter() -> Callable[[str, bool], list[str]]:
    cut: Callable[[str, bool], list[str]] = package("rjieba", "rjieba").cut
    return cut


@lru_cache(maxsize=4096)
def _edges(window: str) -> tuple[int, ...]:
    """Where the words of *window* begin and end."""
    edges = [0]
    for word in _cutter()(window, False):
        edges.append(edges[-1] + len(word))
    return tuple(edges)


def ordinary(text: str, start: int, end: int) -> float:
    """How far ``text[start:end]`` reads as ordinary words, from 0 to 1: the share of its characters inside one.

    A word counts when it has two characters or more and lies inside the span or reaches over its edge.
    """
    first = max(0, start - AROUND)
    edges = _edges(text[first : end + AROUND])
    covered = 0
    for left, right in pairwise(edges):
        if right - left > 1:
            covered += max(0, min(right + first, end) - max(left + first, start))
    return covered / (end - start)
