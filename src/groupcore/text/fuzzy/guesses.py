"""What a lane believes to have found, and how likely clean text is to look like that by chance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Guess(NamedTuple):
    """*word*, read in ``text[start:end]`` through *steps*.

    ``chance`` is about how many messages of clean text, in one word's share of them, hold such a place: 1e-4 says that
    of ten thousand clean messages one would be found by one word of this length.
    """

    start: int
    end: int
    word: str
    steps: tuple[str, ...]
    chance: float


MOST = 10_000
"""Guesses that a lane makes at most in one text: whoever is found so often is found."""

_HALF = 0.04  # false alarms a message at which a guess is as good as a coin


def score(chance: float, words: int) -> float:
    """How sure a guess is, from 0 to 1: the more words a rule looks for, the more each finding has to prove.

    >>> round(score(1e-6, 10), 3), round(score(1e-3, 10), 3), round(score(1e-3, 1000), 3)
    (1.0, 0.8, 0.038)
    """
    return _HALF / (_HALF + chance * words)


def ceiling(least: float, words: int) -> float:
    """The greatest chance that has a `score` of *least* in a rule of so many *words*."""
    return _HALF * (1 / least - 1) / words if least else 1.0


def best(guesses: Iterable[Guess]) -> list[Guess]:
    """Of guesses that say the same of the same place the surest, in order of place."""
    kept: dict[tuple[int, int, str], Guess] = {}
    for guess in guesses:
        key = guess[:3]
        if key not in kept or guess.chance < kept[key].chance:
            kept[key] = guess
    return [kept[key] for key in sorted(kept)]
