"""The smallest store: a log in memory, gone when it is closed. It says in full what the others have to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from threading import RLock

from groupcore.errors import StoreError
from groupcore.events import Head, Row
from groupcore.stores.base import (
    ANYTHING,
    Store,
    check_expected,
    check_storable,
    closed,
    place,
    refuse_duplicates,
)
from groupcore.stores.shelf import MemoryShelf, Shelf


class MemoryStore(Store):
    """A log in memory, for tests, experiments and what-if.

    >>> with MemoryStore() as log:
    ...     log.position, list(log.read()), log.heads()
    (0, [], {})
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._rows: list[Row] = []
        self._streams: dict[str, list[Row]] = {}
        self._ids: dict[str, Row] = {}
        self._answers: dict[str, list[Row]] = {}  # verdicts by the fact that they answer
        self._heads: dict[str, Head] = {}
        self._shelf = MemoryShelf()
        self._open = True

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, and return them numbered and chained."""
        with self._held():
            check_storable(drafts)
            refuse_duplicates(drafts, self._ids)
            check_expected(expect, self._heads)
            heads = {draft.stream: self._heads[draft.stream] for draft in drafts if draft.stream in self._heads}
            rows = place(drafts, len(self._rows), heads)
            for row in rows:
                self._take(row)
            self._heads |= heads
            return rows

    def _take(self, row: Row) -> None:
        self._rows.append(row)
        self._streams.setdefault(row.stream, []).append(row)
        self._ids[row.id] = row
        if row.cause is not None:
            self._answers.setdefault(row.cause, []).append(row)

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away, and its salt; how many had one."""
        with self._held():
            meant = [row for id in set(ids) if (row := self._ids.get(id)) is not None and row.private is not None]
            for row in meant:
                self._put_back(row._replace(private=None, salt=None))
            return len(meant)

    def _put_back(self, row: Row) -> None:
        self._rows[row.position - 1] = self._streams[row.stream][row.version - 1] = self._ids[row.id] = row
        answers = self._answers.get(row.cause or "", [])
        answers[:] = [row if other.id == row.id else other for other in answers]

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        with self._held():
            return {id for id in ids if id in self._ids}

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order."""
        with self._held():
            return map(self._rows.__getitem__, range(max(after, 0), len(self._rows)))

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order."""
        with self._held():
            rows = self._streams.get(stream, [])
            return map(rows.__getitem__, range(max(after, 0), len(rows)))

    def get(self, id: str) -> Row | None:
        """The row of this id, or None."""
        with self._held():
            return self._ids.get(id)

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order."""
        with self._held():
            fact = self._ids.get(fact_id)
            answers = [row for row in self._answers.get(fact_id, []) if row.id.startswith(f"{fact_id}/")]
            return sorted([fact, *answers] if fact is not None else answers)

    @property
    def shelf(self) -> Shelf:
        """Snapshots, as long as the log is there."""
        return self._shelf

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        with self._held():
            return dict(self._heads)

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        with self._held():
            return len(self._rows)

    def close(self) -> None:
        """Forget everything."""
        self._open = False

    def _held(self) -> AbstractContextManager[bool]:
        if not self._open:
            raise closed("memory:")
        return self._lock


def no_memory() -> StoreError:
    """What is raised where a log in memory is to be opened that ought to hold something already."""
    return StoreError("no such log: memory: (a log in memory is empty when it is opened)")
