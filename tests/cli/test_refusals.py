"""Refused wishes on the command line: asked for, printed in words, explained, imported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import Cli

LOG = Path(__file__).parents[1] / "golden" / "refusals.jsonl"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    copy = tmp_path / "log.jsonl"
    copy.write_bytes(LOG.read_bytes())
    return copy


def test_who_tried_what_is_a_question(cli: Cli, log: Path, tmp_path: Path) -> None:
    views = tmp_path / "views.db"
    cli("project", "run", log, views, "--only", "audit")
    assert len(cli("project", "query", views, "refusals").records) == 14
    found = cli("project", "query", views, "refusals", "-m", "bo").records
    assert [(each["why"], each["member"]) for each in found][:2] == [("owner", "lin"), ("not-below", "di")]
    assert [each["wish"] for each in cli("project", "query", views, "refusals", "-g", "g9").records] == []
    assert "no-power" in cli("project", "query", views, "refusals", "-m", "cy", "-f", "table").out


def test_they_are_printed_in_words(cli: Cli, log: Path) -> None:
    said = cli("log", "cat", log, "--type", "wish-refused", "-f", "table").out
    assert "refused to cy: sanction-ordered (amy, mute); they have not the power" in said
    assert "refused to bo: exemption-granted (bo); nobody lets themselves through" in said


def test_they_are_explained_by_their_id(cli: Cli, log: Path) -> None:
    first = next(json.loads(line) for line in log.read_text().splitlines() if '"wish-refused"' in line)
    for format in ("text", "tree"):
        assert "refused to cy: sanction-ordered" in cli("explain", log, first["id"], "-f", format).out
    decision = cli("explain", log, first["id"]).records[0]["decisions"][0]
    assert (decision["fact"]["type"], decision["verdicts"], decision["changes"]) == ("wish-refused", [], [])


def test_they_are_exported_as_facts_and_imported_again(cli: Cli, log: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    facts = [{name: line[name] for name in ("type", "at", "group", "data")} for line in lines if "cause" not in line]
    wanted = [line["id"] for line in lines if line["type"] == "wish-refused"]
    source = tmp_path / "facts.jsonl"
    source.write_text("".join(json.dumps(fact) + "\n" for fact in facts if fact["type"] == "wish-refused"))
    target = tmp_path / "new.db"
    cli("import", "facts", source, target)
    assert [each["id"] for each in cli("log", "cat", target).records] == wanted
    assert cli("verify", target).code == 0


def test_an_unknown_reason_is_told(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "facts.jsonl"
    data = {"by": "cy", "wish": "sanction-ordered", "why": "no-powers"}
    source.write_text(json.dumps({"type": "wish-refused", "at": 1, "group": "g1", "data": data}) + "\n")
    done = cli("import", "facts", source, tmp_path / "new.db")
    assert (done.code, "did you mean 'no-power'" in done.err) == (1, True)
