"""One append to a log on a PostgreSQL server, from the lock to the commit.

An append that has lost its race is to cost those behind it nothing: it is refused before it queues for the lock if that
can be seen, and else by the server as soon as it gets it, which lets go of the lock at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from groupcore.errors import CorruptLog, InputError, MissingExtra
from groupcore.events import Head, Row
from groupcore.stores.base import check_expected, place, refuse_duplicates
from groupcore.stores.postgres_pool import Connection, Step, in_one_go, transaction
from groupcore.stores.postgres_rows import (
    HEADS_OF,
    as_heads,
    askable,
    copy,
    escaped,
    heads_of,
    inserting,
    is_bulk,
    known_ids,
    putting,
    read_rows,
)

try:
    from psycopg import errors
except ImportError:
    raise MissingExtra("psycopg", "postgres") from None

_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
# Not true but an error where a stream has moved: the transaction ends there, and with it the lock.
_AS_EXPECTED = """
1 / (NOT EXISTS (
    SELECT FROM unnest(%s::text[], %s::int8[]) AS expected (stream, version)
    LEFT JOIN heads USING (stream) WHERE coalesce(heads.version, 0) <> expected.version
))::int = 1
"""
_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_LOCK_IF = f"{_LOCK} WHERE {_AS_EXPECTED}"
_LAST_IF = f"SELECT coalesce(max(position), 0), {_AS_EXPECTED} FROM events"
_TELL = "SELECT pg_notify(%s, %s)"


class Append:
    """*drafts*, to be appended under the advisory lock *key* and announced on *channel*."""

    def __init__(self, key: int, channel: str, drafts: Sequence[Row], expect: Mapping[str, int]) -> None:
        self._key = key
        self._channel = channel
        self._drafts = drafts
        self._expect = expect

    def attempt(self, db: Connection, again: bool) -> list[Row]:
        """Make it, and return its rows. *again*: an earlier attempt may have landed although nobody said so."""
        rows: list[Row] = []
        try:
            with transaction(db):
                if again and (landed := self._landed(db)):
                    return landed
                heads, last = self._begin(db, again)
                rows = place(self._drafts, last, heads)
                self._commit(db, rows, heads)
        except errors.DivisionByZero:
            self._refuse(db)
            return self.attempt(db, again)  # what was expected has come about since
        except errors.UniqueViolation as error:
            refuse_duplicates(rows, known_ids(db, [row.id for row in rows]))
            problem = f"it does not fit what is there ({error.diag.constraint_name})"
            raise CorruptLog(rows[0].position, problem) from None
        except (OverflowError, errors.NumericValueOutOfRange):
            raise InputError("an integer of more than 64 bits cannot be stored") from None
        return rows

    def _landed(self, db: Connection) -> list[Row]:
        """Our rows where they are in the log already; else none, and the transaction goes on, with the lock.

        An earlier attempt that may still commit holds the lock, so that all is settled for whoever gets it.
        """
        in_one_go(db, [(_BEGIN, ()), (_LOCK, (self._key,))])
        ids = askable(draft.id for draft in self._drafts)
        rows = read_rows(db, "id = ANY(%s) ORDER BY position", (ids,))
        landed = rows if list(map(_content, rows)) == list(map(_content, self._drafts)) else []
        if landed:
            db.execute("ROLLBACK")
        return landed

    def _begin(self, db: Connection, begun: bool) -> tuple[dict[str, Head], int]:
        """Take the lock, then look: what was committed before is seen, and nothing is committed until we are done."""
        expected = [escaped(stream) for stream in self._expect], list(self._expect.values())
        streams = askable({draft.stream for draft in self._drafts})
        lock = [] if begun else [(_BEGIN, ()), (_LOCK_IF, (self._key, *expected))]
        *_, [(last, _)], heads = in_one_go(db, [*lock, (_LAST_IF, expected), (HEADS_OF, (streams,))])
        return as_heads(heads), last

    def _commit(self, db: Connection, rows: Sequence[Row], heads: Mapping[str, Head]) -> None:
        steps: list[Step] = []
        if is_bulk(rows):
            copy(db, rows)
        elif rows:
            steps.append(inserting(rows))
        if rows:
            steps += [putting(heads), (_TELL, (self._channel, str(rows[-1].position)))]
        in_one_go(db, [*steps, ("COMMIT", ())])

    def _refuse(self, db: Connection) -> None:
        """Raise what the append has met. Ids are looked up only here: one that succeeds pays nothing for them."""
        refuse_duplicates(self._drafts, known_ids(db, [draft.id for draft in self._drafts]))
        check_expected(self._expect, heads_of(db, self._expect))


def _content(row: Row) -> tuple[Any, ...]:
    """What an append leaves as it is, and an erasure, too: the private part counts by its digest."""
    return row.stream, *row[3:16], row.private_digest
