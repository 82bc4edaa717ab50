"""What is on disk is never broken: logs of every schema, names, keys and ids, as they were once written.

The files in ``tests/golden`` are read and never written again. ``schema-1.jsonl`` and ``schema-2.jsonl`` are logs, one
for each schema that any event type has had, ``process.jsonl`` has the types that came with due process and
``refusals.jsonl`` wishes that were refused; beside each lie the events that it holds, as the newest version says them.
``types.json`` and ``ids.json`` change when an event type is added or gets another schema, by hand and on purpose.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from groupcore.events import Event, Fact, GroupOpened, Row, decode, event_types, fact_id, read_row, to_wire, write_row
from groupcore.events.base import data_fields
from groupcore.events.codec import shape_of
from groupcore.replay import verify
from groupcore.state import State, fold
from groupcore.stores import open_store
from groupcore.wire import dumps

GOLDEN = Path(__file__).parents[1] / "golden"
SCHEMAS = (1, 2)
LOGS = (*(f"schema-{schema}" for schema in SCHEMAS), "process", "refusals")


def rows_in(log: str) -> list[Row]:
    return [read_row(line) for line in (GOLDEN / f"{log}.jsonl").read_bytes().splitlines()]


def rows_of(schema: int) -> list[Row]:
    return rows_in(f"schema-{schema}")


def told(event: Event) -> dict[str, Any]:
    return {"id": event.id, **to_wire(event)}


def shape(cls: type[Any]) -> dict[str, Any]:
    """What of a type is on disk, and may not change without a new schema."""
    made = shape_of(cls.type)
    assert made is not None
    return {
        "schema": cls.schema,
        "keys": {made.names[item.name]: default(item) for item in sorted(data_fields(cls), key=lambda item: item.name)},
        "private": list(cls.private),
        "named by": list(cls.natural) if issubclass(cls, Fact) else list(cls.keyed),
        "in the organisation": cls.wide if issubclass(cls, Fact) else None,
    }


def default(item: attrs.Attribute[Any]) -> Any:
    """A default is on disk, too: what equals it is left out."""
    if item.default is attrs.NOTHING:
        return "required"
    value: Any = item.default
    if isinstance(value, attrs.Factory):  # type: ignore[arg-type]
        value = value.factory()
    return {"default": list(value) if isinstance(value, tuple) else value}


@pytest.mark.parametrize("log", LOGS)
def test_a_log_of_any_schema_is_decoded_as_ever(log: str) -> None:
    expected = [json.loads(line) for line in (GOLDEN / f"{log}.events.jsonl").read_bytes().splitlines()]
    assert [json.loads(dumps(told(decode(row).event))) for row in rows_in(log)] == expected


@pytest.mark.parametrize("log", LOGS)
def test_a_log_of_any_schema_verifies_as_ever(log: str) -> None:
    """Read again or not: another reader may have come since, and what it found then is kept."""
    report = verify(rows_in(log))
    assert report.clean, report.divergence
    assert (report.events, report.skipped) == (len(rows_in(log)), 0)


@pytest.mark.parametrize("log", LOGS)
def test_a_log_of_any_schema_folds_and_stays_byte_for_byte(log: str, tmp_path: Path) -> None:
    rows = rows_in(log)
    fold(State(), [decode(row).event for row in rows]).check()
    lines = (GOLDEN / f"{log}.jsonl").read_bytes().splitlines()
    assert [write_row(row) for row in rows] == lines
    with open_store(f"jsonl:{GOLDEN / f'{log}.jsonl'}", read_only=True) as store:
        assert list(store.read()) == rows


def test_both_schemas_of_the_opening_of_a_group_say_the_same() -> None:
    """Schema 1 called ``kind`` what is ``group_kind`` now."""
    old, new = (next(row for row in rows_of(schema) if row.type == "group-opened") for schema in SCHEMAS)
    assert (old.schema, new.schema) == (1, 2)
    assert (b'"kind"' in old.data, b'"group_kind"' in new.data) == (True, True)
    assert decode(old).event == decode(new).event
    assert isinstance(decode(old).event, GroupOpened)


def test_the_golden_logs_hold_every_type() -> None:
    for log in LOGS:
        assert {row.type for row in rows_in(log)} <= set(event_types())
    newest = [*rows_of(max(SCHEMAS)), *rows_in("process"), *rows_in("refusals")]
    assert {row.type for row in newest} == set(event_types())
    assert {row.schema for row in newest} == set(SCHEMAS)


def test_names_keys_privacy_and_defaults_are_those_on_disk() -> None:
    """Whoever changes one of them writes a new schema, an upcaster, a golden log, and then this file."""
    written = json.loads((GOLDEN / "types.json").read_text(encoding="utf-8"))
    found = {name: shape(cls) for name, cls in sorted(event_types().items())}
    assert json.loads(json.dumps(found)) == written


def test_the_ids_of_facts_are_those_on_disk() -> None:
    """Another id for the same fact, and importing twice would add everything again."""
    for case in json.loads((GOLDEN / "ids.json").read_text(encoding="utf-8")):
        assert fact_id(case["source"], case["group"], case["type"], *case["key"]) == case["id"], case
