"""Chinese typed in Latin letters, whole syllables or their first letters, and emoji that stand for a sound."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice, pairwise, product

from groupcore.text.characters import is_unspaced
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.guesses import Guess
from groupcore.text.fuzzy.spellings import letters_of
from groupcore.text.fuzzy.streams import GAP, SOUNDS, Unit
from groupcore.text.fuzzy.walk import Walk
from groupcore.text.tables import emojis, sounds

_LATIN = re.compile("[a-z]+")
_RUN = re.compile(r"(?<![a-z0-9])[a-z]{2,16}(?![a-z0-9])")
_PAIR = re.compile(r"[a-z][a-z]")
_BREAK = "\uffff"  # no word's sound
PICTURES = re.compile("[\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_MOST_EMOJI = 64
_REMEMBERED = 10_000


def may_hold_pinyin(text: str) -> bool:
    """Whether two Latin letters stand together in *text*."""
    return _PAIR.search(text) is not None


def pinyin(text: str, walk: Walk) -> Iterator[Guess]:
    """Words of which some characters are typed as syllables: ``jia weixin``, ``加wei信``."""
    if not walk.may_spell(text):
        return
    codes, units = _syllables(text)
    if not codes:
        return
    alone = 1.0 if is_unspaced(text) else chances.PINYIN_ALONE
    for place, word, letters in walk.readings(codes, units):
        if not any(text[first].isascii() for first, _ in place) or _torn(text, place):
            continue
        puns = sum(
            text[first] != piece and not text[first].isascii() for (first, _), piece in zip(place, letters, strict=True)
        )
        steps = ("pinyin", "homophone") if puns else ("pinyin",)
        chance = chances.PINYIN[min(len(place), 4)] * alone * (10 if puns else 1)
        yield Guess(place[0][0], place[-1][1], word, steps, chance)


def _syllables(text: str) -> tuple[list[str], list[Unit]]:
    """The sounds of *text*, its Latin letters read as pinyin where they can be; nothing where none can."""
    base = text.translate(SOUNDS)
    codes: list[str] = []
    units: list[Unit] = []
    spoken = False
    seen = 0
    for run in _LATIN.finditer(text):
        start, end = run.span()
        _add_each(base, seen, start, codes, units)
        seen = end
        syllables = sounds.spelled(run[0])
        if not syllables:
            codes.append(_BREAK)
            units.append((start, end))
            continue
        spoken = True
        for syllable in syllables:
            codes.append(sounds.syllables()[syllable])
            units.append((start, start + len(syllable)))
            start += len(syllable)
    _add_each(base, seen, len(text), codes, units)
    return (codes, units) if spoken else ([], [])


def _add_each(base: str, start: int, end: int, codes: list[str], units: list[Unit]) -> None:
    """Add the sounds that stand in ``base[start:end]``, one a character."""
    codes.extend(base[start:end])
    units.extend(zip(range(start, end), range(start + 1, end + 1), strict=True))


def _torn(text: str, place: list[Unit]) -> bool:
    """Whether anything but blanks stands between the syllables."""
    return any(text[left[1] : right[0]].strip() for left, right in pairwise(place))


def may_hold_emoji(text: str) -> bool:
    """Whether *text* has a character from where emoji are."""
    return PICTURES.search(text) is not None


def emoji(text: str, walk: Walk) -> Iterator[Guess]:
    """Words of which some characters are emoji that sound like them, or are named by them: ``🐶`` for 狗 or 够."""
    signs = _signs(text, walk.codes)
    units = [(place, place + 1) for place in range(len(text))] if signs else []
    base = text.translate(SOUNDS) if signs else ""
    for nth in range(max(map(len, signs.values()), default=0)):
        codes = list(base)
        for place, names in signs.items():
            codes[place] = names[nth] if nth < len(names) else GAP
        for at, word, letters in walk.readings(codes, units):
            yield from _pictured(text, at, word, letters, signs)


def _signs(text: str, wanted: frozenset[str]) -> dict[int, list[str]]:
    """Where emoji stand in *text*, and the sounds of their names that are *wanted*."""
    known = emojis.names()
    signs = {}
    for match in islice(PICTURES.finditer(text), _MOST_EMOJI):
        sounds_of = [code for code in known.get(match[0], "").translate(SOUNDS) if code in wanted]
        if sounds_of:
            signs[match.start()] = sounds_of
    return signs


def _pictured(text: str, place: list[Unit], word: str, letters: str, signs: Collection[int]) -> Iterator[Guess]:
    if not any(first in signs for first, _ in place) or place[-1][1] - place[0][0] > len(place):
        return
    puns = sum(first not in signs and text[first] != piece for (first, _), piece in zip(place, letters, strict=True))
    steps = ("emoji", "homophone") if puns else ("emoji",)
    chance = chances.EMOJI[min(len(place), 4)] * (10 if puns else 1)
    yield Guess(place[0][0], place[-1][1], word, steps, chance)


class Initials:
    """Finds words of which only the first letters are typed: ``jwx`` for 加微信.

    A run of Latin letters counts only when it is made of nothing but such words, one or more.
    """

    __slots__ = ("_known", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._known: dict[str, list[Unit]] = {}
        self._words: dict[str, list[str]] = {}
        for word in words:
            for key in _initials(letters_of(word)):
                self._words.setdefault(key, []).append(word)

    def find(self, text: str) -> Iterator[Guess]:
        """The guesses in *text*. Linear. Latin prose is left alone, but for a message of nothing else."""
        if not is_unspaced(text) and not text.strip().isalpha():
            return
        for run in _RUN.finditer(text):
            for start, end in self.parts(run[0]):
                for word in self._words[run[0][start:end]]:
                    chance = chances.INITIALS[min(end - start, 4)]
                    yield Guess(run.start() + start, run.start() + end, word, ("initials",), chance)

    def parts(self, run: str) -> list[Unit]:
        """The fewest known words that *run* is made of, or nothing. What was asked is remembered."""
        parts = self._known.get(run)
        if parts is None:
            parts = self._parts(run)
            if len(self._known) < _REMEMBERED:
                self._known[run] = parts
        return parts

    def _parts(self, run: str) -> list[Unit]:
        ways: list[list[Unit] | None] = [None] * len(run) + [[]]
        for start in range(len(run) - 2, -1, -1):
            for end in range(start + 2, len(run) + 1):
                rest = ways[end]
                if rest is not None and run[start:end] in self._words:
                    way = ways[start]
                    if way is None or len(rest) + 1 < len(way):
                        ways[start] = [(start, end), *rest]
        return ways[0] or []


def _initials(letters: str) -> list[str]:
    if len(letters) < 2:
        return []
    keys = ("".join(choice) for choice in islice(product(*map(_first_letters, letters)), 24))
    return [key for key in dict.fromkeys(keys) if key.isascii() and key.isalpha() and key != letters]


def _first_letters(char: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for reading in sounds.readings(char)[:2] or (char,):
        found[reading[0]] = None
        if reading[:2] in ("zh", "ch", "sh"):
            found[reading[:2]] = None
    return tuple(found)
