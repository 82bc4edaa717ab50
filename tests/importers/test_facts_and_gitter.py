from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from groupcore.errors import InputError
from groupcore.events import Fact, MessagePosted, new_fact
from groupcore.importers import BadLine, Gitter, Irc, Item, OddLine, import_into, importer
from groupcore.importers.gitter import _message
from groupcore.stores import open_store

AT = 1_793_520_180_000_000

GOOD = {
    "type": "message-posted",
    "at": AT,
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
    assert first == last == new_fact(MessagePosted, at=AT, group="g1", message="m1", author="amy", text="大家好")
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


def odd_of(tmp_path: Path, *lines: object) -> list[tuple[int, str]]:
    items = facts("facts", lines_of(tmp_path, *lines))
    assert not any(isinstance(item, BadLine) for item in items)
    return [(item.line, item.remark) for item in items if isinstance(item, OddLine)]


def posted(*parts: object) -> dict[str, object]:
    return {**GOOD, "data": {"message": "m1", "author": "amy", "text": "", "parts": parts}}


def test_a_key_that_no_line_has_is_told_with_the_nearest_one_and_the_fact_is_taken(tmp_path: Path) -> None:
    (fact, odd) = facts("facts", lines_of(tmp_path, {**GOOD, "resoluton": "s"}))
    assert isinstance(fact, MessagePosted)
    assert isinstance(odd, OddLine)
    assert str(odd) == (
        "lines.jsonl:1: no line has a key 'resoluton', so it was passed over (did you mean 'resolution'?)"
    )
    assert odd_of(tmp_path, GOOD, {**GOOD, "zone": 1})[0][0] == 2


def test_a_line_that_a_log_holds_says_nothing_odd(tmp_path: Path) -> None:
    with open_store(tmp_path / "log.jsonl") as store:
        import_into(store, [new_fact(MessagePosted, at=AT, group="g1", message=id, author="amy") for id in "ab"])
    assert odd_of(tmp_path, *(tmp_path / "log.jsonl").read_bytes().splitlines()) == []


def test_a_mistyped_kind_of_a_part_is_told_and_kept_whole(tmp_path: Path) -> None:
    (fact, odd) = facts("facts", lines_of(tmp_path, posted({"kind": "mini-programme", "app": "wx"})))
    assert isinstance(fact, MessagePosted)
    assert fact.parts[0].to_mapping() == {"kind": "unknown", "app": "wx", "kind_given": "mini-programme"}
    assert "'mini-programme', so it was kept as 'unknown' (did you mean 'mini-program'?)" in str(odd)
    assert odd_of(tmp_path, posted(fact.parts[0].to_mapping())) == []


def test_fields_of_parts_are_told_where_they_look_like_one_that_is_missing(tmp_path: Path) -> None:
    (odd,) = odd_of(tmp_path, posted({"kind": "link", "ulr": "https://x.example", "width": 3}, {"kind": "voice"}))
    assert odd[1] == "a part of the kind 'link' has no field 'ulr', so no rule reads it (did you mean 'url'?)"
    (odd,) = odd_of(tmp_path, posted({"kind": "link", "url": "https://x.example", "ulr": "", "titles": ""}))
    assert odd[1].endswith("(did you mean 'title'?)")


def test_parts_of_forwarded_records_are_looked_at_as_deep_as_they_are_read(tmp_path: Path) -> None:
    part: dict[str, object] = {"kind": "lnik"}
    assert odd_of(tmp_path, posted({"kind": "forwarded", "messages": ["x", {"parts": [part]}]})) != []
    for _ in range(12):
        part = {"kind": "forwarded", "messages": [{"text": "", "parts": [part]}]}
    assert odd_of(tmp_path, posted(part)) == []


def test_a_report_counts_remarks_and_holds_a_thousand_of_them_at_most(tmp_path: Path) -> None:
    lines = [{**GOOD, f"key{number}": 1, "Group": 1} for number in range(1_100)]
    with open_store("memory:") as store:
        report = import_into(store, importer("facts").facts(lines_of(tmp_path, *lines)))
    assert report.clean
    assert len(report.odd) == len(report.remarks) == 1_000
    assert report.remarks["no line has a key 'Group', so it was passed over (did you mean 'group'?)"] == 1_100


def test_times_in_seconds_or_milliseconds_are_told(tmp_path: Path) -> None:
    early = [{**GOOD, "at": at} for at in (AT // 1_000_000, AT // 1_000, AT)]
    assert odd_of(tmp_path, *early) == [
        (line, '"at" lies in 1970: a number is microseconds since the epoch, neither seconds nor milliseconds')
        for line in (1, 2)
    ]


def test_other_times_of_a_fact_may_be_written_with_an_offset_too(tmp_path: Path) -> None:
    def order(until: object) -> dict[str, object]:
        data = {"member": "amy", "sanction": "mute", "by": "lin", "until": until}
        return {"type": "sanction-ordered", "at": AT, "group": "g1", "data": data}

    given = [order(until) for until in ("2026-11-01T17:03:00+08:00", AT + 3_600_000_000, "2026-11-01T09:03:00")]
    first, second, bad = facts("facts", lines_of(tmp_path, *given))
    assert isinstance(first, Fact)
    assert isinstance(second, Fact)
    assert (first, first.id) == (second, second.id)
    assert isinstance(bad, BadLine)
    assert "naive" in bad.reason


@pytest.mark.parametrize(
    ("at", "said"), [("true", "true is no time"), ("null", "null is no time"), ("1.5", "1.5 is no time")]
)
def test_what_is_no_time_is_told_as_it_was_written(tmp_path: Path, at: str, said: str) -> None:
    (bad,) = facts("facts", lines_of(tmp_path, json.dumps(GOOD).replace(str(AT), at).encode()))
    assert isinstance(bad, BadLine)
    assert said in bad.reason
