"""On a terminal: tables, and progress that leaves no trace in what is printed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import Cli, process

LATELY = 1_793_520_180_000_000

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")


def on_terminal(*args: object, columns: int = 80) -> str:
    """What a command shows on a terminal, both of its streams."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (40, columns))
    command = [sys.executable, "-m", "groupcore.cli", *map(str, args)]
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower)
    os.close(follower)
    shown = b""
    try:
        while chunk := os.read(leader, 65536):
            shown += chunk
    except OSError:
        pass  # the end of a terminal
    os.close(leader)
    running.wait(timeout=60)
    return shown.decode().replace("\r\n", "\n")


def test_tables_are_the_default_there(judged: Path) -> None:
    assert on_terminal("verify", judged).startswith("clean: 28 events")
    assert "amy posts m2" in on_terminal("log", "cat", judged)
    assert "live strike number 2" in on_terminal("explain", judged, "m1", "-g", "g1")
    assert on_terminal("log", "cat", judged, "-f", "jsonl").startswith('{"at":')


def test_progress_is_shown_there_and_only_there(cli: Cli, tmp_path: Path) -> None:
    log, source = tmp_path / "a.db", tmp_path / "facts.jsonl"
    line = '{"type":"message-posted","at":%d,"group":"g1","data":{"message":"m%d","author":"amy","text":"hello"}}\n'
    source.write_text("".join(line % (LATELY + number, number) for number in range(20_000)), encoding="utf-8")
    shown = on_terminal("import", "facts", source, log)
    assert " a second" in shown
    assert shown.rpartition("\r")[2] == "20,000 facts: 20,000 added\n"
    assert "a second" not in cli("import", "facts", source, log).err


def test_a_new_log_is_written_to_its_end_though_nobody_reads_along(
    cli: Cli, archive: Path, rules: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.db"
    command = f"{sys.executable} -m groupcore.cli replay {archive} -r {rules} --into {out} -f jsonl | true"
    assert subprocess.run(["sh", "-c", command], capture_output=True, timeout=60).stderr == b""
    assert cli("verify", out).records[0]["facts"] == 12


def test_an_interrupted_replay_says_that_the_new_log_is_not_complete(cli: Cli, rules: Path, tmp_path: Path) -> None:
    log, out, facts = tmp_path / "a.jsonl", tmp_path / "out.db", tmp_path / "facts.jsonl"
    line = '{"type":"message-posted","at":%d,"group":"g1","data":{"message":"m%d","author":"amy","text":"代购"}}\n'
    facts.write_text("".join(line % (LATELY + number, number) for number in range(30_000)), encoding="utf-8")
    cli("import", "facts", facts, log)
    with process("replay", log, "-r", rules, "--into", out, "-f", "jsonl") as running:
        assert running.stdout is not None
        running.stdout.readline()  # it prints, so it is under way, and it waits for us to read
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.decode() == f"groupcore: interrupted; {out} is not complete: remove it before you run this again\n"
    assert cli("replay", log, "-r", rules, "--into", out).code == 2


def test_ids_stay_whole_in_a_narrow_terminal(cli: Cli, judged: Path, tmp_path: Path) -> None:
    assert cli("project", "run", judged, tmp_path / "views.db").code == 0
    ids = {case["id"] for case in cli("project", "query", tmp_path / "views.db", "cases").records}
    shown = on_terminal("project", "query", tmp_path / "views.db", "cases", columns=40)
    assert ids
    assert ids <= set(shown.split())
