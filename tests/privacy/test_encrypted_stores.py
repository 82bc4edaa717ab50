"""Stores whose private parts lie under keys: the contract of every store, and what only they do."""

from pathlib import Path

import pytest

pytest.importorskip("cryptography")

from groupcore.stores import MemoryStore, Store, open_store
from groupcore.stores.encrypted import EncryptedStore
from groupcore.stores.keys import KeyFile
from groupcore.testing.store_contract import StoreContract


class TestMemoryUnderKeys(StoreContract):
    lasting = False

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.keys = tmp_path / "keys.db"

    def make(self) -> Store:
        return EncryptedStore(MemoryStore(), KeyFile(self.keys))


class InAFile(StoreContract):
    name: str
    path: Path

    @pytest.fixture(autouse=True)
    def _place(self, tmp_path: Path) -> None:
        self.path = tmp_path / self.name
        self.keys = tmp_path / "keys.db"

    def make(self) -> Store:
        return open_store(f"{self.path}?fsync=relaxed&keys={self.keys}")

    def make_reader(self) -> Store:
        return open_store(f"{self.path}?keys={self.keys}", read_only=True)


class TestSqliteUnderKeys(InAFile):
    name = "log.db"


class TestJsonlUnderKeys(InAFile):
    name = "log.jsonl"


del InAFile, StoreContract  # pytest is not to collect what only others run
