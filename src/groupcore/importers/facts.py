"""Facts as the contract writes them: one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from attrs import frozen

from groupcore.errors import InputError
from groupcore.events import ImportConflict, RulebookAdopted, read_fact
from groupcore.importers.base import BadLine, Item, OddLine, SkippedLine
from groupcore.importers.sources import TOO_LONG, LogFile, Source

_OF_ONE_LOG = frozenset({RulebookAdopted.type, ImportConflict.type})


@frozen
class FactLines:
    """Reads facts, one JSON object a line; blank lines are nothing.

    Keys that no line has, and parts of kinds that nobody knows, are passed over, and told (`OddLine`).

    What is true of one log alone is skipped: which rulebook was in force there, and what differed on importing. A log
    adopts a rulebook when it is opened with one, never because a file says so.

    ``source`` names platform and feed for lines that name none. Leave it empty for facts that the engine
    may also observe live: the source is part of what makes two facts the same.
    """

    name: ClassVar[str] = "facts"

    source: str = ""

    def facts(self, source: Source | str) -> Iterator[Item]:
        """The facts of *source*, and the lines that are none."""
        for log in Source.of(source).logs():
            yield from self._lines(log)

    def _lines(self, log: LogFile) -> Iterator[Item]:
        for number, line in enumerate(log.lines(), 1):
            if not line or line.isspace():
                continue
            remarks: list[str] = []
            yield self._item(line, number, log, remarks)
            for remark in remarks:
                yield OddLine(number, remark, log.where)

    def _item(self, line: bytes, number: int, log: LogFile, remarks: list[str]) -> Item:
        if line is TOO_LONG:
            return BadLine(number, "the line is longer than 16 MiB", log.where)
        try:
            fact = read_fact(line, self.source, remarks.append)
        except InputError as error:
            return BadLine(number, str(error), log.where)
        if fact.type in _OF_ONE_LOG:
            return SkippedLine(number, fact.type, log.where)
        return fact
