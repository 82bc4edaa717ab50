from __future__ import annotations

from pathlib import Path

from cli.running import Cli

GOLDEN = Path(__file__).with_name("demo.txt")


def test_the_demo_prints_the_same_everywhere(cli: Cli) -> None:
    done = cli("demo")
    assert (done.code, done.err) == (0, "")
    assert done.out == GOLDEN.read_text(encoding="utf-8")


def test_the_demo_has_a_case_of_all_that_matters(cli: Cli) -> None:
    said = cli("demo").out
    for words in (
        "exempt", "late", "is warned", "is muted", "is removed: the ladder says so", "came back and is removed",
        "clock-too-coarse", "the appeal is overturned", "flood (flood", "repeat (duplicate", "edits m5",
        "verify: clean",
    ):  # fmt: skip
        assert words in said, words


def test_a_log_that_is_kept_verifies_and_explains(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "demo.db"
    assert cli("demo", "--keep", log).code == 0
    assert cli("verify", log).code == 0
    assert "came back" in cli("explain", log, "cy", "-f", "text").out
    again = cli("demo", "--keep", log)
    assert again.code == 2
    assert "there already" in again.err
