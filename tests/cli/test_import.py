from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from cli.running import STORY, Cli, fact, lines, process
from groupcore.stores import open_store


def test_importing_twice_adds_nothing(cli: Cli, story: Path, tmp_path: Path) -> None:
    log = tmp_path / "a.db"
    first = cli("import", "facts", story, log)
    assert (first.code, first.out) == (0, "")
    assert first.err == "11 facts: 11 added\n"
    assert cli("import", "facts", story, log).err == "11 facts: 0 added, 11 known before\n"
    with open_store(log) as store:
        assert store.position == 11


def test_standard_input_is_a_source(cli: Cli, tmp_path: Path) -> None:
    done = cli("import", "facts", "-", tmp_path / "a.jsonl", stdin=lines(*STORY))
    assert (done.code, done.err) == (0, "11 facts: 11 added\n")


BAD = (
    b'{"type": "message-posted", "at": "2026-11-01T08:03:00", "group": "g", "data": {"message": "m", "author": "a"}}\n'
    b'{"type": "message-postd", "at": 1, "group": "g1", "data": {}}\n'
    b"\n"
    b'{"type": "message-posted", "at": 1, "group": "g1", "data": {"author": "a"}}\n'
    b'{"type": "message-posted", "at": 1, "gro'
)


def test_lines_that_cannot_be_taken_are_told_with_file_number_and_reason(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_bytes(lines(*STORY[:2]) + BAD)
    done = cli("import", "facts", source, tmp_path / "a.db")
    assert done.code == 1
    said = done.err.splitlines()
    assert said[0].startswith("bad.jsonl:3: ")
    assert "naive" in said[0]
    assert "did you mean 'message-posted'?" in said[1]
    assert said[2].startswith("bad.jsonl:6: ")
    assert "message" in said[2]
    assert "invalid JSON" in said[3]
    assert said[4:] == ["2 facts: 2 added", "4 lines could not be taken"]


def test_strict_stops_at_the_first(cli: Cli, tmp_path: Path) -> None:
    done = cli("import", "facts", "-", tmp_path / "a.db", "--strict", stdin=lines(STORY[0]) + BAD)
    assert done.code == 1
    assert done.err.splitlines()[1:] == ["1 fact: 1 added", "1 line could not be taken; stopped there"]


def test_twenty_faults_are_told_and_a_file_keeps_them_all(cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path / "faults.txt"
    done = cli("import", "facts", "-", tmp_path / "a.db", "--faults", kept, stdin=b"nonsense\n" * 33)
    assert done.code == 1
    assert done.err.count("invalid JSON") == 20
    assert "... and 13 more faults\n" in done.err
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 33
    assert "--faults FILE" in cli("import", "facts", "-", tmp_path / "b.db", stdin=b"no\n" * 33).err


def test_another_content_under_the_same_id_is_a_conflict(cli: Cli, archive: Path) -> None:
    other = fact("message-posted", "08:04:00", message="m2", author="amy", text="something else")
    done = cli("import", "facts", "-", archive, stdin=lines(other))
    assert (done.code, done.err) == (0, "1 fact: 0 added, 1 in conflict with what is there\n")
    assert cli("log", "cat", archive, "--type", "import-conflict").records[0]["data"]["fields"] == ["text"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["fact", "x"], "unknown format 'fact' (did you mean 'facts'?)"),
        (["facts", "x"], "no such file"),
        (["facts", "-", "--zone", "UTC"], "the format facts has no option --zone (it has --source)"),
        (["irc", "."], "zone"),
        (["irc", ".", "--zone", "Europa/Berlin"], "Europa/Berlin"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_no_log(cli: Cli, tmp_path: Path, args: list[str], said: str) -> None:
    log = tmp_path / "a.db"
    done = cli("import", args[0], args[1], log, *args[2:])
    assert done.code == 2
    assert said in done.err
    assert not log.exists()


def test_irc_logs_have_their_options(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "2004-11-15.txt"
    source.write_text("[09:15] <amy> hello\n[09:16] <bot> hi\n", encoding="utf-8")
    done = cli(
        "import", "irc", source, tmp_path / "a.db",
        "--zone", "UTC", "--group", "#ubuntu", "--bots", "bot", "--feed", "free", "--dialect", "ubuntu",
    )  # fmt: skip
    assert done.code == 0
    said = cli("log", "cat", tmp_path / "a.db", "--facts").records
    assert {record["group"] for record in said} == {"#ubuntu"}
    assert {record["resolution"] for record in said} == {"min"}


def test_a_log_cannot_be_made_where_there_is_no_directory(cli: Cli, story: Path, tmp_path: Path) -> None:
    done = cli("import", "facts", story, tmp_path / "none" / "a.db")
    assert done.code == 2
    assert "no directory" in done.err
    assert cli("import", "facts", story, "-").err.startswith("groupcore: '-' is no log")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_directory_is_told(cli: Cli, story: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = cli("import", "facts", story, closed / "a.db")
    assert done.code == 2
    assert "permission" in done.err


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a directory where even root may not write")
@pytest.mark.parametrize("name", ["a.db", "a.jsonl"])
def test_a_place_where_nobody_can_write_is_told_in_one_line(cli: Cli, story: Path, name: str) -> None:
    done = cli("import", "facts", story, f"/sys/kernel/{name}")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1


def message(number: int) -> dict[str, object]:
    return {
        "type": "message-posted",
        "at": 1_793_520_000_000_000 + number,
        "group": "g1",
        "data": {"message": f"m{number}", "author": "amy", "text": "hello"},
    }


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
@pytest.mark.parametrize("name", ["a.db", "a.jsonl"])
def test_after_an_interrupt_what_was_acknowledged_stays_and_another_run_completes_it(
    cli: Cli, tmp_path: Path, name: str
) -> None:
    log, given = tmp_path / name, lines(*map(message, range(4_500)))
    with process("import", "facts", "-", log) as running:
        assert running.stdin is not None
        running.stdin.write(given[: len(given) * 4 // 5])
        running.stdin.flush()
        _wait_for(log, 3_000)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.decode().startswith("groupcore: interrupted: 3,000 facts were taken")
    assert b"run it again" in said
    assert cli("import", "facts", "-", log, stdin=given).err == "4,500 facts: 1,500 added, 3,000 known before\n"
    assert cli("verify", log).code == 0


def _wait_for(log: Path, position: int) -> None:
    for _ in range(600):
        if log.exists() and log.stat().st_size:
            with open_store(log, read_only=True) as store:
                if store.position >= position:
                    time.sleep(0.2)
                    return
        time.sleep(0.05)
    raise AssertionError(f"{log} never held {position} events")


def test_what_nobody_reads_is_told_once_and_counted(cli: Cli, tmp_path: Path) -> None:
    odd = [{**fact("member-left", f"08:00:0{number}", member="amy"), "resoluton": "s"} for number in range(3)]
    part = {"kind": "lnik", "url": "https://x.example"}
    odd.append(fact("message-posted", "08:01:00", message="m", author="a", text="", parts=[part]))
    done = cli("import", "facts", "-", tmp_path / "a.db", stdin=lines(*odd))
    assert done.code == 0
    key = "no line has a key 'resoluton', so it was passed over (did you mean 'resolution'?)"
    kind = "no part has the kind 'lnik', so it was kept as 'unknown' (did you mean 'link'?)"
    assert done.err.splitlines() == [
        "4 facts: 4 added",
        f"warning: stdin:1: {key}, on 3 lines in all",
        f"warning: stdin:4: {kind}",
    ]


def test_twenty_remarks_are_told(cli: Cli, tmp_path: Path) -> None:
    odd = {**fact("member-left", "08:00:00", member="amy"), **{f"k{number}": 1 for number in range(23)}}
    done = cli("import", "facts", "-", tmp_path / "a.db", stdin=lines(odd))
    assert done.err.count("warning: ") == 20
    assert done.err.endswith("... and 3 more warnings\n")
