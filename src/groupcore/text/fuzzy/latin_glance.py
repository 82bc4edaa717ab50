"""A glance at Latin letters: one walk for words as they are, in digits and signs, drawn out, swapped, apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cached_property

from groupcore.text.automaton import StreamAutomaton
from groupcore.text.characters import continues_word
from groupcore.text.fuzzy.classes import EURO
from groupcore.text.fuzzy.latin import LEET

_APART = " \t\n\r\f\v._-*~/"
_MEANT = {sign: letter for sign, letter in LEET.items() if sign.isascii()}
_SHAPES = bytes.maketrans(
    "".join([*_MEANT, EURO, *_APART]).encode(), "".join([*_MEANT.values(), "e", *" " * len(_APART)]).encode()
)
"""Letters and what is written for them alike, and all that may stand between them."""
_ALPHABET = "".join(sorted(set(b"abcdefghijklmnopqrstuvwxyz0123456789".translate(_SHAPES).decode())))
_NO_LETTERS = bytes(sorted({*range(256)}.difference(b"abcdefghijklmnopqrstuvwxyz")))
_RUN = re.compile(rb"(.)\1+", re.DOTALL)
_SIGN = rb"a-z0-9@$!|+(\x03\x04"
_EDGES = b"@$!|+(\x03\x04*"
_TOKEN = re.compile(rb"[%s*]{3,}" % _SIGN)
_STARRED = re.compile(rb"[%s]\*+[%s]" % (_SIGN, _SIGN))
_GAP = rb"[\s._\-*~/|]{1,3}"
_LONE = re.compile(rb"(?<![a-z0-9])[a-z0-9@$!]%s[a-z0-9@$!]%s[a-z0-9@$!](?![a-z0-9])" % (_GAP, _GAP))
_STAR, _BAR = b"*|"
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz")
_ALNUM = _LETTERS | frozenset(b"0123456789")

_Way = tuple[bytes | None, bool, bool]
"""What must stand there, if no disguise will do; whether no letter may stand before it, and none after it."""


class LatinGlance:
    """Looks for *words*, folded and ASCII, and *others* that stand for them; *loose* ones may be part of a word."""

    def __init__(self, words: Iterable[str], others: Collection[str], loose: Collection[str]) -> None:
        self._ways: dict[str, list[_Way]] = {}
        self._words = tuple(words)
        for word in (*self._words, *others):
            exact = None if _is_disguised(word) else word.encode()
            self._ways.setdefault(_shape(word), []).append((exact, *_edges(word, word in loose)))
        self._letterless = any(not any(map(str.isalpha, word)) for word in self._words)
        self._drawn_out = frozenset(3 * char for char in _ALPHABET)
        self._lone = frozenset(f" {char} " for char in _ALPHABET)
        self._walk = StreamAutomaton([*self._ways, *self._drawn_out, *self._lone]).walk

    def may_be_in(self, data: bytes, ascii_only: bool) -> bool:
        """Whether a word may be in a text whose bytes are *data*; digits are digits only where all is ASCII."""
        if not ascii_only and not self._letterless and not data.translate(None, _NO_LETTERS):
            return False
        if _STAR in data and _STARRED.search(data) is not None:
            return True
        if _BAR in data and _LONE.search(data) is not None:
            return True
        shapes = data.translate(_SHAPES).decode("latin-1")
        letters = _ALNUM if ascii_only else _LETTERS
        drawn_out = False
        for last, key in self._walk(shapes):
            start, end = last + 1 - len(key), last + 1
            for way in self._ways.get(key, ()):
                if _stands(data, start, end, way, letters):
                    return True
            if key in self._lone and _LONE.search(data, max(0, last - 6), last + 5) is not None:
                return True
            drawn_out = drawn_out or key in self._drawn_out
        return drawn_out and any(self._is_drawn_out(token) for token in _TOKEN.findall(data))

    def _is_drawn_out(self, token: bytes) -> bool:
        return any(_squeezed(part) in self._squeezed for part in {token, token.strip(_EDGES)})

    @cached_property
    def _squeezed(self) -> frozenset[bytes]:
        return frozenset(_squeezed(word.encode()) for word in self._words if _is_disguised(word))


def _squeezed(token: bytes) -> bytes:
    return _RUN.sub(rb"\1", token.translate(_SHAPES))


def _shape(word: str) -> str:
    return word.encode().translate(_SHAPES).decode()


def _is_disguised(word: str) -> bool:
    """Whether *word* is looked for in other letters than its own."""
    return word.isalnum() and len(word) > 2


def _edges(word: str, loose: bool) -> tuple[bool, bool]:
    return not loose and continues_word(word[0]), not loose and continues_word(word[-1])


def _stands(data: bytes, start: int, end: int, way: _Way, letters: frozenset[int]) -> bool:
    exact, left, right = way
    if exact is not None and data[start:end] != exact:
        return False
    if left and start and data[start - 1] in letters:
        return False
    return not (right and end < len(data) and data[end] in letters)
