"""Rows of tables: read as records, and put."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any


def named(cls: type[Any], row: Sequence[Any]) -> dict[str, Any]:
    """The fields of the record *cls*, by name, of a row that has them in their order."""
    return dict(zip(cls.__annotations__, row, strict=True))


def put(db: sqlite3.Connection, table: str, **given: Any) -> None:
    """One more row, of columns by name."""
    names = ", ".join(f'"{name}"' for name in given)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(given))})", tuple(given.values()))
