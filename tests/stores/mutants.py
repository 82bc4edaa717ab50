"""How strong the tests of the stores are: faults seeded into a copy of the package, and the test that kills each.

::

    cd tests && python -m stores.mutants            # all of them; a table in Markdown, exit code 1 where one survives
    cd tests && python -m stores.mutants sqlite     # those whose name or file has this word

Each fault is one passage of one file, changed in a copy of the project in a temporary directory. It takes some ten
minutes, so it is no part of the suite. A fault that hangs the tests is killed, too.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
JOBS = int(os.environ.get("GROUPCORE_JOBS", "2"))
PATIENCE = 600  # seconds that the tests of one fault may take

SHARED = ("test_contract.py", "test_machine.py", "test_commands.py", "test_eventsourcing_contract.py")
FILES = ("test_faults.py", "test_crowds.py", "test_kills.py", "test_cli_trouble.py", "test_opening.py")
TESTS = {
    "base": (*SHARED, *FILES),
    "memory": SHARED,
    "sqlite": ("test_contract.py", "test_sqlite.py", "test_machine.py", *FILES, *SHARED[2:]),
    "jsonl": ("test_contract.py", "test_jsonl.py", "test_machine.py", *FILES, *SHARED[2:]),
    "places": ("test_places.py",),
    "files": ("test_jsonl.py", *FILES, "test_contract.py"),
    "postgres": (
        "test_postgres.py", "test_postgres_crowds.py", "test_postgres_restarts.py", "test_postgres_machine.py",
        "test_postgres_opening.py", "test_postgres_cuts.py", "test_eventsourcing_contract.py", "test_commands.py",
    ),
    "engine": ("test_commands.py",),
    "outbox": ("../projections/test_outbox.py",),
}  # fmt: skip


class Fault(NamedTuple):
    """What is wrong, where, and the passage that makes it so."""

    name: str
    file: str
    old: str
    new: str
    first: str = ""  # the tests that ought to know, to be tried before all others

    @property
    def tests(self) -> tuple[str, ...]:
        words = re.split(r"[/_.]", self.file.removeprefix("stores/"))
        tests = next(tests for word, tests in TESTS.items() if word in words)
        return tuple(dict.fromkeys((self.first, *tests))) if self.first else tests


FAULTS = (
    # --- what all stores share
    Fault("an id twice within one append", "stores/base.py", "if id in known or id in seen:", "if id in known:"),
    Fault("an id that the log holds", "stores/base.py", "if id in known or id in seen:", "if id in seen:"),
    Fault("expected versions that are too high", "stores/base.py", "if found != expected:", "if found > expected:"),
    Fault("expected versions that are too low", "stores/base.py", "if found != expected:", "if found < expected:"),
    Fault("streams that do not exist", "stores/base.py",
          "found = heads.get(stream, NO_HEAD).version\n        if",
          "found = heads.get(stream, NO_HEAD).version\n        if found and"),
    Fault("positions begin at 0", "stores/base.py", "enumerate(drafts, position + 1)", "enumerate(drafts, position)"),
    Fault("the chain forgets the digest before", "stores/base.py",
          "_head_of((row.version, row.digest))", '_head_of((row.version, ""))'),
    Fault("every stream continues the one before", "stores/base.py",
          "seal(draft, number, heads.get(draft.stream, NO_HEAD))",
          "seal(draft, number, heads.get(draft.stream, next(iter(heads.values()), NO_HEAD)))"),
    Fault("times beyond 64 bits", "stores/base.py", "if not -_INTEGERS <= draft.at < _INTEGERS:", "if False:"),
    Fault("lone surrogates", "stores/base.py",
          "if not (names.isascii() or is_text(names)):", "if False:"),
    # --- memory
    Fault("a read sees what comes later", "stores/memory.py",
          "return map(self._rows.__getitem__, range(max(after, 0), len(self._rows)))",
          "return (row for row in self._rows if row.position > after)"),
    Fault("a lost race comes before a duplicate", "stores/memory.py",
          "refuse_duplicates(drafts, self._ids)\n            check_expected(expect, self._heads)",
          "check_expected(expect, self._heads)\n            refuse_duplicates(drafts, self._ids)"),
    Fault("answers by their cause alone", "stores/memory.py",
          'if row.id.startswith(f"{fact_id}/")', "if row.id"),
    Fault("heads are the store's own", "stores/memory.py", "return dict(self._heads)", "return self._heads"),
    Fault("no lock", "stores/memory.py", "return self._lock", "return __import__('contextlib').nullcontext(True)"),
    # --- SQLite
    Fault("a transaction begun as a reader", "stores/sqlite.py", '"BEGIN IMMEDIATE"', '"BEGIN"'),
    Fault("a transaction that failed is committed", "stores/sqlite.py",
          'if db.in_transaction:\n                    db.execute("ROLLBACK")\n                raise',
          'if db.in_transaction:\n                    db.execute("COMMIT")\n                raise'),
    Fault("a transaction that an interrupt left open goes on", "stores/sqlite.py",
          'db.execute("ROLLBACK")  # an interrupt kept the last one from ending', "pass"),
    Fault("heads stay where they were", "stores/sqlite.py",
          "db.executemany(_PUT_HEAD, [(stream, *heads[stream]) for stream in {row.stream for row in rows}])", "pass"),
    Fault("streams that are only read are not expected", "stores/sqlite.py", " | expect.keys())", ")"),
    Fault("a lost race hides that the attempt landed", "stores/sqlite.py",
          "refuse_duplicates(drafts, self._known(db, [draft.id for draft in drafts]))", "pass"),
    Fault("a duplicate is no longer told from damage", "stores/sqlite.py",
          "refuse_duplicates(rows, self._known(db, [row.id for row in rows]))", "pass"),
    Fault("a read has no end", "stores/sqlite.py",
          '"position > ? AND position <= ? ORDER BY position"', '"position > ? AND ? > 0 ORDER BY position"'),
    Fault("only the first page is read", "stores/sqlite.py", "        while after < last:", "        if after < last:"),
    Fault("a page begins where the one before ended", "stores/sqlite.py",
          "after, position = number(rows[-1])", "after, position = number(rows[-1]) - 1"),
    Fault("pages go by count", "stores/sqlite.py",
          "after, position = number(rows[-1])", "after, position = after + _PAGE",
          first="test_sqlite.py"),
    Fault("ids beyond the first chunk are not looked up", "stores/sqlite.py", "while chunk :=", "if chunk :="),
    Fault("answers of ids that begin alike", "stores/sqlite.py",
          'f"{fact_id}0", fact_id))', 'f"{fact_id}z", fact_id))',
          first="test_contract.py"),
    Fault("a reader appends", "stores/sqlite.py", "if self._read_only:", "if False:"),
    Fault("threads share the connection without a lock", "stores/sqlite.py",
          "with self._lock:\n            if self._connection is None:\n                raise closed",
          "if True:\n            if self._connection is None:\n                raise closed"),
    Fault("closing does not wait for readers", "stores/sqlite.py",
          "with self._lock:  # another thread", "if True:  # another thread"),
    Fault("no index keeps ids apart", "stores/sqlite_file.py", "id TEXT NOT NULL UNIQUE", "id TEXT NOT NULL"),
    Fault("no index keeps versions apart", "stores/sqlite_file.py",
          "CREATE UNIQUE INDEX events_of_streams", "CREATE INDEX events_of_streams"),
    Fault("durable is relaxed", "stores/sqlite_file.py",
          "'FULL' if fsync == 'durable' else 'NORMAL'", "'NORMAL' if fsync == 'durable' else 'NORMAL'"),
    Fault("another application's file", "stores/sqlite_file.py",
          'if application_id != APPLICATION_ID:', "if False:"),
    Fault("a newer format", "stores/sqlite_file.py", "if found > FORMAT:", "if found > FORMAT + 1:"),
    Fault("a reader passes over the write-ahead file", "stores/sqlite_file.py",
          'db = sqlite.connect(place(path, "ro"), patience)\n    try',
          'db = sqlite.connect(place(path, "ro&immutable=1"), patience)\n    try'),
    Fault("nobody waits for other writers", "sqlite.py", "timeout=patience", "timeout=0"),
    Fault("SQLite's words for a busy file", "stores/sqlite_file.py",
          "if is_locked(error):", "if False:"),
    # --- JSON Lines
    Fault("lines do not say that more follows", "stores/jsonl_lines.py",
          'line[:-1] + MORE + b"\\n" for line in lines[:-1]', 'line + b"\\n" for line in lines[:-1]'),
    Fault("a torn end is not cut", "stores/jsonl.py", "self._tape.cut(index.end)", "pass"),
    Fault("a last line without its end is built upon", "stores/jsonl.py",
          'if self._lacks_newline(index.end):\n                self._torn', 'if False:\n                self._torn'),
    Fault("damage in the middle ends the log", "stores/jsonl_lines.py",
          'if not line.endswith(b"\\n"):\n                return None', "if True:\n                return None"),
    Fault("positions that do not follow", "stores/jsonl_lines.py",
          "if row.position != self._position + 1:", "if False:"),
    Fault("an id twice in the file", "stores/jsonl_index.py", "        if before:", "        if False:"),
    Fault("versions that do not follow", "stores/jsonl_index.py",
          "if version != len(positions) + 1:", "if False:"),
    Fault("names that meet in one slot are one", "stores/places.py",
          "while (entry := slots[slot]) and", "while (entry := slots[slot]) and False and"),
    Fault("of many answers the last one is found", "stores/places.py",
          "self._before.append(before)", "self._before.append(0)"),
    Fault("who is about nobody is looked up by nobody", "stores/jsonl_index.py",
          "for subject in (None, *subjects)]", "for subject in subjects]"),
    Fault("a text that is hidden names a subject", "stores/jsonl_lines.py",
          'for key, value in given["data"].items() if key not in hidden}', 'for key, value in given["data"].items()}'),
    Fault("a read has no end", "stores/jsonl_lines.py", "if offset + len(line) > self._stop:", "if False:"),
    Fault("a failed write is not cut back", "stores/files.py",
          "            self.cut(offset)\n            raise", "            raise"),
    Fault("nothing is synced", "stores/files.py", 'if self._fsync == "durable":', "if False:"),
    Fault("two writers of one file", "stores/files.py", "_lock(self.file.fileno())", "pass"),
    # --- PostgreSQL
    Fault("writers do not take turns", "stores/postgres_append.py",
          '_LOCK = "SELECT pg_advisory_xact_lock(%s)"', '_LOCK = "SELECT pg_advisory_xact_lock_shared(%s)"'),
    Fault("what landed is made again", "stores/postgres_append.py",
          "landed = rows if list(map(_content, rows)) == list(map(_content, self._drafts)) else []",
          "landed = list[Row]()", first="test_postgres_restarts.py"),
    Fault("what others wrote is taken for ours", "stores/postgres_append.py",
          "landed = rows if list(map(_content, rows)) == list(map(_content, self._drafts)) else []",
          "landed = rows", first="test_postgres_restarts.py"),
    Fault("what landed and was erased is not known again", "stores/postgres_append.py",
          "return row.stream, *row[3:16], row.private_digest", "return row.stream, *row[3:-1]",
          first="test_postgres_cuts.py"),
    Fault("what landed is looked for without the lock", "stores/postgres_append.py",
          "in_one_go(db, [(_BEGIN, ()), (_LOCK, (self._key,))])", "in_one_go(db, [(_BEGIN, ())])",
          first="test_postgres_cuts.py"),
    Fault("streams that do not exist are not expected", "stores/postgres_append.py",
          "coalesce(heads.version, 0) <> expected.version", "heads.version <> expected.version"),
    Fault("what is expected is looked at before the lock alone", "stores/postgres_append.py",
          "(_LAST_IF, expected)", '("SELECT coalesce(max(position), 0) FROM events", ())',
          first="test_postgres_crowds.py"),
    Fault("commits are not announced", "stores/postgres_append.py",
          "(_TELL, (self._channel, ", '(_TELL, ("nobody", ',
          first="test_postgres_crowds.py"),
    Fault("a lost connection is not replaced", "stores/postgres_words.py",
          "return not isinstance(error, _OURS)", "return False",
          first="test_postgres_cuts.py"),
    Fault("a session that the server ended is not replaced", "stores/postgres_words.py",
          "ended = error.diag.severity_nonlocalized in _ENDS", "ended = False",
          first="test_postgres_cuts.py"),
    Fault("durable is relaxed", "stores/postgres_pool.py",
          "WHEN current_setting('synchronous_commit') = 'off' THEN 'on'",
          "WHEN current_setting('synchronous_commit') = 'off' THEN 'off'"),
    Fault("a connection comes back within a transaction", "stores/postgres_pool.py",
          "kept = self._open and _is_whole(db)", "kept = self._open",
          first="test_postgres_restarts.py"),
    Fault("hashes that meet are one subject", "stores/postgres.py",
          "return concerning((row for row in self._at(positions) if row.stream == stream), subjects)",
          "return self._at(positions)"),
    Fault("what cannot be told is about somebody else", "stores/postgres_schema.py",
          "    RETURN nobody;", "    RETURN 0;"),
    Fault("a read has no end", "stores/postgres.py",
          '"position > %s AND position <= %s ORDER BY position LIMIT %s"',
          '"position > %s AND %s > 0 ORDER BY position LIMIT %s"'),
    Fault("names with a NUL", "stores/postgres_rows.py",
          'found[0] == "\\0" else "\\x1a1"', 'found[0] == "\\0" else "\\x1a0"'),
    Fault("bulk leaves one row out", "stores/postgres_rows.py",
          "        for row in rows:\n            stream", "        for row in list(rows)[:-1]:\n            stream"),
    # --- commands that come twice, and the outbox
    Fault("another wish under the same id", "engine/repeating.py", "    if differing:", "    if False:"),
    Fault("a command's fact has its own id", "engine/repeating.py",
          "return facts if id is None else", "return facts or"),
    Fault("the kind of wish does not matter", "engine/repeating.py",
          "if event.type != command.leads_to:", "if False:"),
    Fault("what is undone waits on after its lease", "outbox/box.py",
          "WHEN undone_by IS NOT NULL THEN 'skipped' WHEN", "WHEN"),
    Fault("another log", "outbox/box.py", "elif not mark.is_in(Digests(log)):", "elif False:"),
    Fault("a log with another beginning", "projections/bookmarks.py",
          "(log.at(1), log.at(self.position)) == (self.origin, self.anchor)", "log.at(self.position) == self.anchor"),
    Fault("a log with another end", "projections/bookmarks.py",
          "(log.at(1), log.at(self.position)) == (self.origin, self.anchor)", "log.at(1) == self.origin"),
)  # fmt: skip
TESTS["projections"] = TESTS["outbox"]


class Verdict(NamedTuple):
    """Which test killed a fault; empty: it survived."""

    fault: Fault
    killer: str


def seeded(source: str, fault: Fault) -> str:
    """The file with the fault in it. Raises ValueError where its passage is not there any more, or twice."""
    if source.count(fault.old) != 1:
        raise ValueError(f"{fault.file} has no single {fault.old!r} any more; say anew what {fault.name!r} is")
    return source.replace(fault.old, fault.new)


def copied(to: Path) -> Path:
    """A copy of what the tests need; no compiled files, which could outlive the fault that they were made of."""
    for name in ("src", "tests"):
        shutil.copytree(ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, to / name)
    return to


@contextmanager
def planted(copy: Path, fault: Fault) -> Iterator[None]:
    path = copy / "src" / "groupcore" / fault.file
    whole = path.read_text()
    path.write_text(seeded(whole, fault))
    try:
        yield
    finally:
        path.write_text(whole)


def run(copy: Path, tests: Sequence[str]) -> str:
    """The first test that fails; empty where none does. Raises RuntimeError where the tests cannot be run at all."""
    paths = [str(copy / "tests" / "stores" / test) for test in tests]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *paths]
    given = os.environ | {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, cwd=copy, env=given)
    except subprocess.TimeoutExpired:
        return f"(the tests hang for more than {PATIENCE} s)"
    if done.returncode == 0:
        return ""
    found = re.search(r"^(?:FAILED|ERROR) \S*?(\w+\.py::\S+)", done.stdout, re.MULTILINE)
    if found is None and done.returncode > 0:
        raise RuntimeError(f"the tests cannot be run: {done.stdout[-500:]}{done.stderr[-500:]}")
    return found[1] if found else f"(the tests crash with signal {-done.returncode})"


def tried(fault: Fault, copies: SimpleQueue[Path]) -> Verdict:
    copy = copies.get()
    try:
        with planted(copy, fault):
            return Verdict(fault, run(copy, fault.tests))
    finally:
        copies.put(copy)


def check_sound(copy: Path) -> None:
    """Raise RuntimeError where a test fails without any fault: then nothing can be said of faults."""
    killer = run(copy, TESTS["sqlite"][:2])
    if killer:
        raise RuntimeError(f"{killer} fails without any fault")


def main(words: Sequence[str]) -> int:
    """Try the faults that have one of *words*; how many survived."""
    chosen = [fault for fault in FAULTS if not words or any(word in f"{fault.name} {fault.file}" for word in words)]
    for fault in chosen:
        seeded((ROOT / "src" / "groupcore" / fault.file).read_text(), fault)
    with tempfile.TemporaryDirectory(prefix="groupcore-mutants-") as room, ThreadPoolExecutor(JOBS) as pool:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(JOBS):
            copies.put(copied(Path(room) / str(number)))
        check_sound(Path(room) / "0")
        sys.stdout.write("| fault | in | killed by |\n|---|---|---|\n")
        survivors = 0
        for fault, killer in pool.map(lambda fault: tried(fault, copies), chosen):
            survivors += not killer
            told = f"`{killer}`" if "::" in killer else killer or "**nothing**"
            sys.stdout.write(f"| {fault.name} | `{fault.file}` | {told} |\n")
            sys.stdout.flush()
    return survivors


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
