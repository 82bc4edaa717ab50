"""Cases for a rulebook: sentences, and the rules that are to object to them. For people who write rulebooks.

A table of them is TOML (``[[case]]`` with ``text`` and ``expect``) or CSV with these columns.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
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
    """The cases of a TOML or CSV file. Raises InputError with all its faults."""
    path = Path(path)
    text = _text(path)
    try:
        mapping = _from_csv(text) if path.suffix.lower() == ".csv" else tomllib.loads(text)
        return read(_Table, _spelled_out(mapping), path.name).case
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"invalid TOML: {error}", str(path)) from None
    except Faulty as faulty:
        raise InputError("; ".join(map(str, faulty.faults)), str(path)) from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError(f"invalid UTF-8 at byte {error.start + 1}", str(path)) from None


def _from_csv(text: str) -> dict[str, Any]:
    """One case a row; the rules of ``expect`` are parted by spaces, and an empty cell expects none."""
    rows = csv.DictReader(text.splitlines(keepends=True), restkey="a column too many")
    return {"case": [{key: value for key, value in row.items() if value is not None} for row in rows]}


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
    """What *rules* make of *cases*. Raises InputError when a case expects a rule that is not there."""
    known = [policy.id for policy in rules.content]
    for number, case in enumerate(cases, 1):
        for expected in case.expect:
            if expected.rule not in known:
                hint = did_you_mean(expected.rule, known)
                raise InputError(f"no rule {expected.rule!r} judges a message alone ({hint})", f"case {number}")
    return [_tried(rules, case, number) for number, case in enumerate(cases, 1)]


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
