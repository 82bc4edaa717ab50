"""PostgreSQL: the contract, other people's databases, wrong names, several processes, servers that go away."""

import pytest

from groupcore.stores import Store, open_store
from groupcore.testing.store_contract import StoreContract

pytest.importorskip("psycopg")

from stores.postgres_server import Server


class TestPostgresStore(StoreContract):
    @pytest.fixture(autouse=True)
    def _place(self, server: Server) -> None:
        self.url = server.new_log()

    def make(self) -> Store:
        return open_store(self.url)

    def make_reader(self) -> Store:
        return open_store(self.url, read_only=True)


del StoreContract
