"""Copies, checkpoints, keys, and logs of newer versions, as somebody at a shell meets them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import Cli, process
from groupcore.errors import NewerLog
from groupcore.events import Row
from groupcore.stores import open_store
from groupcore.wire import dumps
from replay.forging import first, resealed

pty = pytest.importorskip("pty")


@pytest.fixture
def keys(tmp_path: Path, cli: Cli) -> tuple[Path, Path]:
    private, public = tmp_path / "key.pem", tmp_path / "key.pub"
    done = cli("log", "keygen", private)
    assert done.code == 0, done.err
    assert f"{private} signs; {public} checks" in done.out
    return private, public


@pytest.fixture
def monday(tmp_path: Path, cli: Cli, judged: Path, keys: tuple[Path, Path]) -> Path:
    path = tmp_path / "monday.json"
    done = cli("log", "checkpoint", judged, "--key", keys[0], "--out", path)
    assert done.code == 0, done.err
    return path


def forge(log: Path, sql: str) -> None:
    with sqlite3.connect(log) as db:
        db.execute(sql)
    db.close()


# --- checkpoints --------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_printed_or_written_and_its_line_published(
    cli: Cli, judged: Path, monday: Path, keys: tuple[Path, Path]
) -> None:
    printed = json.loads(cli("log", "checkpoint", judged).out)
    assert printed["checkpoint"]["position"] == 28
    assert "signature" not in printed
    line = cli("log", "anchor", monday, "--public-key", keys[1]).out
    assert line.startswith("sha256:")
    assert " event 28 20" in line
    assert json.loads(monday.read_bytes())["checkpoint"]["heads"] == printed["checkpoint"]["heads"]


def test_verify_holds_a_log_against_a_checkpoint(cli: Cli, judged: Path, monday: Path, keys: tuple[Path, Path]) -> None:
    done = cli("verify", judged, "--against", monday, "--public-key", keys[1], "-f", "table")
    assert (done.code, done.err) == (0, "")
    clean, holds = done.out.splitlines()
    assert clean.startswith("clean: 28 events, 12 facts (11 judged), 16 verdicts follow")
    assert holds.startswith("holds the checkpoint sha256:")
    assert holds.endswith(", which is signed with that key")
    record = cli("verify", judged, "--against", monday, "--public-key", keys[1]).records[0]
    assert [(each["position"], each["proof"]) for each in record["checkpoints"]] == [(28, "signature")]
    digest = cli("log", "anchor", monday).out.split()[0]
    assert (
        cli("verify", judged, "--against", monday, "--digest", digest).records[0]["checkpoints"][0]["proof"] == "digest"
    )


def test_verify_goes_on_from_a_checkpoint_and_says_what_it_did_not_look_at(
    cli: Cli, judged: Path, monday: Path
) -> None:
    done = cli("verify", judged, "--from", monday, "-f", "table")
    assert done.code == 0
    assert "28 events (28 trusted)" in done.out
    assert "their digests were not worked out, and their verdicts not decided again" in done.out
    assert "which nothing proves but where it was kept" in done.out
    assert "is taken as it is (--public-key names who signed it" in done.err
    assert cli("verify", judged, "--from", monday).records[0]["trusted"] == 28


@pytest.mark.parametrize("how", ["--from", "--against"])
def test_an_end_that_was_cut_off_is_a_divergence(cli: Cli, judged: Path, monday: Path, how: str) -> None:
    with open_store(judged, read_only=True) as log:
        end = max(row.position for row in log.read() if row.cause is None) - 1
    forge(judged, f"DELETE FROM events WHERE position > {end}")
    forge(judged, "UPDATE heads SET version = (SELECT max(version) FROM events WHERE stream = heads.stream)")
    forge(judged, "DELETE FROM heads WHERE version IS NULL")
    done = cli("verify", judged, how, monday, "-f", "table")
    assert done.code == 1
    told = f"the log ends at event {end}, and the checkpoint was taken at event 28: events were cut off its end"
    assert f"diverges at event {end + 1} (group/g2 version " in done.out
    assert told in done.out


def test_another_log_is_a_divergence_at_its_first_event(cli: Cli, archive: Path, monday: Path) -> None:
    done = cli("verify", archive, "--against", monday, "-f", "table")
    assert done.code == 1
    assert done.out.startswith("diverges at event 1: the log begins with the digest")


def test_the_next_checkpoint_goes_on_from_the_last(
    cli: Cli, judged: Path, monday: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    tuesday = tmp_path / "tuesday.json"
    assert cli("log", "checkpoint", judged, "--from", monday, "--key", keys[0], "--out", tuesday).code == 0
    assert cli("verify", judged, "--against", monday, "--against", tuesday, "--public-key", keys[1]).code == 0
    other = tmp_path / "other.pem"
    cli("log", "keygen", other)
    wrong = cli("log", "checkpoint", judged, "--from", monday, "--key", other)
    assert (wrong.code, "is signed with the key" in wrong.err) == (2, True)
    new_key = cli("log", "checkpoint", judged, "--from", monday, "--key", other, "--public-key", keys[1])
    assert new_key.code == 0, "who changes keys names the old one"


def test_a_checkpoint_of_what_was_changed_is_not_made(cli: Cli, judged: Path, tmp_path: Path) -> None:
    forge(judged, "UPDATE events SET at = 5 WHERE position = 9")
    done = cli("log", "checkpoint", judged, "--out", tmp_path / "x.json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("groupcore: event 9: ")
    assert not list(tmp_path.glob("x.json*"))


def test_what_cannot_be_trusted_is_told_in_one_line(
    cli: Cli, judged: Path, monday: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    changed, unsigned, other = tmp_path / "changed.json", tmp_path / "unsigned.json", tmp_path / "other.pem"
    changed.write_bytes(monday.read_bytes().replace(b'"at":1', b'"at":2'))
    unsigned.write_text(cli("log", "checkpoint", judged).out)
    cli("log", "keygen", other)
    (tmp_path / "words.txt").write_text("hello")
    for arguments, words in [
        (["--against", changed, "--public-key", keys[1]], "changed.json was changed after it was signed"),
        (["--against", unsigned, "--public-key", keys[1]], "unsigned.json is not signed"),
        (["--against", monday, "--public-key", tmp_path / "other.pub"], "monday.json is signed with the key"),
        (["--against", monday, "--public-key", keys[0]], "key.pem: it is a private key"),
        (["--against", monday, "--public-key", monday], "monday.json: it holds no public key in PEM"),
        (
            ["--against", monday, "--digest", f"sha256:{'ab' * 32}"],
            f"and not sha256:{'ab' * 32}: it is another, or was",
        ),
        (["--against", monday, "--digest", "sha256:ab"], "write sha256: and 64 hexadecimal digits"),
        (["--from", tmp_path / "words.txt"], "words.txt is no checkpoint of a log: invalid JSON"),
        (["--from", judged], "judged.db is no checkpoint of a log"),
        (["--from", tmp_path / "none.json"], "none.json: no such file"),
        (["--digest", "sha256:ab"], "--digest is that of one checkpoint"),
        (["--public-key", keys[1]], "--public-key checks a checkpoint"),
    ]:
        done = cli("verify", judged, *arguments)
        assert (done.code, done.out) == (2, ""), arguments
        assert words in done.err
        assert len(done.err.splitlines()) == 1


def test_keys_and_checkpoints_are_never_written_over(
    cli: Cli, judged: Path, monday: Path, keys: tuple[Path, Path]
) -> None:
    before = [path.read_bytes() for path in (*keys, monday)]
    assert stat.S_IMODE(keys[0].stat().st_mode) == 0o600
    assert "is there already" in cli("log", "keygen", keys[0]).err
    assert "is there already; checkpoints are kept" in cli("log", "checkpoint", judged, "--out", monday).err
    assert "name another with --public" in cli("log", "keygen", keys[0].with_name("x.pub")).err
    assert [path.read_bytes() for path in (*keys, monday)] == before


def test_without_cryptography_the_extra_is_named(judged: Path, monday: Path, tmp_path: Path) -> None:
    code = "import sys; sys.modules['cryptography'] = None; from groupcore.cli import main; main()"
    for arguments in (
        ["log", "keygen", tmp_path / "k.pem"],
        ["verify", judged, "--from", monday, "--public-key", monday],
    ):
        done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "pip install 'groupcore[crypto]'" in done.stderr
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", judged, "--from", monday], capture_output=True, text=True
    )
    assert done.returncode == 0


# --- copies -------------------------------------------------------------------------------------------------------


def test_a_log_is_copied_to_any_store_and_back(cli: Cli, judged: Path, tmp_path: Path) -> None:
    lines, back = tmp_path / "copy.jsonl", tmp_path / "back.db"
    assert cli("log", "copy", judged, lines).records == [{"events": 28, "added": 28, "erased": 0, "ahead": 0}]
    assert cli("log", "copy", lines, back, "-f", "table").out == "the same log: 28 events, 28 of them copied now\n"
    assert cli("log", "cat", back).out == cli("log", "cat", judged).out
    assert cli("log", "copy", judged, lines).records[0]["added"] == 0


def test_a_copy_into_something_else_is_refused_and_nothing_touched(
    cli: Cli, judged: Path, archive: Path, tmp_path: Path, story: Path
) -> None:
    before = cli("log", "cat", archive).out
    done = cli("log", "copy", judged, archive)
    assert done.code == 2
    assert "event 1 (group/g1 version 1) of the target is another than that of the source" in done.err
    assert cli("log", "cat", archive).out == before
    facts = story.read_bytes()
    assert "is a file of facts" in cli("log", "copy", judged, story).err
    assert story.read_bytes() == facts
    assert "no such log" in cli("log", "copy", tmp_path / "none.db", tmp_path / "out.db").err
    assert not (tmp_path / "out.db").exists(), "nothing is made where there is nothing to copy"
    assert "gone as soon as it is made" in cli("log", "copy", judged, "memory:").err
    assert "'-' is no log" in cli("log", "copy", judged, "-").err


def test_a_copy_of_a_changed_log_stops_at_the_change(cli: Cli, judged: Path, tmp_path: Path) -> None:
    forge(judged, "UPDATE events SET recorded_at = 5 WHERE position = 9")
    done = cli("log", "copy", judged, tmp_path / "copy.jsonl")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("groupcore: event 9: ")


def many(log: Path, count: int) -> Path:
    row = Row(0, "group/g", 0, "", "x", 1, 5, "g", None, "us", "", None, None, None, 5, b"{}", None, None, None, "")
    with open_store(f"{log}?fsync=relaxed") as store:
        store.append([row._replace(id=str(number)) for number in range(count)])
    return log


def test_a_bar_is_shown_on_a_terminal(tmp_path: Path) -> None:
    log = many(tmp_path / "many.db", 40_000)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "groupcore.cli", "log", "copy", str(log), str(tmp_path / "copy.db")]
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
    assert b"\r[#" in shown
    assert b"% " not in shown
    assert b" a second" in shown
    assert shown.replace(b"\r\n", b"\n").rpartition(b"\r")[2].startswith(b"the same log: 40,000 events")


def test_a_copy_stopped_with_ctrl_c_is_completed_by_the_next(cli: Cli, tmp_path: Path) -> None:
    log, target = many(tmp_path / "many.db", 60_000), tmp_path / "copy.jsonl"
    running = process("log", "copy", log, target)
    while not target.exists() or target.stat().st_size < 1 << 21:  # some batches
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert b"60,000 events are in" in err
    assert b"run it again to complete it" in err
    done = cli("log", "copy", log, target)
    assert done.records[0]["events"] == 60_000
    assert 0 < done.records[0]["added"] < 60_000


# --- logs of newer versions ---------------------------------------------------------------------------------------


@pytest.fixture
def newer(tmp_path: Path, judged: Path) -> Path:
    """The story, with an event of a type and one of a schema that only a newer version knows."""
    with open_store(judged, read_only=True) as log:
        rows = list(log.read())
    posted = rows[first(rows, "message-posted")]
    cast = posted._replace(
        type="vote-cast", id="v" * 32, data=dumps({"votes": 5}), private=None, salt=None, private_digest=None
    )
    path = tmp_path / "newer.db"
    with open_store(path) as log:
        log.append(resealed([*rows, cast, posted._replace(id="w" * 32, schema=99)]))
    return path


def test_readers_pass_over_what_is_newer_and_say_so(cli: Cli, newer: Path, tmp_path: Path) -> None:
    said = "of a newer version of groupcore; update it to read all"
    for command in (["verify", newer], ["replay", newer], ["explain", newer, "m2", "-g", "g1"], ["log", "info", newer]):
        done = cli(*command)
        assert done.code == 0, done.err
        assert f": passed over {1 if 'explain' in command else 2} event" in done.err, command
        assert said in done.err, command
    assert cli("log", "info", newer).records[0]["newer"] == 2
    assert [line["data"] for line in cli("log", "cat", newer, "--type", "vote-cast").records] == [{"votes": 5}]
    assert cli("log", "copy", newer, tmp_path / "copy.jsonl").code == 0
    assert cli("log", "cat", tmp_path / "copy.jsonl").out == cli("log", "cat", newer).out
    assert cli("project", "run", newer, tmp_path / "views.db").code == 0


def test_who_decides_is_refused_and_told_which_event(newer: Path) -> None:
    from groupcore import Message, Moderator

    before = newer.read_bytes()
    with pytest.raises(NewerLog) as caught, Moderator.open(str(newer)) as moderator:
        moderator.observe(Message(group="g1", author="amy", id="m9", at=1_793_600_000_000_000, text="hello"))
    assert (caught.value.position, caught.value.type, caught.value.schema) == (29, "vote-cast", 1)
    assert "Update groupcore to write to it; replay, verify, explain and log go on" in str(caught.value)
    with open_store(newer, read_only=True) as log:
        assert log.position == 30
    assert before[:16] == newer.read_bytes()[:16]


def test_files_of_a_newer_format_are_refused(cli: Cli, judged: Path, tmp_path: Path) -> None:
    database, lines = tmp_path / "newer.db", tmp_path / "newer.jsonl"
    shutil.copy(judged, database)
    forge(database, "PRAGMA user_version = 99")
    lines.write_text('{"groupcore":"log","format":2}\n' + cli("log", "cat", judged).out)
    for path, found in [(database, 99), (lines, 2)]:
        for command in (["verify", path], ["log", "copy", judged, path], ["log", "copy", path, tmp_path / "x.db"]):
            done = cli(*command)
            assert done.code == 2
            assert f"was written by a newer groupcore (its format is {found}, this version knows 1)" in done.err
