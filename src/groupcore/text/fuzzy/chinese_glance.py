"""A glance at Chinese: can a word with Chinese characters be in a text, in any disguise but its shape?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat

from groupcore.text.automaton import Spans, StreamAutomaton
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import FOLDED, SIGNS, class_of_code, folded_each, ways_to_write
from groupcore.text.fuzzy.spellings import Spelling, is_told_by_sound, letters_of, stream_of
from groupcore.text.fuzzy.streams import SOUNDS, is_chinese
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.fuzzy.torn_glance import MOST_DOUBTS, TornGlance
from groupcore.text.fuzzy.typed_glance import TypedGlance
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables.usage import usage
from groupcore.text.tables.wording import AROUND

Letters = tuple[str, ...]
"""Characters that all must be in a text, each with those that stand for it in other ways of writing."""


_Tail = tuple[bytes, Letters]
"""What follows upon the head of a key in its stream, and what must be there; of nothing it is told by sound."""

_HEAD = 4  # sounds of a key that are walked for: hardly more is found by four than by all, and they fit a cache


class ChineseGlance:
    """Looks for the words with Chinese characters of *walk*, through the foldings *names*; *lane* finds torn ones.

    The texts that it is asked for are those of which each character folds for itself, to one or to what is no letter.
    """

    def __init__(self, walk: Walk, names: Collection[str], lane: GapLane | None, literals: Collection[str]) -> None:
        self._names = frozenset(names)
        self._literals = frozenset(literals)
        self._walk = walk
        self._margin = AROUND + max(len(word) - len(letters_of(word)) for word in walk.ceilings)
        heads: dict[str, list[_Tail]] = {}
        for key, some in walk.spellings.items():
            written = "".join(map(class_of_code, key))
            head, tail = written[:_HEAD], written[_HEAD:].encode("latin-1")
            letters = [self._letters(way, key) for way in some if is_told_by_sound(way.word)]
            if told := [(tail, each) for each in letters if each is not None]:
                heads.setdefault(head, []).extend(told)
        automaton = StreamAutomaton(heads)
        self._search = automaton.search
        self._tails = [heads[head] for head in automaton.keys]
        self._first = [_first_of(tails) for tails in self._tails]
        self._torn = TornGlance(lane) if lane is not None else None
        self.typed = TypedGlance(walk, names)

    def _letters(self, way: Spelling, key: str) -> Letters | None:
        """What must be in a text in which *way* is met by the sounds *key*; None where it cannot be."""
        if way.word in self._literals:
            return None
        if not self._is_exact(way):
            return ()
        return _letters(way.letters) if key == stream_of(way.letters) else None

    def _is_exact(self, way: Spelling) -> bool:
        """Whether the letters of *way* must stand there: no sound may stand in for them that would count."""
        if way.step != "homophone" or "homophone" not in self._names:
            return True
        length = len(way.letters)
        least = min(chances.of_sound(length, changed, 0.0) for changed in range(1, length + 1))
        return least > self._walk.ceilings[way.word]

    def may_be_in(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether a word may be in *text*, not ASCII, of the bytes *data*; *loud* ones matter beside its sounds."""
        stream = data.translate(None, SIGNS)
        found = self._search(stream)
        if found and self._is_spoken(found, text, data, stream):
            return True
        if self._torn is not None and self._torn.may_be_in(text, data):
            return True
        return len(loud) > 0 and self.typed.may_be_in(text, data, loud)

    def _is_spoken(self, found: Spans, text: str, data: bytes, stream: bytes) -> bool:
        """Whether some head of those *found* in *stream* may be of a word: most miss a character in the text."""
        first = self._first
        at: Sequence[int] = ()
        doubts = 0
        for index, start, end in found:
            for char in first[index]:  # written out: asked a time or two for every text
                if char in text:
                    break
            else:
                continue
            for tail, letters in self._tails[index]:
                if stream.startswith(tail, end) and _are_in(letters, text):
                    doubts += 1
                    at = at or [place for place, byte in enumerate(data) if byte not in SIGNS]
                    if doubts > MOST_DOUBTS or self._is_meant(text, at[start : end + len(tail)]):
                        return True
        return False

    def _is_meant(self, text: str, at: Sequence[int]) -> bool:
        """Whether the characters *at* some places of *text* are a word, or a guess that counts."""
        written = "".join([text[place] for place in at])
        folded = folded_each(written)
        if folded is None:
            return True
        if not any(map(self._may_count, self._walk.spellings.get(folded.translate(SOUNDS), ()), repeat(folded))):
            return False
        first = max(0, at[0] - self._margin)
        piece = folded_each(text[first : at[-1] + 1 + self._margin])
        start = len(text[first : at[0]].translate(FOLDED))
        return piece is None or self._walk.holds(piece, start, start + len(text[at[0] : at[-1] + 1].translate(FOLDED)))

    def _may_count(self, way: Spelling, written: str) -> bool:
        """Whether *written*, which sounds like *way*, may count for its word; what stands around is not asked."""
        changed = sum(map(str.__ne__, written, way.letters))
        if not changed:
            return True
        return way.step == "homophone" and (
            chances.of_sound(len(written), changed, 0.0) <= self._walk.ceilings[way.word]
        )


def _letters(word: str) -> Letters:
    """The Chinese characters of *word*, each in all the ways to write it, those first that are seldom met."""
    return tuple(ways_to_write(char) for char in sorted(set(word), key=usage) if is_chinese(char))


def _first_of(tails: list[_Tail]) -> tuple[str, ...]:
    """The characters of which one must be in a text; the empty one, which is, where some word is told by sound."""
    return tuple({char: None for _, letters in tails for char in (letters[0] if letters else [""])})


def _are_in(letters: Letters, text: str) -> bool:
    return all(any(way in text for way in ways) for ways in letters)
