from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cli.running import Cli


def test_a_clean_log_is_told_with_its_counts_and_heads(cli: Cli, judged: Path) -> None:
    done = cli("verify", judged)
    assert done.code == 0
    report = done.records[0]
    assert report["clean"] is True
    assert (report["facts"], report["judged"], report["verdicts"]) == (12, 11, 16)
    assert report["divergence"] is None
    assert set(report["heads"]) == {"org", "group/g1", "group/g2"}
    assert cli("verify", judged, "-f", "table").out.startswith("clean: 28 events, 12 facts (11 judged), 16 verdicts")
    assert cli("verify", judged, "-f", "csv").out.splitlines()[1] == "true,28,12,11,16,0,0,0,0,0,"


def test_a_changed_byte_is_the_first_divergence(cli: Cli, judged: Path) -> None:
    with sqlite3.connect(judged) as db:
        db.execute("UPDATE events SET data = replace(data, '\"bo\"', '\"by\"') WHERE type = 'role-granted'")
    db.close()
    done = cli("verify", judged)
    assert done.code == 1
    found = done.records[0]["divergence"]
    assert found["position"] == 4
    assert "role-granted was changed" in found["problem"]
    assert "event 4 (group/g1 version 3)" in cli("verify", judged, "-f", "table").out


@pytest.mark.parametrize("position", [2, 13, 28])
def test_a_line_that_was_broken_is_a_divergence_too(cli: Cli, judged: Path, tmp_path: Path, position: int) -> None:
    log = tmp_path / "log.jsonl"
    printed = cli("log", "cat", judged).out.splitlines(keepends=True)
    printed[position - 1] = printed[position - 1][:50] + "\n"
    log.write_text("".join(printed), encoding="utf-8")
    done = cli("verify", log)
    assert (done.code, done.records[0]["clean"]) == (1, False)


def test_a_log_that_was_never_judged_is_clean_and_says_so(cli: Cli, archive: Path) -> None:
    report = cli("verify", archive).records[0]
    assert (report["clean"], report["judged"], report["verdicts"]) == (True, 0, 0)


def test_what_is_no_log_is_told_in_one_line(cli: Cli, tmp_path: Path, story: Path, rules: Path) -> None:
    (tmp_path / "picture.db").write_bytes(b"\x89PNG\r\n\x1a\n" * 99)
    (tmp_path / "numbers.jsonl").write_text(json.dumps([1]) + "\n", encoding="utf-8")
    said = {name: cli("verify", tmp_path / name) for name in ("picture.db", "numbers.jsonl", "none.db", "rules.toml")}
    for name, done in said.items():
        assert (done.code, done.out) == (2, ""), name
        assert done.err.startswith("groupcore: ")
        assert len(done.err.splitlines()) == 1, done.err
    assert "import it first" in cli("verify", story).err
    assert cli("verify", tmp_path).code == 2
    assert "memory" in cli("verify", "memory:").err
    assert "did you mean 'sqlite'" in cli("verify", "sqlit:///x").err


def test_a_log_of_no_events_is_told_to_be_one(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    done = cli("verify", tmp_path / "empty.jsonl")
    assert (done.code, done.records[0]["events"]) == (0, 0)
    assert "empty.jsonl holds 0 events: there was nothing to verify" in done.err


def test_keys_that_nobody_reads_are_told_once_and_counted(cli: Cli, judged: Path, tmp_path: Path) -> None:
    log = tmp_path / "odd.jsonl"
    lines = cli("log", "cat", judged).out.splitlines(keepends=True)
    log.write_text("".join(f'{{"extra": 1, {line[1:]}' for line in lines), encoding="utf-8")
    said = f"groupcore: {log}: {len(lines)} lines with a key 'extra', which this version does not read\n"
    for command in (["verify", log], ["log", "info", log], ["log", "copy", log, tmp_path / "copy.jsonl"]):
        done = cli(*command)
        assert (done.code, done.err) == (0, said)
    assert cli("verify", tmp_path / "copy.jsonl").err == ""


def test_many_keys_that_nobody_reads_are_summed_up(cli: Cli, judged: Path, tmp_path: Path) -> None:
    log = tmp_path / "odd.jsonl"
    line, *rest = cli("log", "cat", judged).out.splitlines(keepends=True)
    extra = "".join(f'"extra{number}": 1, ' for number in range(22))
    log.write_text("".join(["{" + extra + line[1:], *rest]), encoding="utf-8")
    done = cli("verify", log)
    assert done.err.count("1 line with a key") == 20
    assert done.err.endswith("... and 2 more such keys\n")
