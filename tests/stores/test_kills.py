"""What was acknowledged survives kill -9, and nothing is ever half there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("GROUPCORE_SOAK_KILLS", "100"))  # of a soak; .ci/run asks for fewer
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")
KILLING = Path(__file__).with_name("killing.py")


def kill_writers(path: Path, rounds: int, seed: int) -> dict[str, int]:
    command = [sys.executable, str(KILLING), str(path), str(rounds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path, name: str) -> None:
    assert kill_writers(tmp_path / name, 15, 1)["kills"] == 15


@pytest.mark.soak
@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
@pytest.mark.parametrize("seed", range(4))
def test_many_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path, name: str, seed: int) -> None:
    seen = kill_writers(tmp_path / name, KILLS, seed)
    assert seen["kills"] == KILLS, seen
