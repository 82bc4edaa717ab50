"""``log erase`` and ``log export``, and what other commands say of an erased log."""

import json
from pathlib import Path

import pytest

from cli.running import Cli


def test_a_person_is_erased_and_the_summary_says_where(cli: Cli, judged: Path) -> None:
    planned = cli("log", "erase", judged, "--person", "amy", "--dry-run")
    assert planned.records == [{"group": "g1", "events": 5}]
    assert "nothing was erased" in planned.err
    assert "加微信".encode() in judged.read_bytes()
    done = cli("log", "erase", judged, "--person", "amy", "--reason", "request", "--by", "lin")
    assert (done.code, done.records) == (0, planned.records)
    assert "text erased from 5 events" in done.err
    assert "有事请".encode() not in judged.read_bytes()
    assert "代购?".encode() in judged.read_bytes()
    again = cli("log", "erase", judged, "--person", "amy")
    assert (again.code, again.out, "there was nothing to erase" in again.err) == (0, "", True)


def test_an_erased_log_verifies_is_replayed_and_says_what_is_missing(cli: Cli, judged: Path) -> None:
    cli("log", "erase", judged, "--person", "amy")
    verified = cli("verify", judged)
    assert verified.code == 0
    assert verified.records[0]["not_reread"] == 5  # hers, and one of bo's that could have been counted with them
    replayed = cli("replay", judged)
    assert f"4 messages of {judged} were erased, and read as if nothing stood in them" in replayed.err
    told = cli("log", "cat", judged, "-f", "table").out
    assert "the text of amy in 5 events is to be erased" in told
    assert "the text of 5 events is erased" in told
    assert cli("log", "info", judged).records[0]["erased"] == 5


def test_a_message_is_erased_by_its_id_and_group(cli: Cli, judged: Path) -> None:
    done = cli("log", "erase", judged, "--message", "m1", "--group", "g1", "-f", "table")
    assert done.code == 0
    assert "g1" in done.out
    assert "大家好".encode() not in judged.read_bytes()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--person", "amy", "--by", "cy"], "cy has no role here; the power 'erase' is with: owner, staff"),
        (["--person", "amy", "--reason", "she asked"], "it is a short code such as request"),
        (["--person", "amy", "--message", "m1", "--group", "g1"], "not both"),
        (["--message", "m1"], "--message m1 --group g1"),
        (["--message", "m9", "--group", "g1"], "the log has no message 'm9'"),
    ],
)
def test_what_cannot_be_erased_is_told_in_one_line(cli: Cli, judged: Path, args: list[str], said: str) -> None:
    before = judged.read_bytes()
    done = cli("log", "erase", judged, *args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert cli("log", "info", judged).records[0]["erased"] == 0
    assert len(judged.read_bytes()) == len(before)


def test_a_log_that_no_rules_judged_is_erased_too(cli: Cli, archive: Path) -> None:
    assert cli("log", "erase", archive, "--person", "amy", "--by", "amy").records == [{"group": "g1", "events": 5}]
    assert cli("verify", archive).code == 0
    assert "no erasure was left open" in cli("log", "erase", archive).err


def test_a_log_under_keys_is_erased_and_the_key_forgotten(cli: Cli, tmp_path: Path, story: Path) -> None:
    pytest.importorskip("cryptography")
    log = f"{tmp_path / 'sealed.db'}?keys={tmp_path / 'keys.db'}"
    assert cli("import", "facts", story, log).code == 0
    assert "大家好".encode() not in (tmp_path / "sealed.db").read_bytes()
    refused = cli("log", "cat", tmp_path / "sealed.db")
    assert refused.code == 2
    assert "keeps what people wrote under keys" in refused.err
    assert "and the key is forgotten" in cli("log", "erase", log, "--person", "amy").err
    assert cli("verify", log).code == 0


def test_all_that_is_held_of_a_person_is_printed(cli: Cli, judged: Path) -> None:
    done = cli("log", "export", judged, "--person", "amy", "--at", "2026-11-01T09:00:00Z")
    [held] = done.records
    assert held["person"] == "amy"
    assert len(held["sections"]["messages"]) == 4
    assert held["standing"]["g1"]["muted"] is True
    nobody = cli("log", "export", judged, "--person", "nobody")
    assert (nobody.code, "holds nothing about nobody" in nobody.err) == (0, True)


def test_a_replay_that_writes_in_clear_what_was_under_keys_says_so(cli: Cli, tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    posted = {"message": "m1", "author": "amy", "text": "a secret"}
    line = {"type": "message-posted", "at": "2026-11-01T08:00:00Z", "group": "g1", "data": posted}
    facts.write_text(json.dumps(line), encoding="utf-8")
    sealed = f"{tmp_path / 'sealed.db'}?keys={tmp_path / 'keys.db'}"
    assert cli("import", "facts", facts, sealed).code == 0
    done = cli("replay", sealed, "--into", tmp_path / "clear.db")
    assert done.code == 0
    assert "lies in clear" in done.err
    assert "lies in clear" not in cli("replay", sealed, "--into", f"{tmp_path / 'b.db'}?keys={tmp_path / 'k.db'}").err


@pytest.mark.parametrize(
    "args", [["--person", ""], ["--message", "", "--group", "g1"], ["--message", "m1", "--group", ""]]
)
def test_a_name_that_is_empty_is_refused(cli: Cli, judged: Path, args: list[str]) -> None:
    done = cli("log", "erase", judged, *args)
    assert (done.code, "a name is empty" in done.err) == (2, True)
