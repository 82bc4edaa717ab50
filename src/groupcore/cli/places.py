"""Where in a rulebook's files something stands: the line of a path such as ``policy[0].words[2]``."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from groupcore.config import files_of_words, numbered_words
from groupcore.errors import InputError
from groupcore.wire import join

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_WORD = re.compile(r"[^\s,\[\]{}=#\"'.]+")
_BARE = re.compile(r"[^,\]}\n#]+")
_WORDS = re.compile(r"(.*policy\[(\d+)\]\.words)\[(\d+)\]")


class Place(NamedTuple):
    """A line of a file; None where it is not known."""

    file: str
    line: int | None


class Places:
    """The lines of a rulebook in TOML, and of the files of words that it names."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: Mapping[str, int] = {}
        self._words: dict[int, list[Place]] = {}  # those of the rulebook, then those of its files, by policy
        with suppress(OSError, ValueError):  # whoever reads it says what is wrong
            self._lines = lines_of(path.read_bytes().decode("utf-8-sig"))

    def of(self, path: str) -> Place:
        """Where *path* stands: itself, or the nearest thing around it."""
        inner = path.removeprefix(f"{self._path.name}.")
        found = self._in_a_file(inner)
        if found is not None:
            return found
        return Place(str(self._path), next((self._lines[step] for step in _around(inner) if step in self._lines), None))

    def _in_a_file(self, path: str) -> Place | None:
        """Where a word of a policy stands that is in none of the lines of the rulebook: in one of its files."""
        match = _WORDS.fullmatch(path)
        if match is None or path in self._lines:
            return None
        index = int(match[2])
        if index not in self._words:
            inline = sum(step.startswith(f"{match[1]}[") for step in self._lines)
            self._words[index] = [Place(str(self._path), None)] * inline + list(self._words_of(index))
        words, number = self._words[index], int(match[3])
        return words[number] if number < len(words) else None

    def _words_of(self, index: int) -> Iterator[Place]:
        with suppress(OSError, InputError):
            for file in files_of_words(self._path, index):
                yield from (Place(str(file), line) for line, _ in numbered_words(file))


def _around(path: str) -> Iterator[str]:
    """The path, and what is around it: ``policy[0].words[2]``, ``policy[0].words``, ``policy[0]``."""
    while path:
        yield path
        path = re.sub(r"\.?[^.\[]*$|\[[^\]]*\]$", "", path)


def lines_of(text: str) -> dict[str, int]:
    """The line of each table, key and item of a text in TOML; raises ValueError where it is none. O(text).

    >>> lines_of('a = 1\\n[[p]]\\nw = ["x",\\n"y"]')
    {'a': 1, 'p[0]': 2, 'p[0].w': 3, 'p[0].w[0]': 3, 'p[0].w[1]': 4}
    """
    tomllib.loads(text.replace("\r\n", "\n"))
    return _Reader(text).lines


class _Reader:
    """Reads TOML for its lines alone; that it is right is known."""

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._text = text
        self._at = 0
        self._counted, self._number = 0, 1  # up to where lines were counted, and that line
        self._counts: Counter[str] = Counter()  # of the tables of an array, by its path
        self._read()

    def _read(self) -> None:
        table = ""
        while self._skip(_BLANK) < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match is not None else self._at
        return self._at

    def _header(self) -> str:
        line, is_array = self._line(), self._text.startswith("[[", self._at)
        self._at += 1 + is_array
        steps = self._key()
        self._at = self._text.find("]", self._at) + 1 + is_array
        path = ""
        for step in steps[:-1]:
            path = self._last(join(path, step))
        path = join(path, steps[-1])
        if is_array:
            self._counts[path] += 1
            path = self._last(path)
        self.lines.setdefault(path, line)
        return path

    def _last(self, path: str) -> str:
        """The last table of the array at *path*, or the table itself."""
        return f"{path}[{self._counts[path] - 1}]" if path in self._counts else path

    def _key(self) -> list[str]:
        """The steps of a key: three of ``a."b c".d``."""
        steps = []
        while True:
            start = self._skip(_SPACE)
            if self._skip(_STRING) == start and self._skip(_WORD) == start:
                raise ValueError("no key")
            steps.append(self._text[start : self._at].strip("\"'"))
            if not self._text.startswith(".", self._skip(_SPACE)):
                return steps
            self._at += 1

    def _pair(self, table: str) -> None:
        path, line = table, self._line()
        for step in self._key():
            path = join(path, step)
            self.lines.setdefault(path, line)
        self._at = self._skip(_SPACE) + 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: str) -> None:
        start = self._at
        if self._text[start] == "[":
            self._items(path)
        elif self._text[start] == "{":
            self._inline(path)
        elif self._skip(_STRING) == start:
            self._skip(_BARE)

    def _items(self, path: str) -> None:
        number, self._at = 0, self._at + 1
        while self._text[self._skip(_BLANK)] != "]":
            self.lines[f"{path}[{number}]"] = self._line()
            self._value(f"{path}[{number}]")
            number += 1
            self._skip(_BLANK)
            self._at += self._text[self._at] == ","
        self._at += 1

    def _inline(self, path: str) -> None:
        self._at += 1
        while self._text[self._skip(_BLANK)] != "}":
            self._pair(path)
            self._skip(_BLANK)
            self._at += self._text[self._at] == ","
        self._at += 1

    def _line(self) -> int:
        """The number of the line where it stands. Lines are counted once."""
        self._number += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._number
