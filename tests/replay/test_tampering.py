"""Every single field of every event in a log with all that can happen, changed in the file it lies in; and whole events
taken out, put in and exchanged. Each has to be named at its place.

What is changed here is the file and not the rows: SQLite cell by cell, JSON Lines key by key and byte by byte.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.town import whole_life
from groupcore.checkpoints import take_checkpoint
from groupcore.errors import CorruptLog, NotALog
from groupcore.events import Row
from groupcore.replay import Divergence, Report, verify_store
from groupcore.stores import JsonlStore, MemoryStore, SqliteStore, open_store
from groupcore.wire import dumps, loads
from replay.test_verifying import changes

ROWS = whole_life(MemoryStore()).rows()
FACTS = [index for index, row in enumerate(ROWS) if row.cause is None][::3]
ROUNDS = [ROWS[start:end] for start, end in pairwise([*FACTS, len(ROWS)])]
"""The appends: some facts each, with their answers."""

SOME_OR_ALL = [False, pytest.param(True, marks=pytest.mark.soak)]
"""Each field gets one or two other values, in the lines of a file in every third line; with the soak, all of them."""


# --- SQLite -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path_factory.mktemp("tampering") / "log.db", fsync="relaxed") as store:
        for rows in ROUNDS:
            store.append(rows)
        yield store


@contextmanager
def forging(store: SqliteStore) -> Iterator[sqlite3.Connection]:
    """A transaction that everything in the block is done in, and that never was."""
    db = store._connection
    assert db is not None
    db.execute("BEGIN")
    try:
        yield db
    finally:
        db.execute("ROLLBACK")


def found_in(store: SqliteStore) -> int:
    """Where the file diverges; 0: nowhere."""
    report = verify_store(store)
    return report.divergence.position if report.divergence is not None else 0


def cells(row: Row, column: str, all_of_them: bool) -> Iterator[Any]:
    """Other values for a cell: those of another log, and of other types."""
    if column == "position":
        yield from (row.position + 1000, 0, -row.position)
        return
    yield from (getattr(changed, column) for changed in changes(row, column))
    if column == "version":
        yield row.version + 1000
    if not all_of_them:
        return
    yield b"\xff\x00" if column not in ("data", "private") else "text"
    if isinstance(getattr(row, column), int):
        yield from (-1, 1 << 62, "x")


@pytest.mark.parametrize("all_of_them", SOME_OR_ALL)
@pytest.mark.parametrize("column", Row._fields)
def test_every_changed_cell_is_named(database: SqliteStore, column: str, all_of_them: bool) -> None:
    tried = 0
    for row in ROWS:
        for value in cells(row, column, all_of_them):
            if value == getattr(row, column) or (column == "private" and value is None):
                continue  # the first is no change, the second is told by the salt that is left: see below
            with forging(database) as db:
                try:
                    db.execute(f'UPDATE events SET "{column}" = ? WHERE position = ?', (value, row.position))
                except sqlite3.IntegrityError:
                    continue  # the table itself refuses it
                expected = 1 if column == "position" and value <= 0 else row.position
                assert found_in(database) == expected, f"{row.type} at {row.position}: {value!r}"
                tried += 1
    assert tried >= len(ROWS)


def test_text_that_went_without_its_salt_is_named_and_with_it_is_an_erasure(database: SqliteStore) -> None:
    for row in ROWS:
        if row.private is None:
            continue
        with forging(database) as db:
            db.execute("UPDATE events SET private = NULL WHERE position = ?", (row.position,))
            assert found_in(database) == row.position
            db.execute("UPDATE events SET salt = NULL WHERE position = ?", (row.position,))
            assert found_in(database) == 0


def test_every_event_taken_out_is_named_where_it_stood(database: SqliteStore) -> None:
    for row in ROWS:
        with forging(database) as db:
            db.execute("DELETE FROM events WHERE position = ?", (row.position,))
            assert found_in(database) == row.position
            if row.position == len(ROWS):
                continue
            db.execute("UPDATE events SET position = -position WHERE position > ?", (row.position,))
            db.execute("UPDATE events SET position = -position - 1 WHERE position < 0")
            fact = next(each for each in ROWS if each.id == (row.cause or row.id))
            assert (
                found_in(database) >= fact.position
            )  # at the next event of its stream or of `org`, or an answer lacks


def test_every_event_put_in_is_named_where_it_stands(database: SqliteStore) -> None:
    for row in ROWS:
        for version in (row.version, row.version + 1):
            forged = row._replace(id=f"{row.id}x", version=version)
            with forging(database) as db:
                db.execute(
                    "UPDATE events SET position = -position, version = version + 100 WHERE position > ?",
                    (row.position,),
                )
                db.execute("UPDATE events SET position = -position + 1, version = version - 100 WHERE position < 0")
                forged = forged._replace(position=row.position + 1, version=version + 5000)
                marks = ", ".join("?" * len(forged))
                db.execute(f"INSERT INTO events VALUES ({marks})", forged)
                assert found_in(database) == row.position + 1


def test_an_event_put_in_before_the_first_or_behind_the_last_is_named(database: SqliteStore) -> None:
    marks = ", ".join("?" * len(Row._fields))
    for position, expected in [(0, 1), (-5, 1), (len(ROWS) + 1, len(ROWS) + 1), (len(ROWS) + 9, len(ROWS) + 1)]:
        with forging(database) as db:
            forged = ROWS[-1]._replace(position=position, version=ROWS[-1].version + 1, id="x")
            db.execute(f"INSERT INTO events VALUES ({marks})", forged)
            assert found_in(database) == expected


def test_any_two_neighbours_in_each_others_place_are_named(database: SqliteStore) -> None:
    for row in ROWS[:-1]:
        with forging(database) as db:
            db.execute("UPDATE events SET position = -1 WHERE position = ?", (row.position,))
            db.execute("UPDATE events SET position = ? WHERE position = ?", (row.position, row.position + 1))
            db.execute("UPDATE events SET position = ? WHERE position = -1", (row.position + 1,))
            other = ROWS[row.position]
            found = found_in(database)
            if row.stream == other.stream:
                assert found == row.position
            elif found == 0:
                assert "org" not in (row.stream, other.stream), "order within an organisation counts"


def test_a_table_of_heads_that_says_something_else_is_named(database: SqliteStore) -> None:
    for stream, head in database.heads().items():
        last = max(row.position for row in ROWS if row.stream == stream)
        for change in (
            "UPDATE heads SET version = version + 1", "UPDATE heads SET version = version - 1",
            "UPDATE heads SET version = 'x'", "UPDATE heads SET digest = 'x'", "DELETE FROM heads",
            "UPDATE heads SET stream = stream || 'x'",
        ):  # fmt: skip
            with forging(database) as db:
                db.execute(f"{change} WHERE stream = ?", (stream,))
                expected = len(ROWS) + 1 if "version + 1" in change else last
                assert found_in(database) == expected, f"{change} of {stream} at {head.version}"
    with forging(database) as db:
        db.execute("INSERT INTO heads VALUES ('group/ghost', 1, 'x')")
        assert found_in(database) == len(ROWS) + 1


def test_an_end_that_was_cut_off_is_told_by_the_table_of_heads(database: SqliteStore) -> None:
    """Who forgets the table is found without a checkpoint; who does not, with one: see test_checkpoints."""
    for row in ROWS[1:]:
        if row.cause is None:  # else an answer is cut in its middle, and found anyway
            with forging(database) as db:
                db.execute("DELETE FROM events WHERE position >= ?", (row.position,))
                report = verify_store(database)
                assert report.divergence is not None
                assert report.divergence.position == row.position
                assert "events were cut off, or the table was changed" in report.divergence.problem


def test_a_writer_at_work_is_no_table_of_heads_that_misleads(tmp_path: Path) -> None:
    newer = ROWS[0]._replace(type="vote-cast", data=b"{}", org_seen=None)

    class Busy(SqliteStore):
        def read(self, after: int = 0) -> Iterator[Row]:
            self.append([newer._replace(id=f"before{self.position}", stream="group/0")])
            rows = super().read(after)
            self.append([newer._replace(id=f"{n} after{self.position}", stream=f"group/{n}") for n in range(2)])
            return rows

    with Busy(tmp_path / "log.db", fsync="relaxed") as store:
        store.append(ROWS)
        for number in range(3):
            report = verify_store(store)
            assert report.clean, report.divergence
            assert report.events == len(ROWS) + 3 * number + 1


# --- JSON Lines ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    path = tmp_path_factory.mktemp("tampering") / "log.jsonl"
    with JsonlStore(path, fsync="relaxed") as store:
        for rows in ROUNDS:
            store.append(rows)
    return path.read_bytes().splitlines(keepends=True)


def verified(path: Path, content: list[bytes]) -> Report | None:
    """What verify says of this file; None where it is refused as no log at all."""
    path.write_bytes(b"".join(content))
    try:
        with open_store(path, read_only=True) as store:
            return verify_store(store)
    except NotALog:
        return None
    except CorruptLog as error:  # at opening
        return Report(divergence=Divergence(error.position, "", 0, error.problem))


def place_of(path: Path, content: list[bytes]) -> int:
    """Where the file diverges, 0 for nowhere; a file that does not begin with an event is refused, which is at 1."""
    report = verified(path, content)
    if report is None:
        return 1
    return report.divergence.position if report.divergence is not None else 0


OPTIONAL = {
    "cause": "x", "source": "x", "claimed_at": 1, "judged": "x", "org_seen": 1, "salt": "ab", "private_digest": "x",
    "resolution": "min", "private": ["message"],
}  # fmt: skip


def other_values(value: Any) -> Iterator[Any]:
    """Values that are not *value*, of its type and of others."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, -1, str(value), value + 0.5)
    elif isinstance(value, str):
        yield from (f"{value}x", value[1:], 5)
    elif isinstance(value, list):
        yield from ([*value, "x"], value[1:], {})
    elif isinstance(value, dict):
        yield from ({**value, "x": 1}, [])
    yield None


def line_changes(line: bytes, all_of_them: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each key of a line, and each of its data, with other values and without it; and each key that it has not."""
    event, most = loads(line), None if all_of_them else 1
    for key, value in event.items():
        if key != "more":
            yield key, {name: item for name, item in event.items() if name != key}
            for other in islice(other_values(value), most):
                yield key, {**event, key: other}
    for key, value in event["data"].items():
        yield "data", {**event, "data": {name: item for name, item in event["data"].items() if name != key}}
        for other in islice(other_values(value), most):
            yield "data", {**event, "data": {**event["data"], key: other}}
    for key, value in OPTIONAL.items():
        if key not in event:
            yield key, {**event, key: value}


def is_same(line: bytes, changed: dict[str, Any]) -> bool:
    """Whether a change is none: what a line leaves out has a default, and 0 is what False is."""
    event, defaults = loads(line), {"cause": None, "claimed_at": None, "judged": None, "org_seen": None, "group": None}
    return {**defaults, **event} == {**defaults, **changed} and dumps(event["data"]) == dumps(changed.get("data"))


@pytest.mark.parametrize("all_of_them", SOME_OR_ALL)
def test_every_changed_key_of_every_line_is_named(tmp_path: Path, lines: list[bytes], all_of_them: bool) -> None:
    tried, path = Counter[str](), tmp_path / "log.jsonl"
    indexes = range(0, len(lines), 1 if all_of_them else 3)
    for index in indexes:
        for key, changed in line_changes(lines[index], all_of_them):
            if is_same(lines[index], changed):
                continue
            end = lines[index][len(lines[index].rstrip(b"\n")) :]
            line = dumps({name: item for name, item in changed.items() if name != "more"})
            line = (line[:-1] + b',"more":true}' if "more" in changed else line) + end
            found = place_of(path, [*lines[:index], line, *lines[index + 1 :]])
            assert found == index + 1, f"{key} of {loads(lines[index])['type']} at {index + 1}: {line!r}"
            tried[key] += 1
    assert tried.total() > 25 * len(indexes)
    assert {"data", "judged", "org_seen", "digest", "position", "version", "private", "salt"} <= tried.keys()


@pytest.mark.parametrize("all_of_them", SOME_OR_ALL)
def test_every_changed_byte_is_named_or_changes_nothing_that_is_read(
    tmp_path: Path, lines: list[bytes], all_of_them: bool
) -> None:
    """Some bytes say nothing: the mark of an append, white space. Whatever else changes, its line is named."""
    few, path = lines[:6], tmp_path / "log.jsonl"
    path.write_bytes(b"".join(few))
    harmless = 0
    for index, line in enumerate(few):
        for offset in range(0, len(line) - 1, 1 if all_of_them else 7):
            changed = line[:offset] + bytes([line[offset] ^ 1 << offset % 7]) + line[offset + 1 :]
            content = [*few[:index], changed, *few[index + 1 :]]
            found = place_of(path, content)
            if found in (0, index):
                harmless += 1  # an append that lost its mark, or was joined with the next
                with open_store(path, read_only=True) as store:
                    assert list(store.read()) == ROWS[: store.position], changed
            else:
                assert found == index + 1, changed
    assert harmless <= 12 * len(few), "only within the mark of an append"


def test_every_line_taken_out_put_in_and_exchanged_is_named(tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "log.jsonl"
    for index in range(0, len(lines) - 1, 2):
        assert place_of(path, [*lines[:index], *lines[index + 1 :]]) == index + 1
        assert place_of(path, [*lines[: index + 1], lines[index], *lines[index + 1 :]]) == index + 2
        swapped = [*lines[:index], lines[index + 1], lines[index], *lines[index + 2 :]]
        assert place_of(path, swapped) == index + 1


def test_a_last_line_marked_as_unfinished_is_a_cut_and_a_checkpoint_tells(tmp_path: Path, lines: list[bytes]) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(lines))
    with open_store(path, read_only=True) as store:
        whole = take_checkpoint(store, at=0)
    path.write_bytes(b"".join([*lines[:-1], lines[-1][:-2] + b',"more":true}\n']))
    with open_store(path, read_only=True) as store:
        assert verify_store(store).clean
        assert store.repaired is not None
        report = verify_store(store, against=[whole])
    assert report.divergence is not None
    assert "the log ends at event" in report.divergence.problem
