"""Laws of the codec: what was written is read again, with either reader of JSON, and for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.errors import InputError
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
    read_fact,
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


ODD = st.sampled_from(
    [None, "", "x", 0, 7, -1, True, 1.5, 10**30, [], ["x"], {}, "2026-11-01T08:00:00Z", "2026-11-01", "\ud800"]
)


@st.composite
def lines_of_messages(draw: st.DrawFn) -> dict[str, Any]:
    """A line of a message, with an odd value here, a key too many or too few there."""
    data = {
        "message": draw(ODD | st.text(min_size=1)),
        "author": draw(ODD | st.text(min_size=1)),
        "text": draw(st.text() | ODD),
    }
    at, group = draw(st.integers(0, 2**50) | ODD), draw(st.text(min_size=1) | ODD)
    line = {"type": "message-posted", "at": at, "group": group, "data": data}
    place = draw(st.sampled_from([line, data]))
    place.pop(draw(st.sampled_from(["", *place])), None)
    return line if draw(st.booleans()) else {**line, "resolution": "ms"}


def outcome(function: Callable[..., Fact], *given: Any) -> Fact | str:
    try:
        return function(*given)
    except InputError as error:
        return str(error)


@READERS
@given(line=lines_of_messages(), source=st.sampled_from(["", "feed"]))
def test_the_fast_way_for_plain_messages_reads_what_the_slow_way_reads(
    reader: str, line: dict[str, Any], source: str
) -> None:
    with json_by(reader):
        written = dumps(line)
        assert outcome(read_fact, written, source) == outcome(fact_from, loads(written), source)


@given(facts() | verdicts(), st.sampled_from(["a newer type", "a newer schema"]))
def test_what_a_newer_version_wrote_is_kept_and_skipped(event: Event, newer: str) -> None:
    row = encode(event, recorded_at=5, salt="ab")
    row = row._replace(type="message-pinned") if newer == "a newer type" else row._replace(schema=99)
    read = decode(row).event
    assert isinstance(read, Opaque)
    assert (read.id, read.at, read.group) == (event.id, event.at, event.group)
    assert fold(State(), [read]).groups.keys() <= {event.group}
