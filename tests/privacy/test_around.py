"""Erasure beyond the log: projections, the outbox, copies, imports, a writer that is killed, PostgreSQL."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from groupcore import Moderator
from groupcore.copying import copy
from groupcore.events import read_fact, to_wire
from groupcore.events.codec import decode
from groupcore.importers.base import import_into
from groupcore.outbox import Outbox
from groupcore.privacy import held_of, open_orders
from groupcore.projections import Activity, AuditTrail, Casebook, Database, Projector, Reports, Roster, Standing
from groupcore.replay import verify
from groupcore.stores import MemoryStore, open_store
from groupcore.wire import dumps
from privacy.bytes import MINE, OTHERS, START, files_with, live

END = START + 10**12
KINDS = (Activity, AuditTrail, Casebook, Reports, Roster, Standing)


# --- what was made of a log ---------------------------------------------------------------------------------------


def tables(database: Database) -> dict[str, list[object]]:
    names = [name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: database.rows(f'SELECT * FROM "{name}" ORDER BY 1, 2') for name in names if name != "bookmarks"}


def test_projections_let_go_of_what_was_erased_to_the_last_byte(tmp_path: Path) -> None:
    views = tmp_path / "views"
    views.mkdir()
    with live(f"{tmp_path / 'log.db'}?fsync=relaxed") as moderator, Database(views / "views.db") as database:
        store = moderator._desk.store
        projector = Projector(database, [kind(database) for kind in KINDS])
        projector.catch_up(store)
        assert files_with(MINE, views)
        moderator.erase_person("amy", at=END)
        projector.catch_up(store)
        assert files_with(MINE, views) == []
        assert files_with(OTHERS, views)
        with Database() as anew:
            Projector(anew, [kind(anew) for kind in KINDS]).catch_up(store)
            assert tables(anew) == tables(database)


def test_a_name_that_comes_after_the_order_is_a_name() -> None:
    with live("memory:") as moderator, Database() as database:
        store = moderator._desk.store
        roster = Roster(database)
        projector = Projector(database, [roster])
        projector.catch_up(store)
        moderator.erase_person("amy", at=END)
        moderator.rename("g1", "amy", "Amy again", at=END + 1)
        projector.catch_up(store)
        assert {seat.name for seat in roster.groups_of("amy")} == {"Amy again", ""}


def test_the_outbox_never_held_any_text(tmp_path: Path) -> None:
    boxes = tmp_path / "boxes"
    boxes.mkdir()
    with live(f"{tmp_path / 'log.db'}?fsync=relaxed") as moderator, Outbox(boxes / "box.db", stale=None) as box:
        box.begin(moderator._desk.store, after=0)
        box.catch_up(moderator._desk.store, END)
        assert box.counts()["waiting"] > 3
        assert files_with(MINE, boxes) == []


# --- copies and imports -------------------------------------------------------------------------------------------


def test_a_copy_is_erased_when_it_is_copied_to_again(tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    with (
        live(f"{tmp_path / 'log.db'}?fsync=relaxed") as moderator,
        open_store(f"{copies / 'copy.jsonl'}?fsync=relaxed") as there,
    ):
        copy(moderator._desk.store, there)
        assert files_with(MINE, copies)
        moderator.erase_person("amy", at=END)
        copy(moderator._desk.store, there)
        assert files_with(MINE, copies) == []
        assert list(there.read()) == list(moderator._desk.store.read())


def test_importing_the_same_again_brings_no_text_back() -> None:
    with live("memory:") as moderator:
        store = moderator._desk.store
        facts = [decode(row).event for row in store.read() if row.cause is None]
        lines = [dumps(to_wire(fact)) for fact in facts if fact.type != "rulebook-adopted"]
        moderator.erase_person("amy", at=END)
        before = list(store.read())
        report = import_into(store, [read_fact(line) for line in lines])
        assert (report.added, report.conflicts) == (0, 0)
        assert list(store.read()) == before


def test_a_conflict_names_fields_and_holds_no_text() -> None:
    with live("memory:") as moderator:
        store = moderator._desk.store
        row = next(row for row in store.read() if row.type == "message-posted")
        line = dumps({**to_wire(decode(row).event), "data": {**to_wire(decode(row).event)["data"], "text": MINE * 2}})
        assert import_into(store, [read_fact(line)]).conflicts == 1
        conflict = list(store.read())[-1]
        assert conflict.type == "import-conflict"
        assert (conflict.private, MINE.encode() in conflict.data) == (None, False)


def test_a_replay_into_another_log_takes_the_erasure_along() -> None:
    from groupcore.replay import Run, first_rulebook, replay_into

    with live("memory:") as moderator:
        store = moderator._desk.store
        moderator.erase_person("amy", at=END)
        rules = first_rulebook(store)
        assert rules is not None
        with MemoryStore() as out:
            for _ in replay_into(out, Run(rules), store.read()):
                pass
            assert held_of(out, "amy") == []
            assert open_orders(out) == []
            assert verify(out.read()).clean


# --- a writer that is killed --------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")
@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_an_erasure_that_is_killed_at_any_point_is_finished_by_the_next(tmp_path: Path, name: str) -> None:
    kill_erasures(tmp_path, name, int(os.environ.get("GROUPCORE_SOAK_KILLS", "100")) // 10)


def kill_erasures(tmp_path: Path, name: str, rounds: int) -> None:
    chance = random.Random(7)
    template = tmp_path / "template" / name
    template.parent.mkdir()
    live(f"{template}?fsync=relaxed").close()
    states: set[str] = set()
    for number in range(rounds):
        place = tmp_path / f"round{number}"
        place.mkdir()
        path = place / name
        path.write_bytes(template.read_bytes())
        kill_one(path, chance.uniform(0, 0.05))
        with Moderator.open(f"{path}?fsync=relaxed") as moderator:
            store = moderator._desk.store
            assert verify(store.read()).clean
            states.add("open" if open_orders(store) else "none" if held_of(store, "amy") else "done")
            moderator.finish_erasures()
            assert open_orders(store) == []
            moderator.erase_person("amy", at=END)
            assert verify(store.read()).clean
        assert files_with(MINE, place) == []
        assert files_with(OTHERS, place)


def kill_one(path: Path, after: float) -> None:
    """Start an erasure in a process of its own, and kill it a moment after it began."""
    ear, voice = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            moderator = Moderator.open(f"{path}?fsync=relaxed")
            os.write(voice, b"!")
            moderator.erase_person("amy", at=END)
            os.write(voice, b".")
            time.sleep(10)
        finally:
            os._exit(3)
    os.close(voice)
    assert os.read(ear, 1) == b"!"
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ear)
