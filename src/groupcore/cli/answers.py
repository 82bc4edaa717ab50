"""The answers of projections as they are printed: whole for programs, and told shortly to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import attrs

from groupcore.cli.output import Format, Record, note, print_records, print_table
from groupcore.clock import format_instant
from groupcore.projections import StandingAt
from groupcore.sanctions import TERMS

TIMES = frozenset({"at", "since", "until", "expires", "joined_at", "lifted_at", "closed_at", "decided_at"})


def print_answer(found: Iterable[Any], shape: type, format: Format) -> None:
    """Print what was *found*, things of the class *shape*. Tables leave out columns that are empty all the way."""
    records = [_plain(attrs.asdict(each, recurse=True)) for each in found]
    columns = [field.name for field in attrs.fields(shape)]
    if format is not Format.table:
        print_records(format, columns, records)
    elif not records:
        note("groupcore: nothing found")
    elif shape is StandingAt:
        _print_standing(records[0])
    else:
        told = [{key: _told(key, value) for key, value in record.items()} for record in records]
        print_records(format, [name for name in columns if any(_is_said(each[name]) for each in told)], told)


def _is_said(cell: Any) -> bool:
    return cell is not None and cell != ""


def _print_standing(record: Record) -> None:
    """What stands against somebody, a line each."""
    rows = list(_stands(record))
    if rows:
        print_table(("what", "which", "id", "at", "until", "message"), rows)
    else:
        note(f"groupcore: nothing stands against {record['member']} in {record['group']}")


def _stands(record: Record) -> Iterator[Sequence[str]]:
    for strike in record["strikes"]:
        yield _row("strike", strike["rule"], strike["id"], strike, strike["expires"])
    for sanction in record["sanctions"]:
        lifted, lasts = " (lifted)" if sanction["lifted"] else "", sanction["kind"] in TERMS
        yield _row("sanction", f"{sanction['kind']}{lifted}", sanction["id"], sanction, sanction["until"], lasts=lasts)
    for block in record["blocks"]:
        yield _row("block", block["home"], block["cause"], block, block["until"])


def _row(what: str, which: str, id: str, found: Record, until: int | None, *, lasts: bool = True) -> Sequence[str]:
    end = format_instant(until) if until is not None else "for ever" if lasts else ""
    return what, which, id, format_instant(found["at"]), end, found.get("message") or ""


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _told(key: str, value: Any) -> Any:
    """A value as people read it: times as such, words in a row, and of things with fields of their own the number."""
    if isinstance(value, int) and key in TIMES:
        return format_instant(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(name, inner)}" for name, inner in value.items() if inner is not None)
    if isinstance(value, list):
        words = [item for item in value if isinstance(item, str)]
        return ", ".join(words) if len(words) == len(value) else len(value)
    return value
