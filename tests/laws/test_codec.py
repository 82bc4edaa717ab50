"""Laws of the codec: what was written is read again, with either reader of JSON, and for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.events import (
    NO_HEAD,
    Event,
    Fact,
    Opaque,
    decode,
    encode,
    event_types,
    fact_from,
    problem_with,
    read_row,
    seal,
    to_wire,
    write_row,
)
from groupcore.state import State, fold
from groupcore.testing.strategies import events_of, facts, verdicts
from groupcore.wire import dumps, jsontext, loads

TYPES = sorted(event_types())
READERS = pytest.mark.parametrize("reader", ["orjson", "standard library"])


@contextmanager
def json_by(reader: str) -> Iterator[None]:
    if reader == "orjson":
        pytest.importorskip("orjson")
    with nullcontext() if reader == "orjson" else patch.object(jsontext, "orjson", None):
        yield


@READERS
@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_encoded_is_decoded_again(name: str, reader: str, data: st.DataObject) -> None:
    event = data.draw(events_of(event_types()[name]))
    with json_by(reader):
        row = seal(encode(event, recorded_at=5, judged="d", org_seen=3, salt="ab"), 1, NO_HEAD)
        assert decode(row).event == event
        assert read_row(write_row(row)) == row
        assert problem_with(row, NO_HEAD) is None


@given(facts() | verdicts())
def test_both_readers_write_the_same_bytes(event: Event) -> None:
    with json_by("orjson"):
        row = encode(event, recorded_at=5, salt="ab")
    with json_by("standard library"):
        assert encode(event, recorded_at=5, salt="ab") == row


@READERS
@settings(max_examples=50)
@given(fact=facts())
def test_a_fact_comes_back_from_the_line_that_people_write(reader: str, fact: Fact) -> None:
    with json_by(reader):
        more = {"resolution": fact.resolution, **({"source": fact.source} if fact.source else {})}
        line = loads(dumps({**to_wire(fact), **more}))
        again = fact_from(line)
        assert (to_wire(again), again.resolution) == (to_wire(fact), fact.resolution)
        del line["id"]
        assert fact_from(line).id == fact.id, "the natural key is identity enough"


@given(facts() | verdicts(), st.sampled_from(["a newer type", "a newer schema"]))
def test_what_a_newer_version_wrote_is_kept_and_skipped(event: Event, newer: str) -> None:
    row = encode(event, recorded_at=5, salt="ab")
    row = row._replace(type="message-pinned") if newer == "a newer type" else row._replace(schema=99)
    read = decode(row).event
    assert isinstance(read, Opaque)
    assert (read.id, read.at, read.group) == (event.id, event.at, event.group)
    assert fold(State(), [read]).groups.keys() <= {event.group}
