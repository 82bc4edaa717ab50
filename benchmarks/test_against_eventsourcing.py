"""Appending and reading with SQLite, against SQLite alone, and against the library ``eventsourcing``.

Both sides write to files in write-ahead mode and are durable at each commit. Wall time is counted where a disk is.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from benchmarks.yardsticks import gitter
from groupcore.events import MessagePosted, Row, decode, encode, new_fact
from groupcore.state import State, advance
from groupcore.stores import SqliteStore
from groupcore.stores.base import place
from groupcore.stores.sqlite_file import INSERT, SCHEMA

orjson = pytest.importorskip("orjson")

AT = 1_750_000_000_000_000
SALT = "ab" * 16
ROUNDS = 9
Events = list[MessagePosted]


def messages(count: int, first: int = 0) -> Events:
    """Messages of one group, with texts as programmers chat."""
    lines = gitter(min(count, 100_000))
    return [
        new_fact(
            MessagePosted,
            at=AT + number,
            group="g1",
            message=f"m{number}",
            author=f"u{number % 200}",
            text=lines[number % len(lines)]["text"],
        )
        for number in range(first, first + count)
    ]


def drafts(events: Events) -> list[Row]:
    return [encode(event, recorded_at=AT, judged="f" * 64, org_seen=1, salt=SALT) for event in events]


def batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


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
    chain = list[float]()
    for made in [*rows._made]:
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
    print(f"the chain alone: {min(chain) / count * 1e6:.2f} µs a row")
    db.close()


@pytest.mark.parametrize("select", ["the row", "what the event needs"])
def test_reading_back(quick: bool, against: Any, tmp_path: Path, select: str) -> None:
    count = 1_000 if quick else 100_000
    with SqliteStore(tmp_path / "log.db", fsync="relaxed") as store:
        for some in batches(messages(count), 5_000):
            store.append(drafts(some))
        db = sqlite3.connect(tmp_path / "log.db")
        columns = EVERY if select == "the row" else NEEDED
        against(
            "read an event",
            lambda: sum(1 for _ in map(decode, store.read())),
            lambda: sum(1 for _ in by_hand(db, columns)),
            by=f"SELECT of {select}, orjson.loads, constructor by hand",
            count=count,
            below=4,
            rounds=ROUNDS,
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


def told(room: Any, events: Events) -> Any:
    for event in events:
        room.post(message=event.message, author=event.author, text=event.text)
    return room


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
        for some in batches(events, 5_000):
            store.append(drafts(some))

        def replay() -> None:
            state = State()
            for row in store.read_stream("group/g1"):
                advance(state, decode(row).event)

        against(
            "replay into a state",
            replay,
            lambda: rooms.repository.get(ROOM),
            by=THEIRS,
            count=count,
            below=1.5,
            rounds=ROUNDS,
        )
