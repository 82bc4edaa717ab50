"""What commands print: lines for people, JSON Lines or CSV for programs, and what goes to standard error.

Results go to standard output as UTF-8, lines end in ``\\n`` everywhere. Notes, errors and progress go to
standard error.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, BinaryIO, Generic, TypeVar

from groupcore.errors import GroupcoreError


class Format(StrEnum):
    """How results are printed."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


class OutputError(GroupcoreError):
    """Standard output cannot be written."""


Record = Mapping[str, Any]
T = TypeVar("T")


# --- standard output ----------------------------------------------------------------------------------------


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def chosen(format: Format | None) -> Format:
    """*format*, or the one that fits: a table on a terminal, JSON Lines into a pipe."""
    return format or (Format.table if on_terminal() else Format.jsonl)


def _sink() -> BinaryIO:
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    return sys.stdout.buffer


def write(data: bytes) -> None:
    """Write to standard output. Raises BrokenPipeError when nobody reads it, OutputError when it is full."""
    _carefully(lambda: _sink().write(data))


def put(line: str) -> None:
    """Write one line."""
    encoding = sys.stdout.encoding if on_terminal() else "utf-8"
    write(f"{line}\n".encode(encoding, "backslashreplace"))


def flush() -> None:
    """See to it that all that was written has arrived."""
    if sys.stdout is not None:
        _carefully(sys.stdout.flush)


def _carefully(do: Callable[[], object]) -> None:
    try:
        do()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        raise OutputError(f"the output cannot be written: {(error.strerror or str(error)).lower()}") from None


def drop_output() -> None:
    """Let what was not written yet go nowhere: the interpreter would stumble over it at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


# --- results ------------------------------------------------------------------------------------------------


def json_line(record: Record) -> str:
    """*record* as one line of JSON, its keys in their order."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def flattened(record: Record, prefix: str = "") -> dict[str, Any]:
    """*record* with nested objects as dotted keys: ``{"data": {"rule": 1}}`` is ``{"data.rule": 1}``."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and key == "data":
            flat |= flattened(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else json_line(value)


class Printer(Generic[T]):
    """Prints things one by one, each at once: as people read them, as JSON Lines, or as CSV.

    *words* says what a table shows of a thing, *record* what it is for programs; *columns* names what CSV has
    of the record (dotted keys, see `flattened`).
    """

    def __init__(
        self,
        format: Format,
        *,
        words: Callable[[T], str],
        record: Callable[[T], Record],
        columns: Sequence[str],
    ) -> None:
        self._words = words
        self._record = record
        self._columns = columns
        self.put = {Format.table: self._table, Format.jsonl: self._jsonl, Format.csv: self._csv}[format]
        if format is Format.csv:
            put(_csv_row(columns))

    def _table(self, thing: T) -> None:
        put(self._words(thing))

    def _jsonl(self, thing: T) -> None:
        put(json_line(self._record(thing)))

    def _csv(self, thing: T) -> None:
        flat = flattened(self._record(thing))
        put(_csv_row([_cell(flat.get(column)) for column in self._columns]))


def itself(record: Record) -> Record:
    """A thing that is a record already."""
    return record


def _csv_row(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


def print_records(format: Format, columns: Sequence[str], records: Iterable[Record]) -> None:
    """Print *records* that fit on a page; on a terminal as one table with the *columns* as its head."""
    if format is not Format.table:
        printer = Printer(format, words=str, record=itself, columns=columns)
        for record in records:
            printer.put(record)
        return
    print_table(columns, [[_cell(record.get(column)) for column in columns] for record in records])


PROSE = frozenset({"because", "error", "evidence", "hint", "problem", "problems", "reason", "restrictions", "settings"})
"""The columns of tables that are read, not copied: their cells may be broken into lines. All others stay whole."""

NARROWEST = 24  # cells of a terminal that a column of prose has at least, if it needs them


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table for people. A cell that somebody may want to copy stays on one line, however narrow the terminal.

    In a pipe every cell does.
    """
    from rich import box  # ten milliseconds that most commands can spare
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from groupcore.cli.pieces import plain  # knows events, which not every command needs

    table = Table(box=box.SIMPLE_HEAD if any(head) else None, show_header=any(head), pad_edge=False)
    cells = [[plain(cell) for cell in row] for row in rows]
    for index, name in enumerate(head):
        justify: Any = "right" if _is_numeric(index, cells) else "left"
        table.add_column(name, justify=justify, overflow="fold", min_width=_least(name, index, cells))
    for row in cells:
        table.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=_ENDLESS, color_system=None, legacy_windows=False)
    console.width = max(_width(), console.measure(table).minimum)
    with console.capture() as captured:
        console.print(table)
    put("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


_ENDLESS = 1_000_000


def _least(name: str, index: int, rows: Sequence[Sequence[str]]) -> int:
    from rich.cells import cell_len

    widest = max((cell_len(row[index]) for row in rows), default=0)
    return max(cell_len(name), min(widest, NARROWEST) if name in PROSE else widest)


def _width() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().columns if on_terminal() else _ENDLESS


def _is_numeric(index: int, rows: Sequence[Sequence[str]]) -> bool:
    return bool(rows) and all(row[index].replace(",", "").replace(".", "").isdigit() for row in rows if row[index])


def padded(text: str, width: int) -> str:
    """*text* in *width* cells of a terminal, where Chinese characters take two; cut where it is longer."""
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


# --- standard error -----------------------------------------------------------------------------------------


def note(text: str) -> None:
    """Write a line to standard error."""
    with suppress(OSError, ValueError, AttributeError):
        Progress.clear()
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def say(message: str) -> None:
    """Tell an error."""
    note(f"groupcore: {message}")


class Progress:
    """One line on standard error that says how far a command is; on a terminal only, five times a second."""

    _shown = 0  # how long the line is that stands there now

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()
        self._wanted = sys.stderr is not None and sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return max(time.monotonic() - self._began, 1e-6)

    def show(self, text: Callable[[], str]) -> None:
        """Show what *text* says, unless it is too early."""
        now = time.monotonic()
        if not self._wanted or now - self._last < 0.2:
            return
        self._last = now
        line = text()
        with suppress(OSError):
            sys.stderr.write(f"\r{line:<{Progress._shown}}")
            sys.stderr.flush()
        Progress._shown = len(line)

    @classmethod
    def clear(cls) -> None:
        """Take the line away, so that something else can stand there."""
        if cls._shown:
            sys.stderr.write(f"\r{'':<{cls._shown}}\r")
        cls._shown = 0


class Watched:
    """A log that shows on the terminal how far it was read."""

    def __init__(self, log: Any) -> None:
        self._log, self._progress = log, Progress()

    def __getattr__(self, name: str) -> Any:
        """All else is the log's."""
        return getattr(self._log, name)

    def read(self, after: int = 0) -> Any:
        """The rows behind *after*, counted."""
        end = self._log.position
        for row in self._log.read(after):
            self._progress.show(lambda at=row.position: f"{at:,} of {end:,} events")  # type: ignore[misc]
            yield row
        self._progress.clear()
