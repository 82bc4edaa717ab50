"""A real process, a real signal, a real file: what was acknowledged stays, and running it again completes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from groupcore.importers import FactLines, import_into
from groupcore.stores import open_store

CHILD = """\
import sys
from groupcore.importers import FactLines, import_into
from groupcore.stores import open_store

with open_store(sys.argv[2]) as store:
    tell = lambda report: print(report.added, flush=True)
    import_into(store, FactLines().facts(sys.argv[1]), batch=50, progress=tell)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT that one process can send another")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("log", ["log.db", "log.jsonl"])
def test_an_import_that_is_stopped_by_a_signal(tmp_path: Path, log: str, sent: signal.Signals) -> None:
    archive, path = tmp_path / "facts.jsonl", str(tmp_path / log)
    archive.write_text("".join(map(line, range(20_000))), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(archive), path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    told = [next(child.stdout) for _ in range(5)]
    child.send_signal(sent)
    told += child.stdout.readlines()
    child.stdout.close()
    assert child.wait(60) != 0, "it was stopped before it was done"
    with open_store(path) as store:
        acknowledged, there = int(told[-1]), store.position
        assert acknowledged <= there <= acknowledged + 50
        report = import_into(store, FactLines().facts(str(archive)))
        assert (report.added, report.repeated, report.conflicts) == (20_000 - there, there, 0)
        messages = [json.loads(row.data)["message"] for row in store.read()]
        assert messages == [f"m{number}" for number in range(20_000)]


def line(number: int) -> str:
    data = {"message": f"m{number}", "author": "amy", "text": "hi"}
    return json.dumps({"type": "message-posted", "at": number, "group": "g", "data": data}) + "\n"
