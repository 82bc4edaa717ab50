"""SQLite with many writers: eight processes, four groups, and nothing is lost or disputed."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest

from groupcore.errors import ConcurrencyError
from groupcore.stores import Store, open_store
from groupcore.testing.store_contract import check_log, draft, drafts
from stores.crowds import moderated, tail

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")


def test_eight_moderators_of_four_groups_agree(tmp_path: Path) -> None:
    moderated(f"{tmp_path / 'log.db'}?fsync=relaxed", 8, 8)


@pytest.mark.soak
@pytest.mark.parametrize("fsync", ["durable", "relaxed"])
def test_eight_moderators_of_four_groups_agree_for_long(tmp_path: Path, fsync: str) -> None:
    moderated(f"{tmp_path / 'log.db'}?fsync={fsync}", 8, int(os.environ.get("GROUPCORE_SOAK_KILLS", "400")))


def add(store: Store, worker: int, count: int) -> None:
    """Messages on one of four streams, each under the version read, and again after a lost race."""
    stream = f"group/g{worker % 4}"
    for number in range(count):
        while True:
            heads = store.heads()
            version = heads[stream].version if stream in heads else 0
            try:
                store.append([draft(f"{worker}-{number}-{k}", f"g{worker % 4}") for k in range(3)], {stream: version})
                break
            except ConcurrencyError:
                continue


def test_a_tailing_reader_sees_every_position_in_order(tmp_path: Path) -> None:
    path = f"{tmp_path / 'log.db'}?fsync=relaxed"
    done, seen = Event(), list[int]()
    with open_store(path) as store, open_store(tmp_path / "log.db", read_only=True) as reader:
        store.append(drafts(1, "org"))
        following = Thread(target=lambda: seen.extend(tail(reader, done)))
        stores = [open_store(path) for _ in range(8)]
        writing = [Thread(target=add, args=(each, worker, 12)) for worker, each in enumerate(stores)]
        for thread in [following, *writing]:
            thread.start()
        for thread in writing:
            thread.join()
        done.set()
        following.join()
        for each in stores:
            each.close()
        assert seen == list(range(1, 8 * 12 * 3 + 2))
        assert {name: head.version for name, head in store.heads().items() if name != "group/org"} == {
            f"group/g{number}": 72 for number in range(4)
        }
        check_log(store)
