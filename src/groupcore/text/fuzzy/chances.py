"""How often clean text looks like a word by chance, by how much of the word was changed.

The figures are false alarms a word and message, counted on open Chinese chat and comments and rounded; what they say
of each other matters more than their size. ``ordinary`` is the share of the place that is part of ordinary words: who
writes around a filter puts characters together that no sentence has together.
"""

from __future__ import annotations

_ALONE, _PARTLY, _ORDINARY = range(3)

_SOUND = {  # by length and count of changed characters: not in any word, partly, wholly
    (2, 1): (3e-5, 2.5e-3, 4e-3),
    (2, 2): (1.2e-4, 3e-3, 6e-3),
    (3, 1): (2e-7, 1e-6, 2e-5),
    (3, 2): (5e-7, 1e-6, 3e-5),
    (3, 3): (5e-7, 3e-6, 3e-5),
    (4, 1): (1e-8, 1e-7, 2e-6),
    (4, 2): (1e-8, 2e-7, 4e-6),
    (4, 3): (1e-8, 2e-7, 4e-6),
}
_SHAPE = {  # likewise, for characters that share some component; much less so where they share most of them
    (2, 1): (4e-4, 2e-3, 6e-3),
    (2, 2): (3e-3, 3e-2, 1e-1),
    (3, 1): (2e-6, 1e-5, 6e-5),
    (3, 2): (4e-5, 2e-4, 5e-4),
    (3, 3): (4e-4, 4e-3, 5e-3),
    (4, 1): (2e-7, 2e-6, 1e-5),
    (4, 2): (2e-6, 1e-5, 2e-5),
    (4, 3): (5e-5, 8e-4, 9e-4),
}
_SWAP = {2: (2e-6, 2e-5, 2e-5), 3: (2e-7, 1e-6, 2e-6), 4: (5e-8, 1e-7, 1e-6)}
_GAP = {2: (3e-6, 1e-4, 1e-4), 3: (3e-7, 2e-6, 1e-5), 4: (5e-8, 2e-7, 2e-6)}
_STRONG = 0.4  # likeness from which two characters are taken for each other at a glance
_STRONGER = 0.6


def _row(ordinary: float) -> int:
    return _ALONE if ordinary < 0.01 else _ORDINARY if ordinary > 0.99 else _PARTLY


def of_sound(length: int, changed: int, ordinary: float) -> float:
    """Of *length* characters, *changed* are others of the same sound."""
    return _SOUND[min(length, 4), min(changed, 3)][_row(ordinary)]


def of_shape(length: int, changed: int, ordinary: float, likeness: float) -> float:
    """Of *length* characters, *changed* are others that look or sound alike; *likeness* is that of the least alike."""
    chance = _SHAPE[min(length, 4), min(changed, 3)][_row(ordinary)]
    if likeness >= _STRONGER:
        return chance / 50
    return chance / 10 if likeness >= _STRONG else chance


def of_order(length: int, ordinary: float) -> float:
    """The characters are the right ones, in another order."""
    return _SWAP[min(length, 4)][_row(ordinary)]


def of_gap(length: int, ordinary: float) -> float:
    """The characters are the right ones, with one stranger between two of them."""
    return _GAP[min(length, 4)][_row(ordinary)]


def of_gaps(length: int, between: str) -> float:
    """The characters are the right ones, with *between* between them: the end of a sentence tears more than a dot."""
    torn = any(char in ",.!?:;、。" for char in between)
    return (2e-4 if torn else 1e-6) * (20 if length == 2 else 1)


SPLIT = 1e-7
VERTICAL = {2: 3e-3, 3: 1e-6, 4: 1e-7}
EMOJI = {2: 1e-6, 3: 2e-7, 4: 5e-8}
PINYIN = {2: 2e-6, 3: 2e-7, 4: 5e-8}
PINYIN_ALONE = 100.0
"""Times as likely where the whole text is Latin: ``women`` is no Chinese there."""
INITIALS = {2: 3e-5, 3: 1e-6, 4: 2e-7}
