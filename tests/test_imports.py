"""``import groupcore`` is light: heavy and optional libraries load when they are used."""

from __future__ import annotations

import subprocess
import sys

YARDSTICK = "import attrs, cattrs"
ROUNDS = 7
HEAVY = ("asyncio", "email", "hypothesis", "importlib.metadata", "logging", "rich", "sqlite3", "ssl", "typer")


def seconds(statement: str) -> float:
    """How long a fresh interpreter takes for *statement*, without its own start."""
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    return float(subprocess.check_output([sys.executable, "-c", code]))


def loaded(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", code], text=True).split())


def test_importing_groupcore_takes_at_most_half_as_long_again_as_attrs_and_cattrs() -> None:
    rounds = [(seconds("import groupcore"), seconds(YARDSTICK)) for _ in range(ROUNDS)]
    ours, theirs = (min(column) for column in zip(*rounds, strict=True))  # what a busy machine disturbs least
    assert ours <= 1.5 * theirs, f"{1000 * ours:.0f} ms against {1000 * theirs:.0f} ms"


def test_importing_groupcore_loads_nothing_heavy_that_attrs_and_cattrs_do_not() -> None:
    extra = loaded("import groupcore") - loaded(YARDSTICK)
    assert not extra.intersection(HEAVY)
