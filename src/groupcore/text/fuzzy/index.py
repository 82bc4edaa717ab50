"""All lanes of one set of words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice

from groupcore.text.automaton import KeywordAutomaton, Occurrence
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.chinese_glance import ChineseGlance
from groupcore.text.fuzzy.columns import columns
from groupcore.text.fuzzy.glance import Glance
from groupcore.text.fuzzy.guesses import MOST, Guess, best
from groupcore.text.fuzzy.latin import LatinLane
from groupcore.text.fuzzy.latin_glance import LatinGlance
from groupcore.text.fuzzy.shaping import shape_lane
from groupcore.text.fuzzy.spellings import letters_of
from groupcore.text.fuzzy.streams import is_chinese
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.fuzzy.typing import Initials, emoji, may_hold_emoji, may_hold_pinyin, pinyin
from groupcore.text.fuzzy.walk import Walk

CHINESE = frozenset({"separators", "split", "swap", "torn", "pinyin", "initials", "homophone", "look-alike", "emoji",
                     "vertical"})  # fmt: skip
"""The lanes that Chinese words are read in."""


class FuzzyIndex:
    """Finds words, and what is written to be read as one through the foldings *names*.

    *words* are folded, each with the greatest chance that a guess at it may have; 0 when none is wanted. The Latin ones
    in *loose* count as part of a longer word, too; *literals* are the ways to write a word where no other will do.
    """

    def __init__(
        self,
        words: Mapping[str, float],
        names: Collection[str],
        loose: Collection[str] = (),
        literals: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._words = words
        self._literals = literals or {}
        self._loose = frozenset(loose)
        self._names = frozenset(names)
        chinese = CHINESE.intersection(names)
        han = {word: most for word, most in words.items() if most and is_chinese(word)} if chinese else {}
        self._walk = Walk(words, chinese) if han else None
        self._shapes = shape_lane(han) if han and "look-alike" in names else None
        torn = {word: most for word, most in han.items() if "torn" in names and _may_be_torn(word, most)}
        self._torn = GapLane(torn) if torn else None
        self._initials = Initials(han) if "initials" in names else None
        self._latin = LatinLane([word for word, most in words.items() if most and word.isascii()], names)
        self._automaton = KeywordAutomaton({*words, *self._latin.keys})

    def find(self, text: str) -> tuple[list[Occurrence], list[Guess]]:
        """The words in *text*, which is folded, by their ends, and what may be meant for one, by place.

        All words are found; of the guesses that count each lane makes the first `MOST`.
        """
        guesses: list[Guess] = []
        if self._walk is None or text.isascii():
            exact = self._automaton.find(text)
        else:
            exact, guesses = self._walk.find(text)
        for lane in self._lanes(text, exact):
            guesses += islice((guess for guess in lane if guess.chance <= self._words[guess.word]), MOST)
        return exact, best(guesses) if guesses else guesses

    def _lanes(self, text: str, exact: list[Occurrence]) -> Iterator[Iterable[Guess]]:
        """The guesses of all lanes but the walk."""
        if self._walk is not None:
            if not text.isascii():
                if self._torn is not None:
                    yield self._torn.find(text)
                if self._shapes is not None:
                    yield self._shapes.find(text)
            yield from self._typed(text, self._walk)
            if "vertical" in self._names:
                yield columns(text, self._automaton)
        if self._latin:
            yield self._latin.find(text)
            yield chain.from_iterable(self._latin.read(text, *occurrence) for occurrence in exact)

    @cached_property
    def glance(self) -> Glance:
        """What tells texts in which none of this can be found. For texts folded in every way only."""
        chinese = ChineseGlance(self._walk, self._names, self._torn, self._literals) if self._walk is not None else None
        latin = {word: most for word, most in self._words.items() if word.isascii()}
        other = LatinGlance(latin, self._latin, self._loose) if latin else None
        return Glance(self._words, chinese, other, self._shapes, self._literals)

    def _typed(self, text: str, walk: Walk) -> Iterator[Iterable[Guess]]:
        """What people type for Chinese; a glance where there are neither letters nor pictures."""
        if "emoji" in self._names and not text.isascii() and may_hold_emoji(text):
            yield emoji(text, walk)
        if may_hold_pinyin(text):
            if "pinyin" in self._names:
                yield pinyin(text, walk)
            if self._initials is not None:
                yield self._initials.find(text)


def _may_be_torn(word: str, most: float) -> bool:
    length = len(letters_of(word))
    return length > 1 and chances.of_gap(length, 0.0) <= most
