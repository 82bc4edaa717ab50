"""The command line: ``groupcore demo``, ``check``, ``import``, ``replay``, ``verify`` and more.

The one place for typer and rich. Each command is a module of its own, loaded when it is called.

============ =================================================================
`root`       the commands by name, and what each has in common
`guard`      every error as one message, and the exit codes
`output`     tables, JSON Lines and CSV; progress
`words`      events as people say them
============ =================================================================
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["app", "main"]

TERMINAL = ("typer", "rich", "click")
"""The libraries of the extra ``cli``."""


def main() -> None:
    """Run ``groupcore`` with the arguments of the process, and exit."""
    try:
        from groupcore.cli.root import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in TERMINAL:
            raise
        sys.stderr.write("groupcore: the command line needs typer and rich: pip install 'groupcore[cli]'\n")
        sys.exit(2)
    app(prog_name="groupcore")


def __getattr__(name: str) -> Any:
    """``app``, the typer application, loaded when first asked for."""
    if name == "app":
        from groupcore.cli.root import app

        return app
    raise AttributeError(f"module 'groupcore.cli' has no attribute {name!r}")
