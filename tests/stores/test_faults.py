"""Copies made in the middle of a write, full disks and disks that fail: no acknowledged event is missing, none half."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groupcore.errors import StoreError
from groupcore.events import Row
from groupcore.stores import JsonlStore, SqliteStore, Store, open_store
from groupcore.testing.store_contract import check_log, draft, drafts

KILLS = int(os.environ.get("GROUPCORE_SOAK_KILLS", "100"))  # of a soak; .ci/run asks for fewer
TESTS = Path(__file__).parents[1]

on_linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are looked up in /proc")


# -- files copied while somebody writes


def copies(path: Path, count: int, seed: int) -> dict[str, int]:
    command = [sys.executable, "-m", "stores.copying", str(path), str(count), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=TESTS)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is forked")
def test_a_copy_of_the_files_at_any_moment_is_a_beginning_of_the_log(tmp_path: Path) -> None:
    assert copies(tmp_path / "log.db", 20, 1)["copies"] == 20


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_many_copies_of_the_files_are_beginnings_of_the_log(tmp_path: Path, seed: int) -> None:
    seen = copies(tmp_path / "log.db", KILLS, seed)
    assert seen["copies"] == KILLS
    assert seen["more than acknowledged"] > 0 or KILLS < 50, "no copy was made between a commit and its answer"


# -- disks


def attempt(store: Store, acknowledged: list[Row], some: list[Row]) -> bool:
    """Append; whether it was refused, and then everything is as it was."""
    try:
        acknowledged += store.append(some)
    except StoreError as error:
        assert "nothing was recorded" in str(error)  # noqa: PT017 (to be refused is no must)
        assert list(store.read()) == acknowledged
        return True
    return False


@pytest.mark.parametrize("kind", [SqliteStore, JsonlStore])
def test_a_disk_that_is_full_at_any_place_leaves_the_log_as_it_was(
    tmp_path: Path, kind: type[SqliteStore | JsonlStore]
) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    chance, rows, refusals = random.Random(3), list[Row](), 0
    path = tmp_path / "log"
    for turn in range(15):
        with kind(path, fsync="relaxed") as store:
            try:
                for number in range(4):
                    room = chance.randint(0, 12_000) + 40_000 * (turn == 0)  # what SQLite shares has 32 KiB at once
                    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + room, hard))
                    refusals += attempt(store, rows, drafts(chance.randint(1, 60), f"t{turn}n{number}"))
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            assert not attempt(store, rows, [draft("room again", f"t{turn}")])
        with kind(path, read_only=True) as store:
            assert list(store.read()) == rows
            check_log(store)
    assert refusals > 15


@contextmanager
def failing(*paths: Path) -> Iterator[None]:
    """While the block runs, what this process has open of these files cannot be written: the system answers EBADF."""
    saved = list[tuple[int, int]]()
    for handle in map(int, os.listdir("/proc/self/fd")):
        where = Path(f"/proc/self/fd/{handle}")
        if where.is_symlink() and where.resolve() in paths:
            broken = os.open(where.resolve(), os.O_RDONLY)
            saved.append((handle, os.dup(handle)))
            os.dup2(broken, handle)
            os.close(broken)
    assert saved, "none of the files is open"
    try:
        yield
    finally:
        for handle, kept in saved:
            os.dup2(kept, handle)
            os.close(kept)


@on_linux
@pytest.mark.parametrize("which", [("-wal",), ("",), ("", "-wal")])
def test_a_disk_that_fails_under_sqlite_leaves_the_log_as_it_was(tmp_path: Path, which: tuple[str, ...]) -> None:
    chance, rows, refusals = random.Random(4), list[Row](), 0
    path, aside = tmp_path / "log.db", tmp_path / "aside.db"
    with SqliteStore(path) as store:
        assert store._connection is not None
        store._connection.execute("PRAGMA wal_autocheckpoint = 20")  # often, so that checkpoints fail, too
        for turn in range(30):
            assert not attempt(store, rows, drafts(chance.randint(1, 30), f"t{turn}"))
            with failing(*(tmp_path / f"log.db{suffix}" for suffix in which)):
                refusals += attempt(store, rows, drafts(chance.randint(1, 60), f"f{turn}"))
            if turn % 10 == 0:  # what a crash right now would leave
                for suffix in ("", "-wal"):
                    shutil.copy(tmp_path / f"log.db{suffix}", tmp_path / f"aside.db{suffix}")
                with SqliteStore(aside) as copy:
                    assert list(copy.read()) == rows
                    check_log(copy)
    assert refusals == (30 if "-wal" in which else 0), "a checkpoint that fails is made again, and costs no append"
    with SqliteStore(path, read_only=True) as store:
        assert list(store.read()) == rows
        check_log(store)


@on_linux
def test_a_disk_that_fails_under_a_file_of_lines_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    rows = list[Row]()
    path = tmp_path / "log.jsonl"
    with JsonlStore(path) as store:
        for turn in range(20):
            assert not attempt(store, rows, drafts(3, f"t{turn}"))
            with failing(path), pytest.raises(StoreError, match="and its end could not be cut"):
                store.append(drafts(5, f"f{turn}"))
            assert list(store.read()) == rows
    with JsonlStore(path) as store:
        assert list(store.read()) == rows
        check_log(store)


@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
@pytest.mark.parametrize("reading", [lambda store: list(store.read()), lambda store: store.get("x")])
def test_a_log_whose_directory_is_gone_says_so(tmp_path: Path, name: str, reading: Callable[[Store], object]) -> None:
    path = tmp_path / "room" / name
    path.parent.mkdir()
    with open_store(path) as store:
        store.append(drafts(3))
    with open_store(path, read_only=True) as reader:
        shutil.rmtree(path.parent)
        if name == "log.jsonl":
            with pytest.raises(StoreError, match="No such file"):
                reading(reader)
        else:
            reading(reader)  # the system keeps an open file
    with pytest.raises(StoreError, match="no such log"):
        open_store(path, read_only=True)
