"""``groupcore check``: what the rules object to, message by message, without a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Any, BinaryIO

import typer
from attrs import frozen

from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, RulesPath, rules_or_shipped
from groupcore.cli.output import Format, Printer, Record, chosen, flush, note
from groupcore.cli.pieces import marked, plain, shown
from groupcore.cli.unread import Remarks
from groupcore.cli.words import evidence, how_read
from groupcore.errors import InputError
from groupcore.messages import Part
from groupcore.replay.checking import check_text, read_message
from groupcore.rulebook import Rulebook
from groupcore.wire import loads

app = typer.Typer(rich_markup_mode=None, add_completion=False)

COLUMNS = ("line", "rule", "policy", "category", "severity", "spans", "evidence", "error")


@app.command(short_help="What the rules object to, message by message.")
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The messages; '-' is standard input.")] = "-",
    rules: RulesPath = None,
    as_json: Annotated[
        bool, typer.Option("--json", help='Each line is an object: {"text": ..., "parts": [...]}.')
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how each thing was read: foldings, tricks, and how sure that is.")
    ] = False,
    format: FormatName = None,
) -> None:
    """Say what the rules object to in each message, one a line.

    Only policies that judge a message alone take part: no floods, no duplicates. A line out for each line in;
    one that cannot be read has an "error" in place of "findings", and the exit code is 1 at the end.

    \b
    echo '加微信领红包 bit.ly/x' | groupcore check --rules rules.toml
    groupcore check --rules rules.toml --json messages.jsonl
    echo 'hxxp://evil[.]com' | groupcore check --rules rules.toml --explain
    """
    book = rules_or_shipped(rules)
    put = _printer(chosen(format), explain)
    faults, remarks = 0, Remarks()
    with _opened(file) as (lines, live):
        for number, line in enumerate(lines, 1):
            if number == 1 and not as_json and line.startswith(b'{"'):
                note("the first line looks like JSON and is read as text; --json reads objects")
            line = _stripped(line, number)
            result = _checked(number, line, book, as_json, explain)
            if as_json and b'"parts"' in line and result.error is None:
                remarks.tell(f"line {number}", loads(line).get("parts"))
            faults += result.error is not None
            put(result)
            if live:
                flush()
    if faults:
        raise typer.Exit(WRONG)


@frozen
class Result:
    """What came of one line: the text and the findings in it, or why it could not be read."""

    line: int
    text: str = ""
    findings: tuple[dict[str, Any], ...] = ()
    error: str | None = None


def _checked(number: int, line: bytes, rules: Rulebook, as_json: bool, explain: bool) -> Result:
    try:
        text, parts = _read(line, as_json)
    except InputError as error:
        return Result(number, error=str(error))
    return Result(number, text, tuple(check_text(rules, text, parts, explained=explain)))


def _read(line: bytes, as_json: bool) -> tuple[str, tuple[Part, ...]]:
    if as_json:
        return read_message(line)
    try:
        return line.decode(), ()
    except UnicodeDecodeError as error:
        raise InputError(f"invalid UTF-8 at byte {error.start + 1}") from None


@contextmanager
def _opened(file: str) -> Iterator[tuple[BinaryIO, bool]]:
    """The lines of a file or of standard input, and whether somebody may be waiting for each answer."""
    if file != "-":
        with open(file, "rb") as stream:
            yield stream, False
    elif sys.stdin is None:
        raise InputError("standard input is closed")
    else:
        yield sys.stdin.buffer, True


def _stripped(line: bytes, number: int) -> bytes:
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    return line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _printer(format: Format, explain: bool) -> Callable[[Result], None]:
    if format is not Format.csv:
        return Printer(format, words=_in_words, record=_record, columns=()).put
    rows: Printer[Record] = Printer(format, words=str, record=dict, columns=(*COLUMNS, "hits") if explain else COLUMNS)
    return partial(_put_rows, rows)


def _put_rows(printer: Printer[Record], result: Result) -> None:
    for row in _rows(result):
        printer.put(row)


def _record(result: Result) -> Record:
    if result.error is not None:
        return {"line": result.line, "error": result.error}
    return {"line": result.line, "findings": list(result.findings)}


def _rows(result: Result) -> Iterator[Record]:
    """The rows of CSV: one a finding, and one for a line without any."""
    for finding in result.findings or ({},):
        yield {"line": result.line, "error": result.error, **finding}


def _in_words(result: Result) -> str:
    if result.error is not None:
        return f"{result.line}: cannot be read: {plain(result.error)}"
    if not result.findings:
        return f"{result.line}: ok  {shown(result.text)}"
    return "\n".join(f"{result.line}: {_finding(finding, result.text)}" for finding in result.findings)


def _finding(found: Mapping[str, Any], text: str) -> str:
    about = f"{found['rule']} ({found['policy']}, {found['severity']}) {evidence(found['evidence'])}"
    line = f"{about}  {marked(text, map(tuple, found['spans'])) if found['spans'] else shown(text)}"
    return "\n".join([line, *(f"   {how_read(hit)}" for hit in found.get("hits", ()))])
