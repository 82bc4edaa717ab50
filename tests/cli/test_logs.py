from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from cli.running import Cli


def test_info_counts_what_is_in_a_log(cli: Cli, judged: Path) -> None:
    done = cli("log", "info", judged)
    info = done.records[0]
    assert (info["events"], info["facts"], info["verdicts"], info["members"]) == (28, 12, 16, 4)
    assert info["types"]["finding-recorded"] == 6
    assert info["groups"] == {"g1": 20, "g2": 7}
    assert info["last"] - info["first"] == (8 * 60 + 2) * 1_000_000
    assert [book["name"] for book in info["rulebooks"]] == ["community"]
    assert info["heads"]["group/g2"]["version"] == 7
    assert info["size"] == judged.stat().st_size
    table = cli("log", "info", judged, "-f", "table").out
    assert "2026-11-01T08:08:02Z" in table
    rows = list(csv.DictReader(io.StringIO(cli("log", "info", judged, "-f", "csv").out)))
    assert {"what": "type", "name": "member-muted", "value": "1"} in rows


def test_cat_prints_lines_that_are_a_log_themselves(cli: Cli, judged: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_text(cli("log", "cat", judged).out, encoding="utf-8")
    assert cli("verify", copy).records == cli("verify", judged).records
    assert cli("log", "cat", copy).out == cli("log", "cat", judged).out


def test_cat_chooses_by_position_stream_type_and_group(cli: Cli, judged: Path) -> None:
    def positions(*args: object) -> list[int]:
        return [record["position"] for record in cli("log", "cat", judged, *args).records]

    assert positions() == list(range(1, 29))
    assert positions("--after", 26) == [27, 28]
    assert positions("--stream", "org") == [1]
    assert positions("--stream", "group/g2", "--after", 23)[0] == 24
    assert positions("--group", "g2", "--type", "member-warned") == [27]
    assert positions("--stream", "group/none") == []
    wrong = cli("log", "cat", judged, "--type", "member-warnd")
    assert (wrong.code, wrong.err) == (
        2,
        "groupcore: there is no event type 'member-warnd' (did you mean 'member-warned'?)\n",
    )


def test_facts_can_be_imported_again_under_the_same_identity(
    cli: Cli, judged: Path, rules: Path, tmp_path: Path
) -> None:
    printed = cli("log", "cat", judged, "--facts")
    assert all(list(record)[:4] == ["type", "at", "group", "id"] for record in printed.records)
    again = tmp_path / "again.db"
    assert cli("import", "facts", "-", again, stdin=printed.out.encode()).err == (
        "11 facts: 11 added\n1 line without a fact: 1 rulebook-adopted\n"
    )
    observed = [line for line in printed.out.splitlines() if '"rulebook-adopted"' not in line]
    assert cli("log", "cat", again, "--facts").out.splitlines() == observed
    assert cli("replay", again, "--rules", rules).out == cli("replay", judged).out


def test_a_table_and_csv_of_events(cli: Cli, judged: Path) -> None:
    table = cli("log", "cat", judged, "-f", "table").out
    assert "amy posts m2: 有事请加微信 abc" in table
    rows = list(csv.DictReader(io.StringIO(cli("log", "cat", judged, "-f", "csv").out)))
    assert json.loads(rows[2]["data"]) == {"inviter": "lin", "member": "amy", "name": "Amy-上海"}
    assert rows[2]["stream"] == "group/g1"


def test_an_end_that_was_torn_is_left_out_and_told(cli: Cli, judged: Path, tmp_path: Path) -> None:
    log = tmp_path / "torn.jsonl"
    log.write_text(cli("log", "cat", judged).out + '{"torn', encoding="utf-8")
    done = cli("verify", log)
    assert (done.code, done.records[0]["events"]) == (0, 28)
    assert "left out 6 bytes" in done.err
    assert "left out 6 bytes" in cli("log", "info", log).err


def test_a_log_is_not_copied_onto_itself(cli: Cli, judged: Path) -> None:
    done = cli("log", "copy", judged, f"sqlite:///{judged}")
    assert (done.code, "is the log that is copied; name another place" in done.err) == (2, True)


def test_a_stream_or_a_group_that_is_not_there_is_told(cli: Cli, judged: Path) -> None:
    for option, name, said in (
        ("--stream", "group/g11", f"{judged} has no stream 'group/g11' (did you mean 'group/g1'?)"),
        ("--stream", "nowhere", f"{judged} has no stream 'nowhere'"),
        ("--group", "g3", f"{judged} has no group 'g3'"),
    ):
        done = cli("log", "cat", judged, option, name)
        assert (done.code, done.out, said in done.err) == (0, "", True), done.err
    assert cli("log", "cat", judged, "--group", "g1", "--after", "28").err == ""
