"""How often clean text looks like a word by chance, by how much of the word was changed.

The figures are false alarms a word and message, counted on open Chinese chat and comments and rounded; what they say
of each other matters more than their size. ``ordinary`` is the share of the place that is part of ordinary words: who
writes around a filter puts characters together that no sentence has together.
"""

from __future__ import annotations

from groupcore.text.tables.usage import Usage

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
_SHAPE = {  # likewise, for characters that share a third of what they are made of; none of them an everyday one
    (2, 1): (7e-5, 1.5e-4, 6e-4),
    (2, 2): (4e-4, 7e-4, 3e-3),
    (3, 1): (1e-6, 2e-5, 8e-5),
    (3, 2): (1e-6, 2e-5, 2e-5),
    (3, 3): (3e-6, 3e-5, 8e-5),
    (4, 1): (1e-7, 1e-6, 2e-6),
    (4, 2): (1e-7, 1e-6, 2e-6),
    (4, 3): (2e-7, 2e-6, 8e-6),
}
_EVERYDAY_SHAPE = {  # likewise, where one of them is
    (2, 1): (3e-4, 5e-4, 1.8e-3),
    (2, 2): (5e-3, 1.2e-2, 2.3e-2),
    (3, 1): (5e-6, 2e-4, 2e-4),
    (3, 2): (3e-5, 3e-4, 3e-4),
    (3, 3): (2e-4, 2e-3, 2e-3),
    (4, 1): (2e-6, 1e-5, 1e-5),
    (4, 2): (2e-6, 2e-5, 2e-5),
    (4, 3): (5e-6, 2e-4, 2e-4),
}
_SWAP = {2: (2e-6, 2e-5, 2e-5), 3: (2e-7, 1e-6, 2e-6), 4: (5e-8, 1e-7, 1e-6)}
_GAP = {2: (3e-6, 1e-4, 1e-4), 3: (3e-7, 2e-6, 1e-5), 4: (5e-8, 2e-7, 2e-6)}
_STRONG = 0.45  # likeness from which two characters are taken for each other at a glance
_WEAK = 0.3
_RARE = 0.02  # so much less often where all that stand in are rare characters


def _row(ordinary: float) -> int:
    return _ALONE if ordinary < 0.01 else _ORDINARY if ordinary > 0.99 else _PARTLY


def of_sound(length: int, changed: int, ordinary: float) -> float:
    """Of *length* characters, *changed* are others of the same sound."""
    return _SOUND[min(length, 4), min(changed, 3)][_row(ordinary)]


def of_shape(length: int, changed: int, ordinary: float, likeness: float, usage: Usage) -> float:
    """Of *length* characters, *changed* are others that look or sound alike.

    *likeness* is that of the least alike, *usage* that of the commonest that stands in for another.
    """
    table = _EVERYDAY_SHAPE if usage is Usage.EVERYDAY else _SHAPE
    chance = table[min(length, 4), min(changed, 3)][_row(ordinary)] * (_RARE if usage is Usage.RARE else 1)
    if likeness >= _STRONG:
        return chance / 5
    return chance if likeness >= _WEAK else 2 * chance


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
