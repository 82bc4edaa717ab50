"""Text set in columns, to be read downwards."""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.text.automaton import KeywordAutomaton
from groupcore.text.characters import is_unspaced
from groupcore.text.fuzzy import chances
from groupcore.text.fuzzy.guesses import Guess

WIDEST = 12  # characters of a line; wider ones are prose
_MOST = 4_000  # characters of a text that is laid out


def columns(text: str, automaton: KeywordAutomaton) -> Iterator[Guess]:
    """The words that *automaton* finds when *text*, of several short lines, is read in columns."""
    if "\n" not in text or len(text) > _MOST:
        return
    for block in _blocks(text):
        for at in _downwards(block):
            column = "".join(text[place] for place in at)
            for start, end, word in automaton.find(column):
                if end - start > 1 and is_unspaced(word):
                    chance = chances.VERTICAL[min(end - start, 4)]
                    yield Guess(at[start], at[end - 1] + 1, word, ("vertical",), chance)


def _blocks(text: str) -> Iterator[list[range]]:
    """The stretches of short lines in *text*; lines of one character are found without any of this."""
    block: list[range] = []
    start = 0
    for line in text.split("\n"):
        if 1 < len(line) <= WIDEST:
            block.append(range(start, start + len(line)))
        else:
            yield block
            block = []
        start += len(line) + 1
    yield block


def _downwards(block: list[range]) -> Iterator[list[int]]:
    for place in range(max(map(len, block), default=0)):
        yield [line[place] for line in block if place < len(line)]
