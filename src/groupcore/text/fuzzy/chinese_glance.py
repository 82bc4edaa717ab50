"""A glance at Chinese: can a word with Chinese characters be in a text, in any disguise but its shape?"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from groupcore.text.automaton import Ends, StreamAutomaton
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.classes import CLASSES, FOLDED, SIGNS, class_of_code, folded_each, ways_to_write
from groupcore.text.fuzzy.spellings import Spelling, is_told_by_sound, letters_of
from groupcore.text.fuzzy.streams import is_chinese
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.fuzzy.typed_glance import TypedGlance
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables.usage import usage
from groupcore.text.tables.wording import AROUND

_MOST_DOUBTS = 4  # places of a text that are looked at twice before it is read

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
        self._lane = lane
        self._torn_margin = AROUND + max(map(len, lane.words), default=0) if lane is not None else 0
        pairs = lane.pairs if lane is not None else ()
        self._pairs = {*pairs, *(pair.translate(FOLDED) for pair in pairs)}
        self._torn = StreamAutomaton(pair.translate(CLASSES) for pair in pairs).walk
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
        if self._lane is not None:
            even = data[::2]
            torn = self._torn(even + b"\0" + data[1::2])
            if torn and self._is_torn(torn, text, len(even), self._lane):
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
                if doubts > _MOST_DOUBTS or self._is_meant(text, at[last + 1 - len(key)], at[last] + 1):
                    return True
        return False

    def _is_meant(self, text: str, start: int, end: int) -> bool:
        """Whether a word is in ``text[start:end]``, or a guess that counts; what stands around is told with it."""
        piece = folded_each(text[max(0, start - self._margin) : end + self._margin])
        return piece is None or self._walk.holds(piece)

    def _is_torn(self, found: Ends, text: str, half: int, lane: GapLane) -> bool:
        """Whether some pair of those *found*, in the even places of *text* and then the odd ones, is of a word."""
        pairs = self._pairs
        doubts = 0
        for last, _ in found:
            place = 2 * last - 2 if last < half else 2 * (last - half) - 3
            if FOLDED[ord(text[place])] + FOLDED[ord(text[place + 2])] in pairs:
                doubts += 1
                piece = folded_each(text[max(0, place - self._torn_margin) : place + 3 + self._torn_margin])
                if piece is None or doubts > _MOST_DOUBTS or lane.holds(piece):
                    return True
        return False


def _letters(word: str) -> Letters:
    """The Chinese characters of *word*, each in all the ways to write it, those first that are seldom met."""
    return tuple(ways_to_write(char) for char in sorted(set(word), key=usage) if is_chinese(char))


def _are_in(letters: Letters, text: str) -> bool:
    return all(any(way in text for way in ways) for ways in letters)
