"""Cases for a rulebook: sentences, and the rules that are to object to them. For people who write rulebooks.

A table of them is TOML (``[[case]]`` with ``text`` and ``expect``) or CSV with these columns, and perhaps ``name``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from attrs import frozen

from groupcore.errors import InputError
from groupcore.messages import Part, scrub
from groupcore.replay.checking import check_text
from groupcore.rulebook import Rulebook
from groupcore.wire import Faulty, did_you_mean, read


@frozen(kw_only=True)
class Expected:
    """A rule that is to object to a case; with ``at``, exactly to these pieces of its text, in order."""

    rule: str
    at: tuple[str, ...] = ()


@frozen(kw_only=True)
class Case:
    """A message, and the rules that are to object to it: all of them, and no others."""

    text: str = ""
    parts: tuple[Part, ...] = ()
    expect: tuple[Expected, ...] = ()
    name: str = ""


@frozen
class Outcome:
    """What came of a case: the findings, and in words what was not as expected."""

    number: int
    case: Case
    findings: tuple[Mapping[str, Any], ...]
    problems: tuple[str, ...]


@frozen
class _Table:
    case: tuple[Case, ...] = ()


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """The cases of a file: CSV if its name ends so, else TOML. Raises InputError with all its faults, or without any.

    A file without cases is a fault, too: nothing would have been tried.
    """
    path = Path(path)
    text = _text(path)
    try:
        mapping = _from_csv(text) if path.suffix.lower() == ".csv" else tomllib.loads(text)
        cases = read(_Table, _spelled_out(mapping), "cases").case
    except tomllib.TOMLDecodeError as error:
        hint = "; a table of another form is read when its name ends in .csv" if path.suffix != ".toml" else ""
        raise InputError(f"invalid TOML: {error}{hint}", str(path)) from None
    except csv.Error as error:
        raise InputError(f"invalid CSV: {error}", str(path)) from None
    except Faulty as faulty:
        raise InputError("; ".join(map(str, faulty.faults)).replace("@ cases.", "@ "), str(path)) from None
    except InputError as error:
        raise InputError(error.what, str(path)) from None
    if not cases:
        raise InputError(f"there are no cases in it; {_FORMS}", str(path))
    return cases


_FORMS = "TOML has a [[case]] with text and expect for each, CSV a first line 'text,expect' and a row for each"


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"invalid UTF-8 at byte {error.start + 1}; save the file as UTF-8", str(path)) from None


COLUMNS = ("text", "expect", "name")


def _from_csv(text: str) -> dict[str, Any]:
    """One case a row; the rules of ``expect`` are parted by spaces, and an empty cell expects none."""
    rows = csv.reader(StringIO(text), strict=True)
    names = [name.strip() for name in next(rows, [])]
    if names:
        _check_columns(names)
    return {"case": [_named(row, names, rows.line_num) for row in rows if any(row)]}


def _named(row: Sequence[str], names: Sequence[str], line: int) -> dict[str, str]:
    """The cells of a row under their names; those of columns that may be left out may be missing."""
    least = max(map(names.index, COLUMNS[:2])) + 1
    if not least <= len(row) <= len(names):
        columns = f"the first line names {len(names)} columns"
        raise InputError(f"line {line} is of {len(row)}, and {columns}; a text with a comma in it needs quotes")
    return dict(zip(names, row, strict=False))


def _check_columns(names: Sequence[str]) -> None:
    """Raise InputError unless the first line of CSV names the columns that there are."""
    wanted = f"the first line names the columns {', '.join(COLUMNS)} (the last may be left out), parted by commas"
    for name in names:
        if name not in COLUMNS:
            raise InputError(f"unknown column {name!r}; {wanted}")
        if names.count(name) > 1:
            raise InputError(f"column {name!r} is there twice; {wanted}")
    for name in COLUMNS[:2]:
        if name not in names:
            raise InputError(f"column {name!r} is missing; {wanted}")


def _spelled_out(mapping: dict[str, Any]) -> dict[str, Any]:
    """*mapping* with each expectation as a table: ``expect = "ads"`` and ``expect = ["ads"]`` are short for that."""
    cases = mapping.get("case")
    if not isinstance(cases, list):
        return mapping
    return {**mapping, "case": [_case(case) if isinstance(case, dict) else case for case in cases]}


def _case(case: dict[str, Any]) -> dict[str, Any]:
    expect = case.get("expect", [])
    expect = expect.split() if isinstance(expect, str) else expect
    if not isinstance(expect, list):
        return case
    return {**case, "expect": [_expected(item) for item in expect]}


def _expected(item: Any) -> Any:
    if isinstance(item, str):
        return {"rule": item}
    if isinstance(item, dict) and isinstance(item.get("at"), str):
        return {**item, "at": [item["at"]]}
    return item


def try_cases(rules: Rulebook, cases: Sequence[Case]) -> list[Outcome]:
    """What *rules* make of *cases*. Raises InputError for all cases that expect a rule which cannot object to any."""
    unknown = {
        f"case {number}: {_why_not(expected.rule, rules)}": None
        for number, case in enumerate(cases, 1)
        for expected in case.expect
        if expected.rule not in [policy.id for policy in rules.content]
    }
    if unknown:
        raise InputError("; ".join(unknown))
    return [_tried(rules, case, number) for number, case in enumerate(cases, 1)]


def _why_not(rule: str, rules: Rulebook) -> str:
    """Why no message can be found by *rule* alone."""
    kinds = {policy.id: policy.kind for policy in rules.policies}
    if rule in kinds:
        return f"{rule!r} is of the kind {kinds[rule]}, which judges no message by itself"
    return f"there is no rule {rule!r} ({did_you_mean(rule, [policy.id for policy in rules.content])})"


def _tried(rules: Rulebook, case: Case, number: int) -> Outcome:
    text = scrub(case.text)
    findings = check_text(rules, text, case.parts, explained=True)
    wanted = {expected.rule: expected.at for expected in case.expect}
    found = {finding["rule"]: _pieces(finding, text) for finding in findings}
    problems = [f"{rule} does not object" for rule in wanted if rule not in found]
    problems += [f"{rule} objects" for rule in found if rule not in wanted]
    for rule, pieces in wanted.items():
        if pieces and rule in found and found[rule] != pieces:
            problems.append(f"{rule} objects to {_listed(found[rule])}, not to {_listed(pieces)}")
    return Outcome(number, case, tuple(findings), tuple(problems))


def _pieces(finding: Mapping[str, Any], text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in finding["spans"])


def _listed(pieces: Sequence[str]) -> str:
    return ", ".join(pieces) or "nothing in the text"
