"""SQLite: other files, several processes, full disks, read-only media, damage."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread, Timer

import pytest

from groupcore.errors import CorruptLog, DuplicateEvent, InputError, NotALog, StoreError, StoreLocked
from groupcore.events import Head, problem_with
from groupcore.stores import SqliteStore
from groupcore.testing.store_contract import check_log, draft, drafts

CONTENDING = Path(__file__).with_name("contending.py")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


def meddle(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def written(path: Path, count: int) -> None:
    with SqliteStore(path) as store:
        store.append(drafts(count))


# -- the file


def test_a_log_is_one_file_in_wal_mode_that_names_its_owner(path: Path) -> None:
    written(path, 3)
    assert [entry.name for entry in path.parent.iterdir()] == ["log.db"]
    db = sqlite3.connect(path)
    asked = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "application_id")}
    assert asked == {"journal_mode": "wal", "application_id": 0x67636C67}
    assert db.execute("SELECT count(*) FROM events").fetchone() == (3,)
    db.close()


def test_commits_are_synced_unless_told_otherwise(tmp_path: Path) -> None:
    for fsync, level in (("durable", 2), ("relaxed", 1)):
        with SqliteStore(tmp_path / f"{fsync}.db", fsync=fsync) as store:  # type: ignore[arg-type]
            assert store._connection is not None
            assert store._connection.execute("PRAGMA synchronous").fetchone() == (level,)


def test_looking_up_uses_the_indexes(path: Path) -> None:
    with SqliteStore(path) as store:
        db = store._connection
        assert db is not None
        seen: list[str] = []
        db.set_trace_callback(seen.append)
        store.append(drafts(2))
        store.about("x")
        store.get("x")
        list(store.read(1))
        list(store.read_stream("group/g1"))
        db.set_trace_callback(None)
        for statement in (one for one in seen if one.startswith("SELECT")):
            for *_, plan in db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                assert "SCAN events" not in plan, (statement, plan)


def plans_of_concerning(store: SqliteStore) -> list[str]:
    db, seen = store._connection, list[str]()
    assert db is not None
    db.set_trace_callback(seen.append)
    list(store.concerning("group/g1", ["amy"]))
    db.set_trace_callback(None)
    return [plan for statement in seen for *_, plan in db.execute(f"EXPLAIN QUERY PLAN {statement}")]


def test_rows_are_looked_up_by_subject_in_files_of_earlier_versions_too(path: Path) -> None:
    written(path, 3)
    older = "CREATE INDEX events_of_subjects ON events (stream) WHERE type NOT IN ('message-posted')"
    for change in ("DROP INDEX events_of_subjects", older):
        meddle(path, *(["DROP INDEX IF EXISTS events_of_subjects"] if change is older else []), change)
        with SqliteStore(path, read_only=True) as store:
            assert not any("events_of_subjects (stream=? AND <expr>=?)" in plan for plan in plans_of_concerning(store))
        with SqliteStore(path) as store:
            plans = plans_of_concerning(store)
            assert len(plans) == 2
            assert all("events_of_subjects (stream=? AND <expr>=?)" in plan for plan in plans), plans


def test_an_empty_file_becomes_a_log_when_it_may(path: Path) -> None:
    path.touch()
    for closed in ({"read_only": True}, {"create": False}):
        with pytest.raises(NotALog, match="empty"):
            SqliteStore(path, **closed)
    written(path, 1)


# -- other files


def test_the_database_of_another_application_is_refused_and_not_touched(path: Path) -> None:
    meddle(path, "CREATE TABLE events (x)", "INSERT INTO events VALUES (1)")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(NotALog, match="another application"):
            SqliteStore(path, read_only=read_only)
    assert path.read_bytes() == before


def test_a_database_with_another_mark_is_refused(path: Path) -> None:
    meddle(path, "PRAGMA application_id = 5")
    with pytest.raises(NotALog, match="another application"):
        SqliteStore(path)


def test_a_newer_format_is_told(path: Path) -> None:
    written(path, 1)
    meddle(path, "PRAGMA user_version = 2")
    for read_only in (False, True):
        with pytest.raises(StoreError, match="newer groupcore") as caught:
            SqliteStore(path, read_only=read_only)
        assert type(caught.value) is StoreError


@pytest.mark.parametrize("content", [b"hello\n", b'{"type":"x"}\n' * 100, bytes(5000), b"SQLite format 3\x00"])
def test_what_is_no_database_is_refused_and_not_touched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(NotALog):
            SqliteStore(path, read_only=read_only)
    assert path.read_bytes() == content


def test_a_log_cut_short_is_refused(path: Path) -> None:
    written(path, 300)
    whole = path.read_bytes()
    for size in (50, 100, 3000, 4096, 5000, 8192, 20_000, len(whole) - 4096):
        path.write_bytes(whole[:size])
        for read_only in (False, True):
            with pytest.raises(NotALog):
                SqliteStore(path, read_only=read_only)


# -- damage


def test_a_damaged_page_is_told_with_a_position(path: Path) -> None:
    written(path, 3000)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = bytes(40_000)
    path.write_bytes(content)
    with SqliteStore(path, read_only=True) as reader, pytest.raises(CorruptLog) as caught:
        list(reader.read())
    assert 1 < caught.value.position <= 3000


@pytest.mark.parametrize("column", ["data", "private", "type", "digest", "at", "stream", "salt"])
def test_a_changed_cell_is_read_and_seen_by_the_chain(path: Path, column: str) -> None:
    """An update by SQL often leaves text where bytes were, or a word where a number was."""
    written(path, 1)
    meddle(path, f"UPDATE events SET {column} = 'x' || CAST({column} AS TEXT)")
    with SqliteStore(path, read_only=True) as reader:
        [row] = reader.read()
        assert problem_with(row, Head(0, "")) is not None


def test_text_that_is_no_unicode_is_damage(path: Path) -> None:
    written(path, 2)
    meddle(path, "UPDATE events SET salt = CAST(x'ff' AS TEXT) WHERE position = 2")
    with SqliteStore(path, read_only=True) as reader, pytest.raises(CorruptLog):
        list(reader.read())


def test_a_row_that_was_taken_out_does_not_end_a_read(path: Path) -> None:
    written(path, 1600)
    meddle(path, "DELETE FROM events WHERE position BETWEEN 400 AND 1100")
    with SqliteStore(path, read_only=True) as reader:
        assert [row.position for row in reader.read()] == [*range(1, 400), *range(1101, 1601)]
        assert len(list(reader.read_stream("group/g1"))) == 899


def test_a_writer_builds_on_no_head_that_is_behind_its_stream(path: Path) -> None:
    written(path, 3)
    meddle(path, "UPDATE heads SET version = 1")
    with SqliteStore(path) as store:
        with pytest.raises(CorruptLog):
            store.append([draft("x")])
        assert store.position == 3


# -- what stands in the way of an append


def test_a_writer_that_waits_for_too_long_is_told(path: Path) -> None:
    written(path, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with SqliteStore(path, patience=0.05) as store:
        with pytest.raises(StoreLocked, match=r"log\.db: another process is writing to it"):
            store.append([draft("x")])
        assert len(list(store.read())) == 1
        other.execute("ROLLBACK")
        store.append([draft("x")])
    other.close()


def test_opening_waits_for_who_keeps_the_file_from_changing_to_wal(path: Path) -> None:
    """SQLite itself gives up at once there."""
    written(path, 1)
    meddle(path, "PRAGMA journal_mode = DELETE")
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT * FROM events").fetchall()
    with pytest.raises(StoreLocked):
        SqliteStore(path, patience=0.02)
    leaving = Timer(0.1, lambda: other.execute("COMMIT"))
    leaving.start()
    with SqliteStore(path) as store:
        store.append([draft("x")])
    leaving.join()
    other.close()


def test_a_full_disk_leaves_the_log_as_it_was(path: Path) -> None:
    with SqliteStore(path) as store:
        rows = store.append(drafts(100))
        db = store._connection
        assert db is not None
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(StoreError, match="the disk is full; nothing was recorded"):
            store.append(drafts(2000, "g2"))
        assert list(store.read()) == rows
        db.execute("PRAGMA max_page_count = 1000000")
        store.append(drafts(2000, "g2"))
        check_log(store)


def test_a_limit_of_the_system_in_the_middle_of_a_write_leaves_the_log_as_it_was(path: Path) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with SqliteStore(path) as store:
        rows = store.append(drafts(100))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        try:
            with pytest.raises(StoreError, match="nothing was recorded"):
                store.append(drafts(2000, "g2"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert list(store.read()) == rows
        store.append(drafts(2000, "g2"))
    with SqliteStore(path) as store:
        check_log(store)


def test_an_interrupt_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SqliteStore(path) as store:
        rows = store.append(drafts(3))
        really = store._insert

        def interrupted(db: sqlite3.Connection, placed: list) -> None:  # type: ignore[type-arg]
            really(db, placed)
            raise KeyboardInterrupt

        monkeypatch.setattr(store, "_insert", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.append([draft("x")])
        monkeypatch.undo()
        assert list(store.read()) == rows
        store.append([draft("x")])
        check_log(store)


def test_a_transaction_that_an_interrupt_left_open_is_rolled_back(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(drafts(3))
        assert store._connection is not None
        store._connection.execute("BEGIN IMMEDIATE")
        store._connection.execute("DELETE FROM events WHERE position = 3")
        store.append([draft("x")])
        assert store.position == 4
        check_log(store)


def test_an_integer_that_sqlite_cannot_hold_is_refused(path: Path) -> None:
    with SqliteStore(path) as store:
        with pytest.raises(InputError, match="64 bits"):
            store.append([draft()._replace(recorded_at=2**64)])
        assert store.position == 0


def test_a_duplicate_in_a_large_append_is_found_without_asking_for_each(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append(drafts(1200))
        with pytest.raises(DuplicateEvent) as caught:
            store.append(drafts(1200, start=1150))
        assert caught.value.id == draft("m1150").id


# -- several processes


def contend(path: Path, names: list[str], count: int) -> list[int]:
    """Let processes write at the same time; how many races each of them lost."""
    command = [sys.executable, str(CONTENDING), str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen([*command, name, str(count)], **pipes) for name in names]  # type: ignore[call-overload]
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    lost = [int(process.communicate(timeout=120)[0]) for process in running]
    assert [process.returncode for process in running] == [0] * len(names)
    return lost


def make_at_once(path: Path, count: int) -> list[BaseException]:
    """Make the log in several threads at the same time; what went wrong."""
    barrier, errors = Barrier(count), list[BaseException]()

    def make() -> None:
        barrier.wait()
        try:
            SqliteStore(path, fsync="relaxed").close()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=make) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_a_file_can_be_made_by_many_at_once(tmp_path: Path) -> None:
    for number in range(12):
        assert make_at_once(tmp_path / f"{number}.db", 6) == []


def test_processes_lose_no_update(path: Path) -> None:
    contend(path, ["a", "b", "c"], 25)
    with SqliteStore(path) as store:
        check_log(store)
        assert {stream: head.version for stream, head in store.heads().items()} == {
            "group/g1": 75,
            "group/g2": 75,
        }


def test_a_reader_in_another_process_sees_positions_in_order(path: Path) -> None:
    written(path, 1)
    command = [sys.executable, str(CONTENDING), str(path), "a", "40"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    seen = [0]
    with SqliteStore(path, read_only=True) as reader:
        while process.poll() is None:
            seen += [row.position for row in reader.read(seen[-1])]
        seen += [row.position for row in reader.read(seen[-1])]
    process.communicate()
    assert seen == list(range(82))


def test_a_write_ahead_file_cut_at_any_place_keeps_whole_appends(path: Path, tmp_path: Path) -> None:
    """The files as they are while a writer runs, the write-ahead file cut: what a power failure may leave."""
    copy = tmp_path / "copy.db"
    with SqliteStore(path) as store:
        for batch in range(8):
            store.append(drafts(10, start=batch * 10))
        whole = path.with_name("log.db-wal").read_bytes()
        positions = []
        for size in range(0, len(whole) + 1, len(whole) // 60):
            shutil.copy(path, copy)
            copy.with_name("copy.db-wal").write_bytes(whole[:size])
            with SqliteStore(copy, create=False) as log:
                check_log(log)
                positions.append(log.position)
    assert positions == sorted(positions)
    assert {position % 10 for position in positions} == {0}
    assert len(set(positions)) > 5


# -- reading only


@pytest.fixture
def nobody() -> Iterator[None]:
    """Without the rights of root, who may do everything."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def as_owner(action: Callable[[], None]) -> None:
    """Do this with the rights of who runs the tests."""
    was = os.geteuid()
    os.seteuid(os.getuid())
    action()
    os.seteuid(was)


@pytest.fixture
def sealed() -> Iterator[Path]:
    """A log that nobody may write, in a directory that nobody may write, and that everybody may enter."""
    with tempfile.TemporaryDirectory(prefix="groupcore-sealed-") as room:
        path = Path(room) / "log.db"
        written(path, 3)
        path.chmod(0o444)
        path.parent.chmod(0o555)
        yield path
        as_owner(lambda: path.parent.chmod(0o755))


def test_read_only_media_are_read(sealed: Path, nobody: None) -> None:
    with SqliteStore(sealed, read_only=True) as reader:
        assert reader.position == len(list(reader.read())) == 3
        with pytest.raises(StoreError, match="reading only"):
            reader.append([draft("x")])


def test_a_file_that_may_not_be_written_is_told(sealed: Path, nobody: None) -> None:
    with pytest.raises(StoreError, match=r"log\.db cannot be written: permission denied"):
        SqliteStore(sealed)
    with pytest.raises(StoreError, match=r"new\.db cannot be made: no permission to write in"):
        SqliteStore(sealed.with_name("new.db"))


def test_a_directory_that_may_not_be_entered_is_told(sealed: Path, nobody: None) -> None:
    as_owner(lambda: sealed.parent.chmod(0))
    with pytest.raises(StoreError, match="cannot be opened: Permission denied"):
        SqliteStore(sealed, read_only=True)


def test_a_directory_that_may_not_be_written_is_told(sealed: Path, nobody: None) -> None:
    as_owner(lambda: sealed.chmod(0o666))
    with pytest.raises(StoreError, match=r"log\.db: the file"), SqliteStore(sealed) as store:
        store.append([draft("x")])


def test_a_reader_leaves_the_file_as_it_is(path: Path) -> None:
    written(path, 3)
    before = path.read_bytes()
    with SqliteStore(path, read_only=True) as reader:
        assert reader.known([draft("m1").id]) == {draft("m1").id}
    assert path.read_bytes() == before


def test_a_reader_takes_what_a_killed_writer_left_in_its_write_ahead_file(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with SqliteStore(path) as store:
        store.append(drafts(3))
        shutil.copy(path, copy)
        shutil.copy(path.with_name("log.db-wal"), copy.with_name("copy.db-wal"))
    with SqliteStore(copy, read_only=True) as reader:
        assert reader.position == 3


def test_reading_holds_a_page_at_a_time(path: Path) -> None:
    with SqliteStore(path) as store:
        store.append([draft(f"m{number}", text="x" * 500) for number in range(5000)])
        tracemalloc.start()
        assert sum(1 for _ in store.read()) == 5000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 3_000_000
