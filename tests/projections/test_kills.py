"""Projections and the outbox survive kill -9: effects exactly once, actions at least once and acknowledged once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = int(os.environ.get("GROUPCORE_SOAK_KILLS", "150"))  # of a soak; .ci/run asks for fewer
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the workers are forked")
KILLING = Path(__file__).with_name("killing.py")


def kill(what: str, home: Path, rounds: int, seed: int) -> dict[str, int]:
    command = [sys.executable, str(KILLING), what, str(home), str(rounds), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("what", ["projector", "outbox"])
def test_killed_workers_leave_nothing_half_done(tmp_path: Path, what: str) -> None:
    assert kill(what, tmp_path, 15, 1)["kills"] == 15


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 5))
@pytest.mark.parametrize("what", ["projector", "outbox"])
def test_many_killed_workers_leave_nothing_half_done(tmp_path: Path, what: str, seed: int) -> None:
    seen = kill(what, tmp_path, KILLS, seed)
    assert seen["kills"] == KILLS, seen
