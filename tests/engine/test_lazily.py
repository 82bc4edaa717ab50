"""Groups are loaded when they are asked for, from snapshots or not: nobody can tell from what the engine says."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings

from engine.lazily import Lazily
from groupcore.stores import JsonlStore, MemoryStore, SqliteStore, Store


class Lasting(MemoryStore):
    """A log in memory that outlives its closing."""

    def close(self) -> None:
        pass


class InMemory(Lazily):
    def __init__(self) -> None:
        super().__init__()
        self.store = Lasting()

    def opened(self) -> Store:
        return self.store


class InAFile(Lazily):
    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()

    def teardown(self) -> None:
        super().teardown()
        self.home.cleanup()


class InSqlite(InAFile):
    def opened(self) -> Store:
        return SqliteStore(Path(self.home.name) / "log.db", fsync="relaxed")


class InJsonl(InAFile):
    """One writer at a time: what damages snapshots takes its turn between two of them."""

    writers = 1

    def opened(self) -> Store:
        if hasattr(self, "lazy"):
            self.lazy[0].close()
        return JsonlStore(Path(self.home.name) / "log.jsonl", fsync="relaxed")

    def resume(self) -> None:
        self.lazy[0] = self.engine(self.opened(), **self.kept)


test_in_memory = InMemory.TestCase
test_in_memory.settings = settings(max_examples=60, stateful_step_count=40)
test_in_sqlite = InSqlite.TestCase
test_in_sqlite.settings = settings(max_examples=25, stateful_step_count=30)
test_in_jsonl = InJsonl.TestCase
test_in_jsonl.settings = settings(max_examples=15, stateful_step_count=25)
