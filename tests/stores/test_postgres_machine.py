"""PostgreSQL does what the memory store does, under random appends, refusals, reopenings and lost connections."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from groupcore.events import Row
from groupcore.stores import MemoryStore, open_store
from groupcore.testing.store_contract import check_log
from stores.postgres_server import Server
from stores.test_machine import APPENDS, FACTS, GROUPS, VERDICTS, outcome

ROOM: list[Server] = []
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'groupcore'"


class Postgres(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.url = ROOM[0].new_log()
        self.memory = MemoryStore()
        self.store = open_store(self.url)

    def both_agree(self, ask) -> None:  # type: ignore[no-untyped-def]
        assert ask(self.store) == ask(self.memory)

    @rule(drafts=APPENDS, off=st.dictionaries(GROUPS, st.sampled_from([0, 0, 0, 1, -1]), max_size=2))
    def append(self, drafts: list[Row], off: dict[str, int]) -> None:
        heads = self.memory.heads()
        versions = {f"group/{group}": by for group, by in off.items()}
        expect = {stream: (heads[stream].version if stream in heads else 0) + by for stream, by in versions.items()}
        self.both_agree(lambda store: outcome(store, drafts, expect))

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = open_store(self.url)

    @rule()
    def cut_the_connections(self) -> None:
        ROOM[0].execute(CUT)

    @rule(after=st.integers(0, 12), group=GROUPS)
    def read(self, after: int, group: str) -> None:
        self.both_agree(lambda store: list(store.read(after)))
        self.both_agree(lambda store: list(store.read_stream(f"group/{group}", after)))

    @rule(fact=FACTS | VERDICTS)
    def look_up(self, fact: Row) -> None:
        self.both_agree(lambda store: (store.get(fact.id), store.about(fact.id), store.known([fact.id, "nobody"])))

    @rule(group=GROUPS)
    def read_beside_the_writer(self, group: str) -> None:
        with open_store(self.url, read_only=True) as reader:
            assert list(reader.read()) == list(self.memory.read())

    @invariant()
    def they_are_the_same(self) -> None:
        self.both_agree(lambda store: (store.position, store.heads()))

    def teardown(self) -> None:
        check_log(self.store)
        self.store.close()


class TestPostgres(Postgres.TestCase):
    settings = settings(max_examples=12, stateful_step_count=15, deadline=None)

    @pytest.fixture(autouse=True)
    def _room(self, server: Server) -> None:
        ROOM[:] = [server]
