"""Many writers of one log: who follows it, and what has to hold afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

from groupcore.engine import Moderator
from groupcore.replay import verify
from groupcore.stores import Store, open_store
from groupcore.testing.store_contract import check_log

MODERATING = Path(__file__).with_name("moderating.py")


def tail(reader: Store, done: Event) -> Iterator[int]:
    """The positions that a reader sees who asks again and again for what lies behind the last."""
    last, ending = 0, False
    while not ending:
        ending = done.is_set()  # once more after the last writer
        for row in reader.read(last):
            last = row.position
            yield last


def run(script: Path, *arguments: object) -> Any:
    """What the script says, in JSON."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def moderated(url: str, processes: int, count: int) -> None:
    """Moderators in so many processes over one log; afterwards every verdict follows from what is on record."""
    done, seen = Event(), list[int]()
    open_store(url).close()
    with open_store(url, read_only=True) as reader:
        following = Thread(target=lambda: seen.extend(tail(reader, done)))
        following.start()
        try:
            said = run(MODERATING, url, processes, count)
        finally:
            done.set()
            following.join()
        assert seen == list(range(1, reader.position + 1))
        assert said["events"] == reader.position - 1  # and the rulebook, adopted once
        report = verify(reader.read())
        assert report.divergence is None
        types = Counter(row.type for row in reader.read())
        assert types["message-posted"] == processes * count
        assert types["rulebook-adopted"] == 1
        assert types["member-kicked"] > 0
        check_log(reader)
    with Moderator.open(url) as moderator:
        assert moderator.rules.name == "crowd"
