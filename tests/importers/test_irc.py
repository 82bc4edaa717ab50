"""Synthetic logs in the three dialects; the channel, the people and what they say are made up."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.clock import format_instant
from groupcore.events import Fact, MessagePosted
from groupcore.importers import BadLine, Irc, Item, SkippedLine
from groupcore.importers.irc import channel_of, log_name
from groupcore.importers.irc.lines import Dialect, detect, reader
from groupcore.importers.irc.scribe import fold_nick, operators


def items_of(tmp_path: Path, text: str | bytes, name: str = "#tea-2026-11-01.log", **options: Any) -> list[Item]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(Irc(**{"zone": "UTC", **options}).facts(str(path)))


def told(items: list[Item]) -> list[str]:
    """Each item on a line: time, type, and its data."""
    return [_told(item) for item in items]


def _told(item: Item) -> str:
    if isinstance(item, BadLine):
        return f"line {item.line} bad"
    if isinstance(item, SkippedLine):
        return f"line {item.line} {item.reason}"
    names = ("author", "member", "role", "name", "by", "text", "reason")
    values = (getattr(item, name, None) for name in names)
    return " ".join([format_instant(item.at)[11:-1], item.type, *(value for value in values if value)])


UBUNTU = """\
=== Amy [n=amy@host.invalid]  has joined #tea
[08:00] <Amy> hello
[08:01]  * bo waves
=== bo pours a cup
=== ChanServ [service@host.invalid]  has joined #tea
=== mode/#tea [+o Amy]  by ChanServ
=== mode/#tea [+b *!*@bad.invalid]  by Amy
=== Amy is now known as Amy|busy
[08:02] <Amy|busy> one moment
=== cy was kicked off #tea by Amy|busy (spam)
=== mode/#tea [-o Amy|busy]  by ChanServ
=== Amy|busy [n=amy@host.invalid]  has left #tea ["bye"]\x20
[08:03] <Amy|busy> somebody else by now
[08:03] -dee:#tea- buy tea
[08:04] <eve>
=== dee changed the topic of #tea to: green
"""

IRSSI = """\
--- Log opened Sun Nov 01 08:00:00 2026
08:00 -!- Amy [~amy@host.invalid] has joined #tea
08:00 <@Amy> hello
08:00 < bo> hi
08:01  * bo waves
08:01 -!- mode/#tea [+o-v bo cy] by Amy
08:01 -!- cy was kicked from #tea by bo [spam]
08:02 -!- Amy is now known as amy_
08:02 -!- amy_ [~amy@host.invalid] has quit [Ping timeout]
08:02 -!- Irssi: #tea: Total of 5 nicks
--- Day changed Mon Nov 02 2026
00:01 <+bo> a new day
--- Log closed Mon Nov 02 00:02:00 2026
"""

ZNC = """\
[08:00:01] *** Joins: Amy (~amy@host.invalid)
[08:00:02] <Amy> hello
[08:00:03] * Amy waves
[08:00:04] *** ChanServ sets mode: +o Amy
[08:00:05] *** cy was kicked by Amy (spam (again))
[08:00:06] *** Amy is now known as amy_
[08:00:07] *** Parts: bo (~bo@host.invalid) (bye)
[08:00:08] *** Quits: amy_ (~amy@host.invalid) (Ping timeout)
[08:00:09] *** bo changes topic to 'green'
[08:00:10] -dee- buy tea
"""


def test_the_dialect_of_ubuntu(tmp_path: Path) -> None:
    assert told(items_of(tmp_path, UBUNTU)) == [
        "08:00:00 member-joined amy Amy",
        "08:00:00 message-posted amy hello",
        "08:01:00 message-posted bo waves",
        "08:01:00 message-posted bo pours a cup",
        "08:01:00 role-granted chanserv bot",
        "08:01:00 member-joined chanserv ChanServ",
        "08:01:00 role-granted amy admin chanserv",
        "line 7 mode",
        "08:01:00 member-renamed amy Amy|busy",
        "08:02:00 message-posted amy one moment",
        "08:02:00 member-removed cy amy spam",
        "08:02:00 role-revoked amy admin chanserv",
        '08:02:00 member-left amy "bye"',
        "08:03:00 message-posted amy|busy somebody else by now",
        "08:03:00 message-posted dee buy tea",
        "08:04:00 message-posted eve",
        "line 16 system",
    ]


def test_the_dialect_of_irssi_with_its_own_dates(tmp_path: Path) -> None:
    items = items_of(tmp_path, IRSSI, "#tea.log")
    assert told(items) == [
        "08:00:00 member-joined amy Amy",
        "08:00:00 message-posted amy hello",
        "08:00:00 message-posted bo hi",
        "08:01:00 message-posted bo waves",
        "08:01:00 role-granted bo admin amy",
        "08:01:00 member-removed cy bo spam",
        "08:02:00 member-renamed amy amy_",
        "08:02:00 member-left amy Ping timeout",
        "line 10 system",
        "00:01:00 message-posted bo a new day",
        "line 13 system",
    ]
    assert [format_instant(item.at)[:10] for item in items if isinstance(item, Fact)][-2:] == [
        "2026-11-01",
        "2026-11-02",
    ]


def test_the_dialect_of_znc_has_seconds(tmp_path: Path) -> None:
    items = items_of(tmp_path, ZNC)
    assert told(items) == [
        "08:00:01 member-joined amy Amy",
        "08:00:02 message-posted amy hello",
        "08:00:03 message-posted amy waves",
        "08:00:04 role-granted chanserv bot",
        "08:00:04 role-granted amy admin chanserv",
        "08:00:05 member-removed cy amy spam (again)",
        "08:00:06 member-renamed amy amy_",
        "08:00:07 member-left bo bye",
        "08:00:08 member-left amy Ping timeout",
        "line 9 system",
        "08:00:10 message-posted dee buy tea",
    ]
    assert {item.resolution for item in items if isinstance(item, Fact)} == {"s"}


def test_minutes_are_told_as_such_and_all_facts_name_their_source(tmp_path: Path) -> None:
    facts = [item for item in items_of(tmp_path, UBUNTU, feed="net") if isinstance(item, Fact)]
    assert {(fact.resolution, fact.source, fact.group) for fact in facts} == {("min", "irc:net", "#tea")}
    assert len({fact.id for fact in facts}) == len(facts)


def test_a_message_is_named_by_its_log_and_line(tmp_path: Path) -> None:
    (fact,) = items_of(tmp_path, "[08:00] <amy> hello")
    assert isinstance(fact, MessagePosted)
    assert fact.message == "#tea-2026-11-01.log:1"


def test_identity_does_not_depend_on_compression_or_place(tmp_path: Path) -> None:
    first = items_of(tmp_path / "a", UBUNTU)
    again = items_of(tmp_path / "b", gzip.compress(UBUNTU.encode()), "#tea-2026-11-01.log.gz")
    assert [item for item in first if isinstance(item, Fact)] == [item for item in again if isinstance(item, Fact)]


@pytest.mark.parametrize(("text", "dialect"), [(UBUNTU, "ubuntu"), (IRSSI, "irssi"), (ZNC, "znc")])
def test_the_dialect_is_found_out_and_can_be_forced(tmp_path: Path, text: str, dialect: Dialect) -> None:
    assert detect(text.splitlines()) == dialect
    other: Dialect = "znc" if dialect == "irssi" else "irssi"
    items = items_of(tmp_path, text, dialect=other)
    assert any(isinstance(item, BadLine) for item in items)


def test_a_log_that_only_talks_is_told_by_its_clock() -> None:
    assert [detect([line]) for line in ("[08:00] <a> b", "[08:00:01] <a> b", "08:00 <a> b")] == [
        "ubuntu",
        "znc",
        "irssi",
    ]


def test_garbage_is_a_fault_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    text = "[08:00] <amy> hello\n\nnothing of IRC\n[99:00] <amy> never\n[08:01] < > nobody\n[08:02] <amy> on\r\n"
    assert told(items_of(tmp_path, text)) == [
        "08:00:00 message-posted amy hello",
        "line 3 bad",
        "line 4 bad",
        "line 5 bad",
        "08:02:00 message-posted amy on",
    ]


def test_text_that_is_no_utf8_is_read_in_the_code_page_of_old_clients(tmp_path: Path) -> None:
    text = (
        "[08:00] <amy> caf\u00e9\n".encode("cp1252") + "[08:01] <amy> café 茶 \x81\n".encode() + b"[08:02] <amy> \x81\n"
    )
    assert [item.text for item in items_of(tmp_path, text) if isinstance(item, MessagePosted)] == [
        "café",
        "café 茶 \x81",
        "\ufffd",
    ]


def test_a_nick_that_comes_back_is_the_same_member(tmp_path: Path) -> None:
    text = """\
[08:00] <amy> a
=== amy is now known as amy_
[08:01] <AMY_> b
=== amy_ is now known as Amy
[08:02] <amy> c
[08:03] <amy_> d
"""
    authors = [item.author for item in items_of(tmp_path, text) if isinstance(item, MessagePosted)]
    assert authors == ["amy", "amy", "amy", "amy_"]


def test_a_change_to_the_same_nick_is_nothing(tmp_path: Path) -> None:
    assert told(items_of(tmp_path, "=== amy is now known as amy\n=== amy is now known as Amy\n")) == [
        "line 1 rename", "00:00:00 member-renamed amy Amy",
    ]  # fmt: skip


def test_bots_get_their_role_once_a_log(tmp_path: Path) -> None:
    assert told(items_of(tmp_path, "[08:00] <Hal> a\n[08:00] <HAL> b\n", bots=("hal",))) == [
        "08:00:00 role-granted hal bot", "08:00:00 message-posted hal a", "08:00:00 message-posted hal b",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "author", "text"),
    [
        ("[net] <amy> hi", "amy@net", "hi"),
        ("<amy> hi", "amy@gate", "hi"),
        ("[net] <\x0304a\u200bmy\x0f> \x02hi", "amy@net", "hi"),
        ("no name here", "gate", "no name here"),
    ],
)
def test_bridges_are_unwrapped(tmp_path: Path, said: str, author: str, text: str) -> None:
    (fact,) = items_of(tmp_path, f"[08:00] <+Gate> {said}", bridges="Gate")
    assert isinstance(fact, MessagePosted)
    assert (fact.author, fact.text) == (author, text)


def test_a_log_without_a_date_is_one_fault_unless_one_is_given(tmp_path: Path) -> None:
    text = "[08:00] <amy> a\n[08:01] <amy> b\n"
    assert told(items_of(tmp_path, text, "#tea.log")) == ["line 1 bad"]
    assert len(items_of(tmp_path, text, "#tea.log", date="2026-11-01")) == 2


def test_a_log_that_names_no_channel_is_one_fault_unless_a_group_is_given(tmp_path: Path) -> None:
    text = "[08:00] <amy> a\n"
    assert told(items_of(tmp_path, text, "2026-11-01.log")) == ["line 0 bad"]
    (fact,) = items_of(tmp_path, text, "2026-11-01.log", group="#own")
    assert isinstance(fact, Fact)
    assert fact.group == "#own"


def test_two_logs_of_one_channel_and_name_are_not_mixed_up(tmp_path: Path) -> None:
    for net in ("one", "two"):
        items_of(tmp_path / "logs", "[08:00] <amy> a\n", f"{net}/#tea/2026-11-01.log")
    first, second = Irc(zone="UTC").facts(str(tmp_path / "logs"))
    assert isinstance(first, Fact)
    assert isinstance(second, BadLine)
    assert "feed" in second.reason


def test_logs_are_read_oldest_first(tmp_path: Path) -> None:
    for name in ("a/2026-11-02.log", "b/2026-11-01.log", "c/20261030_2.log", "c/20261030_10.log"):
        items_of(tmp_path / "#tea", f"[08:00] <amy> {name}\n", name)
    texts = [item.text for item in Irc(zone="UTC").facts(str(tmp_path / "#tea")) if isinstance(item, MessagePosted)]
    assert texts == ["c/20261030_2.log", "c/20261030_10.log", "b/2026-11-01.log", "a/2026-11-02.log"]


@pytest.mark.parametrize(
    ("path", "lines", "channel"),
    [
        ("logs/#Tea/2026-11-01.log", [], "#tea"),
        ("logs/net_#c++_20261101.log", [], "#c++"),
        ("2026/11/01/%23tea.txt", [], "#tea"),
        ("##tea.log", [], "##tea"),
        ("logs/2026-11-01.txt", ["x", "=== amy [a@b]  has joined #Tea"], "#tea"),
        ("logs/2026-11-01.txt", ["08:00 -!- mode/#tea [+o a] by b"], "#tea"),
        ("logs/Tea/2026/2026-11-01.txt", ["[08:00] <amy> what about #coffee"], "tea"),
        ("2026/2026-11-01.txt", [], ""),
    ],
)
def test_the_channel_comes_from_path_lines_or_directory(path: str, lines: list[str], channel: str) -> None:
    assert channel_of(tuple(path.split("/")), lines) == channel


def test_the_name_of_a_log_bears_its_date_and_no_more() -> None:
    paths = ("logs/a/2026-11-01.txt.xz", "2026/11/01/#tea.txt", "x/2026-11/01.txt", "x/#tea.log.gz")
    assert [log_name(tuple(path.split("/"))) for path in paths] == [
        "2026-11-01.txt", "2026/11/01/#tea.txt", "2026-11/01.txt", "#tea.log",
    ]  # fmt: skip


def test_nicks_are_folded_as_servers_do() -> None:
    assert fold_nick("Amy[\\]~Ä") == "amy{|}^Ä"


@pytest.mark.parametrize(
    ("modes", "changes"),
    [
        ("+o amy", [(True, "amy")]),
        ("+oo-o amy bo cy", [(True, "amy"), (True, "bo"), (False, "cy")]),
        ("-bo *!*@x amy", [(False, "amy")]),
        ("+lo 5 amy", [(True, "amy")]),
        ("-lo amy", [(False, "amy")]),
        ("+mt", []),
        ("+o", []),
        ("", []),
    ],
)
def test_operators_of_a_change_of_modes(modes: str, changes: list[tuple[bool, str]]) -> None:
    assert list(operators(modes)) == changes


PIECES = """\
=== *** -!- --- [08:00] [08:00:01] 08:00 < > <amy> * amy has joined left #tea [x] ( ) mode/#tea +o by was
kicked is now known as Joins: Quits: Parts: sets mode: Day changed Log opened Mon Nov 02 2026 31 Feb \x00 é 茶
entered the room. left -amy- -amy:#tea- (amy/#tea) 23:59 [00:00] off from
"""
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS, max_size=9).map(" ".join) | st.text(max_size=40))
def test_no_line_is_too_odd_to_be_read_or_refused(line: str) -> None:
    for dialect in ("ubuntu", "irssi", "znc"):
        reader(dialect)(line)


@given(st.lists(st.lists(WORDS, max_size=9).map(" ".join).map(str.encode) | st.binary(max_size=30), max_size=8))
def test_no_log_is_too_odd_to_be_imported(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    text = b"[07:00] <a> b\n" + b"\n".join(lines)
    items = items_of(tmp_path_factory.getbasetemp(), text, "#odd-2026-11-01.log")
    facts = [item for item in items if isinstance(item, Fact)]
    assert len({fact.id for fact in facts}) == len(facts)
