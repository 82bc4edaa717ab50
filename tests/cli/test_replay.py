from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

from cli.running import Cli
from groupcore.stores import open_store

TYPES = [
    "finding-recorded", "strike-recorded", "member-warned", "message-deleted",  # m2
    "finding-recorded",  # m3, of an admin
    "finding-recorded", "finding-recorded", "strike-recorded", "member-muted", "message-deleted",  # m1, edited
    "finding-recorded", "message-deleted",  # m4, muted
    "finding-recorded", "strike-recorded", "member-warned", "message-deleted",  # a flood
]  # fmt: skip


def test_verdicts_are_printed_in_log_order_with_their_keys_in_order(cli: Cli, archive: Path, rules: Path) -> None:
    done = cli("replay", archive, "--rules", rules)
    assert done.code == 0
    assert [record["type"] for record in done.records] == TYPES
    assert all(list(record) == ["type", "at", "group", "cause", "data"] for record in done.records)
    assert done.err == ""


def test_replaying_twice_gives_the_same_bytes_and_leaves_the_log_alone(cli: Cli, archive: Path, rules: Path) -> None:
    before = archive.read_bytes()
    assert cli("replay", archive, "-r", rules) == cli("replay", archive, "-r", rules)
    assert archive.read_bytes() == before


def test_without_rules_the_log_s_own_judge_else_the_shipped_ones(cli: Cli, archive: Path, judged: Path) -> None:
    own = cli("replay", judged)
    assert [record["type"] for record in own.records] == TYPES
    assert "adopted" in own.err
    shipped = cli("replay", archive)
    assert shipped.code == 0
    assert "shipped" in shipped.err


def test_into_writes_a_new_log_that_verifies_and_prints_a_summary(
    cli: Cli, archive: Path, rules: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    done = cli("replay", archive, "-r", rules, "--into", out)
    counts = {(record["what"], record["name"]): record["count"] for record in done.records}
    assert counts["facts", ""] == 11
    assert counts["messages", ""] == 8
    assert counts["verdict", "finding-recorded"] == 6
    assert counts["policy", "keyword"] == 4
    assert counts["rule", "flood"] == 1
    rates = {record["name"]: record["per_100k_messages"] for record in done.records}
    assert rates["finding-recorded"] == 75_000.0
    assert cli("verify", out).code == 0


def test_into_prints_the_verdicts_where_a_format_is_named(cli: Cli, archive: Path, rules: Path, tmp_path: Path) -> None:
    done = cli("replay", archive, "-r", rules, "--into", tmp_path / "out.db", "--format", "jsonl")
    assert [record["type"] for record in done.records] == TYPES


def test_every_store_gives_the_same_verdicts(cli: Cli, archive: Path, rules: Path, tmp_path: Path) -> None:
    for name in ("copy.jsonl", "copy.db"):
        cli("replay", archive, "-r", rules, "--into", tmp_path / name)
    printed = [cli("replay", log, "-r", rules).out for log in (archive, tmp_path / "copy.jsonl", tmp_path / "copy.db")]
    assert printed[0] == printed[1] == printed[2]


def test_into_the_log_itself_or_one_that_holds_something_is_refused(
    cli: Cli, archive: Path, judged: Path, rules: Path
) -> None:
    before = judged.read_bytes()
    for target in (archive, f"sqlite:///{archive}", judged, "-"):
        done = cli("replay", archive, "-r", rules, "--into", target)
        assert (done.code, done.out) == (2, ""), target
        assert len(done.err.splitlines()) == 1
    assert judged.read_bytes() == before


def test_csv_has_the_data_of_any_type_in_columns_of_its_own(cli: Cli, archive: Path, rules: Path) -> None:
    done = cli("replay", archive, "-r", rules, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["type"] for row in rows] == TYPES
    assert json.loads(rows[0]["data.spans"]) == [[3, 6]]
    assert rows[0]["data.exempt"] == "false"
    assert rows[1]["data.member"] == "amy"
    assert rows[1]["data.spans"] == ""
    assert rows[0]["cause"] == rows[1]["cause"] != ""


def test_a_table_says_what_was_decided_and_why(cli: Cli, archive: Path, rules: Path) -> None:
    done = cli("replay", archive, "-r", rules, "-f", "table")
    assert "ads (keyword, normal) objects to amy: words 加微信: 有事请⟦加微信⟧ abc" in done.out
    assert "amy is muted until 2026-11-02T08:06:00Z" in done.out


def test_stats_tell_speed_and_memory(cli: Cli, archive: Path, rules: Path) -> None:
    done = cli("replay", archive, "-r", rules, "--summary", "--stats")
    assert "11 facts in" in done.err
    assert "MiB" in done.err


def test_a_log_without_facts_replays_to_nothing(cli: Cli, tmp_path: Path, rules: Path) -> None:
    open_store(tmp_path / "empty.db").close()
    assert cli("replay", tmp_path / "empty.db", "-r", rules).out == ""
    assert cli("replay", tmp_path / "empty.db", "-r", rules, "--summary", "--stats").code == 0


def test_a_new_log_that_was_not_finished_is_told(cli: Cli, judged: Path, rules: Path, tmp_path: Path) -> None:
    with sqlite3.connect(judged) as db:
        db.execute("UPDATE events SET data = '{' WHERE type = 'member-joined'")
    db.close()
    out = tmp_path / "out.db"
    done = cli("replay", judged, "-r", rules, "--into", out)
    assert done.code == 2
    assert f"{out} is not complete: remove it before you run this again" in done.err
    assert "is not complete" not in cli("replay", judged, "-r", rules).err
