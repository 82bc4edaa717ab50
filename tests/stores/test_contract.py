"""The contract, run by each store that we ship."""

from pathlib import Path

import pytest

from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    lasting = False

    def make(self) -> Store:
        return MemoryStore()


class InAFile(StoreContract):
    name: str
    path: Path

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / self.name

    def make(self) -> Store:
        return open_store(f"{self.path}?fsync=relaxed")

    def make_reader(self) -> Store:
        return open_store(self.path, read_only=True)


class TestSqliteStore(InAFile):
    name = "log.db"


class TestJsonlStore(InAFile):
    name = "log.jsonl"


del InAFile, StoreContract  # pytest is not to collect what only others run
