"""A glance at Chinese: can a word with Chinese characters be in a text, in any disguise but its shape?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import repeat

from groupcore.text.automaton import Ends, StreamAutomaton
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import FOLDED, SIGNS, class_of_code, folded_each, ways_to_write
from groupcore.text.fuzzy.spellings import Spelling, is_told_by_sound, letters_of
from groupcore.text.fuzzy.streams import SOUNDS, is_chinese
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.fuzzy.torn_glance import MOST_DOUBTS, TornGlance
from groupcore.text.fuzzy.typed_glance import TypedGlance
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables.usage import usage
from groupcore.text.tables.wording import AROUND

Letters = tuple[str, ...]
"""Characters that all must be in a text, each with those that stand for it in other ways of writing."""


class ChineseGlance:
    """Looks for the words with Chinese characters of *walk*, through the foldings *names*; *lane* finds torn ones.

    The texts that it is asked for are those of which each character folds for itself, to one or to what is no letter.
    """

    def __init__(self, walk: Walk, names: Collection[str], lane: GapLane | None, literals: Collection[str]) -> None:
        self._names = frozenset(names)
        self._walk = walk
        self._margin = AROUND + max(len(word) - len(letters_of(word)) for word in walk.ceilings)
        self._keys: dict[str, list[Letters]] = {}  # of each key what must be there, one of several; nothing: by sound
        self._first: dict[str, tuple[str, ...]] = {}  # of each key the characters of which one must be there
        for key, some in walk.spellings.items():
            told = [way for way in some if is_told_by_sound(way.word) and way.word not in literals]
            if told:
                ways = [_letters(way.letters) if self._is_exact(way) else () for way in told]
                self._keys.setdefault("".join(map(class_of_code, key)), []).extend(ways)
        for key, ways in self._keys.items():
            self._first[key] = tuple({char: None for letters in ways for char in (letters[0] if letters else [""])})
        self._walk_sounds = StreamAutomaton(self._keys).walk
        self._torn = TornGlance(lane) if lane is not None else None
        self.typed = TypedGlance(walk, names)

    def _is_exact(self, way: Spelling) -> bool:
        """Whether the letters of *way* must stand there: no sound may stand in for them that would count."""
        if way.step != "homophone" or "homophone" not in self._names:
            return True
        length = len(way.letters)
        least = min(chances.of_sound(length, changed, 0.0) for changed in range(1, length + 1))
        return least > self._walk.ceilings[way.word]

    def may_be_in(self, text: str, data: bytes, loud: bytes) -> bool:
        """Whether a word may be in *text*, not ASCII, of the bytes *data*; *loud* ones matter beside its sounds."""
        found = self._walk_sounds(data.translate(None, SIGNS))
        if found and self._is_spoken(found, text, data):
            return True
        if self._torn is not None and self._torn.may_be_in(text, data):
            return True
        return len(loud) > 0 and self.typed.may_be_in(text, data, loud)

    def _is_spoken(self, found: Ends, text: str, data: bytes) -> bool:
        """Whether some key of those *found* may stand for a word: most have a character that is not in the text."""
        keys, first = self._keys, self._first
        at: Sequence[int] = ()
        doubts = 0
        for last, key in found:
            for char in first[key]:  # written out: asked a time or two for every text
                if char in text:
                    break
            else:
                continue
            if any(_are_in(letters, text) for letters in keys[key]):
                doubts += 1
                at = at or [place for place, byte in enumerate(data) if byte not in SIGNS]
                if doubts > MOST_DOUBTS or self._is_meant(text, at[last + 1 - len(key) : last + 1]):
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


def _are_in(letters: Letters, text: str) -> bool:
    return all(any(way in text for way in ways) for ways in letters)
