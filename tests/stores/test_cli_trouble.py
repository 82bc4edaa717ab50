"""What stands in the way of a log, at the command line: one line, exit code 2, no traceback, and the log as it was."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.running import STORY, lines
from groupcore.cli import app
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log


def complaint(*words: object, given: bytes = b"") -> str:
    done = CliRunner().invoke(app, list(map(str, words)), input=given)
    assert done.exit_code == 2, done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.output
    [line] = done.stderr.splitlines()
    return line


@pytest.fixture(params=["log.db", "log.jsonl"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    done = CliRunner().invoke(app, ["import", "facts", "-", str(path)], input=lines(*STORY))
    assert done.exit_code == 0, done.output
    return path


@contextmanager
def as_it_was(log: Path) -> Iterator[None]:
    with open_store(log, read_only=True) as store:
        before = list(store.read())
    yield
    with open_store(log, read_only=True) as store:
        assert list(store.read()) == before
        check_log(store)


MORE = lines(*({**fact, "group": "elsewhere"} for fact in STORY))


def test_another_writer(log: Path) -> None:
    with as_it_was(log):
        if log.suffix == ".db":
            other = sqlite3.connect(log, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            words = complaint("import", "facts", "-", f"sqlite:///{log}?patience=50ms", given=MORE)
            assert words.endswith("another process is writing to it, for more than 0.05 s; try again")
            other.close()
        else:
            with open_store(log):
                words = complaint("import", "facts", "-", log, given=MORE)
            assert words.endswith("another writer has this log open")


def test_a_full_disk(log: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with as_it_was(log):
        big = lines(*({**fact, "group": f"g{number}"} for number in range(400) for fact in STORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 40_000, hard))
        try:
            words = complaint("import", "facts", "-", log, given=big)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "nothing was recorded" in words


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have owners on POSIX")
@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_a_log_that_may_only_be_read(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="groupcore-sealed-") as room:
        sealed = Path(room) / name
        assert CliRunner().invoke(app, ["import", "facts", "-", str(sealed)], input=lines(*STORY)).exit_code == 0
        sealed.chmod(0o444)
        sealed.parent.chmod(0o555)
        was = os.geteuid()
        if was == 0:
            os.seteuid(65534)  # root may write everywhere
        try:
            with as_it_was(sealed):
                assert "cannot be written: permission denied" in complaint("import", "facts", "-", sealed, given=MORE)
        finally:
            os.seteuid(was)
            sealed.parent.chmod(0o755)


@pytest.mark.parametrize("command", [("verify",), ("log", "info"), ("log", "cat")])
def test_another_file(tmp_path: Path, command: tuple[str, ...]) -> None:
    stranger = tmp_path / "log.db"
    db = sqlite3.connect(stranger)
    db.execute("CREATE TABLE notes (text)")
    db.close()
    assert "another application" in complaint(*command, stranger)


@pytest.mark.parametrize("command", [("verify",), ("log", "info"), ("log", "cat")])
def test_a_newer_format(tmp_path: Path, command: tuple[str, ...]) -> None:
    log = tmp_path / "log.db"
    open_store(log).close()
    db = sqlite3.connect(log)
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert "newer groupcore" in complaint(*command, log)
