"""``import groupcore``, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest


def start(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)


# The public names are loaded when first used: the first is what is promised, the second what a service waits for.
BOUNDS = {"import groupcore": 1.5, "from groupcore import Moderator, Rulebook, Message": 4.0}


@pytest.mark.parametrize("statement", BOUNDS)
def test_import(statement: str, against: Any) -> None:
    """With the start of the interpreter in both; `tests/test_imports.py` measures without it."""
    against(
        f"`{statement}`, start of the interpreter included",
        lambda: start(statement),
        lambda: start("import attrs, cattrs"),
        by="`import attrs, cattrs`",
        count=1,
        below=BOUNDS[statement],
        clock=time.perf_counter,
    )
