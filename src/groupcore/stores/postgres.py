"""A log on a PostgreSQL server: many machines, one log.

Writers take turns: each holds the log's advisory lock from the moment it looks at positions until it has committed.
So positions have no gaps, they become visible in their order, and a reader that follows them never misses a commit
that was late. Readers wait for nobody. Each commit is announced with the position that it reached, see `wait`.

Where a connection is lost, or the server goes away and comes back, the call is carried out again for as long as the
patience lasts. An append that had landed although nobody said so is recognised by its rows, and not made twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import attrgetter
from typing import Any

from groupcore.events import NO_HEAD, Head, Row
from groupcore.stores.base import ANYTHING, EVERYTHING, Store, check_storable, is_text, only_read
from groupcore.stores.postgres_append import Append
from groupcore.stores.postgres_erasing import erase_private, vacuum
from groupcore.stores.postgres_pool import Connection, Connections, first_connection, listening
from groupcore.stores.postgres_rows import (
    all_heads,
    escaped,
    heads_of,
    known_ids,
    last_position,
    read_rows,
)
from groupcore.stores.postgres_schema import SUBJECTS, lock_key, prepare
from groupcore.stores.postgres_shelf import PostgresShelf
from groupcore.stores.postgres_subjects import positions_about
from groupcore.stores.postgres_url import place_of
from groupcore.stores.shelf import Shelf
from groupcore.stores.subjects import concerning

_PAGE = 500  # rows read at a time
_LISTENERS = 64  # threads that wait for news at a time; they keep nobody else from working


class PostgresStore(Store):
    """The log in one schema of the database that *url* names: ``postgresql://user@host/database``.

    A new log is made unless *create* is false. The query of the URL may name the ``schema`` (``groupcore``), ``fsync``
    (``durable`` or ``relaxed``), and the ``patience`` with which a call waits for other writers, or for the server to
    come back (``10s``). At most *connections* are open at a time. Do not take a store through a fork.
    """

    keeps_heads = True

    def __init__(self, url: str, *, read_only: bool = False, create: bool = True, connections: int = 8) -> None:
        self._place = place_of(url)
        self.name = self._place.name
        self._read_only = read_only
        self._key = lock_key(self._place)
        with first_connection(self._place, read_only=read_only) as db:
            self._format = prepare(db, self._place, read_only=read_only, create=create)
        self._connections = Connections(self._place, read_only=read_only, most=connections)
        self._listening = Connections(self._place, read_only=read_only, most=_LISTENERS)

    # -- writing

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, in one transaction, and return them numbered and chained."""
        check_storable(drafts)
        one = Append(self._key, self._place.channel, drafts, expect)
        return self._connections.work(self._refused if self._read_only else one.attempt)

    def _refused(self, db: Connection, again: bool) -> list[Row]:
        raise only_read(self.name)

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away, and its salt; how many had one. Then vacuum the table.

        What the server keeps elsewhere is not ours to reach: its own log, archives, standbys and backups.
        """
        if self._read_only:
            raise only_read(self.name)
        count = self._connections.work(lambda db, again: erase_private(db, ids, self._key))
        if ids:
            self._connections.work(lambda db, again: vacuum(db))
        return count

    def turn(self) -> AbstractContextManager[None]:
        """Keep other writers out while the block lasts: what this thread reads in it is still so when it appends.

        For those who keep losing races: read, decide and append within a turn, and nobody can come in between. It keeps
        all other writers waiting, so take it after a few lost races and not before.
        """
        return self._connections.turn(self._key)

    # -- reading

    @property
    def repaired(self) -> str | None:
        """Always None: PostgreSQL repairs what a stopped writer left, and tells nobody."""
        return None

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        return self._connections.work(lambda db, again: known_ids(db, ids))

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order, a page at a time."""
        order = "position > %s AND position <= %s ORDER BY position LIMIT %s"
        return self._pages(order, (), after if after > 0 else EVERYTHING, self.position, attrgetter("position"))

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order, a page at a time."""
        heads = self._connections.work(lambda db, again: heads_of(db, [stream]))
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

    def concerning(self, stream: str, subjects: Collection[str]) -> Iterator[Row]:
        """The rows of *stream* that are about one of *subjects* or about nobody, in order, messages left out.

        Looked up, unless the log is of a format that has no index of subjects and was opened for reading.
        """
        if self._format < SUBJECTS or not is_text(stream):
            return super().concerning(stream, subjects)
        positions = self._connections.work(lambda db, again: positions_about(db, stream, subjects))
        return concerning((row for row in self._at(positions) if row.stream == stream), subjects)

    def _at(self, positions: Sequence[int]) -> Iterator[Row]:
        """The rows at these positions, a page at a time."""
        for start in range(0, len(positions), _PAGE):
            yield from self._rows("position = ANY(%s) ORDER BY position", (positions[start : start + _PAGE],))

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
        return self._connections.work(lambda db, again: all_heads(db))

    @property
    def shelf(self) -> Shelf:
        """Snapshots, in a table of their own."""
        return PostgresShelf(self._connections, self.name, read_only=self._read_only)

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        return self._connections.work(lambda db, again: last_position(db))

    def wait(self, after: int, timeout: float) -> int:
        """The position as soon as it lies behind *after*, or what it is when *timeout* seconds have passed.

        Woken by the commit itself, from whichever machine it came. `close` wakes nobody: wait for a second or so.
        """
        deadline = time.monotonic() + timeout
        return self._listening.work(lambda db, again: self._listen(db, after, deadline))

    def _listen(self, db: Connection, after: int, deadline: float) -> int:
        """Listen first and look then: what is committed in between is announced, or seen."""
        with listening(db, self._place.channel):
            while (position := last_position(db)) <= after:
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                list(db.notifies(timeout=left, stop_after=1))
        return position

    def close(self) -> None:
        """Let go of the server."""
        self._connections.close()
        self._listening.close()
