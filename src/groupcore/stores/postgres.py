"""A log on a PostgreSQL server: many machines, one log.

Writers take turns: each holds the log's advisory lock from the moment it looks at positions until it has committed.
So positions have no gaps, they become visible in their order, and a reader that follows them never misses a commit
that was late. Readers wait for nobody. Each commit is announced with the position that it reached, see `wait`.

Where a connection is lost, or the server goes away and comes back, the call is carried out again for as long as the
patience lasts. An append that had landed although nobody said so is recognised by its rows, and not made twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from groupcore.errors import CorruptLog, InputError, MissingExtra
from groupcore.events import NO_HEAD, Head, Row
from groupcore.stores.base import (
    ANYTHING,
    Store,
    check_expected,
    check_storable,
    is_text,
    only_read,
    place,
    refuse_duplicates,
)
from groupcore.stores.postgres_pool import Connection, Connections, first_connection, listening, transaction
from groupcore.stores.postgres_rows import askable, copy, escaped, insert, is_bulk, read_rows, unescaped
from groupcore.stores.postgres_schema import lock_key, prepare
from groupcore.stores.postgres_url import place_of

try:
    from psycopg import errors
except ImportError:
    raise MissingExtra("psycopg", "postgres") from None

_PAGE = 500  # rows read at a time
_CHUNK = 10_000  # ids asked for at a time
_LISTENERS = 64  # threads that wait for news at a time; they keep nobody else from working
_LONG = 2_600  # bytes of a name that fit into an index

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_LAST = "SELECT coalesce(max(position), 0) FROM events"
_HEADS = "SELECT stream, version, digest FROM heads"
_HEADS_OF = f"{_HEADS} WHERE stream = ANY(%s)"
_KNOWN = "SELECT id FROM events WHERE id = ANY(%s)"
_PUT_HEADS = """
INSERT INTO heads SELECT * FROM unnest(%s::text[], %s::int8[], %s::text[])
ON CONFLICT (stream) DO UPDATE SET version = excluded.version, digest = excluded.digest
"""


class PostgresStore(Store):
    """The log in one schema of the database that *url* names: ``postgresql://user@host/database``.

    A new log is made unless *create* is false. The query of the URL may name the ``schema`` (``groupcore``), ``fsync``
    (``durable`` or ``relaxed``), and the ``patience`` with which a call waits for other writers, or for the server to
    come back (``10s``). At most *connections* are open at a time. Do not take a store through a fork.
    """

    def __init__(self, url: str, *, read_only: bool = False, create: bool = True, connections: int = 8) -> None:
        self._place = place_of(url)
        self.name = self._place.name
        self._read_only = read_only
        self._key = lock_key(self._place)
        with first_connection(self._place, read_only=read_only) as db:
            prepare(db, self._place, read_only=read_only, create=create)
        self._connections = Connections(self._place, read_only=read_only, most=connections)
        self._listening = Connections(self._place, read_only=read_only, most=_LISTENERS)

    # -- writing

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, in one transaction, and return them numbered and chained."""
        check_storable(drafts)
        _check_lengths(drafts)

        def attempt(db: Connection, again: bool) -> list[Row]:
            if self._read_only:
                raise only_read(self.name)
            return self._append(db, drafts, expect, again)

        return self._connections.work(attempt)

    def _append(self, db: Connection, drafts: Sequence[Row], expect: Mapping[str, int], again: bool) -> list[Row]:
        rows: list[Row] = []
        try:
            with transaction(db):
                heads, last = self._begin(db, {draft.stream for draft in drafts} | expect.keys())
                if again and (landed := _landed(db, drafts)):
                    db.execute("ROLLBACK")
                    return landed
                _check(db, drafts, expect, heads)
                rows = place(drafts, last, heads)
                self._write(db, rows, heads)
                return rows
        except errors.UniqueViolation as error:
            refuse_duplicates(rows, _known(db, [row.id for row in rows]))
            problem = f"it does not fit what is there ({error.diag.constraint_name})"
            raise CorruptLog(rows[0].position, problem) from None
        except OverflowError:
            raise InputError("an integer of more than 64 bits cannot be stored") from None

    def _begin(self, db: Connection, streams: Iterable[str]) -> tuple[dict[str, Head], int]:
        """Take the lock, then look: what was committed before is seen, and nothing is committed until we are done."""
        with db.pipeline():
            db.execute(_BEGIN)
            db.execute(_LOCK, (self._key,))
            last = db.execute(_LAST)
            heads = db.execute(_HEADS_OF, (askable(streams),))
        return _as_heads(heads), _number(last)

    def _write(self, db: Connection, rows: Sequence[Row], heads: Mapping[str, Head]) -> None:
        if is_bulk(rows):
            copy(db, rows)
        with db.pipeline():
            if not is_bulk(rows):
                insert(db, rows)
            if rows:
                _put_heads(db, {row.stream: heads[row.stream] for row in rows})
                db.execute("SELECT pg_notify(%s, %s)", (self._place.channel, str(rows[-1].position)))
            db.execute("COMMIT")

    # -- reading

    @property
    def repaired(self) -> str | None:
        """Always None: PostgreSQL repairs what a stopped writer left, and tells nobody."""
        return None

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        return self._connections.work(lambda db, again: _known(db, ids))

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order, a page at a time."""
        order = "position > %s AND position <= %s ORDER BY position LIMIT %s"
        return self._pages(order, (), after, self.position, attrgetter("position"))

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order, a page at a time."""
        heads = self._connections.work(lambda db, again: _as_heads(db.execute(_HEADS_OF, (askable([stream]),))))
        order = "stream = %s AND version > %s AND version <= %s ORDER BY version LIMIT %s"
        version = heads.get(stream, NO_HEAD).version
        return self._pages(order, (escaped(stream),), after, version, attrgetter("version"))

    def _pages(
        self, order: str, given: tuple[str, ...], after: int, last: int, number: Callable[[Row], int]
    ) -> Iterator[Row]:
        """The rows whose *number* lies behind *after*, up to *last*. No transaction is open between two pages."""
        while after < last:
            rows = self._rows(order, (*given, after, last, _PAGE))
            if not rows:
                return  # somebody took rows away; it is the chain that tells
            yield from rows
            after = number(rows[-1])

    def _rows(self, condition: str, given: tuple[Any, ...]) -> list[Row]:
        return self._connections.work(lambda db, again: read_rows(db, condition, given))

    def get(self, id: str) -> Row | None:
        """The row of this id, or None."""
        rows = self._rows("id = %s", (escaped(id),)) if is_text(id) else []
        return rows[0] if rows else None

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order. O(log n): their ids begin with the fact's."""
        if not is_text(fact_id):
            return []
        fact = escaped(fact_id)
        condition = "id = %s OR (id > %s AND id < %s AND cause = %s) ORDER BY position"
        return self._rows(condition, (fact, f"{fact}/", f"{fact}0", fact))  # "0" comes after "/"

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        return self._connections.work(lambda db, again: _as_heads(db.execute(_HEADS)))

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        return self._connections.work(lambda db, again: _number(db.execute(_LAST)))

    def wait(self, after: int, timeout: float) -> int:
        """The position as soon as it lies behind *after*, or what it is when *timeout* seconds have passed.

        Woken by the commit itself, from whichever machine it came. `close` wakes nobody: wait for a second or so.
        """
        deadline = time.monotonic() + timeout
        return self._listening.work(lambda db, again: self._listen(db, after, deadline))

    def _listen(self, db: Connection, after: int, deadline: float) -> int:
        """Listen first and look then: what is committed in between is announced, or seen."""
        with listening(db, self._place.channel):
            while (position := _number(db.execute(_LAST))) <= after:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                list(db.notifies(timeout=left, stop_after=1))
        return position

    def close(self) -> None:
        """Let go of the server."""
        self._connections.close()
        self._listening.close()


def _check_lengths(drafts: Iterable[Row]) -> None:
    for draft in drafts:
        for name in (draft.id, draft.stream):
            if len(name) * 4 > _LONG and len(escaped(name).encode()) > _LONG:
                raise InputError(f"{name[:40]!r}... cannot be stored: PostgreSQL takes names of {_LONG} bytes at most")


def _check(db: Connection, drafts: Sequence[Row], expect: Mapping[str, int], heads: Mapping[str, Head]) -> None:
    """Ids are looked up only when a race was lost: an append that succeeds pays nothing for them."""
    if any(heads.get(stream, NO_HEAD).version != version for stream, version in expect.items()):
        refuse_duplicates(drafts, _known(db, [draft.id for draft in drafts]))
        check_expected(expect, heads)


def _landed(db: Connection, drafts: Sequence[Row]) -> list[Row]:
    """The rows of *drafts* where an earlier attempt appended them, and nobody said so; else none."""
    rows = read_rows(db, "id = ANY(%s) ORDER BY position", (askable(draft.id for draft in drafts),))
    return rows if list(map(_content, rows)) == list(map(_content, drafts)) else []


def _content(row: Row) -> tuple[Any, ...]:
    """What an append leaves as it is."""
    return row.stream, *row[3:-1]


def _put_heads(db: Connection, heads: Mapping[str, Head]) -> None:
    streams, versions, digests = zip(*((escaped(stream), *head) for stream, head in heads.items()), strict=True)
    db.execute(_PUT_HEADS, (list(streams), list(versions), list(digests)))


def _known(db: Connection, ids: Iterable[str]) -> set[str]:
    asked = askable(ids)
    chunks = (asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK))
    return {unescaped(id) for chunk in chunks for (id,) in db.execute(_KNOWN, (chunk,))}


def _as_heads(found: Iterable[tuple[str, int, str]]) -> dict[str, Head]:
    return {unescaped(stream): Head(version, digest) for stream, version, digest in found}


def _number(found: Iterable[tuple[int]]) -> int:
    return int(next(iter(found))[0])
