"""The codec: its fast ways agree with cattrs, and what is private stays apart."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groupcore.engine import Moderator
from groupcore.errors import CorruptLog, InputError
from groupcore.events import (
    NO_HEAD,
    Event,
    Fact,
    MessagePosted,
    RulebookAdopted,
    chain_digest,
    decode,
    encode,
    event_types,
    fact_from,
    identify,
    problem_with,
    read_fact,
    read_row,
    seal,
    to_wire,
    write_row,
)
from groupcore.events.base import data_fields
from groupcore.events.codec import shape_of
from groupcore.messages import Message, Part
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore
from groupcore.testing import START, posted
from groupcore.testing.strategies import events_of
from groupcore.wire import dumps, loads, loads_both

TYPES = sorted(event_types())
PRIVATE = sorted(name for name, cls in event_types().items() if cls.private)


# --- two ways, one answer -----------------------------------------------------------------------------------------


def envelope_of(event: Event) -> dict[str, Any]:
    names: tuple[str, ...] = ("id", "at", "group", "resolution", "source", "claimed_at")
    if not isinstance(event, Fact):
        names = ("at", "group", "cause")
    return {name: getattr(event, name) for name in names}


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_revived_is_what_cattrs_builds(name: str, data: st.DataObject) -> None:
    event = data.draw(events_of(event_types()[name]))
    shape = shape_of(name)
    assert shape is not None
    taken = dumps(shape.data(event))
    revived = shape.revive(SimpleNamespace(**envelope_of(event)), loads(taken))
    built = shape.build(loads(taken), envelope_of(event))
    assert revived == built == event
    assert type(revived) is type(built) is type(event)
    assert revived.id == event.id
    assert hash(type(revived)) == hash(type(event))
    assert attrs.asdict(revived, recurse=False) == attrs.asdict(built, recurse=False)


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=5)
@given(data=st.data())
def test_what_was_decoded_cannot_be_changed(name: str, data: st.DataObject) -> None:
    """The fast way fills a twin that is not frozen; nothing of that may be left."""
    event = data.draw(events_of(event_types()[name]))
    revived = decode(encode(event, recorded_at=5, salt="ab")).event
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        revived.at = 0  # type: ignore[misc]
    assert attrs.evolve(revived, at=event.at) == event
    assert repr(revived) == repr(attrs.evolve(revived))


VALUES: st.SearchStrategy[Any] = st.sampled_from(
    ["", "m1", "amy", "加微信", "lone \ud800", "g\U0001f600", None, 0, 5, 1.5, True, [], {}, "\0"]
)
TIMES: st.SearchStrategy[Any] = st.sampled_from(
    [START, 0, -1, 2**62, 1.5, True, None, "2026-11-01T08:00:00Z", "2026-11-01T08:00:00", "soon", []]
)


def lines() -> st.SearchStrategy[dict[str, Any]]:
    """Messages as people write them: mostly plain, each thing wrong now and then."""
    plain = st.sampled_from(["m1", "amy", "加微信 \ud83d\ude00", "hello"])
    data = st.fixed_dictionaries(
        {"message": plain | VALUES, "author": plain | VALUES, "text": plain | VALUES},
        optional={"parts": st.sampled_from([[], [{"kind": "voice"}], [{"kind": 5}], "no"]), "txt": VALUES},
    )
    fixed = {"type": st.sampled_from(["message-posted"] * 6 + ["message-edited", "messageposted", ""]), "data": data}
    extra = {
        "at": st.just(START) | TIMES,
        "group": plain | VALUES,
        "id": VALUES,
        "source": VALUES,
        "resolution": st.sampled_from(["us", "min", "h", 5]),
        "schema": st.sampled_from([1, 2, 0, "1"]),
    }
    some = st.fixed_dictionaries({**fixed, "at": extra["at"], "group": extra["group"]})
    return some | st.fixed_dictionaries(fixed, optional=extra)


def outcome(read: Any, *args: Any) -> Any:
    try:
        return read(*args)
    except InputError as error:
        return str(error)


@settings(max_examples=600)
@given(lines(), st.sampled_from(["", "wecom:7"]))
@example({"type": "message-posted", "group": "g1", "id": "x", "data": {"message": "m", "author": "a", "text": ""}}, "")
def test_a_line_read_fast_says_what_it_says_read_slowly(given_line: dict[str, Any], source: str) -> None:
    """The same fact, or the same words about what is wrong."""
    line = dumps(given_line)
    fast, slow = outcome(read_fact, line, source), outcome(fact_from, loads(line), source)
    assert fast == slow
    assert outcome(read_fact, line.decode(), source) == slow
    if isinstance(fast, Fact):
        assert "\ud800" not in repr(fast).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert fast.id == (given_line.get("id") or identify(fast))


# --- what is private ----------------------------------------------------------------------------------------------

SECRET = "Mrs Secret"


def with_secret(name: str) -> Any:
    """An event of a type with a secret in each private field."""
    cls: Any = event_types()[name]
    plain = {
        "member": "amy",
        "message": "m1",
        "author": "amy",
        "person": "amy",
        "sanction": "warn",
        "by": "bo",
        "outcome": "upheld",
        "of": "person",
    }
    hidden = {field: (Part("file", {"name": SECRET}),) if field == "parts" else SECRET for field in cls.private}
    fields = {item.name: plain.get(item.name, "x") for item in data_fields(cls) if item.default is attrs.NOTHING}
    if name in ("case-closed", "action-reported"):
        fields["outcome"] = {"case-closed": "dismissed", "action-reported": "failed"}[name]
    return cls(id="f", at=START, group="g1", **{**fields, **hidden})


@pytest.mark.parametrize("name", PRIVATE)
def test_what_is_private_lies_apart_under_a_salted_digest(name: str) -> None:
    event = with_secret(name)
    row, other = (seal(encode(event, recorded_at=5, salt=salt), 1, NO_HEAD) for salt in ("aa", "bb"))
    assert row.private is not None
    assert SECRET.encode() in row.private
    bare = row._replace(private=None, salt=None)
    assert SECRET not in repr(bare)
    assert row.private_digest != other.private_digest, "the salt is in it"
    assert row.private_digest != hashlib.sha256(row.private).hexdigest()
    assert row.private_digest == hashlib.sha256(b"aa" + row.private).hexdigest()
    changed = row._replace(private=b"{}", salt=None)
    assert chain_digest("", changed) == row.digest, "the chain knows the private part by its digest alone"
    assert row.id == other.id, "and so does the id"


@pytest.mark.parametrize("name", PRIVATE)
def test_what_was_erased_has_its_defaults_and_the_chain_holds(name: str) -> None:
    event = with_secret(name)
    row = seal(encode(event, recorded_at=5, salt="aa"), 1, NO_HEAD)
    bare = row._replace(private=None, salt=None)
    recorded = decode(bare)
    assert recorded.erased
    assert not decode(row).erased
    defaults = {item.name: item.default for item in attrs.fields(type(event))}
    assert recorded.event == attrs.evolve(event, **{name: defaults[name] for name in event.private})
    assert problem_with(bare, NO_HEAD) is None
    assert read_row(write_row(bare)) == bare


def test_nothing_private_is_nothing_erased() -> None:
    row = seal(encode(posted("amy"), recorded_at=5, salt="aa"), 1, NO_HEAD)
    assert (row.private, row.salt, row.private_digest, row.erased) == (None, None, None, False)


def test_no_verdict_quotes_what_somebody_wrote() -> None:
    """Else erasing the message would not erase it. Words of the rulebook are no secret, nor who wrote where."""
    policies: list[dict[str, Any]] = [
        {"kind": "keyword", "id": "ads", "words": ["加微信"]},
        {"kind": "link", "id": "links", "allow": []},
        {"kind": "contact", "id": "contact", "kinds": ["phone", "email", "wechat", "qq"]},
        {"kind": "mini-program", "id": "mini", "allow": []},
        {"kind": "length", "id": "long", "max_chars": 10},
        {"kind": "duplicate", "id": "repeat", "count": 2, "window": "5m"},
        {"kind": "raid", "id": "raid", "authors": 2, "window": "5m", "min_chars": 3},
    ]
    secrets = ["13812345678", "secret", "微信号", "wx12", "Bargain", "evil"]
    text = "加微信号 wx: secret99 13812345678 secret@evil.example https://evil.example/secret"
    parts = [
        {"kind": "mini-program", "app": "wx12@app", "title": "Bargain"},
        {"kind": "link", "url": "https://evil.example"},
    ]
    store = MemoryStore()
    moderator = Moderator(store, Rulebook.from_mapping({"policy": policies}), clock=lambda: START)
    found = set()
    for number, author in enumerate(("amy", "amy", "bo")):
        verdict = moderator.observe(
            Message(group="g1", author=author, id=f"m{number}", at=START, text=text, parts=parts)
        )
        found |= {finding.rule for finding in verdict.findings}
    assert found == {policy["id"] for policy in policies}, "each policy has had its say"
    for row in store.read():
        if row.type != "rulebook-adopted":
            bare = repr(row._replace(private=None))
            assert not [secret for secret in secrets if secret in bare], row.type
            assert (row.private is not None) == (row.type == "message-posted")


# --- lines and rows -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "invalid JSON"),
        (b'{"type": "message-posted", "at": 5', "invalid JSON"),
        (b"[]", "expected an object such as"),
        (b"{}", 'the line has no "type"'),
        (b'{"type": 5}', 'the line has no "type"'),
        (b'{"type": "message-postd"}', "unknown type 'message-postd' (did you mean 'message-posted'?)"),
        (b'{"type": "member-warned"}', "member-warned is a verdict; only facts can be imported"),
        (b'{"type": "member-left"}', 'member-left has no "at"'),
        (b'{"type": "member-left", "at": 5}', '"group" of member-left must be a string that is not empty'),
        (b'{"type": "role-granted", "at": 5}', "(or null, for the whole organisation)"),
        (b"\xff", "invalid UTF-8 at byte 1"),
    ],
)
def test_a_line_that_is_no_fact_is_refused_with_the_reason(line: bytes, problem: str) -> None:
    with pytest.raises(InputError) as error:
        read_fact(line)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"at": "2026-11-01T08:00:00"}, "is naive; write its offset"),
        ({"at": 1793520000.5}, "is no time"),
        ({"at": True}, "is no time"),
        ({"at": -1}, "outside the years 1970 to 9999"),
        ({"group": None}, '"group" of member-left must be a string that is not empty'),
        ({"group": ""}, '"group" of member-left must be a string that is not empty'),
        ({"group": 5}, '"group" of member-left must be a string that is not empty'),
        ({"data": {}}, "missing key 'member'"),
        ({"data": []}, '"data" of member-left must be an object, found list'),
        ({"data": {"membr": "a"}}, "member-left has no field 'membr' (did you mean 'member'?)"),
        ({"data": {"member": 5}}, "expected a string, found the number 5 @ member"),
        ({"data": {"member": ""}}, '"member" of member-left must not be empty'),
        ({"id": ""}, '"id" must be a string that is not empty'),
        ({"id": "a/b"}, '"id" must not hold a slash'),
        ({"source": 5}, '"source" must be a string that is not empty'),
        ({"resolution": "h"}, '"resolution" must be one of us, ms, s, min'),
        ({"schema": 2}, "member-left has schema 1; 2 is unknown to this version"),
        ({"schema": True}, "True is unknown to this version"),
        ({"type": "role-granted", "data": {"member": "a", "role": "amin"}}, "did you mean 'admin'?"),
        ({"type": "message-posted", "data": {"message": "m", "author": "a", "parts": [{}]}}, "a part is an object"),
        ({"type": "message-posted", "data": {"message": "m", "author": "a", "text": None}}, "expected a string"),
        ({"type": "message-posted", "data": {"message": "m", "author": "", "text": ""}}, '"author" of message-posted'),
    ],
)
def test_a_fact_with_a_fault_is_refused_with_the_reason(wrong: dict[str, Any], problem: str) -> None:
    line = {"type": "member-left", "at": 5, "group": "g1", "data": {"member": "amy"}}
    assert read_fact(dumps(line)).type == "member-left"
    with pytest.raises(InputError) as error:
        read_fact(dumps({**line, **wrong}))
    assert problem in str(error.value)


def test_every_fault_of_a_line_is_named() -> None:
    with pytest.raises(InputError) as error:
        read_fact(b'{"type": "sanction-ordered", "at": 5, "group": "g1", "data": {"member": 5, "sanction": "hug"}}')
    for fault in ("found the number 5 @ member", "unknown value 'hug'", "missing key 'by'"):
        assert fault in str(error.value)


def test_a_line_of_an_old_schema_is_lifted() -> None:
    line = b'{"type": "group-opened", "schema": 1, "at": 5, "group": "g1", "data": {"kind": "external"}}'
    fact = read_fact(line)
    assert to_wire(fact)["data"] == {"group_kind": "external"}
    assert fact.id == identify(fact)


def test_deep_and_long_lines_are_refused_or_read_and_crash_nothing() -> None:
    def line(parts: str, text: str = "") -> bytes:
        data = f'{{"message": "m", "author": "a", "text": "{text}", "parts": {parts}}}'
        return f'{{"type": "message-posted", "at": 5, "group": "g1", "data": {data}}}'.encode()

    for depth in (50, 100, 250, 100_000):
        nested = '[{"kind": "forwarded", "messages": ' + "[" * depth + "]" * depth + "}]"
        said = outcome(read_fact, line(nested))
        assert isinstance(said, Fact) if depth == 50 else "deeper than" in said
    fact = read_fact(line("[]", "[{" * 500_000))
    assert isinstance(fact, MessagePosted)
    assert decode(seal(encode(fact, recorded_at=5, salt="ab"), 1, NO_HEAD)).event == fact


def test_numbers_of_any_size_come_back_as_they_were() -> None:
    line = (
        b'{"type": "message-posted", "at": 5, "group": "g1", "data": {"message": "m", "author": "a", '
        b'"parts": [{"kind": "unknown", "a": 123456789012345678901234567890, "b": 1e22, "c": -0.0, "d": 0.1}]}}'
    )
    fact = read_fact(line)
    row = seal(encode(fact, recorded_at=5, salt="ab"), 1, NO_HEAD)
    assert decode(row).event == fact
    assert decode(read_row(write_row(row))).event == fact
    assert isinstance(fact, MessagePosted)
    assert fact.parts[0].get("a") == 123456789012345678901234567890


def test_a_damaged_row_is_named_by_its_position() -> None:
    row = seal(encode(posted("amy", "hi"), recorded_at=5, salt="ab"), 7, NO_HEAD)
    for damaged in (
        row._replace(data=b"{"),
        row._replace(data=b"[]"),
        row._replace(private=b"5"),
        row._replace(data=b'{"x":1}'),
    ):
        with pytest.raises(CorruptLog, match="event 7: message-posted cannot be read") as error:
            decode(damaged)
        assert error.value.position == 7


@pytest.mark.parametrize("line", [b"{}", b"[]", b"5", b'{"digest": "x", "version": 1}', b"\xff", b'{"type":'])
def test_a_line_that_is_no_row_is_refused(line: bytes) -> None:
    with pytest.raises(InputError):
        read_row(line)


def test_the_rulebook_in_the_log_is_the_whole_rulebook() -> None:
    rules = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "a", "words": ["b", "ö", "加"]}]})
    store = MemoryStore()
    Moderator(store, rules)
    fact = decode(next(store.read())).event
    assert isinstance(fact, RulebookAdopted)
    assert Rulebook.from_mapping(fact.rulebook).digest == rules.digest == fact.digest


@pytest.mark.parametrize("name", TYPES)
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_split_is_what_cattrs_takes(name: str, data: st.DataObject) -> None:
    event = data.draw(events_of(event_types()[name]))
    shape = shape_of(name)
    assert shape is not None
    public, private = shape.split(event)
    assert dumps({**public, **private}) == dumps(shape.data(event))
    assert not public.keys() & set(event.private)
    assert private.keys() <= set(event.private)


@pytest.mark.parametrize(
    ("data", "private"),
    [
        (b'{"a":1}', b'{"b":"x"}'),
        (b'{"a":1}', None),
        (b'{"a":{"n":18446744073709551616}}', b'{"b":1.5}'),
        (b'{"a":1}', b'{"b":[123456789012345678901234567890]}'),
        (b'{"a":"\\ud800"}', b'{"b":{"c":[1,2]}}'),
    ],
)
def test_public_and_private_data_are_read_as_each_alone(data: bytes, private: bytes | None) -> None:
    assert repr(loads_both(data, private)) == repr({**loads(data), **(loads(private) if private else {})})


@pytest.mark.parametrize(
    ("data", "private"), [(b"[]", b"{}"), (b"{}", b"null"), (b"{", None), (b"{}", b"[1]"), (b"5", b"{}")]
)
def test_what_is_no_object_is_no_data(data: bytes, private: bytes | None) -> None:
    with pytest.raises((InputError, TypeError, AttributeError)):
        loads_both(data, private)
