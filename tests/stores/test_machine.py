"""SQLite and JSON Lines do what the memory store does, under random appends, refusals, erasures and reopenings."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from groupcore.errors import ConcurrencyError, DuplicateEvent
from groupcore.events import Row
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing.store_contract import answer, check_log, draft

GROUPS = st.sampled_from(["g1", "g2", "三"])
MESSAGES = st.integers(0, 30).map("m{}".format)
FACTS = st.builds(draft, MESSAGES, GROUPS, st.sampled_from(["", "大家好", "a\n\u2028b", ',"more":true}']))
VERDICTS = st.builds(answer, FACTS, st.sampled_from(["ads", "links"]))
APPENDS = st.lists(FACTS | VERDICTS, max_size=5)


class Stores(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.room = tempfile.TemporaryDirectory(prefix="groupcore-stores-")
        self.paths = [Path(self.room.name) / "log.db", Path(self.room.name) / "log.jsonl"]
        self.memory = MemoryStore()
        self.stores: list[Store] = [
            open_store(f"sqlite:{self.paths[0]}?fsync=relaxed"),
            open_store(self.paths[1]),
        ]
        self.readers = [open_store(path, read_only=True) for path in self.paths]  # they see what happens meanwhile

    def all_agree(self, ask) -> None:  # type: ignore[no-untyped-def]
        expected = ask(self.memory)
        for store in self.stores:
            assert ask(store) == expected

    @rule(drafts=APPENDS, off=st.dictionaries(GROUPS, st.sampled_from([0, 0, 0, 1, -1]), max_size=2))
    def append(self, drafts: list[Row], off: dict[str, int]) -> None:
        heads = self.memory.heads()
        versions = {f"group/{group}": by for group, by in off.items()}
        expect = {stream: (heads[stream].version if stream in heads else 0) + by for stream, by in versions.items()}
        self.all_agree(lambda store: outcome(store, drafts, expect))

    @rule(rows=st.lists(FACTS | VERDICTS, max_size=4))
    def erase(self, rows: list[Row]) -> None:
        self.all_agree(lambda store: store.erase([row.id for row in rows]))

    @rule(after=st.integers(0, 12), fact=FACTS)
    def read_as_before(self, after: int, fact: Row) -> None:
        for reader in self.readers:
            assert reader.get(fact.id) == self.memory.get(fact.id)
            assert list(reader.read(after)) == list(self.memory.read(after))
            assert list(reader.read_stream(fact.stream, after)) == list(self.memory.read_stream(fact.stream, after))

    @rule(which=st.integers(0, 1))
    def reopen(self, which: int) -> None:
        self.stores[which].close()
        self.stores[which] = open_store(self.paths[which])

    @rule(after=st.integers(0, 12), group=GROUPS)
    def read(self, after: int, group: str) -> None:
        self.all_agree(lambda store: list(store.read(after)))
        self.all_agree(lambda store: list(store.read_stream(f"group/{group}", after)))

    @rule(fact=FACTS | VERDICTS)
    def look_up(self, fact: Row) -> None:
        self.all_agree(lambda store: store.get(fact.id))
        self.all_agree(lambda store: store.about(fact.id))
        self.all_agree(lambda store: store.known([fact.id, "nobody"]))

    @rule(group=GROUPS)
    def read_beside_the_writer(self, group: str) -> None:
        for path in self.paths:
            with open_store(path, read_only=True) as reader:
                assert list(reader.read()) == list(self.memory.read())
                assert list(reader.read_stream(f"group/{group}")) == list(self.memory.read_stream(f"group/{group}"))

    @invariant()
    def they_are_the_same(self) -> None:
        self.all_agree(lambda store: (store.position, store.heads()))

    def teardown(self) -> None:
        for store in [self.memory, *self.readers, *self.stores]:
            check_log(store)
            store.close()
        self.room.cleanup()


def outcome(store: Store, drafts: list[Row], expect: dict[str, int]) -> object:
    try:
        return store.append(drafts, expect)
    except (ConcurrencyError, DuplicateEvent) as error:
        return type(error), vars(error)


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=30, stateful_step_count=25)
