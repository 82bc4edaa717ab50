"""The command line with a log on a PostgreSQL server."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.running import RULES, STORY, lines
from groupcore.cli import app

pytest.importorskip("psycopg")
pytest.importorskip("pwd")

from stores.postgres_server import Server


def call(*words: object, given: bytes = b"", code: int = 0) -> Any:
    """What a command says, in JSON; what it complains of, where it fails."""
    done = CliRunner().invoke(app, list(map(str, words)), input=given)
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.stdout.splitlines()] if code < 2 else done.stderr


def test_a_log_is_imported_replayed_verified_and_shown(server: Server, tmp_path: Any) -> None:
    archive, judged = server.new_log(), server.new_log()
    rules = tmp_path / "rules.toml"
    rules.write_text(RULES, encoding="utf-8")
    for _ in range(2):
        call("import", "facts", "-", archive, given=lines(*STORY))
    call("replay", archive, "--rules", rules, "--into", judged)
    [report] = call("verify", judged)
    [contents] = call("log", "info", judged)
    assert (report["clean"], report["events"]) == (True, contents["events"])
    assert report["facts"] == len(STORY) + 1
    assert report["verdicts"] > 0

    here = tmp_path / "here.db"
    call("import", "facts", "-", here, given=lines(*STORY))
    call("replay", here, "--rules", rules, "--into", tmp_path / "judged.db")
    on_server, in_file = ([line["id"] for line in call("log", "cat", log)] for log in (judged, tmp_path / "judged.db"))
    assert on_server == in_file

    server.execute("UPDATE events SET at = at + 1 WHERE position = 3", url=judged)
    [report] = call("verify", judged, code=1)
    assert report["divergence"]["position"] == 3


def test_what_is_wrong_is_one_line_without_the_password(server: Server) -> None:
    for url, words in (
        (server.new_log(), "no such log"),
        ("postgresql://a:secret@127.0.0.1:1/x", "Connection refused"),
        (server.address("nowhere", "postgres:secret"), 'database "nowhere" does not exist'),
    ):
        complaint = call("verify", url, code=2)
        assert words in complaint
        assert complaint.count("\n") == 1
        assert "secret" not in complaint
