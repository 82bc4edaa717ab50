"""``groupcore log snapshots``: what is kept beside a log is listed, taken and thrown away."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cli.running import Cli
from groupcore import Moderator
from groupcore.stores import open_store


@pytest.fixture(params=["judged.db", "judged.jsonl"])
def log(request: pytest.FixtureRequest, judged: Path, tmp_path: Path, cli: Cli) -> Path:
    """The story, judged, in either kind of file, without snapshots."""
    path: Path = tmp_path / request.param
    assert path == judged or cli("log", "copy", judged, path).code == 0
    return path


def test_snapshots_are_taken_listed_and_thrown_away(cli: Cli, log: Path) -> None:
    before = cli("log", "cat", log).out
    assert cli("log", "snapshots", log).out == ""
    taken = cli("log", "snapshots", log, "--take")
    assert taken.code == 0
    assert [(each["stream"], each["behind"], each["fits"], each["because"]) for each in taken.records] == [
        ("group/g1", 0, True, ""), ("group/g2", 0, True, ""), ("org", 0, True, ""),
    ]  # fmt: skip
    heads = {each["stream"]: each["version"] for each in taken.records}
    with open_store(log, read_only=True) as store:
        assert {stream: head.version for stream, head in store.heads().items()} == heads
    assert all(each["bytes"] > 0 for each in taken.records)
    assert "3 snapshots of 3 streams, 3 of them fit" in cli("log", "snapshots", log).err
    assert cli("log", "snapshots", log).out == taken.out
    dropped = cli("log", "snapshots", log, "--drop")
    assert (dropped.code, dropped.out) == (0, "")
    assert "3 snapshots of" in dropped.err
    assert cli("log", "snapshots", log).out == ""
    assert cli("log", "cat", log).out == before, "the log itself is never changed"


def test_a_snapshot_says_how_many_events_lie_behind_it(cli: Cli, log: Path) -> None:
    assert cli("log", "snapshots", log, "--take").code == 0
    with Moderator.open(str(log), snapshot_every=None) as moderator:
        moderator.join("g1", "zoe", at="2026-11-01T10:00:00Z")
    behind = {each["stream"]: (each["behind"], each["fits"]) for each in cli("log", "snapshots", log).records}
    assert behind == {"group/g1": (1, True), "group/g2": (0, True), "org": (0, True)}
    table = cli("log", "snapshots", log, "--take", "-f", "table").out
    assert "2026-11-01T10:00:00Z" in table


def test_what_does_not_fit_says_why(cli: Cli, judged: Path) -> None:
    assert cli("log", "snapshots", judged, "--take").code == 0
    with sqlite3.connect(judged) as db:
        db.execute("UPDATE snapshots SET body = body || x'00' WHERE stream = 'group/g1'")
    db.close()
    with open_store(judged) as store:
        kept = store.shelf.get("group/g2")
        assert kept is not None
        store.shelf.put([_resealed(kept._replace(stamp="older"))])
        store.shelf.put([_resealed(kept._replace(stream="group/none"))])
        other = store.shelf.get("org")
        assert other is not None
        store.shelf.put([_resealed(other._replace(rules="0" * 64))])
    because = {each["stream"]: (each["fits"], each["because"]) for each in cli("log", "snapshots", judged).records}
    assert because == {
        "group/g1": (False, "it is damaged"),
        "group/g2": (False, "another version of groupcore made it"),
        "group/none": (False, "it is of another log, or of one that was cut"),
        "org": (False, "another rulebook was in force, or it cannot be read"),
    }
    again = {each["stream"]: each["fits"] for each in cli("log", "snapshots", judged, "--take").records}
    assert again == {"group/g1": True, "group/g2": True, "group/none": False, "org": True}


def _resealed(kept):  # type: ignore[no-untyped-def]
    from groupcore.stores.shelf import snapshot

    fields = {name: getattr(kept, name) for name in ("stamp", "rules", "due", "body")}
    return snapshot(kept.stream, kept.version, kept.digest, **fields)


def test_snapshots_that_cannot_be_kept_are_told(cli: Cli, judged: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert cli("log", "copy", judged, log).code == 0
    (tmp_path / "log.jsonl.snapshots").write_text("in the way", encoding="utf-8")
    done = cli("log", "snapshots", log, "--take")
    assert (done.code, done.out) == (1, "")
    assert "some could not be kept" in done.err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["none.db"], "no such log"),
        (["none.db", "--take"], "no such log"),
        (["none.db", "--drop"], "no such log"),
        (["-"], "'-' is no log"),
        (["none.db", "--take", "--drop"], "--take and --drop are two wishes"),
    ],
)
def test_what_cannot_be_done_is_told(cli: Cli, tmp_path: Path, args: list[str], said: str) -> None:
    name, *rest = args
    done = cli("log", "snapshots", name if name == "-" else tmp_path / name, *rest)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (tmp_path / "none.db").exists()
