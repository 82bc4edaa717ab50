"""What an append to SQLite takes beside `executemany` of the same rows, batch by batch in turns.

    uv run python -m benchmarks.appending [DIRECTORY]

So fine a turn is disturbed least by what else the machine does; the times of all batches are added up. The chain is
left out once (the rows are sealed before, on both sides), and is in once.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.test_against_eventsourcing import bare, drafts, messages
from groupcore.events import Head, Row
from groupcore.stores import SqliteStore
from groupcore.stores.base import place
from groupcore.stores.sqlite_file import INSERT


def turns(size: int, count: int, home: Path) -> tuple[float, float, float]:
    """Microseconds a row: bare, without the chain, with it."""
    db, heads, spent = bare(home / "bare.db"), dict[str, Head](), [0.0, 0.0, 0.0]
    with SqliteStore(home / "apart.db") as apart, SqliteStore(home / "all.db") as whole:
        for first in range(0, count, size):
            made = drafts(messages(size, first))
            rows = place(made, first, heads)
            began = time.process_time()
            db.execute("BEGIN IMMEDIATE")
            db.executemany(INSERT, rows)
            db.execute("COMMIT")
            spent[0] += time.process_time() - began
            with patch("groupcore.stores.sqlite.place", _placed(rows)):
                spent[1] += _append(apart, made)
            spent[2] += _append(whole, made)
    db.close()
    least, without, within = (seconds / count * 1e6 for seconds in spent)
    return least, without, within


def _placed(rows: list[Row]) -> Any:
    def place(drafts: object, position: int, heads: dict[str, Head]) -> list[Row]:
        heads.update({row.stream: Head(row.version, row.digest) for row in rows[-1:]})
        return rows

    return place


def _append(store: SqliteStore, rows: list[Row]) -> float:
    began = time.process_time()
    store.append(rows)
    return time.process_time() - began


if __name__ == "__main__":
    for size, count in ((1_000, 24_000), (100, 16_000)):
        with tempfile.TemporaryDirectory(dir=next(iter(sys.argv[1:]), None)) as home:
            least, without, within = turns(size, count, Path(home))
        print(f"{size} at a time, n {count:,}: executemany {least:.2f} µs a row;", end=" ")
        print(f"append {without:.2f} ({least / without:.2f}), chained {within:.2f} ({least / within:.2f})")
