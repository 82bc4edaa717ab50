"""The door to ahocorasick, and to ahocorasick_rs where it is installed: many words looked up in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from typing import Any

import ahocorasick

from groupcore.messages import scrub

try:
    rust: Any = import_module("ahocorasick_rs")
except ImportError:  # it finds the same in half the time
    rust = None

Occurrence = tuple[int, int, str]
"""``(start, end, word)`` in code points of the text that was scanned."""

Ends = list[tuple[int, str]]
"""The index at which each occurrence ends, with its word; in order, of two that end there the longer first."""


class KeywordAutomaton:
    """Finds every occurrence of every word, overlapping ones too, in one pass over the text.

    It walks the UTF-8 bytes, each seen as one Latin-1 character: a node looks through its children one by one, and
    bytes keep them few where Chinese words would give the root thousands. Same hits, over three times as fast. UTF-8
    synchronises itself, so no hit begins or ends inside a character. A text in ASCII can hold words in ASCII only:
    these are looked up for themselves.

    >>> KeywordAutomaton(["ab", "bc"]).find("abc")
    [(0, 2, 'ab'), (1, 3, 'bc')]
    """

    __slots__ = ("_in_ascii", "_in_bytes", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        if "" in self._words:
            raise ValueError("the empty word is everywhere")
        ascii_words = frozenset(word for word in self._words if word.isascii())
        self._in_ascii: Callable[[str], Iterable[tuple[int, str]]] = (
            _built(ascii_words, str).iter if ascii_words else _nothing
        )
        self._in_bytes = _bytes_walk(self._words) if len(ascii_words) < len(self._words) else None

    def __len__(self) -> int:
        return len(self._words)

    def find(self, text: str) -> list[Occurrence]:
        """All occurrences in *text*, by their ends. Linear in the text and the occurrences."""
        if self._in_bytes is None or text.isascii():
            return [(last + 1 - len(word), last + 1, word) for last, word in self._in_ascii(text)]
        data = _encoded(text)
        found = self._in_bytes(data)
        return _in_code_points(found, data) if found else []

    def __reduce__(self) -> tuple[type[KeywordAutomaton], tuple[frozenset[str]]]:
        return type(self), (self._words,)


def _nothing(text: str) -> Iterable[tuple[int, str]]:
    return ()


def _bytes_walk(words: frozenset[str]) -> Callable[[bytes], Ends]:
    """What walks over the bytes of a text; the ends are those of bytes."""
    if rust is not None:
        known = sorted(words)
        return _walk_of(partial(_rust_search([word.encode() for word in known]), overlapping=True), known)
    walk = _built(words, _as_latin).iter
    return lambda data: list(walk(data.decode("latin-1")))


def _rust_search(words: list[bytes]) -> Callable[..., Spans]:
    automaton = rust.BytesAhoCorasick(
        words, matchkind=rust.MatchKind.Standard, implementation=rust.Implementation.ContiguousNFA
    )
    search: Callable[..., Spans] = automaton.find_matches_as_indexes
    return search


class StreamAutomaton:
    """Finds keys in streams of bytes, each key of Latin-1 characters: ``(last, key)``, by their ends.

    `search` says the same as ``(index, start, end)``, the index that of the key in `keys`, and a little sooner.

    >>> list(StreamAutomaton(["ab", "cd"]).walk(b"xabcd"))
    [(2, 'ab'), (4, 'cd')]
    >>> StreamAutomaton(["ab", "cd"]).search(b"xabcd")
    [(0, 1, 3), (1, 3, 5)]
    """

    __slots__ = ("keys", "search", "walk")

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(sorted(frozenset(keys)))
        self.search = _stream_search(self.keys)
        self.walk = _walk_of(self.search, self.keys)


Spans = list[tuple[int, int, int]]
"""``(index, start, end)`` of each occurrence, the index that of its key; by their ends, the longer first."""


def _stream_search(keys: tuple[str, ...]) -> Callable[[bytes], Spans]:
    if not keys:
        return lambda data: []
    if rust is not None:
        return partial(_rust_search([key.encode("latin-1") for key in keys]), overlapping=True)
    walk = _built(frozenset(keys), str).iter
    index = {key: place for place, key in enumerate(keys)}
    return lambda data: [(index[key], last + 1 - len(key), last + 1) for last, key in walk(data.decode("latin-1"))]


def _walk_of(search: Callable[[bytes], Spans], words: Sequence[str]) -> Callable[[bytes], Ends]:
    def walk(data: bytes) -> Ends:
        found = search(data)
        return [(end - 1, words[index]) for index, _, end in found] if found else []

    return walk


def _built(words: frozenset[str], coded: Callable[[str], str]) -> ahocorasick.Automaton:
    """The automaton, the same from the same words, each as it is *coded*.

    A node lies in memory where it was made, and looks through its children in the order they were made. So the first
    letters come first and then the second ones, the commonest ahead: what every text walks through lies together. With
    50,000 Chinese words that saves a seventh of all the time from a line to a verdict.
    """
    automaton = ahocorasick.Automaton()
    beginnings = _beginnings(words)
    for word in [*beginnings, *sorted(words)]:
        automaton.add_word(coded(word), word)
    for beginning in beginnings:
        if beginning not in words:
            automaton.remove_word(coded(beginning))
    automaton.make_automaton()
    return automaton


def _beginnings(words: frozenset[str]) -> list[str]:
    """The first letters of *words*, then the first two, the commonest letters ahead."""
    count = Counter("".join(words))
    rank = {letter: (-times, letter) for letter, times in count.items()}
    pairs = {word[:2] for word in words if len(word) > 1}
    return [
        *sorted({word[0] for word in words}, key=rank.__getitem__),
        *sorted(pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]])),
    ]


def _as_latin(text: str) -> str:
    return _encoded(text).decode("latin-1")


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return scrub(text).encode()


def _in_code_points(found: Ends, data: bytes) -> list[Occurrence]:
    """Ends come in order, so the characters between one and the next are counted once."""
    out = []
    seen = chars = 0
    for last, word in found:
        chars += len(data[seen : last + 1].decode())
        seen = last + 1
        out.append((chars - len(word), chars, word))
    return out
