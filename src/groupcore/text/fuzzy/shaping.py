"""The lanes of shapes: characters that look like those of a word, or sound like them, each on its own account.

A short list is read by an automaton over sets, which knows every pair of characters with a component in common. Its
cost grows with the list, and so do its accidents; a long list is read by landmarks instead, one component a character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain

from groupcore.text.automaton import StreamAutomaton
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import FOLDED, ByteTable, folded_each
from groupcore.text.fuzzy.guesses import Guess
from groupcore.text.fuzzy.spellings import letters_of, shape_keys
from groupcore.text.fuzzy.streams import Codes, shape_code
from groupcore.text.tables import sounds
from groupcore.text.tables.components import likeness, telling
from groupcore.text.tables.usage import Usage, first_level, usage
from groupcore.text.tables.wording import AROUND, ordinary

SHORT = 40
"""Words up to which a list is short."""

_CACHED = 30_000
_LEAST = 0.2  # how far characters must look alike at least
_LEAST_EVERYDAY = 0.3  # where one that stands everywhere is to stand for another


class ShortShapeLane:
    """All words at once, as sets of bits: one bit a character of a word, set while the word may be under way."""

    __slots__ = ("_bits", "_by_component", "_by_sound", "_ceilings", "_ends", "_last", "_masks", "_starts")

    def __init__(self, words: Mapping[str, float]) -> None:
        self._ceilings = dict(words)
        self._by_component: dict[str, int] = {}
        self._by_sound: dict[str, int] = {}
        self._masks: dict[str, int] = {}
        self._ends: dict[int, tuple[str, str]] = {}
        self._bits = self._starts = self._last = 0
        for word in words:
            letters = letters_of(word)
            if len(letters) > 1:
                self._add(word, letters)

    def _add(self, word: str, letters: str) -> None:
        self._starts |= 1 << self._bits
        for char in letters:
            for piece in telling(char, _LEAST):
                self._by_component[piece] = self._by_component.get(piece, 0) | 1 << self._bits
            for reading in sounds.readings(char)[:3]:
                self._by_sound[reading] = self._by_sound.get(reading, 0) | 1 << self._bits
            self._bits += 1
        self._last |= 1 << (self._bits - 1)
        self._ends[self._bits - 1] = word, letters

    def find(self, text: str) -> Iterator[Guess]:
        """The guesses in *text*, which is folded."""
        for end, word, letters in self._ended(text):
            guess = _confirmed(text, range(end - len(letters), end), word, letters, self._ceilings[word])
            if guess is not None:
                yield guess

    def may_find(self, text: str) -> bool:
        """Whether there may be a guess in *text*, each character of which folds for itself."""
        for end, word, letters in self._ended(text):
            if _may_stand_for(text[end - len(letters) : end], letters, self._ceilings[word]) and _may_be_meant(
                text, end, word, letters, self._ceilings[word]
            ):
                return True
        return False

    def _ended(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Where words end in *text*, by the sets alone. A few operations on small integers for each character."""
        masks = list(map(self._masks.get, text))
        if None in masks:
            masks = [self._mask(char) for char in text]
        under_way = 0
        starts, last = self._starts, self._last
        for index, mask in enumerate(masks, 1):
            if not mask:
                under_way = 0
                continue
            under_way = (under_way << 1 | starts) & mask
            if under_way & last:
                ended = under_way & last
                while ended:
                    bit = ended.bit_length() - 1
                    ended ^= 1 << bit
                    yield index, *self._ends[bit]

    def _mask(self, char: str) -> int:
        """The letters that *char* may stand for, as it is written: it counts as what it folds to."""
        if (known := self._masks.get(char)) is not None:
            return known
        mask = 0
        folded = FOLDED[ord(char)]
        if len(folded) == 1:
            for piece in telling(folded, _LEAST_EVERYDAY if usage(folded) is Usage.EVERYDAY else _LEAST):
                mask |= self._by_component.get(piece, 0)
            for reading in sounds.readings(folded)[:2]:
                mask |= self._by_sound.get(reading, 0)
        if len(self._masks) < _CACHED:
            self._masks[char] = mask
        return mask


class LongShapeLane:
    """Words by the landmarks of their characters: the components by which each is told from others.

    Two characters count by their shape in a long list only where one is rare, so texts without a rare one are looked
    through for the longer words alone.
    """

    __slots__ = ("_ceilings", "_pairs", "_pairs_need_rare", "_rest", "_words")

    def __init__(self, words: Mapping[str, float]) -> None:
        self._ceilings = dict(words)
        self._words: dict[str, list[tuple[str, str]]] = {}
        for word in words:
            letters = letters_of(word)
            for key in shape_keys(letters) if len(letters) > 1 else ():
                self._words.setdefault("".join(map(_byte, key)), []).append((word, letters))
        self._pairs = StreamAutomaton(key for key in self._words if len(key) == 2)
        self._rest = StreamAutomaton(key for key in self._words if len(key) > 2)
        usual = chances.of_shape(2, 1, 0.0, 1.0, Usage.USUAL)
        self._pairs_need_rare = all(usual > most for word, most in words.items() if len(letters_of(word)) == 2)

    def find(self, text: str) -> Iterator[Guess]:
        """The guesses in *text*, which is folded."""
        for end, word, letters in self._ended(text):
            guess = _confirmed(text, range(end - len(letters), end), word, letters, self._ceilings[word])
            if guess is not None:
                yield guess

    def may_find(self, text: str) -> bool:
        """Whether there may be a guess in *text*, each character of which folds for itself."""
        for end, word, letters in self._ended(text):
            if _may_stand_for(text[end - len(letters) : end], letters, self._ceilings[word]) and _may_be_meant(
                text, end, word, letters, self._ceilings[word]
            ):
                return True
        return False

    def _ended(self, text: str) -> Iterator[tuple[int, str, str]]:
        """Where words end in *text*, by their landmarks alone. One pass; two where there are rare characters."""
        stream = _landmarks(text)
        walks = [self._rest.walk(stream)]
        if not self._pairs_need_rare or _rare().search(text) is not None:
            walks.append(self._pairs.walk(stream))
        for last, key in chain.from_iterable(walks):
            for word, letters in self._words[key]:
                yield last + 1, word, letters


def _byte(component: str) -> str:
    """One of 254 Latin-1 characters for *component*."""
    return chr(ord(component) % 254 + 1)


def _landmark(char: str) -> str | None:
    folded = FOLDED[ord(char)]
    code = shape_code(folded) if len(folded) == 1 else None
    return code and _byte(code)


_landmarks = ByteTable(Codes(_landmark)).read


@cache
def _rare() -> re.Pattern[str]:
    """What may fold to a character that is rare."""
    return re.compile(f"[^\\x00-\u33ff\ua000-\uf8ff\ufe00-\uffff\U0001f000-\U0001faff{''.join(sorted(first_level()))}]")


ShapeLane = ShortShapeLane | LongShapeLane


def shape_lane(words: Mapping[str, float]) -> ShapeLane:
    """The lane that suits the length of the list."""
    return ShortShapeLane(words) if len(words) <= SHORT else LongShapeLane(words)


def _confirmed(text: str, at: range, word: str, letters: str, ceiling: float) -> Guess | None:
    start, end = at[0], at[-1] + 1
    judged = _judged(text[start:end], letters, ceiling)
    if judged is None:
        return None
    changed, unlike, alike, commonest = judged
    chance = chances.of_shape(len(letters), changed, ordinary(text, start, end), alike, commonest)
    steps = ("homophone", "look-alike") if unlike < changed else ("look-alike",)
    return Guess(start, end, word, steps, chance)


@lru_cache(maxsize=65536)
def _may_stand_for(written: str, letters: str, ceiling: float) -> bool:
    return _judged(written.translate(FOLDED), letters, ceiling) is not None


def _may_be_meant(text: str, end: int, word: str, letters: str, ceiling: float) -> bool:
    """Whether *word* may be meant where *letters* might end; what stands around is told with it."""
    start = end - len(letters)
    first = max(0, start - AROUND)
    around = folded_each(text[first : end + AROUND])
    if around is None:
        return True
    place = len(text[first:start].translate(FOLDED))
    guess = _confirmed(around, range(place, place + len(letters)), word, letters, ceiling)
    return guess is not None and guess.chance <= ceiling


@lru_cache(maxsize=65536)
def _judged(written: str, letters: str, ceiling: float) -> tuple[int, int, float, Usage] | None:
    """How many of *letters* are others in *written*, how many of those do not sound alike, how far these look alike,
    and how common the commonest is; None where that is all too likely to mean nothing.
    """
    others = [pair for pair in zip(written, letters, strict=True) if pair[0] != pair[1]]
    unlike = [pair for pair in others if not _sound_alike(*pair)]
    if not unlike:  # all of it by sound, which another lane knows
        return None
    alike = min(likeness(*pair) for pair in unlike)
    commonest = max(usage(there) for there, _ in unlike)
    if alike < _LEAST or chances.of_shape(len(letters), len(others), 0.0, alike, commonest) > ceiling:
        return None
    return len(others), len(unlike), alike, commonest


@lru_cache(maxsize=65536)
def _sound_alike(one: str, other: str) -> bool:
    return not set(sounds.readings(one)[:2]).isdisjoint(sounds.readings(other)[:3])
