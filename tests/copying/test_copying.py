"""A copy is the log, in whatever store: event for event, digests and all; or it says what differs and does nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.town import whole_life
from groupcore.copying import Copied, copy
from groupcore.errors import CorruptLog, StoreError
from groupcore.events import Row
from groupcore.replay import verify, verify_store
from groupcore.stores import JsonlStore, MemoryStore, Store, open_store
from groupcore.wire import dumps
from replay.forging import erased, first, replaced, resealed

ROWS = whole_life(MemoryStore()).rows()
KINDS = ["memory", "sqlite", "jsonl"]


def log_of(rows: Sequence[Row]) -> MemoryStore:
    store = MemoryStore()
    store.append(rows)
    return store


@pytest.fixture(params=KINDS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Opens empty stores of one kind."""
    stores: list[Store] = []

    def make(name: str) -> Store:
        where = {"memory": "memory:", "sqlite": tmp_path / f"{name}.db", "jsonl": tmp_path / f"{name}.jsonl"}
        stores.append(open_store(where[request.param]))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.mark.parametrize("source", KINDS)
def test_a_copy_is_the_log(made: Callable[[str], Store], source: str, tmp_path: Path) -> None:
    name = {"memory": "memory:", "sqlite": str(tmp_path / "a.db"), "jsonl": str(tmp_path / "a.jsonl")}[source]
    with open_store(name) as log:
        log.append(ROWS)
        target = made("b")
        assert copy(log, target) == Copied(events=len(ROWS), added=len(ROWS), erased=0, ahead=0)
        assert list(target.read()) == ROWS
        assert target.heads() == log.heads()
        assert verify_store(target).clean
        assert copy(log, target) == Copied(events=len(ROWS), added=0, erased=0, ahead=0)


def test_a_copy_goes_on_wherever_it_was_stopped(made: Callable[[str], Store]) -> None:
    log = log_of(ROWS)
    for held in range(0, len(ROWS) + 1, 9):
        target = made(f"from{held}")
        target.append(ROWS[:held])
        assert copy(log, target, batch=7) == Copied(len(ROWS), len(ROWS) - held, 0, 0)
        assert list(target.read()) == ROWS


def test_a_log_that_grew_is_copied_on(made: Callable[[str], Store]) -> None:
    log, target = MemoryStore(), made("b")
    for start in range(0, len(ROWS), 10):
        log.append(ROWS[start : start + 10])
        assert copy(log, target).added == log.position - start
    assert list(target.read()) == ROWS


def test_no_batch_ends_within_an_answer() -> None:
    class Counting(MemoryStore):
        appended: list[Sequence[Row]]

        def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = {}) -> list[Row]:
            self.appended.append(drafts)
            return super().append(drafts, expect)

    target = Counting()
    target.appended = []
    copy(log_of(ROWS), target, batch=4)
    assert all(rows[0].cause is None for rows in target.appended)
    assert all(4 <= len(rows) <= 12 for rows in target.appended[:-1])


def test_progress_is_told_for_what_is_compared_and_for_what_is_copied() -> None:
    rows = [ROWS[0]._replace(id=str(number)) for number in range(5000)]
    log = log_of(rows)
    target = MemoryStore()
    target.append(rows[:3000])
    told: list[tuple[int, int]] = []
    copy(log, target, progress=lambda done, total: told.append((done, total)), batch=1000)
    assert told == [(1024, 5000), (2048, 5000), (4000, 5000), (5000, 5000)]


# --- what is kept as it is ------------------------------------------------------------------------------------------


def newer(row: Row, schema: int, **data: Any) -> Row:
    return row._replace(type="vote-cast", schema=schema, id=f"{row.id}/vote-cast", data=dumps(data))


def test_what_only_a_newer_version_knows_is_copied_byte_for_byte(made: Callable[[str], Store]) -> None:
    index = first(ROWS, "strike-recorded")
    odd = {"票": ["a", {"b": 1.5, "c": [None, True]}], "n": 10**30, "": "\u2028"}
    rows = resealed(
        [*ROWS[: index + 1], newer(ROWS[index], 7, **odd), *ROWS[index + 1 :], ROWS[-3]._replace(id="x", schema=99)]
    )
    target, back = made("b"), MemoryStore()
    copy(log_of(rows), target)
    copy(target, back)
    assert list(back.read()) == rows
    assert back.heads() == verify(rows).heads


def test_what_was_erased_stays_erased(made: Callable[[str], Store]) -> None:
    rows = [erased(row) if row.position % 2 else row for row in ROWS]
    target = made("b")
    copy(log_of(rows), target)
    assert list(target.read()) == rows
    assert verify_store(target).clean


def test_what_was_erased_in_the_source_since_is_erased_in_the_copy(made: Callable[[str], Store]) -> None:
    log, target = log_of(ROWS), made("b")
    copy(log_of(ROWS[:60]), target)
    gone = [row for row in ROWS if row.private is not None][:5]
    log.erase([row.id for row in gone])
    assert copy(log, target) == Copied(len(ROWS), len(ROWS) - 60, len([row for row in gone if row.position <= 60]), 0)
    assert list(target.read()) == list(log.read())
    assert copy(log, target).erased == 0


def test_what_was_erased_in_the_copy_alone_stays_so() -> None:
    target = log_of(ROWS)
    target.erase([row.id for row in ROWS])
    assert copy(log_of(ROWS), target) == Copied(len(ROWS), 0, 0, 0)
    assert all(row.private is None for row in target.read())


def test_a_log_that_is_written_meanwhile_is_copied_up_to_where_it_stood() -> None:
    class Growing(MemoryStore):
        def read(self, after: int = 0) -> Iterator[Row]:
            self.append([ROWS[0]._replace(id=f"later{self.position}")])
            return super().read(after)

    log, target = Growing(), MemoryStore()
    log.append(ROWS)
    assert copy(log, target) == Copied(len(ROWS), len(ROWS), 0, ahead=1)
    assert list(target.read()) == ROWS
    assert copy(log, target) == Copied(len(ROWS) + 1, 1, 0, ahead=1)


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", [0, 1, 40, len(ROWS) - 1])
def test_another_log_is_refused_at_the_first_event_that_differs(made: Callable[[str], Store], index: int) -> None:
    other = resealed(replaced(ROWS, index, ROWS[index]._replace(recorded_at=5)))
    target = made("b")
    target.append(other)
    with pytest.raises(StoreError) as caught:
        copy(log_of(ROWS), target)
    row = ROWS[index]
    assert str(caught.value) == (
        f"event {index + 1} ({row.stream} version {row.version}) of the target is another than that of the source "
        "(they differ in recorded_at, digest): it is another log, or one of the two was changed; nothing was copied"
    )
    assert list(target.read()) == other


def test_a_copy_that_is_ahead_is_refused() -> None:
    with pytest.raises(StoreError, match="the target holds 81 events and the source 80: it is no unfinished copy"):
        copy(log_of(ROWS[:80]), log_of(ROWS[:81]))


@pytest.mark.parametrize("held", [0, 10, 30])
@pytest.mark.parametrize("field", ["at", "digest", "data", "private", "version", "position"])
def test_a_source_whose_chain_is_broken_is_not_copied_further(held: int, field: str) -> None:
    index = first(ROWS, "message-edited")
    value: Any = {"at": 5, "digest": "x", "data": b"{}", "private": b"{}", "version": 99, "position": 99}[field]
    log, target = log_of(ROWS), log_of(ROWS[:held])
    log._rows = replaced(ROWS, index, ROWS[index]._replace(**{field: value}))
    with pytest.raises(CorruptLog, match=f"event {index + 1}: ") if held <= index else pytest.raises(StoreError):
        copy(log, target, batch=5)
    assert list(target.read()) == ROWS[: target.position]
    assert target.position <= max(index, held)


def test_a_changed_copy_is_found_when_it_is_completed() -> None:
    target = log_of(ROWS[:50])
    target._rows[20] = target._rows[20]._replace(at=5)
    with pytest.raises(StoreError, match=r"event 21 .* differ in at"):
        copy(log_of(ROWS), target)


@pytest.mark.parametrize(
    ("stream", "words"),
    [("org", "else writes to the target"), ("group/g1", "else writes to the target"), ("group/new", "before event 1;")],
)
def test_somebody_else_who_writes_to_the_target_is_noticed(stream: str, words: str) -> None:
    class Shared(MemoryStore):
        def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = {}) -> list[Row]:
            if self.position == 0:
                super().append([ROWS[0]._replace(id="foreign", stream=stream)])
            return super().append(drafts, expect)

    with pytest.raises(StoreError, match=f"{words}.*no copy any more"):
        copy(log_of(ROWS), Shared(), batch=40)


def test_somebody_else_who_writes_behind_the_last_event_is_noticed() -> None:
    class Shared(MemoryStore):
        def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = {}) -> list[Row]:
            rows = super().append(drafts, expect)
            super().append([ROWS[0]._replace(id="foreign")])
            return rows

    with pytest.raises(StoreError, match="other heads than the source"):
        copy(log_of(ROWS), Shared(), batch=1000)


def test_two_logs_that_were_changed_alike_are_still_no_chain() -> None:
    log, target = log_of(ROWS), log_of(ROWS[:50])
    log._rows[20] = target._rows[20] = ROWS[20]._replace(at=5)
    with pytest.raises(CorruptLog, match="event 21: "):
        copy(log, target)


# --- kills ----------------------------------------------------------------------------------------------------------

KILLING = Path(__file__).with_name("killing.py")


def long_log(path: Path, count: int) -> Path:
    with JsonlStore(path, fsync="relaxed") as log:
        rows = [ROWS[0]._replace(id=f"f{number}", stream=f"group/{number % 5}") for number in range(count)]
        answers = [row._replace(id=f"{row.id}/x", type="x", cause=row.id) for row in rows]
        log.append([row for pair in zip(rows, answers, strict=True) for row in pair])
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
@pytest.mark.parametrize("target", ["copy.db", "copy.jsonl"])
@pytest.mark.parametrize("kills", [5, pytest.param(150, marks=pytest.mark.soak)])
def test_a_copy_that_was_killed_goes_on(tmp_path: Path, target: str, kills: int) -> None:
    seen = {"kills": 0, "on the way": 0, "repaired": 0}
    for seed in range(max(1, kills // 10)):
        source = long_log(tmp_path / f"source{seed}.jsonl", 500)
        command = [sys.executable, KILLING, source, f"{tmp_path}/{seed}{target}", str(min(kills, 10)), str(seed)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        seen = {name: seen[name] + count for name, count in json.loads(done.stdout).items()}
    print(seen)  # noqa: T201 (what the soak found)
    assert seen["on the way"] >= kills // 5
