"""The contract that the library ``eventsourcing`` ships for its recorders, run against each of our stores.

Of its cases these are not run, since they are about other things than a store: `InfrastructureFactoryTestCase` (how the
library finds its own classes by environment variables, ciphers, compressors) and `TranscoderTestCase` (its JSON).
"""

from __future__ import annotations

import tempfile
import unittest
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest

pytest.importorskip("eventsourcing")

from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import IntegrityError, StoredEvent

from groupcore.errors import ConcurrencyError, StoreError
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing.store_contract import drafts
from stores.eventsourcing_adapter import (
    OfAggregates,
    OfApplication,
    OfDecisions,
    OfProcess,
    OfStore,
    OfTracking,
    their_tests,
)

THEIRS = their_tests()
T = TypeVar("T", bound=OfStore)


class OnAStore(unittest.TestCase):
    """A new log for each recorder of a test. Their reader threads outlive it: the store is closed under them."""

    INITIAL_VERSION = 0
    kind: type[OfStore]
    json_only = False
    first = 0

    def new_store(self) -> Store:
        raise NotImplementedError

    def make(self, kind: Callable[..., T]) -> T:
        store = self.new_store()
        self.addCleanup(store.close)
        return kind(store, json_only=self.json_only, first=self.first)

    def create_recorder(self) -> Any:
        return self.make(self.kind)


class InMemory(OnAStore):
    def new_store(self) -> Store:
        return MemoryStore()


class InAFile(OnAStore):
    name = "log.db"

    def new_store(self) -> Store:
        room = tempfile.TemporaryDirectory(prefix="groupcore-theirs-")
        self.addCleanup(room.cleanup)
        return open_store(f"{Path(room.name) / self.name}?fsync=relaxed")


class InLines(InAFile):
    name = "log.jsonl"
    json_only = True


class OnAServer(OnAStore):
    @pytest.fixture(autouse=True)
    def _server(self, request: pytest.FixtureRequest) -> None:
        pytest.importorskip("psycopg")
        self.server = request.getfixturevalue("server")

    def new_store(self) -> Store:
        return open_store(self.server.new_log())


PLACES: dict[str, type[unittest.TestCase]] = {
    "Memory": InMemory, "Sqlite": InAFile, "Jsonl": InLines, "Postgres": OnAServer,
}  # fmt: skip


class Aggregates(THEIRS.AggregateRecorderTestCase):  # type: ignore[misc, name-defined]
    kind = OfAggregates


class Applications(THEIRS.ApplicationRecorderTestCase):  # type: ignore[misc, name-defined]
    kind = OfApplication

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()

    def test_an_append_that_does_not_follow_its_sequence_is_refused_by_the_store(self) -> None:
        """Theirs asks this only of events that are there already."""
        recorder = self.create_recorder()
        there = self.new_originator_id()
        with pytest.raises(IntegrityError) as caught:
            recorder.insert_events([StoredEvent(there, 5, "topic", b"{}")])
        assert isinstance(caught.value.__cause__, ConcurrencyError)


class NotInterleaving(THEIRS.NonInterleavingNotificationIDsBaseCase):  # type: ignore[misc, name-defined]
    kind = OfApplication


class Trackings(THEIRS.TrackingRecorderTestCase):  # type: ignore[misc, name-defined]
    kind = OfTracking


class Processes(THEIRS.ProcessRecorderTestCase):  # type: ignore[misc, name-defined]
    kind = OfProcess

    def setUp(self) -> None:
        """These cases count a sequence from 1, but for the one that measures."""
        self.first = 0 if self._testMethodName == "test_performance" else 1


class Decisions(DCBRecorderTestCase):
    kind = OfDecisions

    def test_append_read(self) -> None:
        self._test_append_read(self.create_recorder())  # type: ignore[attr-defined]

    def test_append_subscribe(self) -> None:
        self._test_append_subscribe(self.create_recorder())  # type: ignore[attr-defined]


CASES = (Aggregates, Applications, NotInterleaving, Trackings, Processes, Decisions)
for case in CASES:
    for named, place in PLACES.items():
        name = f"Test{case.__name__}{named}"
        globals()[name] = type(name, (place, case), {"__module__": __name__})

del (
    Aggregates, Applications, NotInterleaving, Trackings, Processes, Decisions, DCBRecorderTestCase, case, place, name,
    OnAStore, InMemory, InAFile, InLines, OnAServer,
)  # fmt: skip # pytest is not to collect what only others run


def test_all_of_their_cases_about_recorders_are_run_on_all_stores() -> None:
    about_other_things = {"InfrastructureFactoryTestCase", "TranscoderTestCase"}
    kinds = {name: value for name, value in vars(THEIRS).items() if isinstance(value, type)}
    there = {name for name, kind in kinds.items() if issubclass(kind, unittest.TestCase)}
    there -= {"TestCase", "RecorderTestCase"}
    run = {case.__mro__[1].__name__ for case in CASES}
    assert run == (there - about_other_things) | {"DCBRecorderTestCase"}
    assert sum(name.startswith("Test") for name in globals()) == len(CASES) * len(PLACES)


def read_until_it_fails(store: Store, wrong: list[Exception]) -> None:
    try:
        while True:
            list(store.read())
    except Exception as error:
        wrong.append(error)


@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_a_store_may_be_closed_under_the_threads_that_read_it(tmp_path: Path, name: str) -> None:
    """What their reader threads do, at the worst moment: CPython crashes where a connection is closed in use."""
    for number in range(15):
        store, wrong = open_store(f"{tmp_path / str(number)}{name}?fsync=relaxed"), list[Exception]()
        readers = [Thread(target=read_until_it_fails, args=(store, wrong)) for _ in range(3)]
        for reader in readers:
            reader.start()
        store.append(drafts(300))
        store.close()
        for reader in readers:
            reader.join()
        assert [type(error) for error in wrong] == [StoreError] * 3
