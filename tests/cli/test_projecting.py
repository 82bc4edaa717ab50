from __future__ import annotations

import csv
import io
import signal
import time
from pathlib import Path

import pytest

from cli.running import Cli, fact, lines, process


@pytest.fixture
def views(tmp_path: Path, judged: Path, cli: Cli) -> Path:
    path = tmp_path / "views.db"
    assert cli("project", "run", judged, path).code == 0
    return path


def test_run_brings_all_projections_up_to_date_and_says_how_far(cli: Cli, judged: Path, tmp_path: Path) -> None:
    done = cli("project", "run", judged, tmp_path / "views.db")
    assert [(record["name"], record["position"], record["lag"]) for record in done.records] == [
        (name, 28, 0) for name in ("activity", "audit", "casebook", "reports", "roster", "standing")
    ]
    again = cli("project", "run", judged, tmp_path / "views.db")
    assert again.records == done.records


def test_run_may_do_some_only_and_in_another_zone(cli: Cli, judged: Path, tmp_path: Path) -> None:
    views = tmp_path / "views.db"
    done = cli("project", "run", judged, views, "--only", "activity", "--only", "roster", "--zone", "Asia/Tokyo")
    assert [(record["name"], record["version"]) for record in done.records] == [
        ("activity", "2 Asia/Tokyo"),
        ("roster", "2"),
    ]
    assert cli("project", "run", judged, views).records[0]["version"] == "2 Asia/Tokyo"
    assert cli("project", "query", views, "days", "-g", "g1").records[0]["day"] == "2026-11-01"
    wrong = cli("project", "run", judged, views, "--only", "rooster")
    assert (wrong.code, "there is no projection 'rooster'" in wrong.err) == (2, True)


def test_list_says_how_far_behind_they_are(cli: Cli, archive: Path, views: Path, judged: Path) -> None:
    assert {record["lag"] for record in cli("project", "list", views).records} == {None}
    assert {record["lag"] for record in cli("project", "list", views, "--log", judged).records} == {0}
    table = cli("project", "list", views, "--log", judged, "-f", "table").out
    assert "casebook" in table


def test_query_answers_who_stands_how(cli: Cli, views: Path) -> None:
    def ask(*args: object) -> list[dict[str, object]]:
        done = cli("project", "query", views, *args)
        assert done.code == 0, done.err
        return done.records

    assert [(group["group"], group["owner"], group["members"]) for group in ask("groups")] == [
        ("g1", "lin", 3),
        ("g2", None, 1),
    ]
    assert [(seat["member"], seat["roles"]) for seat in ask("members", "-g", "g1")] == [
        ("amy", []),
        ("bo", ["admin"]),
        ("lin", ["owner"]),
    ]
    assert [seat["group"] for seat in ask("members", "-m", "cy")] == ["g2"]
    assert ask("members", "-g", "g1", "--at", "2026-11-01T08:00:30Z")[0]["member"] == "lin"
    (amy,) = ask("standing", "-g", "g1", "-m", "amy", "--at", "2026-11-01T09:00:00Z")
    assert [sanction["kind"] for sanction in amy["sanctions"]] == ["warn", "mute"]  # type: ignore[index, attr-defined]
    assert [case["rule"] for case in ask("cases", "-g", "g1")] == ["ads", "ads"]
    assert ask("appeals") == []
    assert [entry["rule"] for entry in ask("precision")] == ["ads", "flood", "links"]
    assert ask("audit", "-m", "bo")[0]["type"] == "role-granted"
    assert [(day["day"], day["messages"], day["speakers"]) for day in ask("days", "-g", "g1")] == [("2026-11-01", 4, 2)]
    assert ask("days", "-g", "g1", "--day", "2026-11-02") == []
    assert [total["messages"] for total in ask("totals", "--day", "2026-11-01")] == [3, 4]


def test_query_prints_tables_and_csv(cli: Cli, views: Path) -> None:
    assert "2026-11-01T08:01:00Z" in cli("project", "query", views, "members", "-g", "g1", "-f", "table").out
    rows = list(csv.DictReader(io.StringIO(cli("project", "query", views, "groups", "-f", "csv").out)))
    assert rows[0]["name"] == "读书会01"


def test_a_question_that_lacks_something_says_what(cli: Cli, views: Path, judged: Path, tmp_path: Path) -> None:
    for args, what in (
        (("members",), "needs --group"),
        (("audit",), "needs --member"),
        (("totals",), "needs --day"),
        (("totals", "--day", "yesterday"), "'yesterday' is no day"),
    ):
        done = cli("project", "query", views, *args)
        assert (done.code, what in done.err) == (2, True), done.err
    done = cli("project", "query", tmp_path / "none.db", "groups")
    assert (done.code, "no such file" in done.err) == (2, True)
    done = cli("project", "run", judged, judged)
    assert (done.code, "is no database of projections" in done.err) == (2, True)


def test_follow_goes_on_until_it_is_stopped(judged: Path, tmp_path: Path) -> None:
    running = process("project", "run", judged, tmp_path / "views.db", "--follow")
    assert running.stdout is not None
    assert b"activity" in running.stdout.readline()
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130, said


# --- outbox -------------------------------------------------------------------------------------------------------


@pytest.fixture
def box(tmp_path: Path, judged: Path, cli: Cli) -> Path:
    """What the log asks for from its beginning, however long ago."""
    path = tmp_path / "box.db"
    assert cli("outbox", "take", judged, path, "--after", "0", "--stale", "never").code == 0
    return path


def test_an_outbox_begins_at_the_end(cli: Cli, judged: Path, tmp_path: Path) -> None:
    done = cli("outbox", "take", judged, tmp_path / "box.db")
    assert done.records == [{"position": 28, "entries": {}}]
    assert cli("outbox", "list", tmp_path / "box.db").out == ""


def test_entries_are_claimed_done_and_failed_by_their_tokens(cli: Cli, box: Path) -> None:
    def claim(*args: object) -> list[dict[str, str]]:
        return cli("outbox", "claim", box, "--worker", "bot", *args).records

    waiting = cli("outbox", "list", box, "--state", "waiting").records
    assert [entry["do"] for entry in waiting] == [
        "warn", "delete-message", "mute", "delete-message", "delete-message", "warn", "delete-message"
    ]  # fmt: skip
    first, second = claim("--limit", 2)
    assert cli("outbox", "done", box, first["id"], first["token"]).code == 0
    assert cli("outbox", "done", box, first["id"], first["token"]).code == 1
    failed = cli("outbox", "fail", box, second["id"], second["token"], "--error", "no answer")
    assert "is waiting now" in failed.err
    assert cli("outbox", "fail", box, second["id"], second["token"]).code == 1
    states = {entry["id"]: (entry["state"], entry["error"]) for entry in cli("outbox", "list", box).records}
    assert (states[first["id"]], states[second["id"]]) == (("done", None), ("waiting", "no answer"))
    assert cli("outbox", "skip", box, second["id"], "--reason", "gone").code == 0
    assert cli("outbox", "requeue", box, second["id"]).code == 0
    assert len(claim("--limit", 99, "--lease", "1h")) == 6
    assert cli("outbox", "done", box, "none", "token").code == 2
    assert len(cli("outbox", "list", box, "-m", "amy", "--after", 1, "--limit", 1).records) == 1


def test_how_somebody_stands_is_asked_for_now_unless_a_time_is_given(cli: Cli, views: Path) -> None:
    before = time.time_ns() // 1000
    (amy,) = cli("project", "query", views, "standing", "-g", "g1", "-m", "amy").records
    assert before <= amy["at"] <= time.time_ns() // 1000


@pytest.mark.parametrize("command", [("outbox", "list"), ("project", "list")])
def test_a_directory_is_told_as_one(cli: Cli, tmp_path: Path, command: tuple[str, str]) -> None:
    done = cli(*command, tmp_path)
    assert (done.code, "is a directory; name a file in it" in done.err) == (2, True)


def test_an_entry_is_named_by_its_number_too(cli: Cli, box: Path) -> None:
    (first,) = cli("outbox", "claim", box, "--worker", "bot").records
    assert cli("outbox", "done", box, first["number"], first["token"]).code == 0
    (second,) = cli("outbox", "claim", box, "--worker", "bot").records
    failed = cli("outbox", "fail", box, second["number"], second["token"])
    assert (failed.code, f"{second['id']} is waiting now" in failed.err) == (0, True)
    assert cli("outbox", "skip", box, second["number"]).code == 0
    assert cli("outbox", "requeue", box, second["number"]).code == 0
    states = {entry["number"]: entry["state"] for entry in cli("outbox", "list", box).records}
    assert (states[first["number"]], states[second["number"]]) == ("done", "waiting")
    for unknown in ("0", "999", "9" * 30, "٣"):
        done = cli("outbox", "done", box, unknown, "bot#1")
        assert (done.code, f"there is no entry {unknown}; write an id or a number" in done.err) == (2, True)


def test_what_was_made_of_another_log_is_thrown_away_only_when_asked_for(
    cli: Cli, archive: Path, views: Path, judged: Path
) -> None:
    before = cli("project", "list", views, "--log", judged).out
    refused = cli("project", "run", archive, views)
    assert (refused.code, refused.out) == (2, "")
    assert f"{views} was made of another log than {archive}" in refused.err
    assert "--rebuild throws that away and begins anew" in refused.err
    assert cli("project", "list", views, "--log", judged).out == before
    assert cli("project", "run", judged, views, "--rebuild").out == before, "nothing has to be thrown away"
    done = cli("project", "run", archive, views, "--rebuild", "--only", "roster")
    assert [(record["position"], record["because"]) for record in done.records] == [(11, "another log")]
    assert cli("project", "run", archive, views).code == 2, "the others are of the first log still"
    assert cli("project", "run", archive, views, "--only", "roster").code == 0


def table(cli: Cli, views: Path, *question: object) -> str:
    done = cli("project", "query", views, *question, "-f", "table")
    assert done.code == 0, done.err
    return done.out + done.err


def test_tables_have_all_that_was_counted(cli: Cli, views: Path) -> None:
    head, _, ads = (line.split() for line in table(cli, views, "precision").strip().splitlines()[:3])
    (counted,) = [each for each in cli("project", "query", views, "precision").records if each["rule"] == ads[0]]
    assert dict(zip(head, ads, strict=True)) == {name: str(count) for name, count in counted.items()}
    assert "sanctions" in cli("project", "query", views, "standing", "-g", "g1", "-m", "amy", "-f", "csv").out


def test_a_table_says_line_by_line_how_somebody_stands(cli: Cli, views: Path) -> None:
    told = table(cli, views, "standing", "-g", "g1", "-m", "amy", "--at", "2026-11-01T09:00:00Z")
    rows = [line.split() for line in told.strip().splitlines()[2:]]
    assert [(row[0], row[1]) for row in rows if row] == [
        ("strike", "ads"), ("strike", "ads"), ("sanction", "warn"), ("sanction", "mute"),
    ]  # fmt: skip
    assert "2026-11-02T08:06:00Z" in told
    assert "nothing stands against nobody in g1" in table(cli, views, "standing", "-g", "g1", "-m", "nobody")


def test_a_table_without_rows_says_so_and_csv_keeps_its_head(cli: Cli, views: Path) -> None:
    assert table(cli, views, "appeals") == "groupcore: nothing found\n"
    assert cli("project", "query", views, "appeals", "-f", "csv").out.startswith("id,kind,origin,group,member,")


def test_ids_stay_whole_in_a_table_and_names_cannot_steer_the_terminal(cli: Cli, tmp_path: Path, rules: Path) -> None:
    long, steering = "member-of-a-platform-with-long-ids@" + "x" * 90, "evil\u202e\n\x1b[2J"
    facts = [
        fact("group-opened", "08:00:00", name=steering, owner=long, group_kind="external"),
        fact("message-posted", "08:01:00", message="m1", author="amy", text="代购"),
    ]
    assert cli("import", "facts", "-", tmp_path / "a.db", stdin=lines(*facts)).code == 0
    assert cli("replay", tmp_path / "a.db", "-r", rules, "--into", tmp_path / "b.db").code == 0
    assert cli("project", "run", tmp_path / "b.db", tmp_path / "v.db").code == 0
    groups = table(cli, tmp_path / "v.db", "groups")
    assert long in groups
    assert "evil\\u202e\\n\\x1b[2J" in groups
    (case,) = cli("project", "query", tmp_path / "v.db", "cases").records
    assert case["id"] in table(cli, tmp_path / "v.db", "cases")


def test_a_dash_is_no_file_to_be_made(cli: Cli, judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in (("project", "run", judged, "-"), ("outbox", "take", judged, "-")):
        done = cli(*command)
        assert (done.code, "'-' is standard input; name a file" in done.err) == (2, True)
    assert not Path("-").exists()


def test_a_worker_has_a_name_and_a_number_may_be_written_as_the_token_has_it(cli: Cli, box: Path) -> None:
    nobody = cli("outbox", "claim", box, "--worker", "")
    assert (nobody.code, "--worker is empty" in nobody.err) == (2, True)
    (first,) = cli("outbox", "claim", box, "--worker", "bot").records
    assert cli("outbox", "done", box, f"#{first['number']}", first["token"]).code == 0


def test_list_tells_a_log_that_is_shorter_than_what_was_read(
    cli: Cli, views: Path, archive: Path, judged: Path
) -> None:
    said = "is shorter than what"
    assert said in cli("project", "list", views, "--log", archive).err
    assert cli("project", "list", views, "--log", judged).err == ""
