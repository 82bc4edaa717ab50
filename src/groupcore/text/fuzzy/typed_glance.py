"""A glance at what people type for Chinese: syllables, first letters, emoji, and short lines to be read downwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property, lru_cache
from itertools import pairwise, product

from groupcore.text.automaton import Spans, StreamAutomaton
from groupcore.text.characters import is_unspaced
from groupcore.text.folding import chain_of
from groupcore.text.folds import ORDER
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import ALNUM, FOLDED, PICTURE, folded_each
from groupcore.text.fuzzy.columns import WIDEST
from groupcore.text.fuzzy.streams import SOUNDS, is_chinese
from groupcore.text.fuzzy.typing import PICTURES, Initials, emoji, pinyin
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables import emojis, sounds

_PICTURE, _NEWLINE = map(ord, f"{PICTURE}\n")
_NO_ALNUM = bytes(sorted({*range(256)}.difference(ALNUM)))
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_SPACES = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_ALPHA = bytes({0, *_LETTERS, *range(0x0E, 0x1C), *range(0x7F, 0x100)})
_PAIR = re.compile(rb"[a-z][a-z]")
_RUN = re.compile(rb"[a-z]+")
_SHORT_RUN = re.compile(rb"(?<![a-z])[a-z]{2,16}(?![a-z])")  # beside digits, too: those may be Chinese


class TypedGlance:
    """Looks for what may be typed for the Chinese words of *walk*, through the foldings *names*."""

    def __init__(self, walk: Walk, names: Collection[str]) -> None:
        self._walk = walk
        self._names = frozenset(names)
        self._most = max(walk.ceilings.values())
        initials = "initials" in names and [word for word, most in walk.ceilings.items() if most and is_chinese(word)]
        self._initials = Initials(initials) if initials else None

    def may_be_in(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether there are pictures, short lines, or Latin letters in *text*, not ASCII, and a word may be in them."""
        if _PICTURE in loud and "emoji" in self._names and self._may_be_pictured(text):
            return True
        if _NEWLINE in loud and "vertical" in self._names and _may_have_columns(data):
            return True
        if len(loud) < 2 or _PAIR.search(data) is None:
            return False
        if not is_unspaced(text):
            return self.may_be_alone(data)
        return ("pinyin" in self._names and self._may_be_spelled(text, data)) or self._may_be_initials(data)

    def may_be_alone(self, data: bytes) -> bool:
        """Whether a word may be typed in a text of the bytes *data*, in which there are no Chinese characters."""
        search = self._typed_alone
        if search is not None and search(data.translate(None, _NO_ALNUM)):
            return True
        return self._initials is not None and _is_alpha(data) and self._may_be_initials(data)

    def _may_be_pictured(self, text: str) -> bool:
        """Whether emoji in *text* make a word that counts; most have no neighbour that makes one with their names."""
        signs, pairs = self._signs, self._pairs
        for match in PICTURES.finditer(text):
            codes = signs.get(match[0])
            if codes is not None:
                place = match.start()
                before, after = text[place - 1 : place], text[place + 1 : place + 2]
                heard = {*product(_codes(before), codes), *product(codes, _codes(after))}
                if before in signs or after in signs or not pairs.isdisjoint(heard):
                    return self._walk.counts(emoji(chain_of(ORDER)(text), self._walk))
        return False

    def _may_be_spelled(self, text: str, data: bytes) -> bool:
        """Whether Latin letters in *text* are syllables of a word that counts."""
        return any(map(_is_spelled, _RUN.findall(data))) and self._walk.counts(
            pinyin(folded_each(text) or chain_of(ORDER)(text), self._walk)
        )

    def _may_be_initials(self, data: bytes) -> bool:
        initials = self._initials
        return initials is not None and any(
            chances.INITIALS[min(end - start, 4)] <= self._most
            for run in _SHORT_RUN.findall(data)
            for start, end in initials.parts(run.decode())
        )

    @cached_property
    def _typed_alone(self) -> Callable[[bytes], Spans] | None:
        """The words as they are typed in a text of nothing but Latin letters, digits for what is called like them."""
        keys = self._walk.spoken(chances.PINYIN, chances.PINYIN_ALONE) if "pinyin" in self._names else ()
        typed = {"".join(codes) for key in keys for codes in product(*map(_typed_code, key))}
        latin = [key for key in typed if key.isascii()]
        return StreamAutomaton(latin).search if latin else None

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """The sounds that follow upon each other in words."""
        return frozenset(pair for key in self._walk.spoken(chances.EMOJI) for pair in pairwise(key))

    @cached_property
    def _signs(self) -> dict[str, str]:
        """The emoji in whose names there is a sound of some word, with these sounds."""
        wanted = {code for pair in self._pairs for code in pair}
        spoken = {sign: name.translate(SOUNDS) for sign, name in emojis.names().items()}
        heard = {sign: "".join(code for code in codes if code in wanted) for sign, codes in spoken.items()}
        return {sign: codes for sign, codes in heard.items() if codes}


@lru_cache(maxsize=16384)
def _is_spelled(run: bytes) -> bool:
    return len(sounds.spelled(run.decode())) > 0


def _codes(char: str) -> str:
    """The sounds of *char*, as it is and folded: a letter of another script may be either. Of nothing, none."""
    return "".join(SOUNDS[ord(each)] for each in char + char.translate(FOLDED))


def _typed_code(code: str) -> tuple[str, ...]:
    if code in sounds.DIGITS:
        return code, sounds.DIGITS[code]
    return (sounds.letters_of_codes().get(ord(code), code),)


def _is_alpha(data: bytes) -> bool:
    """Whether there may be nothing but letters between the spaces around *data*; some have the byte of a gap."""
    return not data.strip(_SPACES).translate(None, _ALPHA)


def _may_have_columns(data: bytes) -> bool:
    """Whether two lines in a row are short; folding makes none shorter."""
    lines = list(map(len, data.split(b"\n")))
    return any(0 < above <= WIDEST and 0 < below <= WIDEST for above, below in pairwise(lines))
