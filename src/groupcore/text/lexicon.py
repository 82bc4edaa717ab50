"""Words that rules look for, and the index that looks for the words of all rules at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from attrs import field, frozen

from groupcore.errors import InputError
from groupcore.text.automaton import KeywordAutomaton, Occurrence
from groupcore.text.characters import is_unspaced, stands_alone
from groupcore.text.folding import chain_of
from groupcore.text.folds import ORDER, Fold, fold_of
from groupcore.text.fuzzy.guesses import Guess, ceiling, score
from groupcore.text.fuzzy.index import FuzzyIndex
from groupcore.text.quoting import own_start


def readable_words(value: Iterable[str]) -> tuple[str, ...]:
    """*value* as a tuple, if it is a list of strings of which something is left once they are folded."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"expected a list of strings, found {value!r}")
    words = tuple(value)
    fold = chain_of()
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"expected a list of strings, found {word!r} in it")
        if not fold(word).strip():
            raise InputError(f"the word {word!r} is blank once it is folded, so it would be found everywhere")
    return words


def readable_fold(value: str | Iterable[str]) -> str | tuple[str, ...]:
    """*value* as the name of a preset or a tuple of the names of foldings, if all of them are known."""
    fold = value if isinstance(value, str) else tuple(value)
    fold_of(fold)
    return fold


@frozen
class Lexicon:
    """The words of one rule.

    A word without a Chinese character (or one of another script written without spaces) must stand alone: ``cs`` is
    found neither in ``docs`` nor in ``cs50``. With ``substring`` it is found there too. An ``allow`` word excuses every
    word that lies wholly inside it. With ``quotes``, quoted text and forwarded messages are read as well. ``fold`` is a
    preset or the names of foldings; ``least`` the score that a guess must have, where the preset's is not wanted.
    """

    words: tuple[str, ...] = field(converter=readable_words)
    allow: tuple[str, ...] = field(default=(), converter=readable_words)
    substring: bool = False
    quotes: bool = False
    fold: str | tuple[str, ...] = field(default="strict", converter=readable_fold)
    least: float | None = None

    def __attrs_post_init__(self) -> None:
        folded = fold_of(self.fold).chain
        for word in (*self.words, *self.allow):
            if not folded(word).strip():
                raise InputError(f"nothing is left of the word {word!r} once it is folded")


@frozen
class Hit:
    """A word that was found.

    ``start`` and ``end`` are code points of the original text, end exclusive; ``field`` is None for the text of the
    message, or names the string of a part, such as ``parts[0].title``, that they count in. ``steps`` are the foldings
    without which the word would not have been there; ``score`` is how sure we are of it, at most 1.
    """

    word: str
    start: int
    end: int
    steps: tuple[str, ...] = ()
    score: float = 1.0
    field: str | None = None


class _Entry(NamedTuple):
    """A word as one rule has it."""

    rule: str
    word: str  # as the rulebook writes it
    allow: bool
    bounded: bool
    quotes: bool
    least: float
    words: int  # in the rule: guesses are judged by how many there are
    literal: str = ""  # as it was before it was simplified; "" when that changed nothing


class _Found(NamedTuple):
    """A word in the folded text; a guess brings its steps, and a score below 1."""

    start: int
    end: int
    word: str
    entry: _Entry
    steps: tuple[str, ...] = ()
    score: float = 1.0


_SUREST = 0.999  # a guess is never certain

_NEARLY = 1 + 1e-9  # a chance may be a hair above its ceiling, and yet have the score asked for

_TURNED = {1: 0.0, 2: 0.9}
"""How sure it is, by length, that a word in traditional characters is meant where simplified ones stand."""


class KeywordIndex:
    """Finds the words of many rules in one pass: `find` answers with the hits of each rule that has any.

    All *lexicons* are read through the same *fold*.
    """

    __slots__ = ("_automaton", "_chain", "_entries", "_fuzzy", "_may_find", "quotes")

    def __init__(self, lexicons: Mapping[str, Lexicon], fold: Fold) -> None:
        self._chain = fold.chain
        self._entries = _entries(lexicons, fold)
        self._fuzzy = _fuzzy(self._entries, fold) if fold.lanes else None
        self._may_find: Callable[[str], bool] | None = None
        if self._fuzzy is not None and fold.chain is chain_of(ORDER):
            self._may_find = self._first_glance
        self._automaton = KeywordAutomaton(() if self._fuzzy else self._entries)
        self.quotes = any(lexicon.quotes for lexicon in lexicons.values())

    def find(
        self, text: str, folded: str | None = None, *, where: str | None = None, quoted: bool = False
    ) -> dict[str, list[Hit]]:
        """The hits of each rule in one string; of a *quoted* one, only for the rules that read quotations."""
        if self._may_find is not None and not self._may_find(text):  # most texts, and they are not even folded
            return {}
        rules = self._found(text, folded) if self._fuzzy is None else self._met(text, self._fuzzy)
        if not rules:
            return {}
        back = self._chain.mapper(text)
        own = len(text) if quoted else own_start(text) if where is None else 0
        return {rule: hits for rule, found in rules.items() if (hits := self._hits(found, text, back, own, where))}

    def _found(self, text: str, folded: str | None) -> dict[str, list[_Found]]:
        """The words as they are, by rule."""
        if folded is None:
            folded = self._chain(text)
        occurrences = self._automaton.find(folded)
        return self._by_rule(occurrences, folded) if occurrences else {}

    @property
    def glance(self) -> Callable[[str], bool] | None:
        """Whether a word may be in a text, false only where `find` finds nothing; None where that takes reading."""
        return None if self._may_find is None or self._fuzzy is None else self._fuzzy.glance.may_find

    def _first_glance(self, text: str) -> bool:
        """What tells texts in which nothing can be found is made when the first one is read."""
        assert self._fuzzy is not None, "only guesses are glanced for"
        self._may_find = self._fuzzy.glance.may_find
        return self._may_find(text)

    def _met(self, text: str, fuzzy: FuzzyIndex) -> dict[str, list[_Found]]:
        """The words in any disguise, by rule."""
        folded = self._chain(text)
        occurrences, guesses = fuzzy.find(folded)
        rules = self._by_rule(occurrences, folded) if occurrences else {}
        self._guess(guesses, rules)
        return rules

    def _by_rule(self, occurrences: Iterable[Occurrence], folded: str) -> dict[str, list[_Found]]:
        rules: dict[str, list[_Found]] = {}
        for start, end, word in occurrences:
            alone = None
            for entry in self._entries.get(word, ()):
                if entry.bounded and alone is None:
                    alone = stands_alone(folded, start, end)
                if not entry.bounded or alone:
                    rules.setdefault(entry.rule, []).append(_Found(start, end, word, entry))
        return rules

    def _guess(self, guesses: Iterable[Guess], rules: dict[str, list[_Found]]) -> None:
        """Add to *rules* the guesses that are sure enough, unless the same word was read there already."""
        taken: set[tuple[_Entry, int]] | None = None
        for guess in guesses:
            for entry in self._entries[guess.word]:
                sure = score(guess.chance, entry.words)
                if entry.allow or sure < entry.least:
                    continue
                if taken is None:
                    taken = _taken(chain.from_iterable(rules.values()))
                places = [(entry, place) for place in range(guess.start, guess.end)]
                if taken.isdisjoint(places):
                    taken.update(places)
                    found = _Found(guess.start, guess.end, guess.word, entry, guess.steps, min(round(sure, 3), _SUREST))
                    rules.setdefault(entry.rule, []).append(found)

    def _hits(
        self, found: list[_Found], text: str, back: Callable[[int, int], tuple[int, int]], own: int, where: str | None
    ) -> list[Hit]:
        excused = _excuses([(each.start, each.end) for each in found if each.entry.allow])
        hits: dict[tuple[int, int, str], Hit] = {}
        for each in found:
            entry = each.entry
            if entry.allow or excused(each.start, each.end):
                continue
            span = back(each.start, each.end)
            if entry.literal and not self._turned(text[span[0] : span[1]], entry):
                continue
            if (span[0] >= own or entry.quotes) and (*span, entry.word) not in hits:
                hits[*span, entry.word] = self._hit(each, span, text, where)
        return [hits[key] for key in sorted(hits)]

    def _turned(self, excerpt: str, entry: _Entry) -> bool:
        """Whether *excerpt* may stand for a word that folding made something commoner: 主义 for 主義."""
        return not _is_literal(entry) or chain_of()(excerpt) == entry.literal

    def _hit(self, found: _Found, span: tuple[int, int], text: str, where: str | None) -> Hit:
        excerpt = text[span[0] : span[1]]
        word = found.entry.word
        if found.steps:
            steps = (*self._chain.steps_changing(excerpt, cased=word != word.lower()), *found.steps)
        else:
            steps = () if excerpt == word else self._chain.steps_between(excerpt, found.word)
        sure = found.score
        if found.entry.literal and chain_of()(excerpt) != found.entry.literal:
            sure = min(sure, _TURNED[len(found.entry.literal)])
        return Hit(word, *span, steps=steps, score=sure, field=where)


def _entries(lexicons: Mapping[str, Lexicon], fold: Fold) -> dict[str, tuple[_Entry, ...]]:
    """What each folded word means to which rules; of two spellings that fold alike the first stands for both."""
    index: dict[str, dict[tuple[str, bool], _Entry]] = {}
    for rule, lexicon in lexicons.items():
        least = fold.least if lexicon.least is None else lexicon.least
        for word, allow in [*((word, False) for word in lexicon.words), *((word, True) for word in lexicon.allow)]:
            folded = fold.chain(word).strip()
            bounded = not lexicon.substring and not is_unspaced(folded)
            plain = chain_of()(word).strip()
            literal = plain if folded != plain and len(folded) == len(plain) < 3 else ""
            entry = _Entry(rule, word, allow, bounded, lexicon.quotes, least, len(lexicon.words), literal)
            index.setdefault(folded, {}).setdefault((rule, allow), entry)
    return {folded: tuple(entries.values()) for folded, entries in index.items()}


def _taken(found: Iterable[_Found]) -> set[tuple[_Entry, int]]:
    """The characters in which a word was read already, with the word."""
    return {(each.entry, place) for each in found for place in range(each.start, each.end)}


def _ceilings(entries: Mapping[str, Iterable[_Entry]]) -> dict[str, float]:
    """Each word, with the greatest chance that a guess at it may have in any rule; 0 for allow words."""
    return {
        word: max(0.0 if entry.allow else ceiling(entry.least, entry.words) for entry in known) * _NEARLY
        for word, known in entries.items()
    }


def _is_literal(entry: _Entry) -> bool:
    """Whether the word counts only where it is written as it is in the rulebook, and no guess at it does."""
    return bool(entry.literal) and _TURNED[len(entry.literal)] < entry.least


def _fuzzy(entries: Mapping[str, tuple[_Entry, ...]], fold: Fold) -> FuzzyIndex:
    loose = {word for word, known in entries.items() if any(not entry.bounded for entry in known)}
    literals = {
        word: frozenset(entry.literal for entry in known)
        for word, known in entries.items()
        if all(map(_is_literal, known))
    }
    return FuzzyIndex(_ceilings(entries), fold.lanes, loose, literals)


def _excuses(spans: list[tuple[int, int]]) -> Callable[[int, int], Any]:
    """Whether some span of *spans* holds another. O(log n) to ask."""
    if not spans:
        return lambda start, end: False
    spans.sort()
    starts = [start for start, _ in spans]
    reach: list[int] = []  # the furthest end among the spans so far
    for _, end in spans:
        reach.append(max(end, reach[-1]) if reach else end)

    def excused(start: int, end: int) -> bool:
        index = bisect_right(starts, start) - 1
        return index >= 0 and reach[index] >= end

    return excused
