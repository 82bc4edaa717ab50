"""The message and its parts: what a platform hands over, checked at the door."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.errors import InputError
from groupcore.messages import PART_FIELDS, Message, Part, scrub
from groupcore.testing.strategies import messages
from groupcore.wire import dumps, loads

PLAIN: dict[str, Any] = {"group": "g1", "author": "amy", "id": "m1", "at": 5}


# --- messages -----------------------------------------------------------------------------------------------------


def test_a_message_needs_a_place_an_author_an_id_and_a_time() -> None:
    message = Message(**PLAIN)
    assert (message.text, message.parts, message.resolution, message.source) == ("", (), "us", "")
    for name in PLAIN:
        with pytest.raises(TypeError, match=name):
            Message(**{key: value for key, value in PLAIN.items() if key != name})


@pytest.mark.parametrize("name", ["group", "author", "id"])
@pytest.mark.parametrize("value", ["", None, 5, b"amy", ["amy"]])
def test_an_identifier_is_a_string_that_is_not_empty(name: str, value: Any) -> None:
    with pytest.raises(InputError, match="is no identifier; it must be a string that is not empty"):
        Message(**{**PLAIN, name: value})


def test_times_are_taken_as_people_write_them() -> None:
    for at in (1_793_520_000_000_000, "2026-11-01T08:00:00Z", datetime(2026, 11, 1, 8, tzinfo=UTC)):
        assert Message(**{**PLAIN, "at": at}).at == 1_793_520_000_000_000
    with pytest.raises(InputError, match="naive"):
        Message(**{**PLAIN, "at": datetime(2026, 11, 1, 8)})  # noqa: DTZ001
    assert Message.at_of("1970-01-01T00:00:00Z") == 0


def test_a_resolution_is_one_of_four() -> None:
    with pytest.raises(InputError, match="'h' is no resolution; it is one of us, ms, s, min"):
        Message(**PLAIN, resolution="h")  # type: ignore[arg-type]


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    message = Message(
        **{**PLAIN, "author": "amy\ud800"}, text="a\ud83db\udc00c\U0001f600", parts=[{"kind": "file", "name": "\udfff"}]
    )
    assert (message.author, message.text) == ("amy\ufffd", "a\ufffdb\ufffdc\U0001f600")
    assert message.parts[0].get("name") == "\ufffd"


@given(st.text(alphabet=st.characters(categories=["Cs", "L", "So"]) | st.sampled_from("a加"), max_size=20))
def test_scrubbing_keeps_every_offset_and_makes_utf8(text: str) -> None:
    scrubbed = scrub(text)
    scrubbed.encode()
    assert len(scrubbed) == len(text)
    assert all(
        new == old or (new == "\ufffd" and "\ud800" <= old <= "\udfff") for new, old in zip(scrubbed, text, strict=True)
    )
    assert scrub(scrubbed) == scrubbed


def test_a_message_is_a_value() -> None:
    one, other = (Message(**PLAIN, parts=[{"kind": "link", "url": "x"}]) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.text = "other"  # type: ignore[misc]


@given(messages())
def test_messages_are_made_again_of_their_own_fields(message: Message) -> None:
    assert Message(**{item.name: getattr(message, item.name) for item in attrs.fields(Message)}) == message


# --- parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(PART_FIELDS))
def test_every_kind_of_part_is_read_and_written(kind: str) -> None:
    lists = {"qr": ["a"], "messages": [{"text": "b"}]}
    mapping = {"kind": kind, **{name: lists.get(name, "c") for name in PART_FIELDS[kind]}, "more": 5}
    part = Part.of(mapping)
    assert part.kind == kind
    assert part.to_mapping() == mapping
    assert Part.of(part.to_mapping()) == part


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        (None, "a part is an object"),
        ([], "a part is an object"),
        ({}, "a part is an object"),
        ({"kind": 5}, "a part is an object"),
        ({"kind": "link", "url": 5}, '"url" of a part of kind link must be a string'),
        ({"kind": "image", "qr": "x"}, '"qr" of a part of kind image must be a list'),
        ({"kind": "image", "qr": [5]}, '"qr" of an image part is a list of strings'),
        ({"kind": "forwarded", "messages": {}}, '"messages" of a part of kind forwarded must be a list'),
        ({"kind": "file", "name": ["x"]}, '"name" of a part of kind file must be a string'),
        ({"kind": "voice", "length": float("nan")}, "a part holds what JSON can say, not nan"),
        ({"kind": "voice", "length": b"x"}, "a part holds what JSON can say, not b'x'"),
        ({"kind": "voice", "length": datetime(2026, 1, 1, tzinfo=UTC)}, "a part holds what JSON can say"),
    ],
)
def test_what_is_no_part_is_refused_with_the_reason_and_the_place(mapping: Any, reason: str) -> None:
    with pytest.raises(InputError) as error:
        Part.of(mapping, "parts[3]")
    assert error.value.where == "parts[3]"
    assert reason in error.value.what
    with pytest.raises(InputError):
        Message(**PLAIN, parts=[mapping])


def test_a_kind_that_we_do_not_know_is_kept_with_all_it_came_with() -> None:
    part = Part.of({"kind": "chess-move", "move": "e4"})
    assert (part.kind, part.data) == ("unknown", {"move": "e4", "kind_given": "chess-move"})
    assert Part.of(part.to_mapping()) == part
    with pytest.raises(InputError, match="'chess-move' is no kind of part"):
        Part("chess-move")  # type: ignore[arg-type]


def test_absent_fields_are_none() -> None:
    part = Part.of({"kind": "link", "url": None})
    assert part.get("url") is None
    assert part.get("title", "-") == "-"
    assert list(Part.of({"kind": "image"}).strings()) == []


def test_people_see_titles_and_names_but_no_addresses() -> None:
    link = Part.of({"kind": "link", "url": "https://example.com", "title": "a", "description": "b"})
    assert list(link.strings()) == [("title", "a"), ("description", "b")]
    assert list(Part.of({"kind": "mini-program", "app": "wx12", "title": "c"}).strings()) == [("title", "c")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(st.text(max_size=5) | st.integers(), inner)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["unknown", "voice"]), st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_part_is_what_comes_back_from_a_log(kind: Any, data: dict[str, Any]) -> None:
    """Tuples are lists there, keys are strings: so they are from the start, and nothing differs later."""
    part = Part(kind, data)
    again = Part.of(loads(dumps(part.to_mapping())))
    assert again == part
    assert dumps(again.to_mapping()) == dumps(part.to_mapping())
    hash(part)


def test_no_field_is_called_kind() -> None:
    assert Part("voice", {"kind": "video", "length": 5}).to_mapping() == {"kind": "voice", "length": 5}


def test_a_part_keeps_nothing_of_what_it_was_made_of() -> None:
    messages_ = [{"text": "a"}]
    part = Part("forwarded", {"messages": messages_})
    messages_[0]["text"] = "b"
    assert part.get("messages") == [{"text": "a"}]


def test_a_text_that_is_no_string_is_told() -> None:
    nothing: Any = None
    with pytest.raises(InputError, match="None is no text; it must be a string"):
        Message(group="g1", author="amy", id="m1", at=0, text=nothing)
