"""Opening one group of a large log: from its snapshot, and from the beginning; then the memory of a replay.

    uv run python -m benchmarks.opening [--events 1000000] [--groups 1000] [--directory DIR]

The log is made up and written in bulk: messages of 500 people a group, a second between any two, under the shipped
rulebook, the chain of digests in order. Ten million events take 5 GB of disk and some ten minutes. Each opening happens
in a process of its own, its imports not counted; files are warm.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from groupcore import Message, Moderator
from groupcore.clock import SECOND, instant
from groupcore.config import shipped_rulebook
from groupcore.engine import adoption
from groupcore.events import NO_HEAD, Head, MessagePosted, Row, encode, new_fact, seal
from groupcore.events.row import private_digest
from groupcore.replay import replay
from groupcore.stores import SqliteStore
from groupcore.stores.sqlite_file import INSERT

START = instant("2026-01-01T00:00:00Z")
PEOPLE = 500
OPENINGS = 7
BATCH = 20_000


def rows(count: int, groups: int) -> Iterator[Row]:
    """A log of so many events, the first of them the adoption of the shipped rulebook."""
    adopted = adoption(shipped_rulebook(), START)
    yield seal(encode(adopted, recorded_at=START, org_seen=0, salt=""), 1, NO_HEAD)
    pattern = encode(said(0, 0), recorded_at=START, judged=adopted.digest, org_seen=1, salt="00")
    heads: dict[int, Head] = {}
    for number in range(count - 1):
        group = number * 7919 % groups
        head = heads.get(group, NO_HEAD)
        private = b'{"text":"see you at the meeting number %d"}' % number
        draft = pattern._replace(
            stream=f"group/g{group}",
            id=f"{number:032x}",
            at=START + number * SECOND,
            group=f"g{group}",
            data=b'{"author":"u%d","message":"m%d"}' % (number % PEOPLE, number),
            private=private,
            private_digest=private_digest("00", private),
        )
        row = seal(draft, number + 2, head)
        heads[group] = Head(row.version, row.digest)
        yield row


def said(number: int, group: int) -> MessagePosted:
    """A message of the log as the engine would record it."""
    return new_fact(
        MessagePosted,
        at=START + number * SECOND,
        group=f"g{group}",
        message=f"m{number}",
        author=f"u{number % PEOPLE}",
        text=f"see you at the meeting number {number}",
    )


def write(path: Path, count: int, groups: int) -> None:
    """Write the log into a new file."""
    SqliteStore(path).close()
    heads: dict[str, tuple[int, str]] = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        made = rows(count, groups)
        while batch := list(islice(made, BATCH)):
            db.executemany(INSERT, batch)
            heads.update({row.stream: (row.version, row.digest) for row in batch})
        db.executemany("INSERT INTO heads VALUES (?, ?, ?)", ((name, *head) for name, head in heads.items()))
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
    os.sync()  # or the first append pays for it


def measure(what: str, path: str, number: int) -> None:
    """One opening (and a message in the group) or one replay, and what it took, as JSON."""
    began, worked = time.perf_counter(), time.process_time()
    if what == "replay":
        with SqliteStore(path, read_only=True) as log:
            events = sum(1 for _ in replay(log))
        seconds, work = time.perf_counter() - began, time.process_time() - worked
    else:
        with Moderator.open(path) as moderator:
            message = Message(group="g0", author="u1", id=f"new {number}", at=START + 2 * 10**8 * SECOND, text="hello")
            moderator.observe(message)
            events = moderator.position
            seconds, work = time.perf_counter() - began, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "work": work, "peak": peak, "events": events}))


def measured(what: str, path: Path, number: int = 0) -> dict[str, float]:
    """The same, in a process of its own."""
    return dict(json.loads(apart(f"measure({what!r}, {str(path)!r}, {number})")))


def written(path: Path, count: int, groups: int) -> float:
    """How many seconds `write` took, in a process of its own: the peak of ours would count for those to come."""
    began = time.perf_counter()
    apart(f"write(Path({str(path)!r}), {count}, {groups})")
    return time.perf_counter() - began


def apart(call: str) -> bytes:
    """What a call of this module prints in another process."""
    return subprocess.check_output([sys.executable, "-c", f"from benchmarks.opening import *; {call}"])


def report(path: Path, count: int, groups: int) -> None:
    seconds, size = written(path, count, groups), path.stat().st_size / 2**30
    print(f"{count:,} events, {groups:,} groups: written in {seconds:.0f} s, {size:.1f} GiB")
    first = measured("open", path)
    print(f"opened one group from its beginning: {first['seconds']:.3f} s, peak {first['peak']:.0f} MB")
    again = [measured("open", path, number) for number in range(1, OPENINGS + 1)]
    times, work = [one["seconds"] for one in again], min(one["work"] for one in again)
    middle, peak = statistics.median(times), max(one["peak"] for one in again)
    print(
        f"opened by snapshot: {min(times):.3f} s, median {middle:.3f} s (n={OPENINGS}), "
        f"of which {work:.3f} s of CPU; peak {peak:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--groups", type=int, default=1_000)
    parser.add_argument("--directory", help="where the log is made; removed afterwards")
    parser.add_argument("--replays", type=int, nargs="*", default=[50_000, 200_000], help="lengths of logs to replay")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.directory) as home:
        report(Path(home) / "log.db", asked.events, asked.groups)
        for count in asked.replays:
            path = Path(home) / f"{count}.db"
            written(path, count, 20)
            found = measured("replay", path)
            print(f"replay of {count:,} events: {found['seconds']:.1f} s, peak {found['peak']:.0f} MB")


if __name__ == "__main__":
    main()
