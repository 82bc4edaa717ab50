"""Kill writers with SIGKILL, and look at what they left: ``killing.py PATH ROUNDS SEED`` says what it saw.

The writers are forked from one process that has imported everything, so that hundreds of kills take seconds.
Each appends batches of known sizes under expectations, and says after each that it was acknowledged.
"""

import json
import os
import random
import signal
import struct
import sys
import time
from itertools import count

from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log, draft

REPORT = struct.Struct("<q")


def size_of(batch: int) -> int:
    return 1 + batch * 7 % 40


def write(path: str, voice: int) -> None:
    with open_store(path) as store:
        os.write(voice, REPORT.pack(store.position))
        for batch in count(batches_of(store.position)):
            rows = [draft(f"b{batch}-{number}", f"g{number % 3}") for number in range(size_of(batch))]
            store.append(rows, {"org": 0})
            os.write(voice, REPORT.pack(store.position))


def batches_of(position: int) -> int:
    """How many whole batches reach up to this position; anything else is a batch that is half there."""
    reached = 0
    for batch in count():
        if reached == position:
            return batch
        assert reached < position, f"position {position} lies within a batch"
        reached += size_of(batch)
    raise AssertionError


def kill_one(path: str, after: float) -> int:
    """Start a writer, kill it, and return the last position that it had acknowledged."""
    ear, voice = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        try:
            write(path, voice)
        finally:
            os._exit(3)
    os.close(voice)
    first = os.read(ear, REPORT.size)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    said = first
    while heard := os.read(ear, 65536):
        said += heard
    os.close(ear)
    assert os.WIFSIGNALED(status), "the writer gave up by itself"
    whole = len(said) // REPORT.size * REPORT.size
    return REPORT.unpack(said[whole - REPORT.size : whole])[0] if whole else 0


def main(path: str, rounds: int, seed: int) -> None:
    chance = random.Random(seed)
    seen = {"kills": 0, "repaired": 0, "more than acknowledged": 0, "events": 0}
    for _ in range(rounds):
        acknowledged = kill_one(path, chance.uniform(0, 0.06))
        with open_store(path) as store:
            store.append([])  # a server may be busy still with what the writer had sent: wait for its turn
            batches_of(store.position)
            assert store.position >= acknowledged, f"{acknowledged} acknowledged, {store.position} there"
            check_log(store)
            seen["kills"] += 1
            seen["repaired"] += store.repaired is not None
            seen["more than acknowledged"] += store.position > acknowledged
            seen["events"] = store.position
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
