"""The keys under which a word is looked up: its sounds, its pieces, its characters in another order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from groupcore.text.fuzzy.streams import GAP, SOUNDS, is_chinese, sound_code
from groupcore.text.tables import components, sounds

_MOST_KEYS = 48


class Spelling(NamedTuple):
    """One way to write *word*: the letters that must stand there, and the folding that explains why they may.

    The step is ``""`` for the word as it is, ``homophone`` where others of the same sound may stand in for its letters.
    """

    word: str
    step: str
    letters: str


def letters_of(word: str) -> str:
    """What is left of *word* in a stream."""
    return "".join(char for char in word if sound_code(char) is not None)


def is_told_by_sound(word: str) -> bool:
    """Whether *word* is Chinese, or a number: digits sound like their names."""
    return is_chinese(word) or (word.isascii() and not any(map(str.isalpha, word)) and len(letters_of(word)) > 1)


def stream_of(text: str) -> str:
    """The sounds of *text*, without gaps."""
    return text.translate(SOUNDS).replace(GAP, "")


def in_pieces(word: str, letters: str) -> Iterator[Spelling]:
    """*word* with some of its characters split."""
    choices = [(char, *components.splits(char)) for char in letters]
    for pieces in islice(product(*choices), 1, _MOST_KEYS):
        yield Spelling(word, "split", "".join(pieces))


def swapped(word: str, letters: str) -> Iterator[Spelling]:
    """*word* with two neighbours, or two characters with one between them, in each other's place."""
    seen = {letters}
    for distance in (1, 2):
        for first in range(len(letters) - distance):
            chars = list(letters)
            chars[first], chars[first + distance] = chars[first + distance], chars[first]
            if (other := "".join(chars)) not in seen:
                seen.add(other)
                yield Spelling(word, "swap", other)


def sound_keys(letters: str) -> list[str]:
    """The streams of sounds that are read as *letters*: more than one where a character has several readings."""
    return ["".join(codes) for codes in islice(product(*map(_sounds, letters)), _MOST_KEYS)]


def _sounds(char: str) -> Sequence[str]:
    codes = [sounds.syllables()[reading] for reading in sounds.readings(char)[:3] if reading in sounds.syllables()]
    return codes or [sound_code(char) or ""]


def shape_keys(letters: str) -> list[str]:
    """The streams of shapes that may be read as *letters*: each character by any of its components."""
    return ["".join(codes) for codes in islice(product(*map(_shapes, letters)), 3 * _MOST_KEYS)]


def _shapes(char: str) -> Sequence[str]:
    pieces = sorted(components.components(char) - {char}, key=components.rarity, reverse=True)
    return (char, *pieces[:3])
