from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from groupcore.errors import InputError
from groupcore.events import Fact, MessagePosted, new_fact
from groupcore.importers import BadLine, Gitter, Irc, Item, importer
from groupcore.importers.gitter import _message

GOOD = {
    "type": "message-posted",
    "at": 5,
    "group": "g1",
    "data": {"message": "m1", "author": "amy", "text": "大家好"},
}


def lines_of(tmp_path: Path, *lines: object) -> str:
    path = tmp_path / "lines.jsonl"
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    return str(path)


def facts(name: str, path: str, **options: str) -> list[Item]:
    return list(importer(name, **options).facts(path))


def test_facts_are_read_and_faults_have_their_line_numbers(tmp_path: Path) -> None:
    path = lines_of(tmp_path, GOOD, b"", b"{no json", {**GOOD, "at": "2026-11-01T08:00:00"}, b'{"type": "\xff"}', GOOD)
    first, *faults, last = facts("facts", path)
    assert first == last == new_fact(MessagePosted, at=5, group="g1", message="m1", author="amy", text="大家好")
    assert [(fault.line, fault.file) for fault in faults if isinstance(fault, BadLine)] == [
        (3, "lines.jsonl"), (4, "lines.jsonl"), (5, "lines.jsonl"),
    ]  # fmt: skip
    reasons = " ".join(fault.reason for fault in faults if isinstance(fault, BadLine))
    assert all(word in reasons for word in ("invalid JSON", "naive", "UTF-8"))


def test_the_source_counts_where_a_line_names_none(tmp_path: Path) -> None:
    path = lines_of(tmp_path, GOOD, {**GOOD, "source": "own"})
    assert [fact.source for fact in facts("facts", path, source="camp") if isinstance(fact, Fact)] == [
        "camp",
        "own",
    ]


SAID = {"room": "r/one", "id": "a1", "sent_at": "2014-11-30T23:35:14.775Z", "member": "u1", "text": "hi"}


def test_gitter_messages_are_posted_on_a_clock_of_milliseconds(tmp_path: Path) -> None:
    (fact,) = facts("gitter", lines_of(tmp_path, SAID), feed="camp")
    assert fact == new_fact(
        MessagePosted, at=1_417_390_514_775_000, group="r/one", resolution="ms", source="gitter:camp",
        message="a1", author="u1", text="hi",
    )  # fmt: skip


def test_a_gitter_line_that_lacks_something_is_a_fault(tmp_path: Path) -> None:
    bad = [{**SAID, "text": None}, {**SAID, "room": ""}, {"room": "r"}, [], {**SAID, "sent_at": "yesterday"}]
    faults = facts("gitter", lines_of(tmp_path, *bad))
    assert [fault.line for fault in faults if isinstance(fault, BadLine)] == [1, 2, 3, 4, 5]
    assert "no id and no sent_at" in str(faults[2])


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*SAID, "x"]), inner),
    )
)
def test_gitter_takes_a_line_or_says_what_is_wrong(value: object) -> None:
    with pytest.raises(InputError):
        _message(json.dumps(value).encode(), "gitter")


def test_unknown_formats_and_options_are_told_with_what_was_meant() -> None:
    with pytest.raises(InputError, match=r"unknown format 'giter' \(did you mean 'gitter'\?\)"):
        importer("giter")
    with pytest.raises(InputError, match=r"gitter has no option 'fed' \(did you mean 'feed'\?\)"):
        importer("gitter", fed="x")
    assert importer("irc", zone="UTC", bots="Amy,bo").bots == ("amy", "bo")  # type: ignore[attr-defined]


@frozen
class Own:
    name = "own"
    feed: str = ""


class Point:
    name = "own"

    def load(self) -> type[Own]:
        return Own


def test_an_importer_of_ones_own_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groupcore.importers.entry_points", lambda group: [Point()])
    assert importer("own", feed="x") == Own("x")
    assert isinstance(importer("gitter"), Gitter)
    with pytest.raises(InputError, match="did you mean 'own'"):
        importer("owm")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "give their zone"),
        ({"zone": "Europe/Berln"}, "did you mean 'Europe/Berlin'"),
        ({"zone": "Europe"}, "unknown zone"),
        ({"zone": "../etc"}, "unknown zone"),
        ({"zone": "UTC", "date": "15.11.2004"}, "2004-11-15"),
        ({"zone": "UTC", "dialect": "irsi"}, "did you mean 'irssi'"),
    ],
)
def test_irc_says_what_it_needs(options: dict[str, str], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        Irc(**options)  # type: ignore[arg-type]
