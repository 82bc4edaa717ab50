"""Latin words as people disguise them: ``sh1t``, ``s h i t``, ``shiiit``, ``hsit``.

A word found so must still be a word: the stretch that is read begins and ends where a word does. Plain prose has no
digits between letters, no letter three times and no letters on their own, and is left after one glance.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from groupcore.text.characters import stands_alone
from groupcore.text.fuzzy.guesses import Guess

LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
        "@": "a", "$": "s", "!": "i", "|": "i", "+": "t", "(": "c", "€": "e", "£": "l", "l": "i"}  # fmt: skip
_CLASSES = str.maketrans(LEET)

_SIGN = "0-9@$!|+(€£*"
_LETTER = re.compile("[a-z]")
# a sign beside a letter, but for one that ends a sentence
_BESIDE = re.compile(f"[{_SIGN}][a-z]|[a-z][0-9@$|+(€£*]")
_TOKEN = re.compile(f"[a-z{_SIGN}]+")
_SIGNED = re.compile(f"(?<![a-z{_SIGN}])[a-z]*+[{_SIGN}]+[a-z][a-z{_SIGN}]*|(?<![a-z{_SIGN}])[a-z]++[{_SIGN}]+")
_DRAWN_OUT = re.compile(r"([a-z])\1\1")
_LONE = re.compile(r"(?<![^\W_])[a-z0-9@$!][\s._\-*~/|]{1,3}[a-z0-9@$!][\s._\-*~/|]{1,3}[a-z0-9@$!](?![^\W_])")
_SPACED = re.compile(r"(?<![^\W_])[a-z0-9@$!](?:[\s._\-*~/|]{1,3}[a-z0-9@$!](?![^\W_])){2,40}")

_LONGEST = 64  # characters of a token that is looked at
_STAR_CHANCE = 1e-6
_LEET_CHANCE = {2: 1.0, 3: 3e-5, 4: 1e-6}
_SPACED_CHANCE = {2: 1.0, 3: 1e-5, 4: 1e-7}
_REPEATS_CHANCE = {2: 1e-3, 3: 1e-5, 4: 1e-7}
_SWAP_CHANCE = {4: 5e-6, 5: 1e-6}


class LatinLane:
    """Reads disguised Latin words: *words* are folded and ASCII, *names* the foldings wanted."""

    __slots__ = ("_by_ends", "_by_shape", "_names", "keys")

    def __init__(self, words: Iterable[str], names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._by_shape: dict[str, list[str]] = {}
        self._by_ends: dict[tuple[int, str, str], list[str]] = {}
        self.keys: dict[str, list[str]] = {}  # words with two letters swapped: the automaton looks for them
        words = list(filter(_is_disguised, words))
        for word in words:
            self._by_shape.setdefault(_shape(word), []).append(word)
            self._by_ends.setdefault((len(word), word[0], word[-1]), []).append(word)
            for other in _swaps(word) if "swap" in self._names else ():
                self.keys.setdefault(other, []).append(word)
        for word in words:
            self.keys.pop(word, None)

    def __bool__(self) -> bool:
        return bool(self._by_shape)

    def find(self, text: str) -> Iterator[Guess]:
        """The guesses in *text*, which is folded. Three glances at clean text, one where there are no letters."""
        if _LETTER.search(text) is None:
            return
        if _BESIDE.search(text) is not None:
            for match in _SIGNED.finditer(text):
                yield from self._token(match)
        if "repeats" in self._names and _DRAWN_OUT.search(text) is not None:
            for match in _TOKEN.finditer(text):
                yield from self._token(match)
        if "separators" in self._names and _LONE.search(text) is not None:
            yield from self._spaced(text)

    def disguises(self, word: str, most: float) -> frozenset[str]:
        """The ways to write *word* otherwise that may count, if a guess at it may have a chance of *most*."""
        if not most or not _is_disguised(word):
            return frozenset()
        length = min(len(word), 4)
        leet, repeats = _LEET_CHANCE[length], _REPEATS_CHANCE[length]
        chances = {
            "leet": (leet, "leet"), "repeats": (min(leet, repeats), "repeats"), "stars": (_STAR_CHANCE, "leet"),
            "separators": (_SPACED_CHANCE[length], "separators"), "swap": (_SWAP_CHANCE[5], "swap"),
        }  # fmt: skip
        return frozenset(way for way, (chance, name) in chances.items() if chance <= most and name in self._names)

    def holds_spaced(self, text: str) -> bool:
        """Whether the letters of some word are kept apart in *text*, in any way that is looked for."""
        return "separators" in self._names and any(True for _ in self._spaced(text))

    def read(self, text: str, start: int, end: int, key: str) -> Iterator[Guess]:
        """What it means that ``text[start:end]`` is *key*, a swapped word."""
        for word in self.keys.get(key, ()) if stands_alone(text, start, end) else ():
            yield Guess(start, end, word, ("swap",), _SWAP_CHANCE[min(len(word), 5)])

    def _token(self, token: re.Match[str]) -> Iterator[Guess]:
        if token.end() - token.start() > _LONGEST:
            return
        for start, end in _trimmed(token[0]):
            written = token[0][start:end]
            span = token.start() + start, token.start() + end
            for word in self._by_shape.get(_shape(written), ()):
                yield from self._read(word, written, span)
            if "*" in written:
                yield from self._starred(written, span)

    def _starred(self, written: str, span: tuple[int, int]) -> Iterator[Guess]:
        """``f**k``: a word with stars for some letters, none of them its first or last."""
        for word in self._by_ends.get((len(written), written[0], written[-1]), ()) if "leet" in self._names else ():
            shown = sum(char != "*" for char in written)
            if 2 * shown >= len(word) and all(there in ("*", char) for there, char in zip(written, word, strict=True)):
                yield Guess(*span, word, ("leet",), _STAR_CHANCE)

    def _read(self, word: str, written: str, span: tuple[int, int]) -> Iterator[Guess]:
        steps = _steps(word, written)
        if not steps or not steps <= self._names or (written.isdigit() and not word.isdigit()):
            return
        table = _LEET_CHANCE if "leet" in steps else _REPEATS_CHANCE
        yield Guess(*span, word, tuple(sorted(steps)), table[min(len(word), 4)])

    def _spaced(self, text: str) -> Iterator[Guess]:
        for match in _SPACED.finditer(text):
            places = [match.start() + i for i, char in enumerate(match[0]) if char.isalnum() or char in "@$!"]
            written = "".join(text[place] for place in places)
            for word in self._by_shape.get(_shape(written), ()):
                steps = _steps(word, written)
                if steps <= self._names and not written.isdigit():
                    span = places[0], places[-1] + 1
                    chance = _SPACED_CHANCE[min(len(word), 4)]
                    yield Guess(*span, word, ("separators", *sorted(steps)), chance)


def _is_disguised(word: str) -> bool:
    """Whether *word* is looked for in other letters than its own."""
    return word.isalnum() and len(word) > 2


def _shape(word: str) -> str:
    """What disguises of *word* have in common: letters and signs by class, each run once."""
    classes = word.translate(_CLASSES)
    return "".join(char for char, before in zip(classes, " " + classes, strict=False) if char != before)


def _steps(word: str, written: str) -> set[str]:
    """What was done to *word*; ``odd`` when letters are missing."""
    if word == written:
        return set()
    steps = set()
    if any(char not in "abcdefghijklmnopqrstuvwxyz" for char in written if char not in word):
        steps.add("leet")
    runs = [_runs(word.translate(_CLASSES)), _runs(written.translate(_CLASSES))]
    if runs[0] != runs[1]:
        longer = all(there >= here for here, there in zip(*runs, strict=True))
        steps.add("repeats" if longer and _drawn_out(*runs) else "odd")
    elif not steps:
        steps.add("odd")  # an l for an i, and nothing else: another word
    return steps


def _runs(text: str) -> list[int]:
    lengths: list[int] = []
    for char, before in zip(text, " " + text, strict=False):
        if char == before:
            lengths[-1] += 1
        else:
            lengths.append(1)
    return lengths


def _drawn_out(word: list[int], written: list[int]) -> bool:
    """Whether letters are repeated more than spelling does: ``boobs`` is no long ``bobs``, and ``xxxx`` a mark."""
    return len(word) > 1 and any(there > here and there > 2 for here, there in zip(word, written, strict=True))


def _trimmed(token: str) -> Iterator[tuple[int, int]]:
    """*token*, and *token* without signs at its edges that may be punctuation."""
    start, end = 0, len(token)
    yield start, end
    while start < end and not token[start].isalnum():
        start += 1
    while end > start and not token[end - 1].isalnum():
        end -= 1
    if (start, end) != (0, len(token)) and start < end:
        yield start, end


def _swaps(word: str) -> Iterator[str]:
    """*word* with two neighbours inside it swapped; short words have too many neighbours of their own."""
    if len(word) < 4 or not word.isalpha():
        return
    for index in range(len(word) - 1):
        if word[index] != word[index + 1]:
            yield word[:index] + word[index + 1] + word[index] + word[index + 2 :]
