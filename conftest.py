"""What every suite shares: where the open data lies, and how the examples of the documentation run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path
from typing import Any

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer
from sybil.parsers.rest import DocTestParser

pytest.register_assert_rewrite("groupcore.testing")  # its contracts are tests, and explain themselves as such

ROOT = Path(__file__).parent
FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE
SESSION = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n?)*)", re.MULTILINE)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The open data for measuring; a test that asks for it is skipped where there is none."""
    path = Path(os.environ.get("GROUPCORE_DATA") or ROOT.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip("the open data is absent; GROUPCORE_DATA names its directory")
    return path


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """All cores for the whole suite; a part that is named runs at once, in this process."""
    return 0 if config.args_source is pytest.Config.ArgsSource.ARGS else None


# The examples of one page run in order and in one process (hence --dist loadfile), in an empty directory.


def enter_workshop(namespace: dict[str, Any]) -> None:
    namespace["_home"], namespace["_workshop"] = os.getcwd(), tempfile.mkdtemp(prefix="groupcore-docs-")
    os.chdir(namespace["_workshop"])


def leave_workshop(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["_home"])
    shutil.rmtree(namespace["_workshop"])


def parse_files(document: Document) -> Iterable[Region]:
    """Blocks that name a file, such as ```` ```toml rules.toml ````: they are what the page works on."""
    for region in RawFencedCodeBlockLexer(re.compile(r"\w+ (?P<file>[\w.-]+)$\n", re.MULTILINE))(document):
        region.parsed, region.evaluator = region.lexemes, write_file
        yield region


def write_file(example: Example) -> None:
    Path(example.parsed["file"]).write_text(example.parsed["source"], encoding="utf-8")


def run(command: str) -> str:
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        shell=True,  # a session is what a reader types into a shell
        env={**os.environ, "PATH": scripts},
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


def run_session(example: Example) -> str | None:
    """Runs each line that begins with a dollar and compares what it prints; ``...`` stands for anything."""
    for command, expected in SESSION.findall(example.parsed + "\n"):
        printed = run(command)
        if not OutputChecker().check_output(expected.strip(), printed.strip(), FLAGS):
            return f"$ {command}\nexpected:\n{expected}\nprinted:\n{printed}"
    return None


pytest_collect_file = (
    Sybil(
        name="pages",
        parsers=[
            PythonCodeBlockParser(doctest_optionflags=FLAGS),
            CodeBlockParser("console", run_session),
            parse_files,
            SkipParser(),
        ],
        patterns=["README*.md", "docs/*.md"],
        setup=enter_workshop,
        teardown=leave_workshop,
    )
    + Sybil(name="docstrings", parsers=[DocTestParser(FLAGS)], path="src", pattern="*.py")
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sybil cannot report what fails outside of an example, such as a file that another test left open."""
    for item in items:
        if isinstance(item, SybilItem):
            item.add_marker(pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning"))
