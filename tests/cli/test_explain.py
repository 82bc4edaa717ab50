from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.running import Cli, fact, lines


def test_a_message_is_told_with_spans_rule_strikes_and_rung(cli: Cli, judged: Path) -> None:
    said = cli("explain", judged, "m1", "--group", "g1", "-f", "text").out
    for words in (
        "no rule objected to it",
        "amy edits m1: 大家好 代购 bit.ly/x",
        "大家好 ⟦代购⟧ bit.ly/x",
        "大家好 代购 ⟦bit.ly/x⟧",
        "judged by the rulebook community",
        "1 live strike (ads of 2026-11-01T08:04:00Z",
        "live strike number 2, for ads",
        "rung 2 of 3: mute 1d, the message deleted",
        "amy is muted until 2026-11-02T08:06:00Z",
    ):
        assert words in said, said


def test_json_has_the_same_content(cli: Cli, judged: Path) -> None:
    explained = cli("explain", judged, "m2", "--group", "g1").records[0]
    assert explained["subject"] == {"kind": "message", "id": "m2", "group": "g1"}
    decision = explained["decisions"][0]
    assert decision["findings"][0]["quotes"] == ["加微信"]
    assert decision["ladder"] == {
        "rung": 1, "of": 3, "severe": False, "does": {"sanction": "warn", "delete": True},
    }  # fmt: skip
    assert decision["rulebook"]["name"] == "community"
    assert (
        cli("explain", judged, "m2", "-g", "g1", "-f", "json").out
        == json.dumps(explained, ensure_ascii=False, separators=(",", ":")) + "\n"
    )


def test_an_id_of_several_groups_asks_for_one(cli: Cli, judged: Path) -> None:
    done = cli("explain", judged, "m1")
    assert (done.code, done.out) == (2, "")
    assert done.err == "groupcore: m1 is a message in 2 groups (g1, g2); name one of them with --group\n"


@pytest.mark.parametrize("id", ["m99", "", "#0", "#99", "²", "x" * 64 + "/member-muted"])
def test_an_id_that_stands_for_nothing_is_told(cli: Cli, judged: Path, id: str) -> None:
    done = cli("explain", judged, id)
    assert done.code == 2
    assert "is the id of no event, message or member of this log" in done.err


def test_a_verdict_a_fact_and_a_position_lead_to_the_same_decision(cli: Cli, judged: Path) -> None:
    muted = cli("log", "cat", judged, "--type", "member-muted").records[0]
    told = [
        cli("explain", judged, id, "-f", "text").out
        for id in (muted["id"], muted["cause"], f"#{muted['position']}", str(muted["position"]))
    ]
    assert len(set(told)) == 1
    assert "rung 2 of 3" in told[0]


def test_a_text_cannot_steer_the_terminal(cli: Cli, tmp_path: Path, rules: Path) -> None:
    log, judged = tmp_path / "a.db", tmp_path / "b.db"
    line = {
        "type": "message-posted", "at": 1, "group": "g\x1b[1m",
        "data": {"message": "m\n1", "author": "a\u202e", "text": "\x1b]0;title\x07 代购"},
    }  # fmt: skip
    cli("import", "facts", "-", log, stdin=json.dumps(line).encode())
    cli("replay", log, "-r", rules, "--into", judged)
    for args in (("explain", judged, "#2", "-f", "text"), ("log", "cat", judged, "-f", "table")):
        said = cli(*args).out
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", said)
        assert "\\x1b" in said


def test_a_tree_goes_from_the_sanction_down_to_what_it_stands_on(cli: Cli, judged: Path) -> None:
    lines = cli("explain", judged, "m1", "--group", "g1", "-f", "tree").out.splitlines()
    assert lines[0] == "message m1 in g1"
    told = [line.strip(" │├└─") for line in lines]
    for words in ("amy is muted until 2026-11-02T08:06:00Z", "because", "rung 2 of 3: mute 1d, the message deleted"):
        assert words in told, told
    assert any(line.startswith("had the strike") and line.endswith(": a warning") for line in told), told
    assert told.index("because") < told.index("would have been otherwise")
    assert max(map(len, lines)) > 80, "into a pipe no line is cut"


@pytest.mark.parametrize("others", [0, 128, 256])
def test_messages_that_a_window_counted_are_told_whatever_their_facts_are_called(
    cli: Cli, rules: Path, tmp_path: Path, others: int
) -> None:
    def said(message: str, author: str) -> dict[str, object]:
        return {
            **fact("message-posted", "08:00:00", message=message, author=author, text=message),
            "id": f"own-{message}",
        }

    between = [said(f"x{n}", f"other{n}") for n in range(others)]
    facts = [said("m0", "cy"), *between, said("m1", "cy"), *[said(f"y{n}", f"else{n}") for n in range(others)]]
    stdin = lines(*facts, said("m2", "cy"))
    assert cli("import", "facts", "-", tmp_path / "a.db", stdin=stdin).code == 0
    assert cli("replay", tmp_path / "a.db", "-r", rules, "--into", tmp_path / "b.db").code == 0
    told = cli("explain", tmp_path / "b.db", "own-m2", "-f", "text").out
    assert [line.split()[1] for line in told.splitlines() if line.strip().startswith("counted ")] == ["m0", "m1", "m2"]
