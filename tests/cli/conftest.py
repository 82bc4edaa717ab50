"""The command line as tests call it, in this process, and logs to call it on."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.running import RULES, STORY, Cli, Done, lines
from groupcore.cli import app


@pytest.fixture
def cli() -> Cli:
    """Run a command in this process; arguments of any kind, ``stdin`` as bytes."""

    def run(*args: object, stdin: bytes = b"") -> Done:
        done = CliRunner().invoke(app, list(map(str, args)), input=stdin)
        raised = done.exception
        if raised is not None and not isinstance(raised, SystemExit):
            raise raised
        return Done(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "facts.jsonl"
    path.write_bytes(lines(*STORY))
    return path


@pytest.fixture
def archive(tmp_path: Path, story: Path, cli: Cli) -> Path:
    """The story, imported and never judged."""
    path = tmp_path / "archive.db"
    assert cli("import", "facts", story, path).code == 0
    return path


@pytest.fixture
def judged(tmp_path: Path, archive: Path, rules: Path, cli: Cli) -> Path:
    """The story, judged."""
    path = tmp_path / "judged.db"
    assert cli("replay", archive, "--rules", rules, "--into", path).code == 0
    return path
