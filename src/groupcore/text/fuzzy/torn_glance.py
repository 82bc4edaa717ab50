"""A glance at words torn apart: can any stand in a text with one stranger inside?"""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.text.automaton import Spans, StreamAutomaton
from groupcore.text.fuzzy.classes import CLASSES, FOLDED, folded_each
from groupcore.text.fuzzy.spellings import letters_of
from groupcore.text.fuzzy.swapping import GapLane
from groupcore.text.tables.wording import AROUND

MOST_DOUBTS = 4
"""Places of a text that are looked at twice before it is read."""

Neighbour = tuple[int, bytes]
"""How far from the last letter that was found another one stands, and its byte; 0 for no other."""


class TornGlance:
    """Looks for the words of *lane* by every second letter of their beginnings and ends, three where there are so many.

    ``xSyzw`` is found by x, y and w, ``xyzSw`` by x, z and w. Of three letters two stand so, and the third beside them.
    """

    def __init__(self, lane: GapLane) -> None:
        self._lane = lane
        self._margin = AROUND + max(map(len, lane.words))
        found: dict[str, set[Neighbour]] = {}
        self._written: set[str] = set()
        for word in lane.words:
            for letters, neighbour in _skipping(letters_of(word)):
                self._written.update((letters, letters.translate(FOLDED)))
                found.setdefault(letters.translate(CLASSES), set()).add(neighbour)
        automaton = StreamAutomaton(found)
        self._search = automaton.search
        self._neighbours = [tuple(found[key]) for key in automaton.keys]

    def may_be_in(self, text: str, data: bytes) -> bool:
        """Whether a word may be torn in *text*, of the bytes *data*."""
        even = data[::2]
        found = self._search(even + b"\0" + data[1::2])
        return len(found) > 0 and self._is_torn(found, text, data, len(even))

    def _is_torn(self, found: Spans, text: str, data: bytes, half: int) -> bool:
        """Whether something *found* is of a word: places count in the even letters of *text*, then in the odd ones."""
        doubts = 0
        for index, start, after in found:
            end = 2 * after - 2 if after <= half else 2 * (after - half) - 3
            for distance, byte in self._neighbours[index]:  # written out: asked a time or two for every text
                if not distance or data[end + distance : end + distance + 1] == byte:
                    break
            else:
                continue
            first = end - 2 * (after - start) + 2
            if text[first : end + 1 : 2].translate(FOLDED) in self._written:
                doubts += 1
                piece = folded_each(text[max(0, first - self._margin) : end + 1 + self._margin])
                if piece is None or doubts > MOST_DOUBTS or self._lane.holds(piece):
                    return True
        return False


def _skipping(letters: str) -> Iterator[tuple[str, Neighbour]]:
    """What stands at every second place where *letters* are torn near their beginning and near their end."""
    if len(letters) == 2:
        yield letters, (0, b"")
    elif len(letters) == 3:
        yield letters[:2], (1, letters[2].translate(CLASSES).encode("latin-1"))
        yield letters[1:], (-3, letters[0].translate(CLASSES).encode("latin-1"))
    else:
        yield letters[0] + letters[1] + letters[3], (0, b"")
        yield letters[-4] + letters[-2] + letters[-1], (0, b"")
