"""Texts as streams of codes: what two spellings of one word have in common is written alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import compress

from groupcore.text.characters import INVISIBLE, finder
from groupcore.text.tables import components, sounds

_KEPT = 120_000  # characters a table remembers: all that are assigned but the rarest scripts

GAP = "\0"
"""What stands in a stream for a character that is no letter."""

Unit = tuple[int, int]
"""Where in the text one character of a stream comes from."""

_CHINESE = finder("\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff")


class Codes(dict[int, str]):
    """For `str.translate`: the code of each character, worked out once; *gap* for what is no letter."""

    def __init__(self, code_of: Callable[[str], str | None], gap: str = GAP) -> None:
        super().__init__()
        self._code_of = code_of
        self._gap = gap

    def __missing__(self, point: int) -> str:
        code = self._code_of(chr(point)) or self._gap
        if len(self) < _KEPT:
            self[point] = code
        return code


def is_chinese(word: str) -> bool:
    """Whether *word* has a Chinese character."""
    return _CHINESE.search(word) is not None


def places(stream: str) -> Sequence[int]:
    """Where each letter of *stream* stands in it. Linear; asked after a hit only."""
    if GAP not in stream:
        return range(len(stream))
    return list(compress(range(len(stream)), map(GAP.__ne__, stream)))


def sound_code(char: str) -> str | None:
    """The code of the commonest reading of *char*; letters and digits are their own.

    A digit is the code of its name, too, so that 3 and 三 sound alike.
    """
    if char.isascii():
        return char if char.isalnum() else None
    return sounds.syllables().get((sounds.readings(char) or ("",))[0]) or _letter(char)


def letters_code(char: str) -> str | None:
    """The letters of the commonest reading of *char*; Latin letters are their own, all else has none."""
    if char.isascii():
        return char if char.isalpha() else sounds.DIGITS.get(char)
    return (sounds.readings(char) or ("",))[0]


def shape_code(char: str) -> str | None:
    """The component by which *char* is told from others; letters are their own code."""
    return components.landmark(char) if _CHINESE.match(char) else _letter(char)


def _letter(char: str) -> str | None:
    if not char.isalnum() or ord(char) in sounds.CODES or finder(INVISIBLE).match(char):
        return None
    return char


SOUNDS = Codes(sound_code)
LETTERS = Codes(letters_code, gap="")
