"""Rows as a PostgreSQL table holds them, one by one and in bulk.

PostgreSQL's text has no NUL, and a log's names may: a NUL is stored as U+001A and "0", and U+001A itself as U+001A and
"1". Names that begin alike do so when they are stored, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from groupcore.events import Head, Row
from groupcore.stores.base import is_text
from groupcore.stores.postgres_pool import Connection, Step

_TEXT, _NUMBER, _BYTES = "text", "int8", "bytea"
_KINDS = {
    "position": _NUMBER,
    "version": _NUMBER,
    "schema": _NUMBER,
    "at": _NUMBER,
    "claimed_at": _NUMBER,
    "org_seen": _NUMBER,
    "recorded_at": _NUMBER,
    "data": _BYTES,
    "private": _BYTES,
}
KINDS = tuple(_KINDS.get(name, _TEXT) for name in Row._fields)
COLUMNS = ", ".join(f'"{name}"' for name in Row._fields)

_SELECT = f"SELECT {COLUMNS} FROM events WHERE "
_ROW = f"({', '.join(['%s'] * len(KINDS))})"
_COPY = f"COPY events ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
_FEW = 16  # so many rows go in one statement; more of them are copied in bulk

_CHUNK = 10_000  # ids asked for at a time

_LAST = "SELECT coalesce(max(position), 0) FROM events"
_HEADS = "SELECT stream, version, digest FROM heads"
HEADS_OF = f"{_HEADS} WHERE stream = ANY(%s)"
_KNOWN = "SELECT id FROM events WHERE id = ANY(%s)"
_PUT_HEADS = """
INSERT INTO heads SELECT * FROM unnest(%s::text[], %s::int8[], %s::text[])
ON CONFLICT (stream) DO UPDATE SET version = excluded.version, digest = excluded.digest
"""

_ODD = re.compile("[\0\x1a]")
_STORED = re.compile("\x1a([01])")


def escaped(name: str) -> str:
    """*name* as it is stored."""
    if "\0" not in name and "\x1a" not in name:
        return name
    return _ODD.sub(lambda found: "\x1a0" if found[0] == "\0" else "\x1a1", name)


def unescaped(name: str) -> str:
    """*name* as it was given."""
    return _STORED.sub(lambda found: "\0" if found[1] == "0" else "\x1a", name)


def askable(names: Iterable[str]) -> list[str]:
    """*names* as they are stored, without those that no log can hold."""
    return [escaped(name) for name in names if is_text(name)]


def known_ids(db: Connection, ids: Iterable[str]) -> set[str]:
    """Which of these ids the log holds."""
    asked = askable(ids)
    chunks = (asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK))
    return {unescaped(id) for chunk in chunks for (id,) in db.execute(_KNOWN, (chunk,))}


def last_position(db: Connection) -> int:
    """The position of the last event; 0 when there is none."""
    return int(next(iter(db.execute(_LAST)))[0])


def all_heads(db: Connection) -> dict[str, Head]:
    """Where each stream ends."""
    return as_heads(db.execute(_HEADS))


def heads_of(db: Connection, streams: Iterable[str]) -> dict[str, Head]:
    """Where these streams end, as far as there are such streams."""
    return as_heads(db.execute(HEADS_OF, (askable(streams),)))


def as_heads(found: Iterable[tuple[Any, ...]]) -> dict[str, Head]:
    """What was found in the table of heads."""
    return {unescaped(stream): Head(version, digest) for stream, version, digest in found}


def putting(heads: Mapping[str, Head]) -> Step:
    """The statement that moves these streams on."""
    streams, versions, digests = zip(*((escaped(stream), *head) for stream, head in heads.items()), strict=True)
    return _PUT_HEADS, (list(streams), list(versions), list(digests))


def read_rows(db: Connection, condition: str, given: Sequence[Any]) -> list[Row]:
    """The rows of this condition, in its order."""
    with db.cursor(binary=True) as cursor:
        return [_from_stored(found) for found in cursor.execute(_SELECT + condition, given)]


def _from_stored(found: tuple[Any, ...]) -> Row:
    row = Row._make(found)
    if "\x1a" in f"{row.id}{row.stream}{row.source}{row.group}{row.cause}":
        return Row._make(unescaped(value) if isinstance(value, str) else value for value in row)
    return row


def _to_stored(row: Row) -> Sequence[Any]:
    odd = _ODD.search(f"{row.id}{row.stream}{row.source}{row.group}{row.cause}")
    return row if odd is None else [escaped(value) if isinstance(value, str) else value for value in row]


def is_bulk(rows: Sequence[Row]) -> bool:
    """Whether so many rows are better copied than inserted; a copy costs a round trip of its own."""
    return len(rows) > _FEW


def inserting(rows: Sequence[Row]) -> Step:
    """The statement that adds a few rows."""
    values = ", ".join([_ROW] * len(rows))
    return f"INSERT INTO events ({COLUMNS}) VALUES {values}", tuple(chain.from_iterable(map(_to_stored, rows)))


def copy(db: Connection, rows: Iterable[Row]) -> None:
    """Add many rows in bulk."""
    with db.cursor() as cursor, cursor.copy(_COPY) as stream:
        stream.set_types(KINDS)
        for row in rows:
            stream.write_row(_to_stored(row))
