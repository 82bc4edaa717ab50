"""Kill copies with SIGKILL and go on: ``killing.py SOURCE TARGET KILLS SEED`` says what it saw.

The copiers are forked from one process that has imported everything, so that a kill costs milliseconds.
"""

import json
import os
import random
import signal
import sys
import time

from groupcore.copying import Progress, copy
from groupcore.stores import open_store
from groupcore.testing.store_contract import check_log


def copy_once(source: str, target: str, batch: int, tell: Progress | None = None) -> None:
    with open_store(source, read_only=True) as log, open_store(target) as there:
        copy(log, there, batch=batch, progress=tell)


def kill_one(source: str, target: str, batch: int, steps: int, after: float) -> bool:
    """Start a copy, and kill it a moment *after* it has told so many *steps*; whether it was still at work."""
    ear, voice = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        code = 3
        try:
            copy_once(source, target, batch, lambda done, total: os.write(voice, b"."))
            code = 0
        finally:
            os._exit(code)
    os.close(voice)
    while steps > 0 and (heard := os.read(ear, steps)):
        steps -= len(heard)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.close(ear)
    _, status = os.waitpid(child, 0)
    assert not (os.WIFEXITED(status) and os.WEXITSTATUS(status)), "the copy gave up by itself"
    return os.WIFSIGNALED(status)


def main(source: str, target: str, kills: int, seed: int) -> None:
    chance, seen = random.Random(seed), {"kills": 0, "on the way": 0, "repaired": 0}
    with open_store(source, read_only=True) as log:
        rows = list(log.read())
    at = 0
    while seen["kills"] < kills and at < len(rows):
        killed = kill_one(source, target, chance.choice((5, 20)), chance.randrange(4), chance.uniform(0, 0.01))
        seen["kills"] += killed
        if not os.path.exists(target) and "://" not in target:
            continue
        with open_store(target) as there:
            held = list(there.read())
            seen["repaired"] += there.repaired is not None
            assert held == rows[: len(held)], "what is there is no beginning of the source"
            assert len(held) >= at, "what was there is gone"
            assert not held or len(held) == len(rows) or rows[len(held)].cause is None, "an answer is half there"
            seen["on the way"] += at < len(held) < len(rows)
            at = len(held)
    copy_once(source, target, 500)
    with open_store(target, read_only=True) as there:
        assert list(there.read()) == rows
        check_log(there)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
