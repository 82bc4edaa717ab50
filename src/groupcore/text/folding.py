"""Foldings: named ways in which two texts read alike, each with a way back to the original.

A `Folding` turns a text into another and, only when somebody asks, says which stretches changed their length. A
`Chain` runs several in a row and maps a span of the result back to code points of the original. A further folding is a
function, a name and one entry in ``FOLDINGS``; what is no function of the text alone is a lane, in ``fuzzy``.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from attrs import field, frozen

from groupcore.errors import InputError
from groupcore.messages import scrub
from groupcore.text import escapes, letters
from groupcore.text.characters import INVISIBLE, PLAIN, UNMARKED, finder

Edit = tuple[int, int, int]
"""``(start, end, length)``: this stretch of the input became so many characters, not one for one."""


@frozen
class Folding:
    """One step: its *name*, what it makes of a text, and the edits that made it.

    ``apply`` is exact and quick; ``edits`` is asked after a hit only. ``on_ascii`` is what the step does to plain
    ASCII, where it keeps every length; ``touched`` gives the characters of ``PLAIN`` that it changes, as ranges.
    ``unsettles`` tells whether it may change even ASCII out of its length.
    """

    name: str
    apply: Callable[[str], str]
    edits: Callable[[str], Iterable[Edit]]
    version: int = 1
    on_ascii: Callable[[str], str] = field(default=str)
    touched: Callable[[], str] = field(default=str)
    unsettles: Callable[[str], bool] | None = None


class OffsetMap:
    """Where each character of a folded text came from. O(edits) to make, O(log edits) to ask."""

    __slots__ = ("_ends", "_lengths", "_starts", "_values")

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._starts: list[int] = []  # of each edit, in the folded text
        self._lengths: list[int] = []  # in the folded text
        self._values: list[int] = []  # its start in the original
        self._ends: list[int] = []  # its end in the original
        shift = 0
        for start, end, length in edits:
            self._starts.append(start + shift)
            self._lengths.append(length)
            self._values.append(start)
            self._ends.append(end)
            shift += length - (end - start)

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that the folded span ``(start, end)`` came from; it must not be empty."""
        return self._at(start)[0], self._at(end - 1)[1]

    def _at(self, index: int) -> tuple[int, int]:
        """The original span of the folded character at *index*: of the whole edit that made it, or of itself."""
        edit = bisect_right(self._starts, index) - 1
        if edit < 0:
            return index, index + 1
        beyond = index - self._starts[edit] - self._lengths[edit]
        if beyond < 0:
            return self._values[edit], self._ends[edit]
        return self._ends[edit] + beyond, self._ends[edit] + beyond + 1


# invisible ---------------------------------------------------------------------------------------------------------


def _without_invisible(text: str) -> str:
    return finder(INVISIBLE).sub("", text)


def _invisible_edits(text: str) -> Iterator[Edit]:
    for match in finder(INVISIBLE).finditer(text):
        yield match.start(), match.end(), 0


# width -------------------------------------------------------------------------------------------------------------

_LONGEST_CLUSTER = 32  # normalising a run of marks takes its square in time; no language stacks so many


def _nfkc(text: str) -> str:
    if _long_run().search(text) is None:
        return unicodedata.normalize("NFKC", text)
    return "".join(unicodedata.normalize("NFKC", text[start:end]) for start, end in _clusters(text, 0, len(text)))


@cache
def _long_run() -> re.Pattern[str]:
    return re.compile(f"[^{PLAIN}{UNMARKED}A-Z]{{{_LONGEST_CLUSTER}}}")


@cache
def _unstable_run() -> re.Pattern[str]:
    return re.compile(f"[^{PLAIN}A-Z]+")


def _width_edits(text: str) -> Iterator[Edit]:
    """Cluster by cluster, where the text may change at all; a run is read with the base of its first mark."""
    if _nfkc(text) == text:
        return
    for run in _unstable_run().finditer(text):
        for start, end in _clusters(text, max(run.start() - 1, 0), run.end()):
            cluster = text[start:end]
            folded = unicodedata.normalize("NFKC", cluster)
            if folded != cluster and not len(folded) == len(cluster) == 1:
                yield start, end, len(folded)


def _clusters(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The stretches of ``text[start:stop]`` that normalise each for itself."""
    for index in range(start + 1, stop):
        if index - start >= _LONGEST_CLUSTER or not melts(text[index]):
            yield start, index
            start = index
    if start < stop:
        yield start, stop


@lru_cache(maxsize=4096)
def melts(char: str) -> bool:
    """Whether *char* may melt into what stands before it: a mark, or a vowel or final of Hangul."""
    if char.isascii():
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7fb"


# case --------------------------------------------------------------------------------------------------------------


def _case_edits(text: str) -> Iterator[Edit]:
    if len(text.casefold()) == len(text):  # casefold never takes a character away
        return
    for index, char in enumerate(text):
        if not char.isascii() and len(folded := char.casefold()) != 1:
            yield index, index + 1, len(folded)


def _narrow(text: str) -> str:
    """*text* with the punctuation of Chinese as NFKC writes it: most of what it ever meets in a chat.

    Nine replacements cost 0.4 µs where normalising costs 7, and what is left is plain nine times in ten.
    """
    return (
        text.replace("，", ",").replace("！", "!").replace("？", "?").replace("：", ":").replace("；", ";")
        .replace("（", "(").replace("）", ")").replace("～", "~").replace("…", "...")
    )  # fmt: skip


# chains ------------------------------------------------------------------------------------------------------------

_no_edits: Callable[[str], Iterable[Edit]] = lambda text: ()  # noqa: E731

FOLDINGS: dict[str, Folding] = {
    folding.name: folding
    for folding in (
        Folding("invisible", _without_invisible, _invisible_edits),
        Folding("width", _nfkc, _width_edits),
        Folding("case", str.casefold, _case_edits, on_ascii=str.lower),
        Folding("escapes", escapes.unescaped, escapes.escape_edits, unsettles=escapes.may_hold_escape),
        Folding("marks", letters.without_marks, letters.mark_edits, touched=lambda: letters.LATIN_MARKED),
        Folding("enclosed", letters.without_enclosures, _no_edits, touched=lambda: letters.ENCLOSED),
        Folding("digits", letters.plain_digits, _no_edits, touched=lambda: letters.DIGITS),
        Folding("confusables", letters.latinised, _no_edits, touched=lambda: letters.TWINS),
        Folding("traditional", letters.to_simplified, _no_edits, touched=letters.traditional),
    )
}
"""Every folding that there is, by name."""

PLAINLY = ("invisible", "width", "case", "width")  # casefold can leave what NFKC would compose
"""What makes no difference to anybody."""


class Chain:
    """Foldings in a row. Call it to fold; ask `back` where a span of the result came from.

    >>> chain = chain_of()
    >>> chain("５㎏")
    '5kg'
    >>> chain.mapper("５㎏")(1, 2)
    (1, 2)
    """

    __slots__ = ("_cased", "_on_ascii", "_touched", "_unplain", "_unsettled", "steps")

    def __init__(self, steps: Sequence[Folding]) -> None:
        self.steps = tuple(steps)
        self._on_ascii = [step.on_ascii for step in self.steps if step.on_ascii is not str]
        quick = any(step.name == "width" for step in self.steps)
        touched = "".join(step.touched() for step in self.steps)
        self._unsettled = [step.unsettles for step in self.steps if step.unsettles is not None]
        self._touched = finder(touched).search if touched else None
        self._cased = str.casefold if any(step.name == "case" for step in self.steps) else str
        self._unplain = finder("^" + PLAIN).search if quick else None

    def __call__(self, text: str) -> str:
        """*text* folded; lone surrogates become U+FFFD. Linear; 0.6 µs for fifty characters of clean Chinese."""
        if self._unsettled and self._is_unsettled(text):
            return self._stages(text)[-1]
        if text.isascii():
            for step in self._on_ascii:
                text = step(text)
            return text
        if self._unplain is not None and (self._touched is None or self._touched(text) is None):
            text = _narrow(text)
            odd = self._unplain(text)
            if odd is None:
                return text
            if _unstable_run().search(text, odd.start()) is None:  # capitals, and nothing else
                return self._cased(text)
        return self._stages(text)[-1]

    def _is_unsettled(self, text: str) -> bool:
        return any(unsettles(text) for unsettles in self._unsettled)

    def _stages(self, text: str) -> list[str]:
        stages = [scrub(text)]
        for step in self.steps:
            stages.append(step.apply(stages[-1]))
        return stages

    def mapper(self, text: str) -> Callable[[int, int], tuple[int, int]]:
        """A function from spans of the folded *text* to spans of *text*. Linear when it is called first."""
        if text.isascii() and not self._is_unsettled(text):
            return _same
        maps: list[OffsetMap] | None = None

        def back(start: int, end: int) -> tuple[int, int]:
            nonlocal maps
            if maps is None:
                maps = self._maps(text)
            for offsets in maps:
                start, end = offsets.back(start, end)
            return start, end

        return back

    def _maps(self, text: str) -> list[OffsetMap]:
        """The ways back through the steps that change a length in *text*, the last step first."""
        edits = [tuple(step.edits(stage)) for step, stage in zip(self.steps, self._stages(text), strict=False)]
        return [OffsetMap(some) for some in reversed(edits) if some]

    def steps_between(self, excerpt: str, word: str) -> tuple[str, ...]:
        """The names of the steps that had to change *excerpt* before *word* could be read in it."""
        names: list[str] = []
        for step in self.steps:
            if word in excerpt:
                break
            folded = step.apply(excerpt)
            if folded != excerpt and step.name not in names:
                names.append(step.name)
            excerpt = folded
        return tuple(names)

    def steps_changing(self, excerpt: str, *, cased: bool = True) -> tuple[str, ...]:
        """The names of the steps that change *excerpt*; letting case go is no step worth naming unless *cased*."""
        return tuple(name for name in _changing(self, excerpt) if cased or name != "case")


@lru_cache(maxsize=4096)
def _changing(chain: Chain, excerpt: str) -> tuple[str, ...]:
    names: list[str] = []
    for step in chain.steps:
        folded = step.apply(excerpt)
        if folded != excerpt and step.name not in names:
            names.append(step.name)
        excerpt = folded
    return tuple(names)


def _same(start: int, end: int) -> tuple[int, int]:
    return start, end


@cache
def _chain(names: tuple[str, ...]) -> Chain:
    return Chain([_folding(name) for name in names])


def chain_of(fold: Iterable[str] = PLAINLY) -> Chain:
    """The chain of the foldings named, in order; made once and kept."""
    return _chain(tuple(fold))


def _folding(name: str) -> Folding:
    if name not in FOLDINGS:
        raise InputError(f"there is no folding {name!r}{nearest(name, FOLDINGS)}", "fold")
    return FOLDINGS[name]


def nearest(name: str, known: Iterable[str]) -> str:
    """What *name* may be meant for, to end the message of an error with."""
    near = difflib.get_close_matches(str(name), known := sorted(known), 1)
    return f" (did you mean {near[0]!r}?)" if near else f"; there are {', '.join(known)}"
