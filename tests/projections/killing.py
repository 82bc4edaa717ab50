"""Kill readers of a log with SIGKILL and look at what they left: ``killing.py WHAT DIRECTORY ROUNDS SEED``.

*WHAT* is ``projector`` or ``outbox``. The children are forked from one process that has imported everything. Each goes
on with the work where the one before it was killed; the last one is left alone.
"""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

from groupcore.events import encode
from groupcore.outbox import Entry, Outbox
from groupcore.projections import Activity, AuditTrail, Casebook, Database, Projector, Roster, Standing
from groupcore.stores import Store, open_store
from groupcore.testing import blocked, joined, lifted, ordered, posted
from groupcore.testing.scenes import START

KINDS = (Roster, Standing, Casebook, AuditTrail, Activity)
EVENTS = 600


def fill(log: Store) -> None:
    """A log in which every other event asks for something, and a few take things back."""
    facts = []
    for number in range(EVENTS):
        who, at = f"m{number % 17}", number * 1_000_000
        kinds = [joined(who, at=at), posted(who, "hi", at=at), ordered(who, "mute", at=at), blocked(who, at=at)]
        facts.append(lifted(who, "block", at=at) if number % 40 == 0 else kinds[number * 7 % 4])
    log.append([encode(fact, recorded_at=START, salt="ab") for fact in facts])


def kill_one(work: Callable[[], object], after: float | None) -> bool:
    """Fork a worker and kill it *after* some seconds (None: let it work); whether it was killed at work."""
    child = os.fork()
    if child == 0:
        code = 3
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the worker gave up by itself"
    return os.WIFSIGNALED(status)


# --- projections --------------------------------------------------------------------------------------------------


def project(home: Path, views: str, pause: float = 0.0) -> None:
    with open_store(home / "log.db", read_only=True) as log, Database(home / views) as database:
        projector = Projector(database, [kind(database) for kind in KINDS])
        rows = list(log.read(projector.begin(log)))
        for start in range(0, len(rows), 5):
            projector.take(rows[start : start + 5])
            time.sleep(pause)


def dump(path: Path) -> list[str]:
    with Database(path) as database, database.writing() as db:
        return list(db.iterdump())


def kill_projectors(home: Path, rounds: int, chance: random.Random) -> dict[str, int]:
    seen = {"kills": 0, "passes": 0}
    project(home, "whole.db")
    wanted, name = dump(home / "whole.db"), "views.db"
    while seen["kills"] < rounds:
        killed = kill_one(partial(project, home, name, 0.0005), chance.uniform(0, 0.08))
        seen["kills"] += killed
        if not killed:
            assert dump(home / name) == wanted
            name = f"views{seen['kills']}.db"
            seen["passes"] += 1
    project(home, name)
    assert dump(home / name) == wanted
    return seen


# --- outbox -------------------------------------------------------------------------------------------------------


def deliver(home: Path, box: str) -> None:
    """Carry out what is asked for: the platform is a file that grows by a line."""
    platform = os.open(home / f"{box}.done", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def carry_out(entry: Entry) -> None:
        os.write(platform, f"{entry.id}\t{entry.attempts}\n".encode())
        time.sleep(0.0005)

    with open_store(home / "log.db", read_only=True) as log, Outbox(home / box) as outbox:
        outbox.begin(log, after=0)
        for rows in batches(log, outbox.position):
            outbox.take(rows, now=START)
        ticks = count(START + time.time_ns() % 10**15, 10)  # leases of the dead run out as time goes on
        while outbox.deliver(carry_out, worker=str(os.getpid()), clock=lambda: next(ticks), lease=1000):
            pass
        os.close(platform)


def batches(log: Store, after: int) -> list[list[object]]:
    rows = list(log.read(after))
    return [rows[start : start + 20] for start in range(0, len(rows), 20)]


def kill_outboxes(home: Path, rounds: int, chance: random.Random) -> dict[str, int]:
    seen = {"kills": 0, "passes": 0, "entries": 0, "handed out": 0, "more than once": 0}
    name, killed = "outbox0.db", 0
    while seen["kills"] < rounds or killed:
        last = seen["kills"] >= rounds
        if kill_one(partial(deliver, home, name), None if last else chance.uniform(0, 0.08)):
            killed += 1
            seen["kills"] += 1
            continue
        check_box(home, name, killed, seen)
        name, killed = f"outbox{seen['kills']}.db", 0
        seen["passes"] += 1
    return seen


def check_box(home: Path, name: str, killed: int, seen: dict[str, int]) -> None:
    """All but what was undone was handed out, at most once more for each kill, in the order of each member."""
    done = [line.split("\t")[0] for line in (home / f"{name}.done").read_text().splitlines()]
    with Outbox(home / name) as outbox:
        entries = outbox.entries(limit=10_000)
    settled = {state: {entry.id for entry in entries if entry.state == state} for state in ("done", "skipped")}
    assert settled["done"] | settled["skipped"] == {entry.id for entry in entries}
    counts = Counter(done)
    assert settled["done"] <= counts.keys()
    assert len(counts.keys() - settled["done"]) <= killed, "who was killed may have done what was undone meanwhile"
    assert sum(counts.values()) <= len(counts) + killed
    first = {id: done.index(id) for id in counts}
    lanes: dict[str, list[int]] = {}
    for entry in entries:
        if entry.id in first:
            lanes.setdefault(entry.lane, []).append(first[entry.id])
    assert all(lane == sorted(lane) for lane in lanes.values())
    seen["entries"] += len(entries)
    seen["handed out"] += len(done)
    seen["more than once"] += sum(count > 1 for count in counts.values())


def main(what: str, home: Path, rounds: int, seed: int) -> None:
    with open_store(home / "log.db") as log:
        fill(log)
    work = {"projector": kill_projectors, "outbox": kill_outboxes}[what]
    sys.stdout.write(json.dumps(work(home, rounds, random.Random(seed))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
