"""``groupcore rules``: rulebooks checked, shown, and described for editors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import attrs
import typer

from groupcore.cli.guard import WRONG
from groupcore.cli.options import FormatName, RulesPath, rules_or_shipped
from groupcore.cli.output import Format, Printer, Record, chosen, json_line, note, print_records, put, write
from groupcore.cli.pieces import marked, plain, shown
from groupcore.cli.places import Place, Places
from groupcore.cli.unread import Remarks
from groupcore.cli.words import how_read, rung_in_words
from groupcore.clock import format_duration
from groupcore.config import SHIPPED, load_rulebook
from groupcore.errors import Fault, InputError, RulebookError
from groupcore.ladder import Ladder
from groupcore.replay.cases import Case, Outcome, read_cases, try_cases
from groupcore.rulebook import Rulebook, json_schema

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Rulebooks: checked, shown, described.",
)

COLUMNS = ("level", "path", "problem", "hint", "file", "line")
CASE_COLUMNS = ("case", "name", "text", "expected", "found", "problems")
COMMON = ("kind", "id", "category", "severity")
LONG = 60  # a longer list of words is counted, not shown
POLICY_COLUMNS = ("rule", "kind", "category", "severity", "settings")

Told: TypeAlias = tuple[str, Fault, Place]
"""A fault or a warning, and where it stands."""


@app.command(short_help="Name all faults of a rulebook.")
def check(
    rules: Annotated[Path, typer.Argument(metavar="R", help="The rulebook, a TOML file.")],
    format: FormatName = None,
) -> None:
    """Name all faults of a rulebook at once, each with its path and what was probably meant.

    Warnings are about what is allowed and probably not meant; with nothing but warnings the exit code is 0.

    \b
    groupcore rules check rules.toml
    """
    book, faults = _loaded(rules)
    places = Places(rules)
    printer = Printer[Told](chosen(format), words=_in_words, record=_record, columns=COLUMNS)
    for fault in faults:
        printer.put(("fault", fault, places.of(fault.path)))
    if book is None:
        raise typer.Exit(WRONG)
    for warning in book.warnings:
        printer.put(("warning", attrs.evolve(warning, path=f"{rules.name}.{warning.path}"), places.of(warning.path)))
    if chosen(format) is Format.table:
        count = len(book.policies)
        put(f"{plain(book.name)}: {count} {'policy' if count == 1 else 'policies'}, no faults; digest {book.digest}")


def _loaded(path: Path) -> tuple[Rulebook | None, list[Fault]]:
    path.open("rb").close()  # a file that is not there is no fault of the rulebook
    try:
        return load_rulebook(path), []
    except RulebookError as error:
        return None, list(error.faults)
    except InputError as error:
        return None, [Fault(error.where or str(path), error.what)]


def _record(told: Told) -> Record:
    level, fault, place = told
    return {"level": level, "path": fault.path, "problem": fault.problem, "hint": fault.hint, **place._asdict()}


def _in_words(told: Told) -> str:
    level, fault, place = told
    line = f":{place.line}" if place.line is not None else ""
    return plain(f"{place.file}{line}: {'warning: ' if level == 'warning' else ''}{fault}")


@app.command("test", short_help="Try a rulebook on sentences with expected findings.")
def try_rules(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="The sentences: a TOML or CSV file.")],
    rules: RulesPath = None,
    format: FormatName = None,
) -> None:
    """Try a rulebook on a table of sentences, each with the rules that are to object to it: these, and no others.

    Prints the cases that do not come out as expected, with the spans that were found; then the exit code is 1.
    In CSV the first line names the columns text, expect (rules parted by spaces; empty for none) and perhaps name;
    in TOML each sentence is a [[case]].

    \b
    groupcore rules test cases.toml --rules rules.toml
    """
    tried = read_cases(cases)
    _remark_on(tried)
    outcomes = try_cases(rules_or_shipped(rules), tried)
    failed = [outcome for outcome in outcomes if outcome.problems]
    printer = Printer(chosen(format), words=_failure, record=_failure_record, columns=CASE_COLUMNS)
    for outcome in failed:
        printer.put(outcome)
    told = f"{len(outcomes)} {'case' if len(outcomes) == 1 else 'cases'}, {len(failed) or 'none'} failed"
    put(told) if chosen(format) is Format.table else note(told)
    if failed:
        raise typer.Exit(WRONG)


def _remark_on(cases: Sequence[Case]) -> None:
    """Tell what is odd about the parts of cases: a kind that nobody knows would let a case pass that tries nothing."""
    remarks = Remarks()
    for number, case in enumerate(cases, 1):
        remarks.tell(
            f"case {number}", [{**part.data, "kind": part.get("kind_given", part.kind)} for part in case.parts]
        )


def _failure(outcome: Outcome) -> str:
    name = f" ({plain(outcome.case.name)})" if outcome.case.name else ""
    head = f"case {outcome.number}{name}: {plain('; '.join(outcome.problems))}"
    lines = [head, *([f"   {shown(outcome.case.text)}"] if outcome.case.text else [])]
    for found in outcome.findings:
        where = marked(outcome.case.text, map(tuple, found["spans"])) if found["spans"] else "in its parts"
        lines.append(f"   {found['rule']}: {where}")
        lines += [f"      {how_read(hit)}" for hit in found["hits"]]
    return "\n".join(lines)


def _failure_record(outcome: Outcome) -> Record:
    case = outcome.case
    return {
        "case": outcome.number,
        "name": case.name,
        "text": case.text,
        "expected": [expected.rule for expected in case.expect],
        "found": [finding["rule"] for finding in outcome.findings],
        "problems": list(outcome.problems),
        "findings": list(outcome.findings),
    }


@app.command(short_help="The JSON Schema, for editors.")
def schema() -> None:
    """Print the JSON Schema of rulebooks, for editors that complete and check TOML.

    \b
    groupcore rules schema > rulebook.schema.json
    """
    put(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@app.command(short_help="The ladder and the policies of a rulebook.")
def show(
    rules: Annotated[
        Path, typer.Argument(metavar="R", help="The rulebook; without it, the one that is shipped.")
    ] = SHIPPED,
    toml: Annotated[bool, typer.Option("--toml", help="Print the file as it is, to begin your own with.")] = False,
    format: FormatName = None,
) -> None:
    """Show what a rulebook says: its ladder and its policies.

    \b
    groupcore rules show
    groupcore rules show --toml > rules.toml
    """
    if toml:
        write(rules.read_bytes())
        return
    book = load_rulebook(rules)
    if chosen(format) is Format.jsonl:
        put(json_line({"name": book.name, "digest": book.digest, "rulebook": book.to_mapping()}))
        return
    if chosen(format) is Format.table:
        _show_head(book)
    print_records(chosen(format), POLICY_COLUMNS, _policies(book))


def _show_head(book: Rulebook) -> None:
    put(f"{plain(book.name)}, digest {book.digest}")
    put(f"exempt: {', '.join(sorted(book.exempt)) or 'nobody'}; a strike counts {_memory(book.ladder)}")
    _show_rungs(book.ladder)
    for category, ladder in book.ladders.items():
        put(f"ladder of {plain(category)}: a strike counts {_memory(ladder)}")
        _show_rungs(ladder)


def _show_rungs(ladder: Ladder) -> None:
    for number, rung in enumerate(ladder.rungs, 1):
        put(f"rung {number}: {rung_in_words(rung)}")


def _memory(ladder: Ladder) -> str:
    return "for ever" if ladder.memory == "forever" else f"for {format_duration(ladder.memory)}"


def _policies(book: Rulebook) -> Iterator[Record]:
    for policy, written in zip(book.policies, book.to_mapping()["policy"], strict=True):
        own = {key: value for key, value in written.items() if key not in COMMON}
        yield {
            "rule": policy.id,
            "kind": policy.kind,
            "category": policy.category,
            "severity": policy.severity,
            "settings": ", ".join(f"{key} {_setting(value)}" for key, value in own.items()),
        }


def _setting(value: Any) -> str:
    if isinstance(value, list):
        told = ", ".join(map(str, value))
        return plain(told) if len(told) <= LONG else f"({len(value)} words)"
    return plain(str(value))
