"""The lanes of shapes: characters that look like those of a word, or sound like them, each on its own account.

A short list is read by an automaton over sets, which knows every pair of characters with a component in common. Its
cost grows with the list, and so do its accidents; a long list is read by landmarks instead, one component a character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groupcore.text.automaton import KeywordAutomaton
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.guesses import Guess
from groupcore.text.fuzzy.spellings import letters_of, shape_keys
from groupcore.text.fuzzy.streams import GAP, SHAPES, places
from groupcore.text.tables import sounds
from groupcore.text.tables.components import likeness, telling
from groupcore.text.tables.usage import Usage, usage
from groupcore.text.tables.wording import ordinary

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

    def find(self, text: str) -> list[Guess]:
        """The guesses in *text*. A few operations on small integers for each character."""
        under_way = 0
        starts, last, masks = self._starts, self._last, self._masks
        guesses = []
        for index, char in enumerate(text):
            mask = masks.get(char)
            under_way = (under_way << 1 | starts) & (self._mask(char) if mask is None else mask)
            if ended := under_way & last:
                guesses += self._ended(text, index + 1, ended)
        return guesses

    def _mask(self, char: str) -> int:
        mask = 0
        for piece in telling(char, _LEAST_EVERYDAY if usage(char) is Usage.EVERYDAY else _LEAST):
            mask |= self._by_component.get(piece, 0)
        for reading in sounds.readings(char)[:2]:
            mask |= self._by_sound.get(reading, 0)
        if len(self._masks) < _CACHED:
            self._masks[char] = mask
        return mask

    def _ended(self, text: str, end: int, ended: int) -> list[Guess]:
        guesses = []
        while ended:
            word, letters = self._ends[ended.bit_length() - 1]
            ended ^= 1 << (ended.bit_length() - 1)
            guess = _confirmed(text, range(end - len(letters), end), word, letters, self._ceilings[word])
            if guess is not None:
                guesses.append(guess)
        return guesses


class LongShapeLane:
    """Words by the landmarks of their characters: the components by which each is told from others."""

    __slots__ = ("_automaton", "_ceilings", "_words")

    def __init__(self, words: Mapping[str, float]) -> None:
        self._ceilings = dict(words)
        self._words: dict[str, list[tuple[str, str]]] = {}
        for word in words:
            letters = letters_of(word)
            for key in shape_keys(letters) if len(letters) > 1 else ():
                self._words.setdefault(key, []).append((word, letters))
        self._automaton = KeywordAutomaton(self._words)

    def find(self, text: str) -> list[Guess]:
        """The guesses in *text*. One pass."""
        stream = text.translate(SHAPES)
        found = self._automaton.find(stream.replace(GAP, ""))
        if not found:
            return []
        at = places(stream)
        guesses = (
            _confirmed(text, at[start:end], word, letters, self._ceilings[word])
            for start, end, key in found
            for word, letters in self._words[key]
        )
        return [guess for guess in guesses if guess is not None]


ShapeLane = ShortShapeLane | LongShapeLane


def shape_lane(words: Mapping[str, float]) -> ShapeLane:
    """The lane that suits the length of the list."""
    return ShortShapeLane(words) if len(words) <= SHORT else LongShapeLane(words)


def _confirmed(text: str, at: Sequence[int], word: str, letters: str, ceiling: float) -> Guess | None:
    start, end = at[0], at[-1] + 1
    if end - start != len(letters):
        return None
    others = [(text[place], char) for place, char in zip(at, letters, strict=True) if text[place] != char]
    unlike = [pair for pair in others if not _sound_alike(*pair)]
    if not unlike:  # all of it by sound, which another lane knows
        return None
    commonest = max(usage(there) for there, _ in unlike)
    alike = min(likeness(*pair) for pair in unlike)
    if alike < _LEAST or chances.of_shape(len(letters), len(others), 0.0, alike, commonest) > ceiling:
        return None
    chance = chances.of_shape(len(letters), len(others), ordinary(text, start, end), alike, commonest)
    steps = ("homophone", "look-alike") if len(unlike) < len(others) else ("look-alike",)
    return Guess(start, end, word, steps, chance)


def _sound_alike(one: str, other: str) -> bool:
    return not set(sounds.readings(one)[:2]).isdisjoint(sounds.readings(other)[:3])
