"""Words torn apart by a swap with a neighbour: 男恶同心 for 男同恶心."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groupcore.text.automaton import KeywordAutomaton
from groupcore.text.characters import finder
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.guesses import Guess
from groupcore.text.fuzzy.spellings import letters_of
from groupcore.text.fuzzy.streams import GAP
from groupcore.text.tables.wording import ordinary

_HAN = finder("\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff").match


class GapLane:
    """Finds words with one stranger after the first character or before the last.

    *words* come each with the greatest chance that a guess at it may have. Every second character of a text is looked
    through, so that the automaton steps over the stranger.
    """

    __slots__ = ("_automaton", "_pairs", "pairs", "words")

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = dict(words)
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        for word in words:
            letters = letters_of(word)
            if len(letters) > 1:
                for pair in {letters[:2], letters[-2:]}:
                    self._pairs.setdefault(pair, []).append((word, letters))
        self.pairs = frozenset(self._pairs)  # the beginnings and ends of words, two characters each
        self._automaton = KeywordAutomaton(self._pairs)

    def find(self, text: str) -> Iterator[Guess]:
        """The guesses in *text*: one pass over its even places and then its odd ones."""
        even = text[::2]
        for start, _, pair in self._automaton.find(even + GAP + text[1::2]):
            place = 2 * start if start < len(even) else 2 * (start - len(even)) - 1
            yield from self._torn(text, place, pair)

    def holds(self, text: str) -> bool:
        """Whether there is a guess in *text*, which is folded, that counts for something."""
        return any(guess.chance <= self.words[guess.word] for guess in self.find(text))

    def _torn(self, text: str, place: int, pair: str) -> Iterator[Guess]:
        if not _HAN(text[place + 1]):
            return
        for word, letters in self._pairs[pair]:
            span = _span(text, place, pair, letters)
            if span is not None:
                yield Guess(*span, word, ("torn",), chances.of_gap(len(letters), ordinary(text, *span)))


def _span(text: str, place: int, pair: str, letters: str) -> tuple[int, int] | None:
    """Where the whole word is, when *pair* is its torn beginning or end."""
    after, before = place + 3, place - len(letters) + 2
    if pair == letters[:2] and text.startswith(letters[2:], after):
        return place, after + len(letters) - 2
    if pair == letters[-2:] and before >= 0 and text.startswith(letters[:-2], before):
        return before, after
    return None
