"""Appending and reading with SQLite, against SQLite alone, and against the library ``eventsourcing``.

Both sides write to files in write-ahead mode and are durable at each commit: a test looks at their settings. Wall time
is counted where a disk is. GROUPCORE_BENCH_EVENTS says how many events are read back.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from benchmarks.yardsticks import gitter
from groupcore import Moderator
from groupcore.clock import SECOND
from groupcore.config import shipped_rulebook
from groupcore.events import MessagePosted, Row, encode, event_of, new_fact
from groupcore.state import State, advance
from groupcore.stores import SqliteStore
from groupcore.stores.base import place
from groupcore.stores.sqlite_file import INSERT, SCHEMA

orjson = pytest.importorskip("orjson")

AT = 1_750_000_000_000_000
SALT = "ab" * 16
ROUNDS = 9
READ = int(os.environ.get("GROUPCORE_BENCH_EVENTS", "100000"))
Events = list[MessagePosted]


def messages(count: int, first: int = 0) -> Events:
    """Messages of one group, with texts as programmers chat."""
    lines = gitter(min(count, 100_000))
    return [
        new_fact(
            MessagePosted,
            at=AT + number * 5 * SECOND,
            group="g1",
            message=f"m{number}",
            author=f"u{number % 200}",
            text=lines[number % len(lines)]["text"],
        )
        for number in range(first, first + count)
    ]


def drafts(events: Sequence[MessagePosted]) -> list[Row]:
    return [encode(event, recorded_at=AT, judged="f" * 64, org_seen=1, salt=SALT) for event in events]


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def fill(store: SqliteStore, count: int, size: int = 5_000) -> None:
    for first in range(0, count, size):
        store.append(drafts(messages(min(size, count - first), first)))


class Turns:
    """What each round takes: new events, since a log holds each but once."""

    def __init__(self, make: Callable[[int], Any]) -> None:
        self._made = [make(number) for number in range(ROUNDS + 1)]

    def next(self) -> Any:
        return self._made.pop(0)


def bare(path: Path) -> sqlite3.Connection:
    """SQLite alone: the same tables and indexes, the same settings."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -16384", "journal_size_limit = 67108864"):
        db.execute(f"PRAGMA {pragma}")
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    return db


# --- SQLite alone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [100, 1000])
def test_appending_in_batches(quick: bool, against: Any, tmp_path: Path, size: int) -> None:
    count = 200 if quick else 10_000
    rows = Turns(lambda turn: drafts(messages(count, turn * count)))
    sealed, head, last = [], dict[str, Any](), 0
    chain, coding = list[float](), list[float]()
    for turn, made in enumerate(rows._made):
        events = messages(count, turn * count)
        began = time.perf_counter()
        drafts(events)
        coding.append(time.perf_counter() - began)
        began = time.perf_counter()
        placed = place(made, last, head)
        chain.append(time.perf_counter() - began)
        last += len(placed)
        sealed.append(placed)
    db = bare(tmp_path / "bare.db")

    def write_bare() -> None:
        for some in batches(sealed.pop(0), size):
            db.execute("BEGIN IMMEDIATE")
            db.executemany(INSERT, some)
            db.execute("COMMIT")

    with SqliteStore(tmp_path / "log.db") as store:

        def write() -> None:
            for some in batches(rows.next(), size):
                store.append(some)

        against(
            f"append {size} rows, chain and all",
            write,
            write_bare,
            by="executemany of them, sealed before",
            count=count,
            below=4,
            rounds=ROUNDS,
            clock=time.perf_counter,
        )
    chained, coded = min(chain) / count * 1e6, min(coding) / count * 1e6
    print(f"apart from that, the chain alone: {chained:.2f} µs a row; encoding: {coded:.2f} µs an event")
    db.close()


@pytest.mark.parametrize("select", ["the row", "what the event needs"])
def test_reading_back(quick: bool, against: Any, tmp_path: Path, select: str) -> None:
    count = 1_000 if quick else READ
    with SqliteStore(tmp_path / "log.db", fsync="relaxed") as store:
        fill(store, count)
        db = sqlite3.connect(tmp_path / "log.db")
        columns = EVERY if select == "the row" else NEEDED
        against(
            "read an event",
            lambda: sum(1 for _ in map(event_of, store.read())),
            lambda: sum(1 for _ in by_hand(db, columns)),
            by=f"SELECT of {select}, orjson.loads, constructor by hand",
            count=count,
            below=4,
            rounds=ROUNDS if count <= 100_000 else 4,
        )
        db.close()


NEEDED = 'id, at, "group", resolution, source, claimed_at, data, private'
EVERY = ", ".join([NEEDED, *(f'"{name}"' for name in Row._fields if name not in NEEDED)])


def by_hand(db: sqlite3.Connection, columns: str) -> Iterator[MessagePosted]:
    """What a program would do that knows what it is to find."""
    loads = orjson.loads
    found = db.execute(f"SELECT {columns} FROM events ORDER BY position")
    for id, at, group, resolution, source, claimed_at, data, private, *_ in found:
        public, hidden = loads(data), loads(private) if private else {}
        yield MessagePosted(
            id=id,
            at=at,
            group=group,
            resolution=resolution,
            source=source,
            claimed_at=claimed_at,
            message=public["message"],
            author=public["author"],
            text=hidden.get("text", ""),
        )


# --- eventsourcing ----------------------------------------------------------------------------------------------------

ROOM = UUID(int=7)
THEIRS = "eventsourcing, its SQLite recorder"


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Any]:
    """One of its applications, as its documentation has it; its aggregate counts what it is told."""
    pytest.importorskip("eventsourcing")
    from benchmarks.their_rooms import Rooms

    name = str(tmp_path / "theirs.db")
    with Rooms(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": name}) as app:
        yield app


def told(room: Any, events: Sequence[MessagePosted]) -> Any:
    for event in events:
        room.post(message=event.message, author=event.author, text=event.text)
    return room


def test_both_sides_wait_for_the_same(tmp_path: Path, rooms: Any) -> None:
    """No side is faster for being less careful; of the rest of the settings each has its own."""
    with SqliteStore(tmp_path / "log.db") as store, rooms.recorder.datastore.transaction(commit=False) as cursor:
        assert store._connection is not None
        for name in ("journal_mode", "synchronous", "page_size", "wal_autocheckpoint"):
            cursor.execute(f"PRAGMA {name}")
            assert store._connection.execute(f"PRAGMA {name}").fetchone() == tuple(cursor.fetchone()), name


@pytest.mark.parametrize(("size", "count"), [(1, 300), (100, 5_000), (1_000, 5_000)])
def test_recording_bytes_beside_eventsourcing(
    quick: bool, against: Any, tmp_path: Path, rooms: Any, size: int, count: int
) -> None:
    """Its recorder beside our store: the same bytes under the same names, made before on both sides."""
    from eventsourcing.persistence import StoredEvent

    count = size if quick else count
    ours = Turns(lambda turn: [plain(row) for row in drafts(messages(count, turn * count))])
    others = Turns(
        lambda turn: [
            StoredEvent(ROOM, turn * count + number, row.type, plain(row).data)
            for number, row in enumerate(drafts(messages(count, turn * count)), 1)
        ]
    )
    with SqliteStore(tmp_path / "log.db") as store:
        against(
            f"record bytes, {size} at a time",
            lambda: [store.append(some) for some in batches(ours.next(), size)],
            lambda: [rooms.recorder.insert_events(some) for some in batches(others.next(), size)],
            by=THEIRS,
            count=count,
            below=7,
            rounds=ROUNDS,
        )


def plain(row: Row) -> Row:
    """All of the data in one field, as that library has it."""
    data = row.data[:-1] + b"," + (row.private or b'{"text":""}')[1:]
    return row._replace(data=data, private=None, salt=None, private_digest=None)


def test_moderating_beside_eventsourcing(quick: bool, against: Any, tmp_path: Path, rooms: Any) -> None:
    """Our engine, which judges by the shipped rules, beside its application, which counts; on disk on return."""
    count = 100 if quick else 300
    ours, others = (Turns(lambda turn: messages(count, turn * count)) for _ in range(2))
    room = rooms.new(ROOM)
    with Moderator.open(str(tmp_path / "log.db"), shipped_rulebook()) as moderator:
        against(
            "judge, save and fold, 1 at a time",
            lambda: [moderator.record(event) for event in ours.next()],
            lambda: [rooms.save(told(room, [event])) for event in others.next()],
            by=THEIRS,
            count=count,
            below=20,
            rounds=ROUNDS,
        )


@pytest.mark.parametrize("clock", [time.process_time, time.perf_counter], ids=["processor", "wall"])
@pytest.mark.parametrize(("size", "count"), [(1, 300), (100, 5_000)])
def test_saving_beside_eventsourcing(
    quick: bool, against: Any, tmp_path: Path, rooms: Any, size: int, count: int, clock: Callable[[], float]
) -> None:
    """From what is to be said to its being on disk, and in the state."""
    count = 100 if quick else count
    ours, others = (Turns(lambda turn: messages(count, turn * count)) for _ in range(2))
    room, state = rooms.new(ROOM), State()
    with SqliteStore(tmp_path / "log.db") as store:

        def save() -> None:
            for some in batches(ours.next(), size):
                store.append(drafts(some))
                for event in some:
                    advance(state, event)

        def theirs() -> None:
            for some in batches(others.next(), size):
                rooms.save(told(room, some))

        against(
            f"save and fold, {size} at a time{', wall time' * (clock is time.perf_counter)}",
            save,
            theirs,
            by=THEIRS,
            count=count,
            below=2,
            rounds=ROUNDS,
            clock=clock,
        )


def test_replaying_beside_eventsourcing(quick: bool, against: Any, tmp_path: Path, rooms: Any) -> None:
    """From the file to the state."""
    count = 200 if quick else 20_000
    events, room = messages(count), rooms.new(ROOM)
    for some in batches(events, 5_000):
        rooms.save(told(room, some))
    with SqliteStore(tmp_path / "log.db", fsync="relaxed") as store:
        fill(store, count)

        def replay() -> None:
            state = State()
            for row in store.read_stream("group/g1"):
                advance(state, event_of(row))

        against(
            "replay into a state",
            replay,
            lambda: rooms.repository.get(ROOM),
            by=THEIRS,
            count=count,
            below=1.5,
            rounds=ROUNDS,
        )
