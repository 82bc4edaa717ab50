"""Connections to a PostgreSQL server, lent to one thread at a time, and work that outlives a lost one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from threading import BoundedSemaphore, Lock, local
from typing import Any, TypeAlias, TypeVar

from groupcore.errors import MissingExtra, StoreLocked
from groupcore.stores.base import closed
from groupcore.stores.postgres_url import Place
from groupcore.stores.postgres_words import passes, told, unreachable, unreadable

try:
    import psycopg
    from psycopg.pq import TransactionStatus
except ImportError:
    raise MissingExtra("psycopg", "postgres") from None

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"
Step: TypeAlias = tuple[str, tuple[Any, ...]]
"""A statement and its values."""
T = TypeVar("T")

_PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2)  # seconds between attempts; the last one again and again
_LOCK, _UNLOCK = "SELECT pg_advisory_lock(%s)", "SELECT pg_advisory_unlock_all()"
_NOT_FOR_EVER = "SELECT set_config('idle_session_timeout', %s, false)"  # who froze in a turn is not waited for
_LIBPQ = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,  # nobody is asked to keep alive while something that was sent is not confirmed
}


class Connections:
    """At most *most* connections to the server of *place*; who wants one more waits for one to come back.

    They are made when they are first needed, in the thread that needs them, so that it learns what is wrong.
    """

    def __init__(self, place: Place, *, read_only: bool, most: int) -> None:
        self._place = place
        self._read_only = read_only
        self._free = BoundedSemaphore(most)
        self._lock = Lock()
        self._idle: list[Connection] = []
        self._open = True
        self._turn = local()  # .db: what a thread holds for the length of its turn

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        """A connection outside of any transaction. It is kept if it comes back like that, and else thrown away."""
        mine = self._mine()
        db = mine or self._take()
        try:
            yield db
        finally:
            if mine is None:
                self._take_back(db)
            elif not _is_whole(db):
                db.close()

    def _mine(self) -> Connection | None:
        """The connection of this thread's turn. A lost one is replaced, and the lock is lost: it was a courtesy."""
        db: Connection | None = getattr(self._turn, "db", None)
        if db is not None and db.closed:
            db = self._turn.db = connect(self._place, read_only=self._read_only)
        return db

    @contextmanager
    def turn(self, key: int) -> Iterator[None]:
        """Hold the advisory lock *key*, and one connection for all that this thread does within the block."""
        if getattr(self._turn, "db", None) is not None:
            yield
            return
        self._turn.db = self._patiently(lambda again: self._take())
        try:
            self.work(lambda db, again: in_one_go(db, [(_NOT_FOR_EVER, ("60s",)), (_LOCK, (key,))]))
            yield
        finally:
            db, self._turn.db = self._turn.db, None
            with suppress(psycopg.Error):  # it may be lost, and the lock with it
                in_one_go(db, [(_UNLOCK, ()), (_NOT_FOR_EVER, ("0",))])
            self._take_back(db)

    def _take(self) -> Connection:
        if not self._open:
            raise closed(self._place.name)
        if not self._free.acquire(timeout=self._place.patience):
            raise StoreLocked(f"{self._place.name}: other threads keep all its connections busy; try again")
        try:
            with self._lock:
                idle = self._idle.pop() if self._idle else None
            return idle or connect(self._place, read_only=self._read_only)
        except BaseException:
            self._free.release()
            raise

    def _take_back(self, db: Connection) -> None:
        with self._lock:
            kept = self._open and _is_whole(db)
            if kept:
                self._idle.append(db)
        if not kept:
            db.close()
        self._free.release()

    def work(self, task: Callable[[Connection, bool], T]) -> T:
        """What *task* returns, tried again for as long as the patience lasts where a connection was lost.

        It gets a connection, and whether it was tried before: the first attempt may have had its effect.
        """

        def attempt(again: bool) -> T:
            with self.lent() as db:
                return task(db, again)

        return self._patiently(attempt)

    def _patiently(self, attempt: Callable[[bool], T]) -> T:
        number, deadline = 0, 0.0
        while True:
            try:
                return attempt(number > 0)
            except psycopg.Error as error:
                deadline = deadline or time.monotonic() + self._place.patience
                if not passes(error) or time.monotonic() > deadline:
                    raise told(error, self._place.name, self._place.patience) from error
            self._drop_idle()  # where one connection is lost, the others are, more often than not
            time.sleep(_PAUSES[min(number, len(_PAUSES) - 1)])
            number += 1

    def _drop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for db in idle:
            db.close()

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        self._open = False
        self._drop_idle()


def _is_whole(db: Connection) -> bool:
    return db.info.transaction_status == TransactionStatus.IDLE


def first_connection(place: Place, *, read_only: bool) -> Connection:
    """A connection, or at once a StoreError that says why there is none."""
    try:
        return connect(place, read_only=read_only)
    except psycopg.ProgrammingError as error:  # libpq's words on a URL may have parts of the password in them
        raise unreadable(error, place.name) from None
    except psycopg.Error as error:
        raise unreachable(error, place.name) from error


def connect(place: Place, *, read_only: bool) -> Connection:
    """A new connection, set up: what the user's URL says goes before what we would like."""
    given = psycopg.conninfo.conninfo_to_dict(place.url)
    settings: dict[str, Any] = {**_LIBPQ, "application_name": "groupcore", **given, "client_encoding": "utf8"}
    db = psycopg.connect(autocommit=True, **settings)
    try:
        _set_up(db, place, read_only)
    except BaseException:
        db.close()
        raise
    return db


_SET_UP = """
SELECT set_config('search_path', %s, false),
    set_config('default_transaction_read_only', %s, false),
    set_config('lock_timeout', %s, false),
    set_config('idle_in_transaction_session_timeout', '60s', false),  -- its machine is gone, or stopped
    set_config('statement_timeout', '0', false),
    set_config('synchronous_commit', CASE
        WHEN %s = 'relaxed' THEN 'off'
        WHEN current_setting('synchronous_commit') = 'off' THEN 'on'
        ELSE current_setting('synchronous_commit')  -- a server that waits for its standbys goes on doing so
    END, false)
"""


def _set_up(db: Connection, place: Place, read_only: bool) -> None:
    patience = f"{max(place.patience * 1000, 1):.0f}ms"
    db.execute(_SET_UP, (place.schema, "on" if read_only else "off", patience, place.fsync))


@contextmanager
def transaction(db: Connection) -> Iterator[None]:
    """Roll back what the block began, if it fails. The block begins and commits by itself."""
    try:
        yield
    except Exception:
        with suppress(psycopg.Error):
            db.execute("ROLLBACK")
        raise


def in_one_go(db: Connection, steps: Iterable[Step]) -> list[list[tuple[Any, ...]]]:
    """Carry out these statements in one round trip, and return what each has found. The first that fails is the last.

    They go as one text. A pipeline would do as well, but loses count of its prepared statements when one fails.
    """
    statements, values = zip(*steps, strict=True)
    found = []
    with psycopg.ClientCursor(db) as cursor:
        cursor.execute("; ".join(statements), tuple(chain.from_iterable(values)))
        more: bool | None = True
        while more:
            found.append(cursor.fetchall() if cursor.description else [])
            more = cursor.nextset()
    return found


@contextmanager
def listening(db: Connection, channel: str) -> Iterator[None]:
    """Hear what is announced on *channel* within the block; where that cannot be ended, the connection is."""
    db.execute(f"LISTEN {channel}")
    try:
        yield
        db.execute(f"UNLISTEN {channel}")
    except BaseException:
        db.close()
        raise
