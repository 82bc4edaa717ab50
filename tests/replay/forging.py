"""What somebody does to a log who can work out digests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from groupcore.events import NO_HEAD, Head, Row, seal
from groupcore.events.base import ORG
from groupcore.events.row import private_digest
from groupcore.wire import dumps, loads


def resealed(rows: Iterable[Row]) -> list[Row]:
    """*rows* as a log of their own: numbered, chained, and each fact decided on the organisation it now finds."""
    heads: dict[str, Head] = {}
    log = []
    for position, draft in enumerate(rows, 1):
        seen = heads.get(ORG, NO_HEAD).version
        row = draft if draft.org_seen is None else draft._replace(org_seen=seen)
        row = seal(row, position, heads.get(row.stream, NO_HEAD))
        heads[row.stream] = Head(row.version, row.digest)
        log.append(row)
    return log


def said(row: Row, **data: Any) -> Row:
    """*row* with other words: its data changed, and no digest forgotten."""
    return row._replace(data=dumps({**loads(row.data), **data}))


def worded(row: Row, **private: Any) -> Row:
    """*row* with other text, or another name."""
    assert row.private is not None
    assert row.salt is not None
    hidden = dumps({**loads(row.private), **private})
    return row._replace(private=hidden, private_digest=private_digest(row.salt, hidden))


def erased(row: Row) -> Row:
    """*row* as an erasure leaves it: the private part gone and its salt with it."""
    return row._replace(private=None, salt=None)


def first(rows: Sequence[Row], type_name: str, wanted: Callable[[Row], bool] = lambda row: True) -> int:
    """The index of the first row of a type."""
    return next(index for index, row in enumerate(rows) if row.type == type_name and wanted(row))


def without(rows: Sequence[Row], *indexes: int) -> list[Row]:
    """*rows* with some taken out."""
    return [row for index, row in enumerate(rows) if index not in indexes]


def exchanged(rows: Sequence[Row], one: int, other: int) -> list[Row]:
    """*rows* with two in each other's place."""
    swapped = list(rows)
    swapped[one], swapped[other] = rows[other], rows[one]
    return swapped


def replaced(rows: Sequence[Row], index: int, row: Row) -> list[Row]:
    """*rows* with another at *index*."""
    return [*rows[:index], row, *rows[index + 1 :]]
