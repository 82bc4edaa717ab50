"""Snapshots in a table of their own beside the log. It is made with the first, and the log is whole without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groupcore.stores.base import is_text, only_read
from groupcore.stores.postgres_pool import Connection, Connections, in_one_go, transaction
from groupcore.stores.postgres_rows import escaped, unescaped
from groupcore.stores.shelf import Shelf, Snapshot

_TABLE = """
CREATE TABLE snapshots (
    stream TEXT COLLATE "C" PRIMARY KEY,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    stamp TEXT NOT NULL,
    rules TEXT NOT NULL,
    due BIGINT,
    content TEXT NOT NULL,
    seal TEXT NOT NULL,
    body BYTEA NOT NULL
)
"""
_FIELDS = ", ".join(Snapshot._fields[:-1])
_IS_MADE = "SELECT to_regclass('snapshots') IS NOT NULL"
_GET = f"SELECT {_FIELDS}, body FROM snapshots WHERE stream = %s"
_LABELS = f"SELECT {_FIELDS}, ''::bytea FROM snapshots ORDER BY stream"
_PUT = f"""
INSERT INTO snapshots ({_FIELDS}, body) VALUES ({", ".join(["%s"] * len(Snapshot._fields))})
ON CONFLICT (stream) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in Snapshot._fields[1:])}
"""
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"


class PostgresShelf(Shelf):
    """The shelf of the log called *name*, on these *connections*. The role that opens it may have to make a table."""

    def __init__(self, connections: Connections, name: str, *, read_only: bool) -> None:
        self._connections = connections
        self._name = name
        self._read_only = read_only

    def get(self, stream: str) -> Snapshot | None:
        """The snapshot of *stream*, or None."""
        found = self._found(_GET, (escaped(stream),)) if is_text(stream) else []
        return found[0] if found else None

    def put(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep these, in one transaction."""
        if self._read_only:
            raise only_read(self._name)
        self._connections.work(lambda db, again: _put(db, sorted(snapshots)))

    def labels(self) -> list[Snapshot]:
        """All snapshots, without their bodies."""
        return self._found(_LABELS, ())

    def clear(self) -> int:
        """Throw all snapshots away; how many there were."""
        if self._read_only:
            raise only_read(self._name)
        return self._connections.work(
            lambda db, again: db.execute("DELETE FROM snapshots").rowcount if _is_made(db) else 0
        )

    def _found(self, select: str, given: tuple[Any, ...]) -> list[Snapshot]:
        rows = self._connections.work(lambda db, again: db.execute(select, given).fetchall() if _is_made(db) else [])
        return [Snapshot(unescaped(stream), *rest) for stream, *rest in rows]


def _put(db: Connection, snapshots: Sequence[Snapshot]) -> None:
    """In the order of the streams, so that two who do so at a time wait for each other in one direction only."""
    steps = [(_PUT, (escaped(one.stream), *one[1:])) for one in snapshots]
    with transaction(db):
        in_one_go(db, [(_BEGIN, ()), *([] if _is_made(db) else [(_TABLE, ())]), *steps, ("COMMIT", ())])


def _is_made(db: Connection) -> bool:
    return bool(next(iter(db.execute(_IS_MADE)))[0])
