from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import pytest
from attrs import field, frozen
from hypothesis import example, given
from hypothesis import strategies as st

from groupcore import wire
from groupcore.clock import Duration
from groupcore.errors import Fault, InputError
from groupcore.messages import Part
from groupcore.wire import explain, jsontext, read, structurer, unstructurer

characters = st.characters(exclude_categories=())  # lone surrogates too
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**80), 2**80)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(characters)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(characters), inner, max_size=4),
)


@pytest.fixture(params=["orjson", "json"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "json":
        monkeypatch.setattr(jsontext, "orjson", None)
    return str(request.param)


def without_orjson(function: Any, argument: Any) -> Any:
    kept, jsontext.orjson = jsontext.orjson, None
    try:
        return function(argument)
    finally:
        jsontext.orjson = kept


def outcome(function: Any, argument: Any) -> Any:
    try:
        return repr(function(argument))
    except InputError as error:
        return str(error)


@given(values)
@example([1e-7, 1e16, 0.00001, -0.0, 5e-324, 1e22, 2**64, -(2**63) - 1])
@example({"a": "\x7f\u2028\x00\ud800", "\uffff": 1, "\U00010000": 2, "é": 3})
@example((1, ("a",), None, 2**70))
def test_both_writers_give_the_same_bytes(value: Any) -> None:
    assert wire.dumps(value) == without_orjson(wire.dumps, value)


def _joined(value: Any) -> Any:
    """Two surrogates in a row are one character to JSON; Python's own text never holds them apart."""
    return json.loads(json.dumps(value))


@given(values)
def test_what_was_written_is_read_back(value: Any) -> None:
    assert repr(wire.loads(wire.dumps(value))) == repr(_sorted(_joined(value)))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


@given(values, st.booleans(), st.booleans())
def test_both_readers_give_the_same_values(value: Any, escaped: bool, spaced: bool) -> None:
    text = json.dumps(value, ensure_ascii=escaped, indent=2 if spaced else None)
    assert outcome(wire.loads, text) == outcome(lambda text: without_orjson(wire.loads, text), text)


@given(st.text('[]{}:,"\\ue01-.5 \n\ufeffNaInfty', max_size=12))
@example("NaN")
@example("[-Infinity]")
@example("1e999")
@example("-1e999")
@example("9" * 5000)
@example('{"a": 1, "a": 2}')
@example('"\\ud800"')
@example("[" * 199 + "]" * 199)
@example("[" * 201 + "]" * 201)
@example("[" * 100_000)
@example('"' + "[" * 500 + '"')
@example('"\\"' + "[" * 500 + '"')
@example("\ufeff1")
@example("")
def test_both_readers_refuse_the_same_texts(text: str) -> None:
    assert outcome(wire.loads, text) == outcome(lambda text: without_orjson(wire.loads, text), text)


@given(st.binary(max_size=12))
@example(b'"\xff"')
@example('"读"'.encode("utf-16"))
@example(b"\xef\xbb\xbf1")
def test_both_readers_refuse_the_same_bytes(data: bytes) -> None:
    assert outcome(wire.loads, data) == outcome(lambda data: without_orjson(wire.loads, data), data)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"type": "message-posted", "at":', "log.jsonl:3: invalid JSON: Expecting value at column 33"),
        ('{\n"a": 1,,\n}', "at line 2, column 8"),
        ("[NaN]", "NaN is no JSON number"),
        ("1e999", "1e999 is no JSON number"),
        (b'"\xff"', "invalid UTF-8 at byte 2"),
        ("[" * 300 + "]" * 300, "nested deeper than 200 levels"),
        ("", "Expecting value at column 1"),
    ],
)
def test_what_is_no_json_is_refused_with_the_reason(reader: str, text: str | bytes, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        wire.loads(text, "log.jsonl:3")
    assert problem in str(caught.value)


@pytest.mark.parametrize("value", [math.nan, math.inf, [-math.inf], {"a": {"b": math.nan}}])
def test_what_has_no_json_is_not_written(reader: str, value: Any) -> None:
    with pytest.raises(InputError, match="cannot be written as JSON"):
        wire.dumps(value)


def test_what_nests_too_deep_is_not_written(reader: str) -> None:
    value: Any = 1
    for _ in range(200_000):
        value = [value]
    with pytest.raises(InputError, match="nested too deep"):
        wire.dumps(value)
    while value != 1:  # taken apart by hand: dropping it at once would exhaust the C stack of old Pythons
        value = value[0]


def test_objects_of_python_are_not_written_by_chance(reader: str) -> None:
    for value in (datetime(2026, 1, 1), {1, 2}, object()):  # noqa: DTZ001
        with pytest.raises(TypeError):
            wire.dumps(value)


def test_the_canonical_text_never_changes() -> None:
    assert wire.dumps({"b": [1.0, 1e-7, True, None], "a": '读\u2028\n\x01"\\/'}) == (
        '{"a":"读\u2028\\n\\u0001\\"\\\\/","b":[1.0,1e-07,true,null]}'.encode()
    )


# Shapes


def _even(_: Any, __: Any, value: int) -> None:
    if value % 2:
        raise ValueError(f"{value} is odd")


@frozen
class Leg:
    for_: Duration | Literal["forever"] | None = None
    sides: frozenset[Literal["left", "right"]] = frozenset()


@frozen(kw_only=True)
class Table:
    id: str
    legs: tuple[Leg, ...] = ()
    words: tuple[str, ...] = field(default=(), converter=tuple)
    count: int = field(default=4, validator=_even)
    size: int | None = field(default=None)
    weight: float = 1.0
    state: Literal["new", "worn"] = "new"
    spans: tuple[tuple[int, int], ...] = ()
    parts: tuple[Part, ...] = ()
    data: Mapping[str, Any] = field(factory=dict)
    note: bool | str = True

    @size.validator
    def _fits(self, _: Any, size: int | None) -> None:
        if size is not None and size < self.count:
            raise ValueError(f"{size} is too small for {self.count} chairs")


FULL = {
    "id": "t", "legs": [{"for": "1d", "sides": ["left", "right"]}, {"for": "forever"}], "words": ["a"],
    "count": 6, "size": 7, "weight": 2, "state": "worn", "spans": [[0, 1]],
    "parts": [{"kind": "link", "url": "u"}], "data": {"x": [1]}, "note": "n",
}  # fmt: skip

WRONG = {
    "id": 5, "legs": [{"fro": "1d"}, {"for": "later", "sides": ["lefd"]}, 3], "words": "abc", "count": 3,
    "size": True, "weight": "heavy", "state": "wron", "spans": [[0, "x"], [1]], "parts": [{}], "data": [],
    "note": 5, "countt": 4,
}  # fmt: skip


def test_fast_and_slow_reading_agree_and_what_is_written_is_read_back() -> None:
    table = read(Table, FULL)
    assert table == structurer(Table)(FULL)
    assert table.legs[0] == Leg(Duration(86_400_000_000), frozenset({"left", "right"}))
    for omit in (False, True):
        written = unstructurer(Table, omit_defaults=omit)(table)
        assert read(Table, written) == structurer(Table)(written) == table
        assert read(Table, wire.loads(wire.dumps(written))) == table


def test_what_equals_its_default_can_be_left_out() -> None:
    assert unstructurer(Table, omit_defaults=True)(Table(id="t", legs=(Leg(),))) == {"id": "t", "legs": [{}]}
    assert unstructurer(Leg)(Leg()) == {"for": None, "sides": []}


UNITS = "write a number and us, ms, s, m, h, d or w, such as '10s'"


def test_every_fault_is_named_at_once() -> None:
    assert [str(fault) for fault in explain(Table, WRONG, "t")] == [
        "expected a string, found the number 5 @ t.id",
        "unknown key 'fro' (did you mean 'for'?) @ t.legs[0]",
        f"'later' is no duration; {UNITS} (known: forever) @ t.legs[1].for",
        "unknown value 'lefd' (did you mean 'left'?) @ t.legs[1].sides[0]",
        "expected a table, found the number 3 @ t.legs[2]",
        "expected a list, found the string 'abc' (write ['abc']) @ t.words",
        "expected a whole number, found true @ t.size",
        "expected a number, found the string 'heavy' @ t.weight",
        "unknown value 'wron' (did you mean 'worn'?) @ t.state",
        "expected a whole number, found the string 'x' @ t.spans[0][1]",
        "Not enough values in [1] to structure as tuple[int, int] @ t.spans[1]",
        'a part is an object with a "kind", such as {"kind": "link", "url": ...} @ t.parts[0]',
        "expected a table, found a list @ t.data",
        "expected true or false, found the number 5 @ t.note",
        "unknown key 'countt' (did you mean 'count'?) @ t",
        "3 is odd @ t.count",
    ]


def test_the_fast_reader_refuses_whatever_the_slow_one_refuses() -> None:
    for key, value in WRONG.items():
        assert explain(Table, FULL | {key: value})
        with pytest.raises(Exception):  # noqa: B017 - it raises whatever comes up
            structurer(Table, forbid_extra=True)(FULL | {key: value})


def test_a_validator_that_needs_a_faulty_field_adds_no_fault_of_its_own() -> None:
    assert explain(Table, {"id": "t", "count": "4", "size": 1}) == [
        Fault("count", "expected a whole number, found the string '4'")
    ]
    assert explain(Table, {"id": "t", "size": 1}) == [Fault("size", "1 is too small for 4 chairs")]


def test_a_missing_key_and_no_mapping_at_all() -> None:
    assert [str(fault) for fault in explain(Table, {}, "x")] == ["missing key 'id' @ x"]
    assert [str(fault) for fault in explain(Table, [], "x")] == ["expected a table, found a list @ x"]


def test_a_long_text_is_cut_where_it_is_quoted() -> None:
    assert wire.found("a" * 50) == f"the string '{'a' * 40}…'"


def test_the_hint_names_all_words_when_none_is_close() -> None:
    assert wire.did_you_mean("xyz", ["b", "a"]) == "known: a, b"
    assert wire.did_you_mean("xyz", []) == ""
