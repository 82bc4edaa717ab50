"""A glance at what people type for Chinese: syllables, first letters, emoji, and short lines to be read downwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property, lru_cache
from itertools import pairwise, product

from groupcore.text.automaton import Ends, KeywordAutomaton, StreamAutomaton
from groupcore.text.characters import is_unspaced
from groupcore.text.folding import chain_of
from groupcore.text.folds import ORDER
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import ALNUM, FOLDED, PICTURE
from groupcore.text.fuzzy.columns import WIDEST
from groupcore.text.fuzzy.streams import LETTERS, SOUNDS, is_chinese
from groupcore.text.fuzzy.typing import PICTURES, Initials
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables import emojis, sounds

_PICTURE, _NEWLINE = map(ord, f"{PICTURE}\n")
_NO_ALNUM = bytes(sorted({*range(256)}.difference(ALNUM)))
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_SPACES = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_ALPHA = bytes({0, *_LETTERS, *range(0x0E, 0x1C), *range(0x7F, 0x100)})
_ANY = "\1"
"""Stands for whatever syllable a Latin letter belongs to."""
_PAIR = re.compile(rb"[a-z][a-z]")
_RUN = re.compile(rb"[a-z]+")
_TYPED = re.compile("[a-z]+|[0-9]+")
_TYPED_BYTES = re.compile(rb"[a-z]+|[0-9]+")
_SHORT_RUN = re.compile(rb"(?<![a-z])[a-z]{2,16}(?![a-z])")  # beside digits, too: those may be Chinese
_BLANKS = re.compile(r"\s+")
_LONGEST_SYLLABLE = 6
_MOST_RUNS = 8  # runs of Latin letters whose neighbours are looked at before the text is read


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
        walk = self._typed_alone
        if walk is not None and walk(data.translate(None, _NO_ALNUM)):
            return True
        return self._initials is not None and _is_alpha(data) and self._may_be_initials(data)

    def _may_be_pictured(self, text: str) -> bool:
        """Whether beside some emoji of *text* there is what makes a word with a sound of its name."""
        signs, pairs = self._signs, self._pairs
        for match in PICTURES.finditer(text):
            codes = signs.get(match[0])
            if codes is not None:
                place = match.start()
                before, after = text[place - 1 : place], text[place + 1 : place + 2]
                if before in signs or after in signs:
                    return True
                heard = {*product(_codes(before), codes), *product(codes, _codes(after))}
                if not pairs.isdisjoint(heard):
                    return True
        return False

    def _may_be_spelled(self, text: str, data: bytes) -> bool:
        """Whether Latin letters in *text* may be syllables of a word, or digits are, where any letters are some."""
        if not any(map(_syllables, _RUN.findall(data))) or not self._has_neighbours(text, data):
            return False
        folded = _BLANKS.sub(" ", chain_of(ORDER)(text))
        runs = [run.span() for run in _TYPED.finditer(folded) if _syllables(run[0].encode())]
        return len(runs) > _MOST_RUNS or any(self._is_spelled_at(folded, *run) for run in runs)

    def _has_neighbours(self, text: str, data: bytes) -> bool:
        """Whether sounds that follow upon each other in a word do so in *text*, one of them typed."""
        pairs = self._spoken
        for run in _TYPED_BYTES.finditer(data):
            codes = _syllables(run[0])
            if codes:
                before, after = _beside(text, data, run.start() - 1, -1), _beside(text, data, run.end(), 1)
                for left, right in pairwise((before, *codes, after)):
                    if not pairs.isdisjoint(product(left, right)):
                        return True
        return False

    def _is_spelled_at(self, folded: str, start: int, end: int) -> bool:
        """Whether some word has letters in ``folded[start:end]``, and its others beside them."""
        automaton, width = self._spelled
        before = folded[max(0, start - width) : start].translate(LETTERS)
        run = folded[start:end].translate(LETTERS)
        after = folded[end : end + width].translate(LETTERS)
        first, last = len(before), len(before) + len(run)
        return any(left < last and right > first for left, right, _ in automaton.find(before + run + after))

    def _may_be_initials(self, data: bytes) -> bool:
        initials = self._initials
        return initials is not None and any(
            chances.INITIALS[min(end - start, 4)] <= self._most
            for run in _SHORT_RUN.findall(data)
            for start, end in initials.parts(run.decode())
        )

    def _keys(self, chance: dict[int, float], times: float = 1.0) -> list[str]:
        """The sounds of the words that count for something where a guess at them is *times* as likely as *chance*."""
        ceilings = self._walk.ceilings
        found = []
        for key, ways in self._walk.spellings.items():
            most = max((ceilings[way.word] for way in ways if way.step == "homophone"), default=0.0)
            if chance[min(len(key), 4)] * times <= most:
                found.append(key)
        return found

    @cached_property
    def _typed_alone(self) -> Callable[[bytes], Ends] | None:
        """The words as they are typed in a text of nothing but Latin letters, digits for what is called like them."""
        keys = self._keys(chances.PINYIN, chances.PINYIN_ALONE) if "pinyin" in self._names else ()
        typed = {"".join(codes) for key in keys for codes in product(*map(_typed_code, key))}
        latin = [key for key in typed if key.isascii()]
        return StreamAutomaton(latin).walk if latin else None

    @cached_property
    def _spelled(self) -> tuple[KeywordAutomaton, int]:
        """The words as they are typed in syllables, and how many characters may stand beside one of them."""
        keys = self._keys(chances.PINYIN)
        spelled = sounds.letters_of_codes()
        widest = 2 * _LONGEST_SYLLABLE * max(map(len, keys), default=0)  # each with a blank beside it
        return KeywordAutomaton({key.translate(spelled) for key in keys}), widest

    @cached_property
    def _spoken(self) -> frozenset[tuple[str, str]]:
        """The sounds that follow upon each other in words that may be typed, each of them with any other, too."""
        pairs = {pair for key in self._keys(chances.PINYIN) for pair in pairwise(key)}
        return frozenset(choice for left, right in pairs for choice in ((left, right), (left, _ANY), (_ANY, right)))

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """The sounds that follow upon each other in words."""
        return frozenset(pair for key in self._keys(chances.EMOJI) for pair in pairwise(key))

    @cached_property
    def _signs(self) -> dict[str, str]:
        """The emoji in whose names there is a sound of some word, with these sounds."""
        wanted = {code for pair in self._pairs for code in pair}
        spoken = {sign: name.translate(SOUNDS) for sign, name in emojis.names().items()}
        heard = {sign: "".join(code for code in codes if code in wanted) for sign, codes in spoken.items()}
        return {sign: codes for sign, codes in heard.items() if codes}


@lru_cache(maxsize=16384)
def _syllables(run: bytes) -> tuple[str, ...]:
    """The sounds of a *run* of letters in which it is pinyin, and of digits; of other letters none."""
    if run < b"a":
        return tuple(run.decode())
    codes = sounds.syllables()
    return tuple(codes[syllable] for syllable in sounds.spelled(run.decode()))


def _beside(text: str, data: bytes, place: int, step: int) -> str:
    """The sounds of the character that stands before or after *place*, whatever blanks are between."""
    while 0 <= place < len(text) and text[place].isspace():
        place += step
    if not 0 <= place < len(text):
        return ""
    return _ANY if data[place] in _LETTERS else _codes(text[place])


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
