from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import groupcore
from cli.running import Cli, process
from groupcore.cli import root
from groupcore.cli.guard import guarded, told
from groupcore.errors import StoreError

SHELL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a shell and /dev/full")


def shell(command: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    line = command.replace("groupcore ", f"{sys.executable} -m groupcore.cli ")
    return subprocess.run(["sh", "-c", line], capture_output=True, timeout=60, env={**os.environ, **environ})


def test_the_version(cli: Cli) -> None:
    assert cli("--version").out == f"groupcore {groupcore.__version__}\n"


def test_each_command_shows_its_help_with_an_example(cli: Cli) -> None:
    assert all(name in cli("--help").out for name in root.COMMANDS)
    for name in ("demo", "check", "import", "replay", "verify", "explain", "log info", "log cat", "rules check"):
        done = cli(*name.split(), "--help")
        assert done.code == 0
        assert f"groupcore {name}" in done.out.partition("\n")[2], name


@pytest.mark.parametrize(
    "args", [[], ["bogus"], ["check", "--bogus"], ["verify"], ["log"], ["log", "bogus"], ["rules", "check"],
             ["check", "--format", "xml"], ["log", "cat", "x.db", "--after", "-1"]]
)  # fmt: skip
def test_bad_usage_is_2(cli: Cli, args: list[str]) -> None:
    assert cli(*args).code == 2


def test_without_typer_it_says_what_to_install() -> None:
    script = "import sys; sys.modules['typer'] = None; from groupcore.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == b"groupcore: the command line needs typer and rich: pip install 'groupcore[cli]'\n"


def test_the_version_loads_nothing_heavy() -> None:
    script = (
        "import sys\nsys.argv = ['groupcore', '--version']\n"
        "from groupcore.cli import main\ntry: main()\nexcept SystemExit: pass\n"
        "heavy = {'cattrs', 'ahocorasick', 'sqlite3', 'rich', 'groupcore.engine'} & sys.modules.keys()\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


@SHELL
@pytest.mark.parametrize("command", ["demo", "rules schema", "rules show --toml", "--help", "--version"])
def test_a_full_disk_is_told_in_one_line(command: str) -> None:
    done = shell(f"groupcore {command} >/dev/full")
    assert done.returncode == 2
    assert b"no space left on device" in done.stderr
    assert done.stderr.count(b"\n") == 1


@SHELL
def test_a_closed_output_is_told() -> None:
    done = shell("groupcore demo >&-")
    assert (done.returncode, done.stderr) == (2, b"groupcore: standard output is closed\n")
    assert shell("groupcore demo 2>&- >/dev/null").returncode == 0


@SHELL
def test_a_reader_that_goes_away_is_no_error(judged: Path) -> None:
    for command in (f"log cat {judged}", "demo", "rules schema", f"replay {judged}"):
        done = shell(f"(groupcore {command}; echo $? >&2) | true")
        assert done.stderr.splitlines()[-1] == b"0", command
        assert b"Traceback" not in done.stderr


@SHELL
def test_the_output_is_utf8_whatever_the_locale(judged: Path) -> None:
    done = shell(f"groupcore log cat {judged} -f table", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "加微信" in done.stdout.decode()
    asked = shell(f"groupcore explain {judged} m加", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert asked.returncode == 2
    assert b"Traceback" not in asked.stderr


def test_an_error_that_nobody_expected_asks_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(ZeroDivisionError("division by zero"))
    assert said.startswith("unexpected error (ZeroDivisionError: division by zero); please report it")
    monkeypatch.setenv("GROUPCORE_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError), guarded():
        raise ZeroDivisionError


def test_errors_in_words() -> None:
    assert told(StoreError("the log is gone")) == "the log is gone"
    assert told(FileNotFoundError(2, "No such file or directory", "x")) == "x: no such file or directory"
    assert told(OSError(28, "No space left on device")) == "no space left on device"
    assert told(MemoryError()) == "out of memory"


def test_ctrl_c_is_130(judged: Path) -> None:
    if os.name == "nt":
        pytest.skip("Ctrl-C is sent otherwise there")
    with process("check") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"hello\n")
        running.stdin.flush()
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.endswith(b"groupcore: interrupted\n")
