"""Copy the files of an SQLite log while somebody writes it: ``copying.py PATH COPIES SEED`` says what it saw.

The writer is stopped by a signal wherever it stands, in the middle of a transaction or of a checkpoint, its files are
copied as they are at that moment, and it goes on. Such a copy is what a crash at that moment leaves behind.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from itertools import count
from pathlib import Path

from groupcore.events import Head
from groupcore.stores import open_store
from groupcore.stores.sqlite import SqliteStore
from groupcore.testing.store_contract import check_log, draft
from stores.killing import REPORT, batches_of, size_of


def write(path: str, voice: int) -> None:
    with SqliteStore(path) as store:
        assert store._connection is not None
        store._connection.execute("PRAGMA wal_autocheckpoint = 40")  # often, so that copies meet checkpoints
        for batch in count():
            store.append([draft(f"b{batch}-{number}", f"g{number % 3}") for number in range(size_of(batch))])
            os.write(voice, REPORT.pack(store.position))


def start(path: str) -> tuple[int, int]:
    """The writer's process, and where it says what it has acknowledged."""
    ear, voice = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        try:
            write(path, voice)
        finally:
            os._exit(3)
    os.close(voice)
    os.read(ear, REPORT.size)
    os.set_blocking(ear, False)
    return child, ear


def last_said(ear: int, before: int) -> int:
    try:
        heard = os.read(ear, 1 << 20)
    except BlockingIOError:
        return before
    return int(REPORT.unpack(heard[-REPORT.size :])[0])


def stopped(child: int) -> None:
    os.kill(child, signal.SIGSTOP)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status), "the writer gave up by itself"


def copy(path: Path, to: Path) -> None:
    for suffix in ("", "-wal"):  # what is shared between processes is no file that lasts
        shutil.copy(path.with_name(path.name + suffix), to.with_name(to.name + suffix))


def look(to: Path, acknowledged: int) -> dict[str, Head]:
    """What a copy holds: whole appends, all that were acknowledged; it can be read, and gone on with."""
    with open_store(to, read_only=True) as reader:
        found = reader.position
        assert found >= acknowledged, f"{acknowledged} acknowledged, {found} there"
        batches_of(found)
        check_log(reader)
    with open_store(to) as store:
        heads = store.heads()
        store.append([draft("gone on with")])
        check_log(store)
        assert store.position == found + 1
    return heads


def main(path: Path, copies: int, seed: int) -> None:
    chance, acknowledged = random.Random(seed), 0
    seen = {"copies": 0, "more than acknowledged": 0}
    kept: list[dict[str, Head]] = []
    child, ear = start(str(path))
    try:
        for number in range(copies):
            time.sleep(chance.uniform(0, 0.01))
            stopped(child)
            acknowledged = last_said(ear, acknowledged)
            to = path.with_name(f"copy{number}.db")
            copy(path, to)
            kept.append(look(to, acknowledged))
            os.kill(child, signal.SIGCONT)  # not before: the log is to stay small
            seen["copies"] += 1
            seen["more than acknowledged"] += sum(head.version for head in kept[-1].values()) > acknowledged
            for each in path.parent.glob(f"copy{number}.db*"):
                each.unlink()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    seen["events"] = check_prefixes(path, kept)
    sys.stdout.write(json.dumps(seen))


def check_prefixes(path: Path, kept: list[dict[str, Head]]) -> int:
    """Each copy was a beginning of what the log became; how many events that has."""
    with open_store(path) as store:
        check_log(store)
        ends = {(row.stream, row.version): row.digest for row in store.read()}
        for heads in kept:
            for stream, head in heads.items():
                assert ends[stream, head.version] == head.digest
        return store.position


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
