"""A glance at a text, before anything is folded: can any word of an index be in it, in any disguise?

Most texts hold nothing. To say so costs one look at each character, about as much as looking for the words as they
are. The answer may be wrong in one way only: a text in which something can be is read, and nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from unicodedata import category

from groupcore.text.automaton import KeywordAutomaton
from groupcore.text.characters import finder
from groupcore.text.escapes import may_hold_escape
from groupcore.text.folding import chain_of
from groupcore.text.folds import ORDER
from groupcore.text.fuzzy.chinese_glance import ChineseGlance
from groupcore.text.fuzzy.classes import (
    BYTES,
    FOLDED,
    JOINER,
    ODD,
    PICTURE,
    UNKNOWN,
    bytes_of,
    class_of,
    ways_to_write,
    without_joiners,
)
from groupcore.text.fuzzy.latin_glance import LatinGlance
from groupcore.text.fuzzy.shaping import ShapeLane
from groupcore.text.fuzzy.spellings import is_told_by_sound, letters_of
from groupcore.text.fuzzy.streams import is_chinese
from groupcore.text.tables.usage import usage

_JOINER, _ODD, _PERCENT, _AMPERSAND = map(ord, f"{JOINER}{ODD}%&")
_LOUD = b"abcdefghijklmnopqrstuvwxyz%&\n" + f"{ODD}{PICTURE}{JOINER}".encode() + bytes([UNKNOWN])
_QUIET = bytes(sorted({*range(256)}.difference(_LOUD)))
_BEYOND = "\U00020000-\U0003ffff"
_TABLE = BYTES.table
_LONG = 4_000  # characters of a text that is not glanced at, but read


class Glance:
    """Tells whether a text may hold any of *words*; *latin* are the ASCII ones among them in all their disguises.

    *literals* have the ways in which some are to be written, where no other will do.
    """

    def __init__(
        self,
        words: Collection[str],
        chinese: ChineseGlance | None,
        latin: LatinGlance | None,
        shapes: ShapeLane | None,
        literals: Mapping[str, Collection[str]],
    ) -> None:
        self._fold = chain_of(ORDER)
        self._chinese = chinese
        self._latin = latin
        self._shapes = shapes
        self._is_letterless = latin is not None and any(
            not any(map(str.isalpha, word)) and (chinese is None or not is_told_by_sound(word)) for word in words
        )
        rest = [word for word in words if (not word.isascii() and len(letters_of(word)) < 2) or _is_foreign(word)]
        lone = {way for word in rest if is_chinese(word) and word not in literals for way in _ways(word)}
        lone.update(way for ways in literals.values() for way in ways)
        self._lone = KeywordAutomaton(lone)
        signs = {sign for way in lone for sign in _signs(way)}
        basic = sorted(sign for sign in signs if finder(_BEYOND).match(sign) is None)
        self._alone = re.compile(f"[{''.join(basic)}]") if basic else None
        self._alone_beyond = len(basic) < len(signs)  # a pattern that names such characters is slow
        foreign = [word for word in rest if not is_chinese(word)]
        self._foreign = {bytes_of(word) for word in foreign}
        self._rest = KeywordAutomaton(foreign)
        self._has_others = len(foreign) > 0 or self._is_letterless

    def may_find(self, text: str) -> bool:
        """Whether a word may be in *text*. About as long as it takes to look for the words as they are."""
        if text.isascii() or len(text) > _LONG:
            return len(text) > _LONG or self._may_be_in_plain(text)
        try:
            data = text.translate(_TABLE).encode("latin-1")  # what `bytes_of` does, for what most texts are
        except UnicodeEncodeError:
            return self._may_be_in_any(text, bytes_of(text))
        if data.translate(None, _QUIET):
            return self._may_be_in_any(text, bytes_of(text) if UNKNOWN in data else data)
        if self._chinese is not None and self._chinese.may_be_in(text, data, b""):
            return True
        if self._alone is not None and self._alone.search(text) is not None and self._is_lone(text):
            return True
        if self._has_others and self._may_be_other(text, data, b""):
            return True
        return self._shapes is not None and self._shapes.may_find(text)

    def _may_be_in_any(self, text: str, data: bytes) -> bool:
        """Whether a word may be in *text*, not ASCII, of the bytes *data*, whatever is in it."""
        loud = data.translate(None, _QUIET)
        if _ODD in loud or ((_PERCENT in loud or _AMPERSAND in loud) and may_hold_escape(text)):
            return self._may_be_in_folded(text)
        if _JOINER in loud:
            text = without_joiners(text)
            data = bytes_of(text)
        return self._may_be_in(text, data, loud)

    def _may_be_in_plain(self, text: str) -> bool:
        """Whether a word may be in *text*, which is ASCII."""
        data = text.lower().encode()
        if (_PERCENT in data or _AMPERSAND in data) and may_hold_escape(text):
            return self._may_be_in_folded(text)
        return self._may_be_in_ascii(data)

    def _may_be_in_folded(self, written: str) -> bool:
        """Whether a word may be in a text that cannot be told by characters as they are *written*: folded it can."""
        text = self._fold(written)
        if text.isascii():
            return self._may_be_in_ascii(text.encode())
        if self._is_lone(written):
            return True
        data = bytes_of(text)
        loud = data.translate(None, _QUIET)
        if _ODD in loud and not all(map(_is_told, text)):
            return True
        return self._may_be_in(text, data, loud)

    def _may_be_in_ascii(self, data: bytes) -> bool:
        if self._chinese is not None and self._chinese.typed.may_be_alone(data):
            return True
        return self._latin is not None and self._latin.may_be_in(data, True)

    def _may_be_in(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether a word may be in *text*, not ASCII, each character of which folds for itself."""
        if self._chinese is not None and self._chinese.may_be_in(text, data, loud):
            return True
        if self._alone is not None and self._alone.search(text) is not None and self._is_lone(text):
            return True
        if self._alone_beyond and finder(_BEYOND).search(text) is not None and self._is_lone(text):
            return True
        if self._may_be_other(text, data, loud):
            return True
        return self._shapes is not None and self._shapes.may_find(text)

    def _may_be_other(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether there may be a word that is not Chinese."""
        if self._foreign and self._may_be_foreign(text, data):
            return True
        return (len(loud) > 0 or self._is_letterless) and self._latin is not None and self._latin.may_be_in(data, False)

    def _is_lone(self, text: str) -> bool:
        """Whether a character that is a word by itself, or a word that is to be written so, is in *text*."""
        return bool(self._lone.find(text) or self._lone.find(chain_of()(text)))

    def _may_be_foreign(self, text: str, data: bytes) -> bool:
        """Whether there may be a word that is neither Chinese nor Latin."""
        return any(word in data for word in self._foreign) and bool(self._rest.find(self._fold(text)))


def _is_told(char: str) -> bool:
    """Whether *char* of a folded text is told by its byte; a mark that folding leaves is no letter."""
    return class_of(char) != ODD or category(char)[0] == "M"


def _ways(word: str) -> str:
    """The characters that *word*, of a single one, is written with."""
    return "".join(map(ways_to_write, letters_of(word)))


def _signs(way: str) -> str:
    """What stands in any text in which *way* is written: its rarest Chinese character, or what width makes that of."""
    char = min(filter(is_chinese, way), key=lambda char: (FOLDED[ord(char)] == char, usage(char)))
    return char + "".join(other for other in ways_to_write(FOLDED[ord(char)]) if chain_of()(other) == char)


def _is_foreign(word: str) -> bool:
    return not word.isascii() and not is_chinese(word)
