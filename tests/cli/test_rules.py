from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from cli.running import Cli
from groupcore.config import SHIPPED

FAULTY = """
name = "faulty"
ladder = { preset = "warn-then-kik" }

[[policy]]
kind = "keyword"
id = "ads"
word = ["x"]

[[policy]]
kind = "flod"
id = "f"

[[policy]]
kind = "flood"
id = "g"
count = "5"
window = "10"
"""


def test_all_faults_are_named_at_once_each_with_its_path_and_a_hint(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "faulty.toml"
    path.write_text(FAULTY, encoding="utf-8")
    done = cli("rules", "check", path)
    assert done.code == 1
    assert {record["level"] for record in done.records} == {"fault"}
    faults = {record["path"].removeprefix("faulty.toml."): record for record in done.records}
    assert faults["ladder.preset"]["hint"] == "did you mean 'warn-then-kick'?"
    assert "'words'" in json.dumps(faults["policy[0]"])
    assert faults["policy[1].kind"]["hint"] == "did you mean 'flood'?"
    assert "whole number" in faults["policy[2].count"]["problem"]
    assert "'10s'" in faults["policy[2].window"]["problem"]
    table = cli("rules", "check", path, "-f", "table").out
    assert "unknown kind 'flod' (did you mean 'flood'?) @ faulty.toml.policy[1].kind" in table


def test_warnings_are_no_faults(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "odd.toml"
    text = '[[policy]]\nkind = "keyword"\nid = "a"\nwords = ["spam", "spam"]\nallow = ["ham"]\n'
    path.write_text(text, encoding="utf-8")
    done = cli("rules", "check", path)
    assert done.code == 0
    assert {record["level"] for record in done.records} <= {"warning"}


def test_a_good_rulebook_is_told_with_its_digest(cli: Cli, rules: Path) -> None:
    done = cli("rules", "check", rules, "-f", "table")
    assert done.code == 0
    assert done.out.splitlines()[-1].startswith("community: 4 policies, no faults; digest ")


def test_what_is_no_toml_is_a_fault_and_what_is_not_there_is_none(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("x = [", encoding="utf-8")
    assert cli("rules", "check", path).code == 1
    assert cli("rules", "check", tmp_path / "none.toml").code == 2
    assert cli("rules", "show", path).code == 2


def test_the_schema_is_one_and_the_shipped_rulebook_fits_it(cli: Cli) -> None:
    schema = json.loads(cli("rules", "schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    shown = cli("rules", "show").records[0]
    assert shown["name"] == "community"
    jsonschema.validate(shown["rulebook"], schema)


def test_show_tells_the_ladder_and_every_policy(cli: Cli, rules: Path) -> None:
    table = cli("rules", "show", rules, "-f", "table").out
    assert "rung 3: kick, the message deleted, blocked from the group" in table
    assert "a strike counts for 30d" in table
    for id in ("ads", "links", "mini", "flood"):
        assert id in table
    assert cli("rules", "show", rules, "-f", "csv").out.splitlines()[0] == "rule,kind,category,severity,settings"


def test_the_shipped_file_can_be_copied(cli: Cli, tmp_path: Path) -> None:
    done = cli("rules", "show", "--toml")
    assert done.out == SHIPPED.read_text(encoding="utf-8")
