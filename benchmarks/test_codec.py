"""Rows to events and back, against the bare reader and writer of JSON."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.test_fold import recorded
from benchmarks.yardsticks import latin, lines_of
from groupcore.events import NO_HEAD, decode, encode, problem_with, read_fact, seal, to_wire

orjson = pytest.importorskip("orjson")


def test_decoding_rows(quick: bool, against: Any) -> None:
    rows = [encode(event, recorded_at=1, salt="ab") for event in recorded(500 if quick else 10_000)[1:]]

    def bare() -> None:
        for row in rows:
            orjson.loads(row.data)
            if row.private is not None:
                orjson.loads(row.private)

    against(
        "decode a row",
        lambda: [decode(row) for row in rows],
        bare,
        by="orjson.loads of its data",
        count=len(rows),
        below=15,
    )


def test_encoding_and_sealing(quick: bool, against: Any) -> None:
    events = recorded(500 if quick else 10_000)[1:]
    wires = [to_wire(event) for event in events]

    def write() -> None:
        for event in events:
            seal(encode(event, recorded_at=1, salt="ab"), 1, NO_HEAD)

    def bare() -> None:
        for wire in wires:
            orjson.dumps(wire)

    against("encode and seal an event", write, bare, by="orjson.dumps of its line", count=len(events), below=60)


def test_checking_the_chain(quick: bool, against: Any) -> None:
    events = recorded(500 if quick else 10_000)[1:]
    rows = [seal(encode(event, recorded_at=1, salt="ab"), 1, NO_HEAD) for event in events]

    def bare() -> None:
        for row in rows:
            orjson.loads(row.data)

    against(
        "check a row's digests",
        lambda: [problem_with(row, NO_HEAD) for row in rows],
        bare,
        by="orjson.loads of its public data",
        count=len(rows),
        below=60,
    )


def test_reading_facts(quick: bool, against: Any) -> None:
    lines = lines_of(latin(500 if quick else 10_000))
    against(
        "read a message's line",
        lambda: [read_fact(line) for line in lines],
        lambda: [orjson.loads(line) for line in lines],
        by="orjson.loads of the line",
        count=len(lines),
        below=15,
    )
