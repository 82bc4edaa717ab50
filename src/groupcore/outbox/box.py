"""The outbox itself: an SQLite file beside the log, or memory. It reads no clock: times are given."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from types import TracebackType
from typing import Any, Self

import attrs

from groupcore.clock import DAY, HOUR, MINUTE, format_duration
from groupcore.errors import InputError, StoreError
from groupcore.events import Opaque, Recorded, Row, decode
from groupcore.outbox.entries import OUTBOX, SELECT, Backoff, Entry, EntryState, asked_for, entry_of, insert
from groupcore.outbox.undoing import undo
from groupcore.projections import Bookmark, Database, Digests, bookmark_of, put_bookmark
from groupcore.subscriptions import Reader

LEASE = MINUTE
"""How long a worker has for an entry before somebody else may have it."""

_NAME = "outbox"
_STAMP = "1"
_FIRST_OF_LANES = f"""
{SELECT} AS mine WHERE state = 'waiting' AND due <= ? AND NOT EXISTS (
    SELECT 1 FROM entries AS other
    WHERE other.lane = mine.lane AND other.number < mine.number AND other.state IN ('waiting', 'leased')
) ORDER BY number LIMIT ?
"""
_EXPIRE = """
UPDATE entries SET token = NULL, due = :now,
    error = coalesce('undone by ' || undone_by || '; ', '') || 'the lease of ' || worker || ' ran out',
    state = CASE WHEN undone_by IS NOT NULL THEN 'skipped' WHEN attempts >= :most THEN 'gave-up' ELSE 'waiting' END,
    settled_at = CASE WHEN undone_by IS NOT NULL OR attempts >= :most THEN :now END
WHERE state = 'leased' AND lease_until <= :now
"""


class Outbox:
    """The actions that one log asks for, in the file *path* (``memory:`` for none).

    *backoff* says when a failed entry is tried again, and when it is given up. An action whose event happened longer
    than *stale* before it was taken in is skipped: it comes from an import or a replay, or nobody looked for too long.
    Safe to use from several threads and processes.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        backoff: Backoff | None = None,
        stale: int | None = DAY,
        read_only: bool = False,
        create: bool = True,
    ) -> None:
        self._database = Database(path, kind=OUTBOX, read_only=read_only, create=create)
        self.name = self._database.name
        self._backoff = backoff or Backoff()
        self._stale = stale

    # --- the log ------------------------------------------------------------------------------------------------

    def begin(self, log: Reader, after: int | None = None) -> int:
        """Go on behind the position where it stands, and return that. The first time it begins at the end of *log*.

        What the log asked for before is not sent, unless *after* names a position; that counts the first time only.
        Raises StoreError for another log than the one it follows: nothing is sent for a second time.
        """
        with self._database.writing() as db:
            mark = bookmark_of(db, _NAME)
            if mark is None:
                mark = _put_into(log, after)
                put_bookmark(db, mark)
            elif not mark.is_in(Digests(log)):
                raise StoreError(f"{self.name} stands at event {mark.position} of another log; nothing was taken in")
            return mark.position

    def move(self, log: Reader, after: int | None = None) -> int:
        """Follow *log* from now on, from its end or behind *after*. What was entered before is never entered again."""
        with self._database.writing() as db:
            mark = _put_into(log, after)
            put_bookmark(db, mark)
            return mark.position

    @property
    def position(self) -> int:
        """The position up to which the log was taken in; 0 before it began."""
        found = self._database.rows("SELECT position FROM bookmarks WHERE name = ?", (_NAME,))
        return int(found[0][0]) if found else 0

    @property
    def unknown(self) -> int:
        """How many events only a newer version knows: what they ask for, if anything, is not here."""
        found = self._database.rows("SELECT skipped FROM bookmarks WHERE name = ?", (_NAME,))
        return int(found[0][0]) if found else 0

    def catch_up(self, log: Reader, now: int, *, batch: int = 500) -> int:
        """Take in what *log* holds by now; how many events were read."""
        rows, read = iter(log.read(self.begin(log))), 0
        while page := list(islice(rows, batch)):
            self.take(page, now)
            read += len(page)
        return read

    def take(self, rows: Iterable[Row], now: int) -> None:
        """Enter what *rows* ask for, in one transaction with the position. What was taken in before is left out."""
        with self._database.writing() as db:
            mark = bookmark_of(db, _NAME)
            if mark is None:
                raise StoreError(f"{self.name} follows no log yet; let it begin with one")
            fresh = [row for row in rows if row.position > mark.position]
            moved, unknown = mark.moved(fresh), 0
            for recorded in map(decode, fresh):
                unknown += isinstance(recorded.event, Opaque)
                self._enter(db, recorded, now)
            if fresh:
                put_bookmark(db, attrs.evolve(moved, skipped=moved.skipped + unknown))

    def _enter(self, db: sqlite3.Connection, recorded: Recorded, now: int) -> None:
        event = recorded.event
        undo(db, event, now)
        fate: dict[str, Any] = {"state": "waiting"}
        if self._stale is not None and now - event.at > self._stale:
            age = format_duration((now - event.at) // HOUR * HOUR or now - event.at)
            fate = {"state": "skipped", "error": f"it happened {age} before it was taken in", "settled_at": now}
        for id, action in asked_for(event):
            insert(db, id, action, position=recorded.position, at=event.at, due=now, **fate)

    # --- workers ------------------------------------------------------------------------------------------------

    def claim(self, worker: str, now: int, *, limit: int = 1, lease: int = LEASE) -> tuple[Entry, ...]:
        """Entries to carry out, at most *limit* and of each lane the first: *worker*'s until the lease is over.

        They come in the order of the log. Acknowledge each, or say that it failed; silence is a failure, too.
        """
        with self._database.writing() as db:
            db.execute(_EXPIRE, {"now": now, "most": self._backoff.attempts})
            found = [entry_of(row) for row in db.execute(_FIRST_OF_LANES, (now, limit)).fetchall()]
            return tuple(_lease(db, entry, worker, now + lease) for entry in found)

    def acknowledge(self, entry: Entry, now: int) -> bool:
        """Say that it was carried out. False: the lease was over, and somebody else has it or had it since."""
        return self._settle(entry, "done", None, now)

    def fail(self, entry: Entry, error: str, now: int, *, jitter: float = 0.0) -> EntryState | None:
        """Say that it could not be carried out, and what becomes of it; None: it is not yours any more.

        It waits for its next attempt (*jitter*, from 0 to 1, keeps workers apart), or is given up after the last, or is
        skipped where it was undone meanwhile.
        """
        with self._database.writing() as db:
            held = _held(db, entry)
            if held is None:
                return None
            if held.undone_by is not None:
                _set(db, held, "skipped", f"undone by {held.undone_by}; {error}", now)
                return "skipped"
            if held.attempts >= self._backoff.attempts:
                _set(db, held, "gave-up", error, now)
                return "gave-up"
            _set(db, held, "waiting", error, None)
            due = now + self._backoff.wait(held.attempts, jitter)
            db.execute("UPDATE entries SET due = ? WHERE number = ?", (due, held.number))
            return "waiting"

    def _settle(self, entry: Entry, state: EntryState, error: str | None, now: int) -> bool:
        with self._database.writing() as db:
            held = _held(db, entry)
            if held is not None:
                _set(db, held, state, error, now)
            return held is not None

    def deliver(
        self,
        carry_out: Callable[[Entry], object],
        *,
        worker: str,
        clock: Callable[[], int],
        chance: Callable[[], float] = lambda: 0.0,
        lease: int = LEASE,
    ) -> int:
        """Carry out all that is due, one by one; how many entries were handed out.

        What *carry_out* returns from is acknowledged; an exception is a failure. *clock* gives microseconds, *chance*
        the jitter.
        """
        handed = 0
        while claimed := self.claim(worker, clock(), lease=lease):
            for entry in claimed:
                handed += 1
                try:
                    carry_out(entry)
                except Exception as error:
                    self.fail(entry, f"{type(error).__name__}: {error}", clock(), jitter=chance())
                else:
                    self.acknowledge(entry, clock())
        return handed

    # --- people -------------------------------------------------------------------------------------------------

    def entries(
        self, state: EntryState | None = None, *, member: str | None = None, after: int = 0, limit: int = 100
    ) -> tuple[Entry, ...]:
        """The entries in their order, behind the number *after*: all, or of one state, or about one member."""
        where = "number > ? AND (? IS NULL OR state = ?) AND (? IS NULL OR member = ?)"
        given = (after, state, state, member, member, limit)
        found = self._database.rows(f"{SELECT} WHERE {where} ORDER BY number LIMIT ?", given)
        return tuple(map(entry_of, found))

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, or None."""
        found = self._database.rows(f"{SELECT} WHERE id = ?", (id,))
        return entry_of(found[0]) if found else None

    def counts(self) -> dict[str, int]:
        """How many entries there are of each state."""
        return dict(self._database.rows("SELECT state, count(*) FROM entries GROUP BY state ORDER BY state"))

    def requeue(self, id: str, now: int, *, force: bool = False) -> None:
        """Try an entry again that was given up or skipped. Raises InputError where that would undo something later.

        *force* does it all the same, out of order; but never for what was undone.
        """
        with self._database.writing() as db:
            entry = _known(db, id)
            if entry.state not in ("gave-up", "skipped"):
                raise InputError(f"{id} is {entry.state}; only what was given up or skipped can be queued anew")
            if entry.undone_by is not None:
                raise InputError(f"{id} was undone by {entry.undone_by}")
            sql = "SELECT id FROM entries WHERE lane = ? AND number > ? AND handed > 0 LIMIT 1"
            later = db.execute(sql, (entry.lane, entry.number)).fetchone()
            if later is not None and not force:
                raise InputError(f"{id} would come after {later[0]}, which was handed out before; force it if it must")
            _set(db, entry, "waiting", entry.error, None)
            db.execute("UPDATE entries SET attempts = 0, due = ? WHERE number = ?", (now, entry.number))

    def skip(self, id: str, reason: str, now: int) -> None:
        """Do not hand out an entry that waits, or was given up. Raises InputError for any other."""
        with self._database.writing() as db:
            entry = _known(db, id)
            if entry.state not in ("waiting", "gave-up"):
                raise InputError(f"{id} is {entry.state}; only what waits or was given up can be skipped")
            _set(db, entry, "skipped", reason, now)

    def tidy(self, before: int) -> int:
        """Forget entries done or skipped before a time; how many. What was forgotten `move` may enter anew."""
        with self._database.writing() as db:
            sql = "DELETE FROM entries WHERE state IN ('done', 'skipped') AND settled_at < ?"
            return db.execute(sql, (before,)).rowcount

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _put_into(log: Reader, after: int | None) -> Bookmark:
    """A bookmark behind *after*, or at the end of *log*."""
    end = log.position
    position = end if after is None else after
    if not 0 <= position <= end:
        raise InputError(f"there is no position {position}: the log ends at {end}")
    digests, there = Digests(log), position > 0
    origin, anchor = (digests.at(1) or "", digests.at(position) or "") if there else ("", "")
    return Bookmark(name=_NAME, stamp=_STAMP, position=position, origin=origin, anchor=anchor)


def _lease(db: sqlite3.Connection, entry: Entry, worker: str, until: int) -> Entry:
    sql = """
        UPDATE entries SET state = 'leased', attempts = attempts + 1, handed = handed + 1, worker = ?,
            token = ? || '#' || (handed + 1), lease_until = ? WHERE number = ?
    """
    db.execute(sql, (worker, worker, until, entry.number))
    return _known(db, entry.id)


def _held(db: sqlite3.Connection, entry: Entry) -> Entry | None:
    """The entry as it is now, if the lease that *entry* came with still stands."""
    sql = f"{SELECT} WHERE id = ? AND token = ? AND state = 'leased'"
    found: Sequence[tuple[object, ...]] = db.execute(sql, (entry.id, entry.token)).fetchall()
    return entry_of(found[0]) if found else None


def _known(db: sqlite3.Connection, id: str) -> Entry:
    found = db.execute(f"{SELECT} WHERE id = ?", (id,)).fetchone()
    if found is None:
        raise InputError(f"there is no entry {id}")
    return entry_of(found)


def _set(db: sqlite3.Connection, entry: Entry, state: EntryState, error: str | None, settled: int | None) -> None:
    sql = "UPDATE entries SET state = ?, error = ?, settled_at = ?, token = NULL, lease_until = NULL WHERE number = ?"
    db.execute(sql, (state, error, settled, entry.number))
