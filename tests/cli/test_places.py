"""Lines of rulebooks: every key, table and item stands where an editor shows it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.running import RULES, Cli
from groupcore.cli.places import Place, Places, lines_of
from groupcore.config import SHIPPED

TRICKY = '''# a comment with [[policy]] in it
name = "a = [1, 2] # not a comment"
"quoted key" = 'single "quotes"'
a.b.c = 1   # dotted
text = """
[[policy]]
words = ["no"] \\"""
"""
raw = \'\'\'
[x]
it\'s\'\'\'\'

[[policy]]   # a header
words = [    # items
  "one", "two",   # two on a line

  'three', """four
lines""", [ "nested", 1.5e3 ],
  { inline = 1, b = ["x",
  "y"] },
]
last = 2026-11-01T08:00:00Z
[policy.deeper]
key = true
[[policy]]
words = []
[ ladders . "fraud.x" ]
scope = "org"
'''

WANTED = {
    "name": 2, "quoted key": 3, "a": 4, "a.b": 4, "a.b.c": 4, "text": 5, "raw": 9,
    "policy[0]": 13, "policy[0].words": 14, "policy[0].words[0]": 15, "policy[0].words[1]": 15,
    "policy[0].words[2]": 17, "policy[0].words[3]": 17, "policy[0].words[4]": 18, "policy[0].words[4][0]": 18,
    "policy[0].words[4][1]": 18, "policy[0].words[5]": 19, "policy[0].words[5].inline": 19,
    "policy[0].words[5].b": 19, "policy[0].words[5].b[0]": 19, "policy[0].words[5].b[1]": 20, "policy[0].last": 22,
    "policy[0].deeper": 23, "policy[0].deeper.key": 24, "policy[1]": 25, "policy[1].words": 26,
    "ladders.fraud.x": 27, "ladders.fraud.x.scope": 28,
}  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_key_table_and_item_has_its_line(end: str) -> None:
    assert lines_of(TRICKY.replace("\n", end)) == WANTED


def paths_in(value: Any, path: str = "") -> Iterator[str]:
    if path and not isinstance(value, list):
        yield path
    for step, inner in value.items() if isinstance(value, dict) else ():
        yield from paths_in(inner, f"{path}.{step}" if path else step)
    for number, inner in enumerate(value if isinstance(value, list) else ()):
        yield from paths_in(inner, f"{path}[{number}]")


@pytest.mark.parametrize("text", [SHIPPED.read_text(encoding="utf-8"), RULES], ids=["shipped", "ours"])
def test_nothing_that_a_rulebook_says_is_without_a_line(text: str) -> None:
    lines, shown = lines_of(text), text.splitlines()
    paths = [path for path in paths_in(tomllib.loads(text)) if path not in ("ladder", "ladders")]
    assert len(paths) > 10
    for path in paths:
        key = path.rpartition(".")[2].partition("[")[0]
        assert path.endswith("]") or key in shown[lines[path] - 1], path


def test_what_is_no_toml_has_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    for broken in (b"a = [}", b"[[", b"=", b'a = "', b"\xff", b"a.=1"):
        path.write_bytes(broken)
        assert Places(path).of("broken.toml.a") == Place(str(path), None)
    assert Places(tmp_path / "none.toml").of("a").line is None


def test_a_path_that_is_not_there_stands_where_the_nearest_thing_around_it_does(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[policy]]\n\nid = "x"\n', encoding="utf-8")
    assert [Places(path).of(f"rules.toml.policy[0]{rest}").line for rest in ("", ".words[3]", ".id", ".id[2]")] == [
        1, 1, 3, 3
    ]  # fmt: skip


FILED = """
name = "filed"

[[policy]]
kind = "keyword"
id = "ads"
words = ["代购群", "x"]
words_file = ["one.txt", "two.txt"]

[[policy]]
kind = "keyword"
id = "more"
words_file = "two.txt"
severity = "minor"
"""


def test_warnings_name_file_and_line_and_words_that_of_their_own_file(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(FILED, encoding="utf-8")
    (tmp_path / "one.txt").write_text("# ads\n\n领红包\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("加微信\ny\n领红包\n", encoding="utf-8")
    done = cli("rules", "check", tmp_path / "rules.toml")
    assert done.code == 0
    found = {(Path(each["file"]).name, each["line"], each["path"]) for each in done.records}
    assert {
        ("rules.toml", 7, "rules.toml.policy[0].words[1]"),  # x
        ("two.txt", 2, "rules.toml.policy[0].words[4]"),  # y
        ("two.txt", 3, "rules.toml.policy[0].words[5]"),  # what one.txt has
        ("two.txt", 2, "rules.toml.policy[1].words[1]"),  # y again
    } <= found
    table = cli("rules", "check", tmp_path / "rules.toml", "-f", "table").out
    assert f"{tmp_path / 'two.txt'}:2: warning: the word 'y' is a single character" in table


def test_faults_name_their_line_too(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[policy]]\nkind = "keyword"\nid = "a"\nwords = ["b"]\nseverity = "harsh"\n', encoding="utf-8")
    done = cli("rules", "check", path)
    assert [(done.code, each["level"], each["line"]) for each in done.records] == [(1, "fault", 5)]
    assert cli("rules", "check", path, "-f", "table").out.startswith(f"{path}:5: unknown value 'harsh'")
