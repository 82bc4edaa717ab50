"""Copies from and to a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("psycopg")

from engine.town import whole_life
from groupcore.copying import Copied, copy
from groupcore.replay import verify_store
from groupcore.stores import MemoryStore, open_store

if TYPE_CHECKING:
    from stores.postgres_server import Server

from stores.postgres_server import server  # noqa: F401 (a fixture)

ROWS = whole_life(MemoryStore()).rows()


def test_a_log_goes_to_a_server_and_back(server: Server, tmp_path: Path) -> None:  # noqa: F811
    with open_store(tmp_path / "a.db") as log, open_store(server.new_log()) as there:
        log.append(ROWS)
        assert copy(log, there, batch=10) == Copied(len(ROWS), len(ROWS), 0, 0)
        assert list(there.read()) == ROWS
        assert verify_store(there).clean
        with open_store(tmp_path / "back.jsonl") as back:
            copy(there, back, batch=25)
            assert list(back.read()) == ROWS


def test_a_copy_on_a_server_goes_on_where_it_stopped(server: Server) -> None:  # noqa: F811
    with open_store(server.new_log()) as there:
        there.append(ROWS[:33])
        log = MemoryStore()
        log.append(ROWS)
        assert copy(log, there).added == len(ROWS) - 33
        assert list(there.read()) == ROWS
