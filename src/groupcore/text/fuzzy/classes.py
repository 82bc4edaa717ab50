"""Texts as one byte a character: what a glance at a text goes by.

Characters that some folding or lane reads alike have the same byte, and others may have it, too: a word that is not in
the bytes of a text is not in the text in any disguise, while one that is there is still to be looked for.
"""

from __future__ import annotations

from functools import cache, lru_cache
from unicodedata import normalize

from groupcore.text.characters import INVISIBLE, finder
from groupcore.text.folding import chain_of, melts
from groupcore.text.folds import ORDER
from groupcore.text.fuzzy.streams import Codes, is_chinese, sound_code
from groupcore.text.letters import FINANCIAL
from groupcore.text.tables import emojis, sounds, variants
from groupcore.text.tables.usage import EVERYDAY

GAP = "\0"
"""What is no letter, and no sign of ASCII either: those stand for themselves."""
PICTURE = "\1"
"""An emoji that has a name."""
ODD = "\2"
"""What cannot be told by itself: the text is to be read."""
EURO, POUND = "\3", "\4"
"""Signs that are written for letters."""
JOINERS = "\ufe0e\ufe0f\u200d"
JOINER = "\5"
"""What holds emoji together; it takes no place."""

ALNUM = b"abcdefghijklmnopqrstuvwxyz0123456789"
SIGNS = bytes(byte for byte in range(0x80) if not (chr(byte).isalnum() or 0x0E <= byte < 0x1C or byte == 0x7F))
"""What a stream of sounds leaves out; ``\\x0e`` to ``\\x1b`` and ``\\x7f`` are syllables."""

_OTHERS = range(0xF8, 0xFF)
UNKNOWN = 0xFF
"""The byte of what was not met yet."""
_KNOWN = 0x20000  # characters of the first two planes: all that people write but rare Chinese
_OWN = 115  # syllables with a byte of their own; the others share some
_BYTES = [*range(0x41, 0x5B), *range(0x0E, 0x1C), *range(0x7F, 0xF8)]  # capitals are nobody's own


@cache
def _syllables() -> dict[str, str]:
    """The byte of each code of a syllable; the commonest have one each."""
    codes = sounds.syllables()
    common = [code for char in EVERYDAY for code in [codes.get((sounds.readings(char) or ("",))[0])] if code]
    ranked = [code for code in dict.fromkeys([*common, *sorted(codes.values())]) if not code.isascii()]
    shared = _BYTES[_OWN:]
    return {
        code: chr(_BYTES[place] if place < _OWN else shared[place % len(shared)]) for place, code in enumerate(ranked)
    }


def class_of_code(code: str) -> str:
    """The byte of *code*, a character of a stream of sounds."""
    if code.isascii():
        return code
    return _syllables().get(code) or CLASSES[ord(code)]


def class_of(char: str) -> str:
    """The byte of *char* as people write it, before any folding."""
    if char in JOINERS:
        return JOINER
    if char.isascii():
        return char.lower() if char.isprintable() or char.isspace() else GAP
    if melts(char) or finder(INVISIBLE).match(char):
        return ODD
    return _class_of_folded(char, chain_of(ORDER)(char))


def _class_of_folded(char: str, folded: str) -> str:
    if len(folded) != 1:
        return ODD if any(map(str.isalnum, folded)) or not folded else GAP
    if folded.isascii():
        return folded
    if folded.isspace():
        return " "
    if folded in "€£":
        return EURO if folded == "€" else POUND
    code = sound_code(folded)
    if code is None:
        return GAP if folded not in emojis.names() else PICTURE if folded == char else ODD
    if is_chinese(folded) and char != folded and char not in ways_to_write(folded):
        return ODD
    if code != folded:
        return class_of_code(code)
    return chr(_OTHERS[ord(folded) % len(_OTHERS)])


@lru_cache(maxsize=16384)
def ways_to_write(char: str) -> str:
    """*char*, and the characters that fold to it: traditional ones, formal numerals."""
    return char + "".join(_unfolded().get(char, ()))


@cache
def _unfolded() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    chain = chain_of(ORDER)
    for point in {**variants.simplified(), **FINANCIAL}:
        found.setdefault(chain(chr(point)), []).append(chr(point))
    return found


CLASSES = Codes(class_of, GAP)
"""For `str.translate`: the byte of each character, as a character."""


def without_joiners(text: str) -> str:
    """*text* without what holds emoji together."""
    for joiner in JOINERS:
        text = text.replace(joiner, "")
    return text


FOLDED = Codes(lambda char: chain_of(ORDER)(char), GAP)
"""What each character folds to, when it stands alone."""


def folded_each(text: str) -> str | None:
    """*text* folded, if each of its characters folds for itself; None where a letter must be seen in its place."""
    if finder("^" + _NO_TWINS).search(text) is not None and any(map(_is_twin, text)):
        return None
    return text.translate(FOLDED)


_NO_TWINS = (
    "\x00-\x7f\u2000-\u20ff\u2190-\u2bff\u2e80-\ua48f\uac00-\ud7ff\uf900-\ufaff\ufe10-\uffff"
    "\U0001f200-\U0001faff\U00020000-\U0003ffff"
)
"""What most texts are made of: signs, Chinese, its neighbours and its wide letters, emoji."""


@lru_cache(maxsize=16384)
def _is_twin(char: str) -> bool:
    """Whether *char* folds to a Latin letter that it may only look like: in a word of its own script it stays."""
    if char.isascii():
        return False
    folded = FOLDED[ord(char)]
    return folded.isascii() and folded.isalpha() and folded != normalize("NFKC", char).casefold()


class ByteTable:
    """Writes texts as one byte a character, as *codes* say; made as characters are met, and twice as fast."""

    __slots__ = ("_codes", "table")

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self.table = bytearray([UNKNOWN]) * _KNOWN

    def read(self, text: str) -> bytes:
        """The bytes of *text*. Linear."""
        table = self.table
        try:
            data = text.translate(table).encode("latin-1")
        except UnicodeEncodeError:  # Chinese beyond the tables
            return text.translate(self._codes).encode("latin-1")
        if UNKNOWN not in data:
            return data
        for point in {ord(char) for char in text if table[ord(char)] == UNKNOWN}:
            table[point] = ord(self._codes[point])
        return text.translate(table).encode("latin-1")


BYTES = ByteTable(CLASSES)
bytes_of = BYTES.read
"""One byte for each character of a text. A microsecond for a sentence."""
