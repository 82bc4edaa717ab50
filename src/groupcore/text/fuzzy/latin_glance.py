"""A glance at Latin letters: one walk for words as they are, in digits and signs, drawn out, swapped, apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property

from groupcore.text.automaton import StreamAutomaton
from groupcore.text.characters import continues_word
from groupcore.text.fuzzy.classes import EURO
from groupcore.text.fuzzy.latin import LEET, LatinLane

_APART = " \t\n\r\f\v._-*~/"
_MEANT = {sign: letter for sign, letter in LEET.items() if sign.isascii()}
_SHAPES = bytes.maketrans(
    "".join([*_MEANT, EURO, *_APART]).encode(), "".join([*_MEANT.values(), "e", *" " * len(_APART)]).encode()
)
"""Letters and what is written for them alike, and all that may stand between them."""
_ALPHABET = "".join(sorted(set(b"abcdefghijklmnopqrstuvwxyz0123456789".translate(_SHAPES).decode())))
_RUN = re.compile(rb"(.)\1+", re.DOTALL)
_SIGN = rb"a-z0-9@$!|+(\x03\x04"
_EDGES = b"@$!|+(\x03\x04*"
_TOKEN = re.compile(rb"[%s*]+" % _SIGN)
_STARRED = re.compile(rb"[%s]\*+[%s]" % (_SIGN, _SIGN))
_GAP = rb"[\s._\-*~/|]{1,3}"
_LONE = re.compile(rb"(?<![a-z0-9])[a-z0-9@$!]%s[a-z0-9@$!]%s[a-z0-9@$!](?![a-z0-9])" % (_GAP, _GAP))
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz")
_ALNUM = _LETTERS | frozenset(b"0123456789")
_STAR, _BAR = b"*|"
_SIGNS = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789@$!|+(\x03\x04*")
_LETTER = 1
# of each byte: what may stand in a row of letters apart; 0 ends it
_KINDS = bytes(_LETTER if byte in _ALNUM else 2 if byte in b"@$! \t\n\r\f\v._-*~/|" else 0 for byte in range(256))
_DIGITS = b"0123456789"
_MOST_DIGITS = 4  # at either end of a token, before it is read
_LONGEST = 64  # characters of a token that is looked at

_Way = tuple[bytes | None, bool, bool]
"""What must stand there, if no disguise will do; whether no letter may stand before it, and none after it."""


class LatinGlance:
    """Looks for *words*, folded and ASCII, as *lane* reads them; *loose* ones may be part of a word.

    Each word comes with the greatest chance that a guess at it may have: disguises that never count are not looked for.
    """

    def __init__(self, words: Mapping[str, float], lane: LatinLane, loose: Collection[str]) -> None:
        self._lane = lane
        ways: dict[str, list[_Way]] = {}
        disguises = {word: lane.disguises(word, most) for word, most in words.items()}
        for word, some in disguises.items():
            exact = None if "leet" in some else word.encode()
            ways.setdefault(_shape(word), []).append((exact, *_edges(word, word in loose)))
        for key, swapped in lane.keys.items():
            if any("swap" in disguises[word] for word in swapped):
                ways.setdefault(_shape(key), []).append((key.encode(), *_edges(key, False)))
        self._repeated = [word for word, some in disguises.items() if "repeats" in some]
        wanted = frozenset().union(*disguises.values())
        drawn_out = [3 * char for char in _ALPHABET if "repeats" in wanted]
        lone = [f" {char} " for char in _ALPHABET if "separators" in wanted]
        self._has_lone = len(lone) > 0
        self._has_stars = "stars" in wanted
        automaton = StreamAutomaton([*ways, *drawn_out, *lone])
        self._search = automaton.search
        self._ways = [ways.get(key, ()) for key in automaton.keys]
        self._drawn_out = [key in drawn_out for key in automaton.keys]
        self._lone = [key in lone for key in automaton.keys]

    def may_be_in(self, data: bytes, ascii_only: bool) -> bool:
        """Whether a word may be in a text whose bytes are *data*; digits are digits only where all is ASCII."""
        if self._has_stars and _STAR in data and _STARRED.search(data) is not None:
            return True
        if self._has_lone and _BAR in data and self._is_kept_apart(data, 0, len(data), ascii_only):
            return True
        shapes = data.translate(_SHAPES)
        return self._reads(shapes, data, _ALNUM if ascii_only else _LETTERS)

    def _reads(self, shapes: bytes, data: bytes, letters: frozenset[int]) -> bool:
        kinds = b""
        seen = 0  # up to here tokens were looked at
        for index, start, end in self._search(shapes):
            for way in self._ways[index]:
                if _stands(data, start, end, way, letters):
                    return True
            if self._drawn_out[index]:
                if end > seen:
                    token = _token_at(data, end - 1)
                    seen = token.end()
                    if self._is_drawn_out(token[0], letters):
                        return True
            elif self._lone[index]:
                kinds = kinds or b"\0\0\0\0%s\0\0\0" % data.translate(_KINDS)
                if _is_apart(kinds, end - 1) and self._is_kept_apart(data, max(0, end - 7), end + 4, letters is _ALNUM):
                    return True
        return False

    def _is_kept_apart(self, data: bytes, start: int, end: int, ascii_only: bool) -> bool:
        """Whether letters stand apart in ``data[start:end]``; in a text in ASCII, those of some word."""
        if _LONE.search(data, start, end) is None:
            return False
        return not ascii_only or self._lane.holds_spaced(data.decode())

    def _is_drawn_out(self, token: bytes, letters: frozenset[int]) -> bool:
        """Whether *token* may be a word with letters repeated; where digits are no *letters*, they may be Chinese."""
        if letters is not _LETTERS:
            return self._is_squeezed(token)
        core = token.strip(_DIGITS)
        if not core:
            return any(number in _squeezed(token) for number in self._numbers)
        before = token.index(core)
        after = len(token) - len(core) - before
        if len(token) > _LONGEST or max(before, after) > _MOST_DIGITS:
            return True
        ends = range(len(token) - after, len(token) + 1)
        return any(self._is_squeezed(token[start:end]) for start in range(before + 1) for end in ends)

    def _is_squeezed(self, token: bytes) -> bool:
        return len(token) <= _LONGEST and any(
            _squeezed(part) in self._squeezed for part in (token, token.strip(_EDGES))
        )

    @cached_property
    def _numbers(self) -> list[bytes]:
        return [_squeezed(word.encode()) for word in self._repeated if word.isdigit()]

    @cached_property
    def _squeezed(self) -> frozenset[bytes]:
        return frozenset(_squeezed(word.encode()) for word in self._repeated)


def _token_at(data: bytes, place: int) -> re.Match[bytes]:
    """The run of letters and signs at *place*, or the last of it where it is long."""
    start = place
    while start and place - start < _LONGEST and data[start - 1] in _SIGNS:
        start -= 1
    token = _TOKEN.match(data, start)
    assert token is not None, "a letter is at the place"
    return token


def _is_apart(kinds: bytes, after: int) -> bool:
    """Whether the letter that stands alone before *after* may be one of three; beside a word it is not."""
    left, right = kinds[after + 1], kinds[after + 5]
    if not left or not right:
        return False
    return not (left == _LETTER == kinds[after] or right == _LETTER == kinds[after + 6])


def _squeezed(part: bytes) -> bytes:
    return _RUN.sub(rb"\1", part.translate(_SHAPES))


def _shape(word: str) -> str:
    return word.encode().translate(_SHAPES).decode()


def _edges(word: str, loose: bool) -> tuple[bool, bool]:
    return not loose and continues_word(word[0]), not loose and continues_word(word[-1])


def _stands(data: bytes, start: int, end: int, way: _Way, letters: frozenset[int]) -> bool:
    exact, left, right = way
    if exact is not None and data[start:end] != exact:
        return False
    if left and start and data[start - 1] in letters:
        return False
    return not (right and end < len(data) and data[end] in letters)
