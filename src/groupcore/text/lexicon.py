"""Words that rules look for, and the index that looks for the words of all rules at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from attrs import field, frozen

from groupcore.errors import InputError
from groupcore.text.automaton import KeywordAutomaton, Occurrence
from groupcore.text.characters import continues_word, is_unspaced
from groupcore.text.folding import Chain, chain_of
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


@frozen
class Lexicon:
    """The words of one rule.

    A word without a Chinese character (or one of another script written without spaces) must stand alone: ``cs`` is
    found neither in ``docs`` nor in ``cs50``. With ``substring`` it is found there too. An ``allow`` word excuses every
    word that lies wholly inside it. With ``quotes``, quoted text and forwarded messages are read as well.
    """

    words: tuple[str, ...] = field(converter=readable_words)
    allow: tuple[str, ...] = field(default=(), converter=readable_words)
    substring: bool = False
    quotes: bool = False


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


class KeywordIndex:
    """Finds the words of many rules in one pass: `find` answers with the hits of each rule that has any."""

    __slots__ = ("_automaton", "_chain", "_entries", "quotes")

    def __init__(self, lexicons: Mapping[str, Lexicon], chain: Chain) -> None:
        self._chain = chain
        self._entries = _entries(lexicons, chain)
        self._automaton = KeywordAutomaton(self._entries)
        self.quotes = any(lexicon.quotes for lexicon in lexicons.values())

    def find(self, text: str, folded: str, *, where: str | None = None, quoted: bool = False) -> dict[str, list[Hit]]:
        """The hits of each rule in one string; of a *quoted* one, only for the rules that read quotations."""
        occurrences = self._automaton.find(folded)
        rules = self._by_rule(occurrences, folded) if occurrences else None
        if not rules:
            return {}
        back = self._chain.mapper(text)
        own = len(text) if quoted else own_start(text) if where is None else 0
        return {rule: hits for rule, found in rules.items() if (hits := self._hits(found, text, back, own, where))}

    def _by_rule(self, occurrences: Iterable[Occurrence], folded: str) -> dict[str, list[_Found]]:
        rules: dict[str, list[_Found]] = {}
        for start, end, word in occurrences:
            alone = None
            for entry in self._entries[word]:
                if entry.bounded and alone is None:
                    alone = _stands_alone(folded, start, end)
                if not entry.bounded or alone:
                    rules.setdefault(entry.rule, []).append((start, end, word, entry))
        return rules

    def _hits(
        self, found: list[_Found], text: str, back: Callable[[int, int], tuple[int, int]], own: int, where: str | None
    ) -> list[Hit]:
        excused = _excuses([(start, end) for start, end, _, entry in found if entry.allow])
        hits: dict[tuple[int, int, str], Hit] = {}
        for start, end, folded, entry in found:
            if entry.allow or excused(start, end):
                continue
            span = back(start, end)
            if (span[0] >= own or entry.quotes) and (*span, entry.word) not in hits:
                hits[*span, entry.word] = self._hit(entry, folded, span, text, where)
        return [hits[key] for key in sorted(hits)]

    def _hit(self, entry: _Entry, folded: str, span: tuple[int, int], text: str, where: str | None) -> Hit:
        excerpt = text[span[0] : span[1]]
        steps = () if excerpt == entry.word else self._chain.steps_between(excerpt, folded)
        return Hit(entry.word, *span, steps=steps, field=where)


_Found = tuple[int, int, str, _Entry]


def _entries(lexicons: Mapping[str, Lexicon], chain: Chain) -> dict[str, tuple[_Entry, ...]]:
    """What each folded word means to which rules; of two spellings that fold alike the first stands for both."""
    index: dict[str, dict[tuple[str, bool], _Entry]] = {}
    for rule, lexicon in lexicons.items():
        for word, allow in [*((word, False) for word in lexicon.words), *((word, True) for word in lexicon.allow)]:
            folded = chain(word).strip()
            bounded = not lexicon.substring and not is_unspaced(folded)
            entry = _Entry(rule, word, allow, bounded, lexicon.quotes)
            index.setdefault(folded, {}).setdefault((rule, allow), entry)
    return {folded: tuple(entries.values()) for folded, entries in index.items()}


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` ends where a word does: no letter touches its first letter, none its last."""
    if start and continues_word(text[start]) and continues_word(text[start - 1]):
        return False
    return not (end < len(text) and continues_word(text[end - 1]) and continues_word(text[end]))


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
