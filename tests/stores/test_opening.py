"""One name opens any log, and says what is wrong when it cannot."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from groupcore.errors import NotALog, StoreError
from groupcore.stores import JsonlStore, MemoryStore, SqliteStore, open_store
from groupcore.testing.store_contract import draft


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


KINDS = {
    "community.db": SqliteStore,
    "COMMUNITY.DB": SqliteStore,
    "x.sqlite": SqliteStore,
    "x.sqlite3": SqliteStore,
    "community": SqliteStore,
    "a b#c%20.db": SqliteStore,
    "社区.db": SqliteStore,
    "log.jsonl": JsonlStore,
    "log.ndjson": JsonlStore,
    "社区.jsonl": JsonlStore,
    "sqlite:x.jsonl": SqliteStore,
    "sqlite:///x": SqliteStore,
    "SQLite:///x": SqliteStore,
    "jsonl:///x": JsonlStore,
    "jsonl:x.db": JsonlStore,
    "jsonl:x.db?fsync=relaxed": JsonlStore,
    "x.db?fsync=relaxed": SqliteStore,
    "sqlite:///x?fsync=durable&patience=250ms": SqliteStore,
    "memory:": MemoryStore,
    "memory://": MemoryStore,
}


@pytest.mark.parametrize("url", KINDS)
def test_a_name_says_which_store(url: str) -> None:
    with open_store(url) as store:
        assert type(store) is KINDS[url]
        store.append([draft()])
        assert store.position == 1


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("x.db", "x.db"),
        ("sqlite:x.db", "x.db"),
        ("sqlite:///x.db", "x.db"),
        ("sqlite:///./x.db", "x.db"),
        ("sqlite:////{room}/x.db", "x.db"),
        ("sqlite:{room}/x.db", "x.db"),
        ("jsonl:////{room}/x.jsonl", "x.jsonl"),
        ("sqlite:///a%20b%3F.db", "a b?.db"),
        ("x.db?fsync=relaxed", "x.db"),
        ("sqlite:x.db?patience=1s", "x.db"),
    ],
)
def test_a_url_names_a_file(room: Path, url: str, file: str) -> None:
    open_store(url.format(room=str(room).lstrip("/")) if "////" in url else url.format(room=room)).close()
    assert [entry.name for entry in room.iterdir()] == [file]


def test_options_reach_the_store() -> None:
    with open_store("x.db?fsync=relaxed&patience=250ms") as store:
        assert isinstance(store, SqliteStore)
        assert store._patience == 0.25
        assert store._connection is not None
        assert store._connection.execute("PRAGMA synchronous").fetchone() == (1,)


def test_a_path_object_will_do(room: Path) -> None:
    open_store(room / "x.jsonl").close()
    assert (room / "x.jsonl").exists()


def test_an_existing_file_is_a_path_whatever_its_name() -> None:
    for name in ("postgres:x", "what?.db", "sqlite:"):
        SqliteStore(name).close()
        with open_store(name) as store:
            assert isinstance(store, SqliteStore)


@pytest.mark.parametrize("kind", [SqliteStore, JsonlStore])
def test_a_file_without_a_telling_name_is_looked_into(
    kind: Callable[[str], SqliteStore | JsonlStore],
) -> None:
    for name in ("log", "log.backup", "log.txt"):
        with kind(name) as store:
            store.append([draft()])
        with open_store(name) as again, open_store(name, read_only=True) as reader:
            assert isinstance(again, type(store))
            assert reader.position == 1


def test_looking_into_a_file_leaves_the_locks_of_others_alone(room: Path) -> None:
    """A handle that this process closed would drop them, and the next process to leave take the file away."""
    visit = "import sys; from groupcore.stores import open_store; open_store(sys.argv[1]).close()"
    with SqliteStore("log") as store:
        store.append([draft("a")])
        open_store("log").close()
        open_store("log", read_only=True).close()
        subprocess.run([sys.executable, "-c", visit, "log"], check=True)
        assert (room / "log-wal").exists()
        store.append([draft("b")])
    with open_store("log") as store:
        assert store.position == 2


@pytest.mark.parametrize("content", [b"hello\n", b"\x1f\x8b", bytes(600), b'{"text":"x"}\n'])
def test_a_file_that_is_neither_is_refused(room: Path, content: bytes) -> None:
    (room / "log").write_bytes(content)
    with pytest.raises(NotALog):
        open_store("log")
    assert (room / "log").read_bytes() == content


def test_a_file_of_facts_is_to_be_imported(room: Path) -> None:
    (room / "facts").write_text('{"type": "member-left", "at": 5, "group": "g1", "data": {"member": "amy"}}\n')
    with pytest.raises(NotALog, match=r"^facts is a file of facts: import it first: groupcore import facts facts LOG$"):
        open_store("facts")


WRONG = {
    "": "no log was named",
    "postgres:x": "write postgresql://user@host/database",
    "postgresql://localhost/x?fsync=never": "fsync is durable or relaxed, not 'never'",
    "postgresql://localhost/x?patience=soon": "'soon' is no duration",
    "postgresql://localhost/x?schema=A-b": "'A-b' is no name for a schema",
    "postgresql://localhost/x?shema=a": r"unknown option 'shema' \(did you mean 'schema'\?\)",
    "postgresql://localhost:1/x": "localhost:1/x cannot be opened: .*Connection refused",
    "sqlit:///x.db": r"there is no store 'sqlit' \(did you mean 'sqlite'\?\)",
    "mysql://x": "there is no store 'mysql'",
    "file:x.db": "there is no store 'file'",
    "sqlite://x.db": "three slashes",
    "sqlite:": "names no file",
    "sqlite:///": "names no file",
    "x.db?fsink=relaxed": r"unknown option 'fsink' \(did you mean 'fsync'\?\)",
    "x.db?fsync=never": "fsync is durable or relaxed, not 'never'",
    "x.jsonl?patience=1s": "unknown option 'patience'",
    "x.db?patience=soon": "'soon' is no duration",
    "nowhere/x.db": "nowhere/x.db cannot be made: there is no directory",
    "nowhere/x.jsonl": "nowhere/x.jsonl cannot be made: there is no directory",
    ".": r"\. is a directory",
    "sqlite:.": r"\. is a directory",
    "a\0b": "cannot be opened",
    "x" * 5000: "cannot be opened",
    "/dev/null": "/dev/null is no regular file",
}


@pytest.mark.parametrize("url", WRONG)
def test_a_name_that_names_no_log_is_told(room: Path, url: str) -> None:
    with pytest.raises(StoreError, match=WRONG[url]):
        open_store(url)
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("url", ["x.db", "x.jsonl", "x", "sqlite:///x.db", "jsonl:x", "nowhere/x.db"])
@pytest.mark.parametrize("closed", [{"create": False}, {"read_only": True}])
def test_a_missing_log_is_told_and_not_made(room: Path, url: str, closed: dict[str, bool]) -> None:
    with pytest.raises(StoreError, match=r"^no such log: .*x.* \(import something into it first\)$"):
        open_store(url, **closed)
    assert list(room.iterdir()) == []


def test_a_log_in_memory_holds_nothing_to_read() -> None:
    with pytest.raises(StoreError, match="no such log: memory:"):
        open_store("memory:", read_only=True)


def test_a_pipe_is_no_log(room: Path) -> None:
    os.mkfifo(room / "pipe.jsonl")
    with pytest.raises(StoreError, match="no regular file"):
        open_store("pipe.jsonl")
