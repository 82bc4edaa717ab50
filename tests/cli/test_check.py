from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

from cli.running import Cli, process

TEXTS = "大家好\n有事加微信 bit.ly/x\n".encode()


def test_each_line_in_gives_a_line_out(cli: Cli, rules: Path) -> None:
    done = cli("check", "--rules", rules, stdin=TEXTS)
    assert done.code == 0
    assert done.out.splitlines()[0] == '{"line":1,"findings":[]}'
    ads, links = done.records[1]["findings"]
    assert list(ads) == ["rule", "policy", "category", "severity", "spans", "evidence"]
    assert ads == {
        "rule": "ads",
        "policy": "keyword",
        "category": "advertising",
        "severity": "normal",
        "spans": [[2, 5]],
        "evidence": {"words": ["加微信"]},
    }
    assert links["evidence"]["hosts"] == ["bit.ly"], "what a policy quotes is shown here, and stored nowhere"


def test_it_reads_a_file_and_the_dash_is_standard_input(cli: Cli, rules: Path, tmp_path: Path) -> None:
    (tmp_path / "texts").write_bytes(TEXTS)
    from_file = cli("check", "-r", rules, tmp_path / "texts")
    assert from_file == cli("check", "-r", rules, "-", stdin=TEXTS)


def test_objects_have_text_and_parts(cli: Cli, rules: Path) -> None:
    card = {"kind": "mini-program", "app": "wx12@app", "title": "代购"}
    given = json.dumps({"text": "", "parts": [card], "id": "m9"}).encode()
    done = cli("check", "-r", rules, "--json", stdin=given)
    assert [found["rule"] for found in done.records[0]["findings"]] == ["ads", "mini"]


def test_a_line_that_cannot_be_read_has_an_error_and_the_others_are_checked(cli: Cli, rules: Path) -> None:
    given = b'{"text": "a"}\n{"text": \n[1]\n{"id": 1}\n{"text": 5}\n{"parts": [{"kind": 1}]}\n\n{"text": "\xe4"}'
    done = cli("check", "-r", rules, "--json", stdin=given)
    assert done.code == 1
    assert [record["line"] for record in done.records] == list(range(1, 9))
    errors = [record.get("error", "") for record in done.records]
    assert errors[0] == ""
    for error, said in zip(
        errors[1:],
        ("invalid JSON", "found list", "neither", "must be a string", "parts[0]", "invalid JSON", "invalid UTF-8"),
        strict=True,
    ):
        assert said in error


def test_text_that_is_no_utf8_is_an_error_of_its_line(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, stdin=b"\xff\nok\n")
    assert done.code == 1
    assert done.records == [{"line": 1, "error": "invalid UTF-8 at byte 1"}, {"line": 2, "findings": []}]


def test_windows_lines_and_a_byte_order_mark_are_no_part_of_the_text(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, stdin=b"\xef\xbb\xbf" + "加微信\r\n加微信".encode())
    assert [record["findings"][0]["spans"] for record in done.records] == [[[0, 3]], [[0, 3]]]


def test_csv_has_a_row_for_each_finding(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, "-f", "csv", stdin=TEXTS + b"\xff\n")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["line"], row["rule"], row["error"]) for row in rows] == [
        ("1", "", ""),
        ("2", "ads", ""),
        ("2", "links", ""),
        ("3", "", "invalid UTF-8 at byte 1"),
    ]
    assert json.loads(rows[1]["spans"]) == [[2, 5]]


def test_a_table_marks_the_spans_in_the_text_and_lets_nothing_steer_the_terminal(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, "-f", "table", stdin="\x1b[2J加微信\u202e\n".encode())
    assert done.out == "1: ads (keyword, normal) words 加微信  \\x1b[2J⟦加微信⟧\\u202e\n"


def test_without_rules_the_shipped_ones_judge_and_are_named(cli: Cli) -> None:
    done = cli("check", stdin=b"hello\n")
    assert done.code == 0
    assert "rulebook community" in done.err
    assert "--rules" in done.err


def test_an_endless_pipe_gets_each_answer_at_once(rules: Path) -> None:
    with process("check", "-r", rules) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for _ in range(3):
            running.stdin.write("加微信\n".encode())
            running.stdin.flush()
            assert b'"rule":"ads"' in running.stdout.readline()
        running.stdin.close()
        assert running.wait(timeout=30) == 0


def test_a_pipe_closed_early_ends_it_quietly(rules: Path) -> None:
    command = f"yes 加微信 | {sys.executable} -m groupcore.cli check -r {rules} 2>&1; echo $? >&2"
    done = subprocess.run(["sh", "-c", f"({command}) | head -1"], capture_output=True, timeout=60)
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b"0\n"


def test_a_rulebook_with_faults_is_refused_with_all_of_them(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('nam = "x"\n[[policy]]\nkind = "flod"\nid = "f"\n', encoding="utf-8")
    done = cli("check", "-r", path, stdin=b"x\n")
    assert done.code == 2
    assert done.out == ""
    assert "2 faults" in done.err
    assert "'flood'" in done.err


def test_a_missing_file_and_a_directory_are_told(cli: Cli, rules: Path, tmp_path: Path) -> None:
    assert (
        cli("check", "-r", rules, tmp_path / "none").err == f"groupcore: {tmp_path}/none: no such file or directory\n"
    )
    done = cli("check", "-r", rules, tmp_path)
    assert (done.code, done.err) == (2, f"groupcore: {tmp_path}: is a directory\n")
    assert cli("check", "-r", tmp_path / "none.toml").code == 2


def test_a_closed_standard_input_is_told(rules: Path) -> None:
    command = f"{sys.executable} -m groupcore.cli check -r {rules} <&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"groupcore: standard input is closed\n")


def test_explained_findings_say_where_how_and_how_sure(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, "--explain", stdin="看 hxxp://evil[.]com/x，加 微信\n加微信".encode())
    (link,), (word,) = (record["findings"] for record in done.records)
    assert link["hits"] == [
        {
            "field": None,
            "span": [2, 21],
            "text": "hxxp://evil[.]com/x",
            "host": "evil.com",
            "domain": "evil.com",
            "through": ["scheme", "bracketed-dot"],
            "score": 0.9,
        }
    ]
    assert word["hits"] == [
        {"field": None, "span": [0, 3], "text": "加微信", "word": "加微信", "through": [], "score": 1.0}
    ]


def test_a_table_shows_how_each_hit_was_read(cli: Cli, rules: Path) -> None:
    part = {"kind": "image", "qr": ["扫 b。com"]}
    given = json.dumps({"text": "example。org！", "parts": [part]}).encode()
    done = cli("check", "-r", rules, "--json", "--explain", "-f", "table", stdin=given)
    assert done.out.splitlines() == [
        (
            "1: links (link, normal) links 1; reason not-allowed; through full-stop; score 0.8; hosts example.org"
            "  ⟦example。org⟧！"
        ),
        "   example。org at 0-11 is example.org through full-stop; score 0.8",
    ]


def test_a_hit_in_a_part_is_shown_in_its_string_and_a_redirector_with_its_target(cli: Cli, rules: Path) -> None:
    url = "https://www.google.com/url?q=https://evil.top"
    given = json.dumps({"parts": [{"kind": "link", "url": url}]}).encode()
    done = cli("check", "-r", rules, "--json", "--explain", "-f", "table", stdin=given)
    assert done.out.splitlines()[1] == (
        f"   {url} in parts[0].url: ⟦{url}⟧ is www.google.com, domain google.com, leads to evil.top"
        " through redirector; score 1"
    )


def test_csv_has_the_hits_on_request(cli: Cli, rules: Path) -> None:
    done = cli("check", "-r", rules, "-f", "csv", "--explain", stdin="加微信".encode())
    (row,) = csv.DictReader(io.StringIO(done.out))
    assert json.loads(row["hits"])[0]["word"] == "加微信"


def test_objects_that_are_read_as_text_are_remarked_on(cli: Cli, rules: Path, tmp_path: Path) -> None:
    path = tmp_path / "messages.jsonl"
    path.write_text('{"text": "加微信"}\n', encoding="utf-8")
    done = cli("check", path, "-r", rules)
    assert done.code == 0
    assert "--json reads objects" in done.err
    assert cli("check", path, "-r", rules, "--json").err == ""


def test_a_mistyped_kind_of_a_part_is_told_once(cli: Cli, rules: Path) -> None:
    messages = b'{"parts": [{"kind": "lnik", "url": "https://bad.example"}]}\n' * 2
    done = cli("check", "--json", "--rules", rules, "-", stdin=messages)
    assert (done.code, len(done.records)) == (0, 2)
    assert done.err == (
        "warning: line 1: no part has the kind 'lnik', so it was kept as 'unknown' (did you mean 'link'?)\n"
    )
