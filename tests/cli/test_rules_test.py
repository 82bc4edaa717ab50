from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "cases"

CASES = """
[[case]]
name = "wrong place"
text = "有事请加微信，代购"
expect = [{ rule = "ads", at = "加微信" }]

[[case]]
text = "大家好"
expect = "ads"

[[case]]
text = "加微信 bit.ly/x"
expect = ["ads"]

[[case]]
text = "加微信"
expect = ["ads"]
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    path = tmp_path / "cases.toml"
    path.write_text(CASES, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["cases.toml", "cases.csv"])
def test_the_example_comes_out_as_expected(cli: Cli, name: str) -> None:
    done = cli("rules", "test", EXAMPLE / name, "-r", EXAMPLE / "rules.toml")
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("cases, none failed\n")


def test_what_comes_out_otherwise_is_printed_with_marks_and_the_exit_code_is_1(
    cli: Cli, rules: Path, cases: Path
) -> None:
    done = cli("rules", "test", cases, "-r", rules, "-f", "table")
    assert done.code == 1
    assert done.out.splitlines() == [
        "case 1 (wrong place): ads objects to 加微信, 代购, not to 加微信",
        "   有事请加微信，代购",
        "   ads: 有事请⟦加微信⟧，⟦代购⟧",
        "      加微信 at 3-6; score 1",
        "      代购 at 7-9; score 1",
        "case 2: ads does not object",
        "   大家好",
        "case 3: links objects",
        "   加微信 bit.ly/x",
        "   ads: ⟦加微信⟧ bit.ly/x",
        "      加微信 at 0-3; score 1",
        "   links: 加微信 ⟦bit.ly/x⟧",
        "      bit.ly/x at 4-12 is bit.ly through shortener; score 1",
        "4 cases, 3 failed",
    ]


def test_programs_get_a_record_for_each_failure(cli: Cli, rules: Path, cases: Path) -> None:
    done = cli("rules", "test", cases, "-r", rules)
    assert [(record["case"], record["expected"], record["found"]) for record in done.records] == [
        (1, ["ads"], ["ads"]), (2, ["ads"], []), (3, ["ads"], ["ads", "links"]),
    ]  # fmt: skip
    assert done.records[1]["problems"] == ["ads does not object"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[[case]]\ntxt = 'x'\n", "did you mean 'text'"),
        ("[[case]]\ntext = 5\n", "cases.toml: expected a string, found the number 5 @ case[0].text"),
        ("[[case]]\ntext = 'x'\nexpect = [{ rul = 'ads' }]\n", "case[0].expect[0]"),
        ("[[case]]\ntext = 'x'\nexpect = 5\n", "expect"),
        ("[[case]]\ntext = 'x'\nparts = [{ kind = 5 }]\n", "parts"),
        ("[[case]]\ntext = 'x'\nexpect = ['adds']\n", "did you mean 'ads'"),
        (
            "[[case]]\ntext = 'x'\nexpect = ['flood']\n",
            "case 1: 'flood' is of the kind flood, which judges no message by itself",
        ),
        (
            "[[case]]\ntext = 'x'\nexpect = 'adds'\n[[case]]\nexpect = 'link'\n",
            "case 2: there is no rule 'link' (did you mean",
        ),
        ("", "there are no cases in it"),
        ("case = 5", "case"),
        ("[[case", "invalid TOML"),
    ],
)
def test_a_table_with_faults_is_refused_with_their_places(
    cli: Cli, rules: Path, tmp_path: Path, table: str, said: str
) -> None:
    path = tmp_path / "cases.toml"
    path.write_text(table, encoding="utf-8")
    done = cli("rules", "test", path, "-r", rules)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("text,expects\nx,ads\n", "unknown column 'expects'; the first line names the columns text, expect, name"),
        ("加微信,ads\n", "unknown column '加微信'"),
        ("text;expect\nx;ads\n", "unknown column 'text;expect'"),
        ("text\nx\n", "column 'expect' is missing"),
        ("text,expect,text\nx,,y\n", "column 'text' is there twice"),
        ("text,expect\nok,\na,b,c,d\n", "line 3 is of 4, and the first line names 2 columns"),
        ("text,expect\nok,\nx\n", "line 3 is of 1"),
        ('text,expect\n"open,ads\n', "invalid CSV"),
        ("text,expect\n", "there are no cases in it"),
        ("", "there are no cases in it"),
        ("text,expect\nx,adds\n", "did you mean 'ads'"),
    ],
)
def test_a_csv_with_faults_is_refused_and_says_what_to_write(
    cli: Cli, rules: Path, tmp_path: Path, table: str, said: str
) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(table, encoding="utf-8")
    done = cli("rules", "test", path, "-r", rules)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_csv_may_have_names_blank_lines_and_line_breaks_in_quotes(cli: Cli, rules: Path, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text('\ufeffexpect,text,name\r\nads,"加微信\n，快",a\r\n\r\n,大家好\r\n', encoding="utf-8")
    assert cli("rules", "test", path, "-r", rules).err == "2 cases, none failed\n"


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_table_in_another_encoding_is_refused(cli: Cli, rules: Path, tmp_path: Path, encoding: str) -> None:
    for name in ("cases.csv", "cases.toml"):
        path = tmp_path / name
        path.write_text("text,expect\n加微信,ads\n", encoding=encoding)
        done = cli("rules", "test", path, "-r", rules)
        assert done.code == 2
        assert "save the file as UTF-8" in done.err


def test_a_directory_a_missing_file_and_a_form_that_is_not_read_are_refused(
    cli: Cli, rules: Path, tmp_path: Path
) -> None:
    (tmp_path / "cases.json").write_text('{"text": "x"}', encoding="utf-8")
    for name, said in (("none.csv", "no such file"), (".", "is a directory"), ("cases.json", "ends in .csv")):
        done = cli("rules", "test", tmp_path / name, "-r", rules)
        assert done.code == 2
        assert said in done.err


def test_a_mistyped_kind_of_a_part_is_told(cli: Cli, rules: Path, tmp_path: Path) -> None:
    cases = tmp_path / "cases.toml"
    cases.write_text('[[case]]\nparts = [{ kind = "lnik", url = "https://bad.example" }]\n', encoding="utf-8")
    done = cli("rules", "test", cases, "--rules", rules)
    assert done.code == 0
    assert "case 1: no part has the kind 'lnik', so it was kept as 'unknown' (did you mean 'link'?)" in done.err
