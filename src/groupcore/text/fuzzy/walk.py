"""One walk over the sounds of a text finds the words in it, and most of what is written to be read as one.

Separators are left out of the stream, and a character is its commonest syllable. So the keys of a word as it is, kept
apart, in homophones, split and swapped all lie in one automaton, and clean text pays for one pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from groupcore.text.automaton import KeywordAutomaton, Occurrence
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.guesses import MOST, Guess
from groupcore.text.fuzzy.spellings import Spelling, in_pieces, letters_of, sound_keys, stream_of, swapped
from groupcore.text.fuzzy.streams import GAP, LETTERS, SOUNDS, Unit, is_chinese, places
from groupcore.text.tables import sounds
from groupcore.text.tables.wording import ordinary

_WIDEST = 6  # characters of text for each of a word: what lies further apart is no word
_TORN = 5
"""Times as likely when there are separators between the characters, too."""


class Walk:
    """Looks for *words*, each with the greatest chance that a guess at it may have; 0 when none is wanted."""

    def __init__(self, words: Mapping[str, float], names: Collection[str]) -> None:
        self.ceilings = dict(words)
        self._names = frozenset(names)
        self.spellings: dict[str, list[Spelling]] = {}
        for word, ceiling in words.items():
            for key, spelling in _keys(word, self._names if ceiling else frozenset()):
                self.spellings.setdefault(key, []).append(spelling)
        self._automaton = KeywordAutomaton(self.spellings)
        lone = frozenset(word for word in words if len(letters_of(word)) < 2)
        self._lone = KeywordAutomaton(lone)
        self._lone_words = lone

    def find(self, text: str) -> tuple[list[Occurrence], list[Guess]]:
        """The words in *text*, which is folded, and the first `MOST` guesses that count. Linear in both."""
        stream = text.translate(SOUNDS)
        exact = self._lone.find(text) if len(self._lone) else []
        guesses: list[Guess] = []
        found = self._automaton.find(stream.replace(GAP, ""))
        if found:
            at = places(stream)
            for start, end, key in found:
                for spelling in self.spellings[key]:
                    self._read(text, at[start:end], spelling, exact, guesses)
        return exact, guesses

    def holds(self, text: str, start: int, end: int) -> bool:
        """Whether a word of several letters is in ``text[start:end]``, which is folded, or a guess that counts."""
        exact, guesses = self.find(text)
        lone = self._lone_words
        return any(first < end and last > start and word not in lone for first, last, word in exact) or self.counts(
            guess for guess in guesses if guess.start < end and guess.end > start
        )

    def counts(self, guesses: Iterable[Guess]) -> bool:
        """Whether some of *guesses* count for something."""
        return any(guess.chance <= self.ceilings[guess.word] for guess in guesses)

    def _read(
        self, text: str, at: Sequence[int], spelling: Spelling, exact: list[Occurrence], guesses: list[Guess]
    ) -> None:
        """Add to *exact* or *guesses* what it means that the characters *at* some places sound like *spelling*."""
        start, end = at[0], at[-1] + 1
        torn = end - start > len(at)
        if end - start > _WIDEST * len(at):
            return
        written = "".join([text[place] for place in at]) if torn else text[start:end]
        word = spelling.word
        if written == spelling.letters and (not spelling.step or spelling.step == "homophone"):
            first = start - (0 if word == written else word.index(written[0]))
            if (not torn and word == written) or text.startswith(word, first):
                exact.append((first, first + len(word), word))
                return
        if spelling.step and len(guesses) < MOST:
            guesses += [
                guess for guess in self._guessed(text, at, written, spelling) if guess.chance <= self.ceilings[word]
            ]

    def _guessed(self, text: str, at: Sequence[int], written: str, spelling: Spelling) -> Iterator[Guess]:
        """What it may mean that *written* stands *at* some places of *text*, where it is not the word as it is."""
        start, end = at[0], at[-1] + 1
        torn = end - start > len(at)
        if spelling.step != "homophone":
            if written == spelling.letters:
                yield from self._respelled(text, (start, end), torn, spelling)
        elif written != spelling.letters:
            if "homophone" in self._names:
                changed = sum(map(str.__ne__, written, spelling.letters))
                yield from self._punned(text, (start, end), torn, spelling, changed)
        elif torn:
            yield from self._kept_apart(text, at, spelling.word)

    def _punned(self, text: str, span: Unit, torn: bool, spelling: Spelling, changed: int) -> Iterator[Guess]:
        length = len(spelling.letters)
        likelier = _TORN if torn else 1
        if torn and "separators" not in self._names:
            return
        if chances.of_sound(length, changed, 0.0) * likelier <= self.ceilings[spelling.word]:
            chance = chances.of_sound(length, changed, ordinary(text, *span)) * likelier
            yield Guess(*span, spelling.word, ("separators", "homophone") if torn else ("homophone",), chance)

    def _respelled(self, text: str, span: Unit, torn: bool, spelling: Spelling) -> Iterator[Guess]:
        if torn and "separators" not in self._names:
            return
        chance = chances.SPLIT
        if spelling.step == "swap":
            chance = chances.of_order(len(spelling.letters), ordinary(text, *span))
        steps = ("separators", spelling.step) if torn else (spelling.step,)
        yield Guess(*span, spelling.word, steps, chance * (_TORN if torn else 1))

    def _kept_apart(self, text: str, at: Sequence[int], word: str) -> Iterator[Guess]:
        if "separators" in self._names:
            inside = set(at)
            between = "".join(text[place] for place in range(at[0], at[-1]) if place not in inside)
            yield Guess(at[0], at[-1] + 1, word, ("separators",), chances.of_gaps(len(at), between))

    def readings(self, codes: Sequence[str], units: Sequence[Unit]) -> Iterator[tuple[list[Unit], str, str]]:
        """The places where a stream that was made elsewhere, one code a unit, sounds like a word and its letters."""
        kept = [(code, unit) for code, unit in zip(codes, units, strict=True) if code != GAP]
        for start, end, key in self._automaton.find("".join(code for code, _ in kept)):
            for spelling in self.spellings[key]:
                if spelling.step == "homophone":
                    yield [unit for _, unit in kept[start:end]], spelling.word, spelling.letters

    def may_spell(self, text: str) -> bool:
        """Whether the letters of *text*, its Chinese characters in pinyin, hold those of a word."""
        return bool(self._typed.find(text.translate(LETTERS)))

    @cached_property
    def codes(self) -> frozenset[str]:
        """The sounds that occur in words."""
        return frozenset("".join(self.spellings))

    @cached_property
    def _typed(self) -> KeywordAutomaton:
        """The words as they are typed in pinyin."""
        spelled = sounds.letters_of_codes()
        return KeywordAutomaton({key.translate(spelled) for key in self.spoken(chances.PINYIN)})

    def spoken(self, chance: Mapping[int, float], times: float = 1.0) -> list[str]:
        """The sounds of the words that count for something where a guess at them is *times* as likely as *chance*."""
        found = []
        for key, ways in self.spellings.items():
            most = max((self.ceilings[way.word] for way in ways if way.step == "homophone"), default=0.0)
            if chance[min(len(key), 4)] * times <= most:
                found.append(key)
        return found


def _keys(word: str, names: frozenset[str]) -> Iterator[tuple[str, Spelling]]:
    letters = letters_of(word)
    if len(letters) < 2:  # many characters sound like a single one, and none of them means it
        return
    if not is_chinese(word) or not names:
        yield stream_of(letters), Spelling(word, "", letters)
        return
    keys = dict.fromkeys([stream_of(letters), *sound_keys(letters)])
    for key in keys:
        yield key, Spelling(word, "homophone", letters)
    for spelling in (*_if("split" in names, in_pieces(word, letters)), *_if("swap" in names, swapped(word, letters))):
        yield stream_of(spelling.letters), spelling


def _if(wanted: bool, spellings: Iterator[Spelling]) -> Iterator[Spelling]:
    return spellings if wanted else iter(())
