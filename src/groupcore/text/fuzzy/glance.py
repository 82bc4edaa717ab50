"""A glance at a text, before anything is folded: can any word of an index be in it, in any disguise?

Most texts hold nothing. To say so costs one look at each character, about as much as looking for the words as they
are. The answer may be wrong in one way only: a text in which something can be is read, and nothing is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from itertools import pairwise, product

from groupcore.text.automaton import Ends, KeywordAutomaton, StreamAutomaton
from groupcore.text.characters import is_unspaced
from groupcore.text.escapes import may_hold_escape
from groupcore.text.folding import chain_of
from groupcore.text.folds import ORDER
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import (
    CLASSES,
    FOLDED,
    JOINER,
    ODD,
    PICTURE,
    bytes_of,
    class_of_code,
    ways_to_write,
    without_joiners,
)
from groupcore.text.fuzzy.latin_glance import LatinGlance
from groupcore.text.fuzzy.spellings import Spelling, letters_of
from groupcore.text.fuzzy.streams import GAP, SOUNDS, Codes, is_chinese
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.fuzzy.typing import Initials
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables import emojis, sounds
from groupcore.text.tables.usage import usage

_JOINER, _ODD, _PICTURE, _PERCENT, _AMPERSAND, _NEWLINE = map(ord, f"{JOINER}{ODD}{PICTURE}%&\n")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_QUIET = bytes(sorted({*range(256)}.difference(_LETTERS, b"%&\n", f"{ODD}{PICTURE}{JOINER}".encode())))
_NO_ALNUM = bytes(sorted({*range(256)}.difference(_LETTERS, b"0123456789")))
_SIGNS = bytes(byte for byte in range(0x80) if not (chr(byte).isalnum() or 0x0E <= byte < 0x1C or byte == 0x7F))
"""What a stream of sounds leaves out; ``\\x0e`` to ``\\x1b`` and ``\\x7f`` are syllables."""
_PAIR = re.compile(rb"[a-z][a-z]")
_RUN = re.compile(rb"[a-z]{2,}")
_SHORT_RUN = re.compile(rb"(?<![a-z])[a-z]{2,16}(?![a-z])")  # beside digits, too: those may be Chinese
_FOLDED_EACH = Codes(lambda char: FOLDED[ord(char)] if len(FOLDED[ord(char)]) == 1 else GAP)
_WIDEST_COLUMN = 12
_LONG = 4_000  # characters of a text that is not glanced at, but read

Letters = tuple[str, ...]
"""Characters that all must be in a text, each with those that stand for it in other ways of writing."""


class ChineseGlance:
    """Looks for the words with Chinese characters of *walk*, through the foldings *names*; *lane* finds torn ones."""

    def __init__(self, walk: Walk, names: Collection[str], lane: GapLane | None) -> None:
        self._names = frozenset(names)
        self._walk = walk
        self._ceilings = walk.ceilings
        self._most = max(walk.ceilings.values())
        self._keys: dict[str, list[Letters]] = {}  # of each key what must be there, one of several; nothing: by sound
        for key, some in walk.spellings.items():
            ways = [_letters(way.letters) if self._is_exact(way) else () for way in some if _is_told_by_sound(way.word)]
            if ways:
                self._keys.setdefault("".join(map(class_of_code, key)), []).extend(ways)
        self._walk_sounds = StreamAutomaton(self._keys).walk
        self._lane = lane
        self._torn = StreamAutomaton(pair.translate(CLASSES) for pair in lane.pairs).walk if lane else _nowhere
        initials = "initials" in names and [word for word, most in self._ceilings.items() if most and is_chinese(word)]
        self._initials = Initials(initials) if initials else None

    def _is_exact(self, way: Spelling) -> bool:
        """Whether the letters of *way* must stand there: no sound may stand in for them that would count."""
        if way.step != "homophone" or "homophone" not in self._names:
            return True
        length = len(way.letters)
        least = min(chances.of_sound(length, changed, 0.0) for changed in range(1, length + 1))
        return least > self._ceilings[way.word]

    def may_be_in(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether a word may be in *text*, not ASCII, of the bytes *data*; *loud* ones matter beside its sounds."""
        for last, key in self._walk_sounds(data.translate(None, _SIGNS)):
            if self._is_read(key, last, text, data):
                return True
        if self._lane is not None and self._may_be_torn(text, data, self._lane):
            return True
        return len(loud) > 0 and self._may_be_drawn(text, data, loud)

    def _is_read(self, key: str, last: int, text: str, data: bytes) -> bool:
        """Whether *key*, which ends at the sound *last*, may stand for a word."""
        for letters in self._keys[key]:
            if _are_in(letters, text):
                at = [place for place, byte in enumerate(data) if byte not in _SIGNS]
                return self._is_meant([text[place] for place in at[last + 1 - len(key) : last + 1]])
        return False

    def _may_be_torn(self, text: str, data: bytes, lane: GapLane) -> bool:
        even = data[::2]
        folded = ""
        for last, _ in self._torn(even + b"\0" + data[1::2]):
            place = 2 * last - 2 if last < len(even) else 2 * (last - len(even)) - 3
            pair = (text[place] + text[place + 2]).translate(_FOLDED_EACH)
            if pair in lane.pairs:
                folded = folded or text.translate(_FOLDED_EACH)
                if lane.holds(folded, place, pair):
                    return True
        return False

    def _may_be_drawn(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether there are pictures, short lines, or Latin letters, and a word may be in them."""
        if _PICTURE in loud and "emoji" in self._names and not self._signs.isdisjoint(text):
            return True
        if _NEWLINE in loud and "vertical" in self._names and _may_have_columns(data):
            return True
        return len(loud) > 1 and _PAIR.search(data) is not None and self._may_be_typed(text, data)

    def may_be_alone(self, text: str, data: bytes) -> bool:
        """Whether a word may be typed in *text*, in which there are no Chinese characters; *data* are its bytes."""
        walk = self._typed_alone
        if walk is not None and walk(data.translate(None, _NO_ALNUM)):
            return True
        return self._initials is not None and text.strip().isalpha() and self._may_be_initials(data)

    def _is_meant(self, chars: Sequence[str]) -> bool:
        """Whether *chars*, each folded for itself, are written or sound like a word, as far as that may count."""
        folded = "".join([FOLDED[ord(char)] for char in chars])
        if any(new.isascii() and not old.isascii() for new, old in zip(folded, chars, strict=True)):
            return True  # a letter of another script may be itself in the text
        for way in self._walk.spellings.get(folded.translate(SOUNDS), ()):
            changed = sum(map(str.__ne__, folded, way.letters))
            if not changed:
                return True
            if way.step == "homophone" and chances.of_sound(len(chars), changed, 0.0) <= self._ceilings[way.word]:
                return True
        return False

    def _may_be_typed(self, text: str, data: bytes) -> bool:
        if not is_unspaced(text):
            return self.may_be_alone(text, data)
        if (
            "pinyin" in self._names
            and any(sounds.spelled(run.decode()) for run in _RUN.findall(data))
            and self._walk.may_spell(chain_of(ORDER)(text))
        ):
            return True
        return self._may_be_initials(data)

    def _may_be_initials(self, data: bytes) -> bool:
        initials = self._initials
        return initials is not None and any(
            chances.INITIALS[min(end - start, 4)] <= self._most
            for run in _SHORT_RUN.findall(data)
            for start, end in initials.parts(run.decode())
        )

    @cached_property
    def _typed_alone(self) -> Callable[[bytes], Ends] | None:
        """The words as they are typed in a text of nothing but Latin letters, digits for what is called like them."""
        keys: set[str] = set()
        for key, ways in self._walk.spellings.items() if "pinyin" in self._names else ():
            most = max((self._ceilings[way.word] for way in ways if way.step == "homophone"), default=0.0)
            if chances.PINYIN[min(len(key), 4)] * chances.PINYIN_ALONE <= most:
                keys.update("".join(codes) for codes in product(*map(_typed_code, key)))
        typed = [key for key in keys if key.isascii()]
        return StreamAutomaton(typed).walk if typed else None

    @cached_property
    def _signs(self) -> frozenset[str]:
        """The emoji in whose names there is a sound of some word."""
        wanted = self._walk.codes
        return frozenset(sign for sign, name in emojis.names().items() if not wanted.isdisjoint(name.translate(SOUNDS)))


class Glance:
    """Tells whether a text may hold any of *words*; *latin* are the ASCII ones among them in all their disguises.

    Of single characters, *literals* have the one way in which they are to be written.
    """

    def __init__(
        self,
        words: Collection[str],
        chinese: ChineseGlance | None,
        latin: LatinGlance | None,
        literals: Mapping[str, str],
    ) -> None:
        self._chinese = chinese
        self._latin = latin
        self._is_letterless = latin is not None and any(
            not any(map(str.isalpha, word)) and (chinese is None or not _is_told_by_sound(word)) for word in words
        )
        self._may_be_typed = chinese.may_be_alone if chinese is not None else _never
        rest = [word for word in words if (not word.isascii() and len(letters_of(word)) < 2) or _is_foreign(word)]
        lone = {
            literals.get(word) or "".join(map(ways_to_write, letters_of(word))) for word in rest if is_chinese(word)
        }
        basic = sorted(char for char in set("".join(lone)) if char < "\U00010000")
        self._alone = re.compile(f"[{''.join(basic)}]") if basic else None
        self._alone_beyond = sorted(set("".join(lone)).difference(basic))  # no pattern looks for these quickly
        foreign = [word for word in rest if not is_chinese(word)]
        self._foreign = {bytes_of(word) for word in foreign}
        self._rest = KeywordAutomaton(foreign)

    def may_find(self, text: str) -> bool:
        """Whether a word may be in *text*. About as long as it takes to look for the words as they are."""
        if len(text) > _LONG:
            return True
        if text.isascii():
            data = text.lower().encode()
            if (_PERCENT in data or _AMPERSAND in data) and may_hold_escape(text):
                return True
            return self._may_be_typed(text, data) or (self._latin is not None and self._latin.may_be_in(data, True))
        data = bytes_of(text)
        loud = data.translate(None, _QUIET)
        if loud:
            if _ODD in loud or ((_PERCENT in loud or _AMPERSAND in loud) and may_hold_escape(text)):
                return True
            if _JOINER in loud:
                text = without_joiners(text)
                data = bytes_of(text)
        if self._chinese is not None and self._chinese.may_be_in(text, data, loud):
            return True
        if self._alone is not None and self._alone.search(text) is not None:
            return True
        if self._alone_beyond and any(char in text for char in self._alone_beyond):
            return True
        if self._foreign and self._may_be_foreign(text, data):
            return True
        return (len(loud) > 0 or self._is_letterless) and self._latin is not None and self._latin.may_be_in(data, False)

    def _may_be_foreign(self, text: str, data: bytes) -> bool:
        """Whether there may be a word that is neither Chinese nor Latin."""
        return any(word in data for word in self._foreign) and bool(self._rest.find(chain_of(ORDER)(text)))


def _nowhere(stream: bytes) -> Ends:
    return []


def _is_told_by_sound(word: str) -> bool:
    """Whether *word* is Chinese, or a number: digits sound like their names."""
    return is_chinese(word) or (word.isascii() and not any(map(str.isalpha, word)) and len(letters_of(word)) > 1)


def _never(text: str, data: bytes) -> bool:
    return False


def _is_foreign(word: str) -> bool:
    return not word.isascii() and not is_chinese(word)


def _letters(word: str) -> Letters:
    """The Chinese characters of *word*, each in all the ways to write it, those first that are seldom met."""
    return tuple(ways_to_write(char) for char in sorted(set(word), key=usage) if is_chinese(char))


def _are_in(letters: Letters, text: str) -> bool:
    for ways in letters:  # written out: asked a time or two for every text
        if ways in text:
            continue
        if len(ways) == 1 or not any(way in text for way in ways):
            return False
    return True


def _typed_code(code: str) -> tuple[str, ...]:
    if code in sounds.DIGITS:
        return code, sounds.DIGITS[code]
    return (sounds.letters_of_codes().get(ord(code), code),)


def _may_have_columns(data: bytes) -> bool:
    """Whether two lines in a row are short; folding makes none shorter."""
    lines = list(map(len, data.split(b"\n")))
    return any(0 < above <= _WIDEST_COLUMN and 0 < below <= _WIDEST_COLUMN for above, below in pairwise(lines))
