"""How characters sound: their syllables in pinyin, without tones."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from groupcore.text.tables.packages import lone_module

CODES = range(0x100, 0x300)
"""Code points that stand for syllables in a stream of sounds, and are nobody's letter there."""

DIGITS = {
    "0": "ling", "1": "yi", "2": "er", "3": "san", "4": "si", "5": "wu", "6": "liu", "7": "qi", "8": "ba", "9": "jiu",
}  # fmt: skip
"""What digits are called."""


@cache
def _table() -> dict[int, str]:
    return dict(lone_module("pypinyin", "pinyin_dict", "pypinyin").pinyin_dict)


@lru_cache(maxsize=65536)
def readings(char: str) -> tuple[str, ...]:
    """The syllables of *char*, the commonest first, ü as v; empty when it is no Chinese character.

    >>> readings("长")
    ('zhang', 'chang')
    """
    written = _table().get(ord(char), "")
    return tuple(dict.fromkeys(filter(None, map(toneless, written.split(",")))))


def toneless(syllable: str) -> str:
    """*syllable* in the letters a to z: ``nǚ`` is ``nv``."""
    plain = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(char for char in plain if "a" <= char <= "z")


@cache
def syllables() -> dict[str, str]:
    """The code of each syllable that some common character has: the digit of that name, or one of ``CODES``."""
    common = {reading for code in range(0x4E00, 0x9FA6) for reading in readings(chr(code))[:1]}
    names = {syllable: digit for digit, syllable in DIGITS.items()}
    return {syllable: names.get(syllable) or chr(code) for code, syllable in zip(CODES, sorted(common), strict=False)}


@cache
def letters_of_codes() -> dict[int, str]:
    """For `str.translate`: each code to its syllable."""
    return {ord(code): syllable for syllable, code in syllables().items()}


@lru_cache(maxsize=16384)
def spelled(run: str) -> tuple[str, ...]:
    """The syllables that a *run* of small letters is made of, the longest first; empty when there is no way.

    >>> spelled("duitong"), spelled("hello")
    (('dui', 'tong'), ())
    """
    if len(run) > 48:
        return ()
    ways: list[tuple[str, ...] | None] = [None] * len(run) + [()]
    for start in range(len(run) - 1, -1, -1):
        for end in range(min(start + 6, len(run)), start, -1):
            rest = ways[end]
            if rest is not None and run[start:end] in _spellings():
                ways[start] = (run[start:end], *rest)
                break
    return ways[0] or ()


@cache
def _spellings() -> frozenset[str]:
    """Syllables as people type them; a lone consonant is none."""
    return frozenset(syllable for syllable in syllables() if re.search("[aeiouv]", syllable))
