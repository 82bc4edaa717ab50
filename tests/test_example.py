"""The policy in ``examples/`` plugs in by one file and an entry point, and its own tests pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "shouting"


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """An environment in which the example lies as pip would have put it: the module, and the names of its metadata."""
    shutil.copy(EXAMPLE / "shouting.py", tmp_path)
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    about = tmp_path / f"groupcore_shouting-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (group, points), *others = project["entry-points"].items()
    assert not others
    lines = [f"[{group}]", *(f"{name} = {place}" for name, place in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def run(environment: dict[str, str], *command: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd=cwd, text=True, encoding="utf-8", capture_output=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_rulebook_can_name_the_policy_once_it_is_installed(installed: dict[str, str], tmp_path: Path) -> None:
    code = f"""
import sys
from groupcore import load_rulebook
rules = load_rulebook({str(EXAMPLE / "rules.toml")!r})
print(rules.policies[0])
"""
    assert "ShoutingPolicy(id='shouting'" in run(installed, "-c", code, cwd=tmp_path)


def test_the_package_is_not_loaded_while_no_rulebook_names_it(installed: dict[str, str], tmp_path: Path) -> None:
    code = """
import sys
from groupcore import Rulebook
Rulebook.from_mapping({"policy": [{"kind": "flood", "id": "f", "count": 3, "window": "3s"}]})
print("shouting" in sys.modules)
"""
    assert run(installed, "-c", code, cwd=tmp_path).strip() == "False"


def test_the_tests_of_the_example_pass(installed: dict[str, str], tmp_path: Path) -> None:
    for name in ("test_shouting.py", "rules.toml"):
        shutil.copy(EXAMPLE / name, tmp_path)
    assert "4 passed" in run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", ".", cwd=tmp_path)
