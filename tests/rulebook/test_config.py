from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groupcore.clock import MINUTE
from groupcore.config import check_rulebook, load_rulebook, read_words, shipped_rulebook
from groupcore.errors import InputError, RulebookError
from groupcore.policies import KeywordPolicy, policy_kinds
from groupcore.rulebook import Rulebook

KEYWORD = '[[policy]]\nkind = "keyword"\nid = "ads"\n'


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def words_of(rules: Rulebook) -> tuple[str, ...]:
    policy = rules.policies[0]
    assert isinstance(policy, KeywordPolicy)
    return policy.words


def refusal(path: Path) -> str:
    with pytest.raises((InputError, RulebookError)) as caught:
        load_rulebook(path)
    return str(caught.value).replace(str(path.parent), "…")


def test_words_come_from_the_file_and_from_files_beside_it(write: Any) -> None:
    write("ads.txt", "\ufeff# comment\n加微信\r\n\n  free followers  \n\\#tag\n")
    write("more/zh.txt", "代购\n")
    one = write("one.toml", KEYWORD + 'words_file = "ads.txt"\nwords = ["first"]\n')
    two = write("two.toml", KEYWORD + 'words_file = ["ads.txt", "more/zh.txt"]\n')
    assert words_of(load_rulebook(one)) == ("first", "加微信", "free followers", "#tag")
    assert words_of(load_rulebook(str(two))) == ("加微信", "free followers", "#tag", "代购")


def test_the_words_are_in_the_rulebook_and_not_the_file(write: Any) -> None:
    write("ads.txt", "加微信\n")
    inline = write("inline.toml", KEYWORD + 'words = ["加微信"]\n')
    assert load_rulebook(write("r.toml", KEYWORD + 'words_file = "ads.txt"\n')) == load_rulebook(inline)


def test_faults_of_word_files_come_with_all_the_others(write: Any) -> None:
    write("latin.txt", "caf\u00e9\n".encode("latin-1"))
    path = write(
        "r.toml",
        KEYWORD
        + 'words_file = ["none.txt", "latin.txt", "."]\nseverity = "sever"\n'
        + KEYWORD.replace("ads", "two")
        + "words_file = 5\n",
    )
    assert [str(fault) for fault in check_rulebook(path)] == [
        "none.txt: cannot be read (no such file or directory) @ r.toml.policy[0].words_file",
        "latin.txt: invalid UTF-8 at line 1, byte 4; save it as UTF-8 @ r.toml.policy[0].words_file",
        ".: cannot be read (is a directory) @ r.toml.policy[0].words_file",
        "expected the name of a file, or a list of names @ r.toml.policy[1].words_file",
        "unknown value 'sever' (did you mean 'severe'?) @ r.toml.policy[0].severity",
    ]


def test_a_word_file_without_words_is_a_fault(write: Any) -> None:
    write("empty.txt", "# nothing\n")
    assert "words is empty" in refusal(write("r.toml", KEYWORD + 'words_file = "empty.txt"\n'))


def test_a_good_file_has_no_faults(write: Any) -> None:
    assert check_rulebook(write("r.toml", KEYWORD + 'words = ["x1"]\r\n')) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('name = "x', "…/r.toml: invalid TOML: "),
        ('name = "x"\nname = "y"\n', "line 2, column"),
        ("[ladder]\nmemory = 30d\n", "line 2, column"),
        (b"name = 'caf\xe9'\n", "…/r.toml: invalid UTF-8 at line 1, byte 12; save it as UTF-8"),
        (b"a = 1\nb = '\xff'\n", "line 2, byte 6"),
        ("\x00", "invalid TOML"),
    ],
)
def test_what_is_no_toml_is_refused_with_line_and_column(write: Any, content: str | bytes, told: str) -> None:
    assert told in refusal(write("r.toml", content))


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.toml") == "…/none.toml: cannot be read (no such file or directory)"


def test_an_empty_file_is_a_rulebook_without_rules(write: Any) -> None:
    assert load_rulebook(write("r.toml", "")) == Rulebook()


def test_a_byte_order_mark_is_no_fault(write: Any) -> None:
    assert load_rulebook(write("r.toml", b'\xef\xbb\xbfname = "x"\n')).name == "x"


def test_words_are_read_one_a_line(write: Any) -> None:
    assert read_words(write("w.txt", "a b\n#c\n\\#d\n\\e\n")) == ["a b", "#d", "\\e"]


# The shipped rulebook


def test_the_shipped_rulebook_is_sound() -> None:
    rules = shipped_rulebook()
    assert rules.warnings == ()
    assert rules.horizon == 15 * MINUTE
    assert {policy.kind for policy in rules.policies} == set(policy_kinds()) - {"labels"}  # for who has a classifier
    assert [rung.sanction for rung in rules.ladder.rungs] == ["warn", "mute", "kick"]
    assert Rulebook.from_mapping(rules.to_mapping()) == rules


def found(text: str) -> list[str]:
    rules = shipped_rulebook()
    reading = rules.reader.read(text)
    return [policy.id for policy in rules.content if policy.find(reading)]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("兼职刷单 日结", ["easy-money"]),
        ("加我微信领红包", ["solicitation"]),
        ("Get FREE FOLLOWERS now!", ["solicitation"]),
        ("澳门线上赌场上线啦", ["gambling"]),
        ("http://grabify.link/x", ["traps"]),
        ("滚你妈的", ["insults"]),
        ("x" * 4001, ["wall-of-text"]),
    ],
)
def test_what_the_shipped_rulebook_finds(text: str, rules: list[str]) -> None:
    assert found(text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "微信支付怎么接入?",
        "有没有兼职推荐,前端的",
        "see https://bit.ly/docs and docs.python.org",
        "kill -9 the process, it will not go away by itself",
        "the casino scene in that film",
        "这个贷款利率太高了",
        "master/slave replication; the whitelist",
        "I follow for the memes, follow up later",
        "```js\nfor (;;) { spam(); }\n```",
    ],
)
def test_what_the_shipped_rulebook_leaves_alone(text: str) -> None:
    assert found(text) == []
