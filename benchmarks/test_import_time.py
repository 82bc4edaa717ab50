"""``import groupcore``, in fresh interpreters."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest


def start(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)


@pytest.mark.parametrize("statement", ["import groupcore", "from groupcore import Moderator, Rulebook, Message"])
def test_import(statement: str, against: Any) -> None:
    """With the start of the interpreter in both; `tests/test_imports.py` holds the contract's 1.5 without it."""
    against(
        f"`{statement}`, start of the interpreter included",
        lambda: start(statement),
        lambda: start("import attrs, cattrs"),
        by="`import attrs, cattrs`",
        count=1,
        below=2,
    )
