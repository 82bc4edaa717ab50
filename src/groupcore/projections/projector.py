"""The projector: it brings projections up to date with a log, each event exactly once."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import attrs
from attrs import frozen

from groupcore.errors import CorruptLog, ProjectionError, StoreError
from groupcore.events import ErasureOrdered, Opaque, Recorded, Row, decode
from groupcore.projections.base import Projection
from groupcore.projections.bookmarks import Bookmark, Digests, bookmark_of, put_bookmark, vocabulary
from groupcore.projections.database import Database
from groupcore.sqlite import code_of
from groupcore.subscriptions import Reader

BATCH = 500
"""Events that are applied in one transaction, and held in memory at a time."""

_NAME = re.compile(r"[a-z]+")


@frozen(kw_only=True)
class Progress:
    """How far a projection has come. ``lag`` is how many events it is behind the log; None where no log was given."""

    name: str
    version: str
    position: int
    lag: int | None
    skipped: int
    because: str
    problem: str | None


class Batch:
    """Some rows, each read when the first projection asks for it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._read: dict[int, Recorded] = {}

    def behind(self, position: int) -> list[Row]:
        """The rows behind *position*."""
        return [row for row in self.rows if row.position > position]

    def read(self, row: Row) -> Recorded:
        """The event of *row*."""
        found = self._read.get(row.position)
        if found is None:
            found = self._read[row.position] = decode(row)
        return found

    def before(self, position: int) -> Batch:
        """The rows before *position*."""
        return Batch([row for row in self.rows if row.position < position])


class Projector:
    """Keeps *projections* in *database* up to date with one log.

    Each has its own bookmark, which moves in the transaction that changes its tables. It is made anew when its version,
    its settings or the log became another. One that cannot take an event stands still before it, the others go on, and
    then `ProjectionError` is raised. Several processes may run the same projections.
    """

    def __init__(self, database: Database, projections: Iterable[Projection]) -> None:
        self.database = database
        self.projections = tuple(projections)
        self._stopped: dict[str, ProjectionError] = {}
        for projection in self.projections:
            if not _NAME.fullmatch(projection.name):
                raise ValueError(f"the name of a projection is a word of small letters, not {projection.name!r}")

    # --- running ------------------------------------------------------------------------------------------------

    def catch_up(self, log: Reader, *, batch: int = BATCH) -> int:
        """Take in what *log* holds by now; how many events were read. Raises ProjectionError when all that can is."""
        rows, read = iter(log.read(self.begin(log))), 0
        while page := list(islice(rows, batch)):
            self.take(page)
            read += len(page)
        self._raise_first()
        return read

    def follow(self, batches: Iterable[Sequence[Row]]) -> None:
        """Take in batches as they come: those of a `Subscription` that begins behind what `begin` says."""
        for rows in batches:
            self.take(rows)
            self._raise_first()

    def begin(self, log: Reader) -> int:
        """Look whether everything fits *log*, and begin anew what does not. The position to read behind."""
        self._stopped.clear()
        digests = Digests(log)
        return min((self._begin(projection, digests) for projection in self.projections), default=log.position)

    def _begin(self, projection: Projection, log: Digests) -> int:
        with self.database.writing() as db:
            mark = bookmark_of(db, projection.name)
            because = _misfit(mark, projection, log)
            if mark is not None and because is None:
                return mark.position
            _lay_out(db, projection)
            made = Bookmark(
                name=projection.name, stamp=projection.stamp, vocabulary=vocabulary(), because=because or "new"
            )
            put_bookmark(db, made)
            return 0

    def take(self, rows: Sequence[Row]) -> None:
        """Take in *rows*, which follow each other; what was taken in before is left out."""
        batch = Batch(rows)
        for projection in self.projections:
            if projection.name not in self._stopped:
                self._advance(projection, batch)
        if any(row.type == ErasureOrdered.type for row in rows):
            self.database.scrub()

    def _advance(self, projection: Projection, batch: Batch) -> None:
        try:
            self._apply(projection, batch)
        except ProjectionError as error:
            self._stopped[projection.name] = error
            self._apply(projection, batch.before(error.position))
            with self.database.writing() as db:
                db.execute("UPDATE bookmarks SET problem = ? WHERE name = ?", (str(error), projection.name))

    def _apply(self, projection: Projection, batch: Batch) -> None:
        """One transaction: what the batch does to the tables, and the bookmark."""
        with self.database.writing() as db:
            mark = bookmark_of(db, projection.name)
            if mark is None or mark.stamp != projection.stamp:
                raise StoreError(f"another process runs another version of {projection.name} in {self.database.name}")
            rows, skipped = batch.behind(mark.position), 0
            moved = mark.moved(rows)
            for recorded in self._wanted(projection, rows, batch):
                if isinstance(recorded.event, Opaque):
                    skipped += 1
                else:
                    _apply_one(projection, db, recorded)
            if rows:
                put_bookmark(db, attrs.evolve(moved, skipped=moved.skipped + skipped))

    @staticmethod
    def _wanted(projection: Projection, rows: Iterable[Row], batch: Batch) -> Iterator[Recorded]:
        for row in rows:
            if projection.types is None or row.type in projection.types or row.type == ErasureOrdered.type:
                try:
                    yield batch.read(row)
                except CorruptLog as error:
                    raise ProjectionError(projection.name, row.position, error.problem) from error

    def _raise_first(self) -> None:
        for error in self._stopped.values():
            raise error

    # --- the rest -----------------------------------------------------------------------------------------------

    def forget(self, ids: Collection[str]) -> None:
        """The private parts of these events were erased: every projection lets go of what it made of them."""
        with self.database.writing() as db:
            for projection in self.projections:
                if bookmark_of(db, projection.name) is not None:
                    projection.forget(db, ids)
        self.database.scrub()

    def progress(self, log: Reader | None = None) -> tuple[Progress, ...]:
        """How far each projection has come, and how far it is behind *log*."""
        return progress_in(self.database, log, [projection.name for projection in self.projections])


def progress_in(
    database: Database, log: Reader | None = None, names: Collection[str] | None = None
) -> tuple[Progress, ...]:
    """How far the projections in *database* have come; those that were never run are not there."""
    end = log.position if log is not None else None
    found = database.rows("SELECT name, stamp, position, skipped, because, problem FROM bookmarks ORDER BY name")
    return tuple(
        Progress(
            name=name,
            version=stamp,
            position=position,
            lag=None if end is None else end - position,
            skipped=skipped,
            because=because,
            problem=problem,
        )
        for name, stamp, position, skipped, because, problem in found
        if names is None or name in names
    )


def _misfit(mark: Bookmark | None, projection: Projection, log: Digests) -> str | None:
    """Why a projection has to be made anew, or None."""
    if mark is None:
        return "new"
    if mark.stamp != projection.stamp:
        return f"version {mark.stamp} became {projection.stamp}"
    if mark.skipped and mark.vocabulary != vocabulary():
        return "this version knows more types of events"
    if not mark.is_in(log):
        return "another log"
    return None


def _lay_out(db: sqlite3.Connection, projection: Projection) -> None:
    """Empty tables for *projection*, whatever was there."""
    pattern = f"{projection.name}\\_%"
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ? ESCAPE '\\'", (pattern,))
    for (table,) in found.fetchall():
        db.execute(f'DROP TABLE "{table}"')
    for statement in projection.tables.split(";"):
        db.execute(statement)


def _apply_one(projection: Projection, db: sqlite3.Connection, recorded: Recorded) -> None:
    try:
        if projection.types is None or recorded.row.type in projection.types:
            projection.apply(db, recorded)
        if isinstance(recorded.event, ErasureOrdered):
            projection.erase(db, recorded.event)
    except Exception as error:
        if isinstance(error, sqlite3.OperationalError) and code_of(error) != sqlite3.SQLITE_ERROR:
            raise  # a full disk is no fault of the event
        problem = f"{recorded.row.type} {recorded.row.id}: {type(error).__name__}: {error}"
        raise ProjectionError(projection.name, recorded.position, problem) from error
