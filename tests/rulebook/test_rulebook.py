from __future__ import annotations

import pickle
import tomllib
from typing import Any, ClassVar

import pytest
from attrs import frozen
from hypothesis import given

from groupcore.clock import DAY, MINUTE, SECOND, Duration
from groupcore.errors import RulebookError
from groupcore.ladder import Ladder, Rung
from groupcore.policies import (
    ContactPolicy,
    DuplicatePolicy,
    FloodPolicy,
    KeywordPolicy,
    LengthPolicy,
    LinkPolicy,
    MiniProgramPolicy,
    NicknamePolicy,
)
from groupcore.policies.base import ContentPolicy
from groupcore.rulebook import Rulebook
from groupcore.text import folds
from groupcore.wire import dumps, loads
from rulebook.strategies import rulebooks

CONTRACT = """
name = "community"

[ladder]
memory = "30d"
severe_from = 3
rungs = [
  { sanction = "warn", delete = true },
  { sanction = "mute", for = "1d", delete = true },
  { sanction = "kick", block = "group", delete = true },
]

[[policy]]
kind = "keyword"
id = "ads"
category = "advertising"
severity = "normal"
words = ["加微信", "代购"]
allow = ["微信支付"]

[[policy]]
kind = "link"
id = "links"
allow = ["example.com"]

[[policy]]
kind = "mini-program"
id = "mini"
allow = []

[[policy]]
kind = "length"
id = "long"
max_chars = 500
max_lines = 20

[[policy]]
kind = "flood"
id = "flood"
count = 5
window = "10s"

[[policy]]
kind = "duplicate"
id = "repeat"
count = 3
window = "5m"

[[policy]]
kind = "contact"
id = "contact"
kinds = ["phone", "email", "wechat", "qq"]
"""

EXPECTED = Rulebook(
    "community",
    Ladder(
        [
            Rung("warn", delete=True),
            Rung("mute", Duration(DAY), delete=True),
            Rung("kick", block="group", delete=True),
        ],
        Duration(30 * DAY),
        3,
    ),
    [
        KeywordPolicy(id="ads", category="advertising", words=["加微信", "代购"], allow=["微信支付"]),
        LinkPolicy(id="links", allow=["example.com"]),
        MiniProgramPolicy(id="mini"),
        LengthPolicy(id="long", max_chars=500, max_lines=20),
        FloodPolicy(id="flood", count=5, window=Duration(10 * SECOND)),
        DuplicatePolicy(id="repeat", count=3, window=Duration(5 * MINUTE)),
        ContactPolicy(id="contact", kinds=["phone", "email", "wechat", "qq"]),
    ],
    ["owner", "admin", "staff", "bot"],
)


@pytest.fixture
def rules() -> Rulebook:
    return Rulebook.from_mapping(tomllib.loads(CONTRACT))


def test_the_rulebook_of_the_contract_reads_as_it_says(rules: Rulebook) -> None:
    assert rules == EXPECTED
    assert rules.policies[1].category == "links"


def test_its_digest_is_the_same_for_ever(rules: Rulebook) -> None:
    assert rules.digest == "e7f80dd50768710bec98d0aa89948c6880c31e6e3c03dacdc37ad38ec9323ef9"


@given(rulebooks())
def test_a_rulebook_reads_back_what_it_wrote(rules: Rulebook) -> None:
    again = Rulebook.from_mapping(rules.to_mapping())
    assert again == rules
    assert again.digest == rules.digest
    assert hash(again) == hash(rules)
    assert Rulebook.from_mapping(loads(dumps(rules.to_mapping()))) == rules


@given(rulebooks())
def test_a_rulebook_survives_pickling_read_or_unread(rules: Rulebook) -> None:
    assert pickle.loads(pickle.dumps(rules)) == rules
    _ = rules.reader, rules.digest, rules.warnings
    assert pickle.loads(pickle.dumps(rules)) == rules


@given(rulebooks(), rulebooks())
def test_digests_tell_rulebooks_apart(one: Rulebook, other: Rulebook) -> None:
    assert (one.digest == other.digest) == (one == other)


def test_the_order_of_keys_and_what_is_left_out_make_no_difference(rules: Rulebook) -> None:
    mapping = tomllib.loads(CONTRACT)
    shuffled = {key: mapping[key] for key in reversed(mapping)}
    shuffled["policy"] = [{key: item[key] for key in reversed(item)} for item in mapping["policy"]]
    shuffled["policy"][1] |= {"category": "links", "severity": "normal", "deny": []}
    assert Rulebook.from_mapping(shuffled).digest == rules.digest


def test_policies_are_split_by_what_they_look_at(rules: Rulebook) -> None:
    assert [policy.id for policy in rules.content] == ["ads", "links", "mini", "long", "contact"]
    assert [policy.id for policy in rules.windows] == ["flood", "repeat"]
    assert rules.policy("flood") is rules.policies[4]
    assert rules.policy("nothing") is None


def test_the_horizon_is_the_longest_window_and_the_lateness(rules: Rulebook) -> None:
    assert rules.horizon == 5 * MINUTE + 10 * MINUTE
    assert Rulebook(policies=rules.content).horizon == 0


def test_one_reader_reads_for_all_policies(rules: Rulebook) -> None:
    reading = rules.reader.read("请加微信")
    assert [hit.word for hit in reading.hits("ads")] == ["加微信"]
    assert rules.reader is rules.reader


def test_the_reader_digest_knows_versions_and_nothing_of_the_settings(
    rules: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = Rulebook.from_mapping(tomllib.loads(CONTRACT.replace("count = 5", "count = 6")))
    assert same.reader_digest == rules.reader_digest
    assert Rulebook(policies=rules.windows).reader_digest != rules.reader_digest
    monkeypatch.setattr(FloodPolicy, "version", 2)
    assert Rulebook.from_mapping(tomllib.loads(CONTRACT)).reader_digest != rules.reader_digest


@frozen(kw_only=True)
class DomainPolicy(ContentPolicy):
    kind: ClassVar[str] = "domain-of-my-own"


def test_the_packages_of_extras_count_where_the_rules_ask_them(
    rules: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = Rulebook(policies=[KeywordPolicy(id="ads", words=["代购"], fold="wide")])
    named = Rulebook(policies=[KeywordPolicy(id="ads", words=["代购"], fold=["case", "traditional"])])
    nick = Rulebook(policies=[NicknamePolicy(id="ads", words=["代购"], fold="balanced")])
    mine = Rulebook(policies=[DomainPolicy(id="mine")])
    books = [rules, wide, named, nick, mine]
    monkeypatch.setattr("groupcore.text.folds.package_versions", lambda: "pypinyin/99")
    monkeypatch.setattr("groupcore.text.suffixes.suffix_list", lambda: "public-suffix-list/99")
    before = [Rulebook(book.name, policies=book.policies).reader_digest for book in books]
    monkeypatch.setattr("groupcore.text.folds.package_versions", lambda: "pypinyin/100")
    tables = [Rulebook(book.name, policies=book.policies).reader_digest for book in books]
    assert [old != new for old, new in zip(before, tables, strict=True)] == [False, True, True, True, False]
    monkeypatch.setattr("groupcore.text.suffixes.suffix_list", lambda: "built-in")
    lists = [Rulebook(book.name, policies=book.policies).reader_digest for book in books]
    assert [old != new for old, new in zip(tables, lists, strict=True)] == [False, False, False, False, True]


def test_foldings_count_where_the_rules_ask_for_them(rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    balanced = Rulebook(policies=[KeywordPolicy(id="ads", words=["代购"], fold="balanced")])
    named = Rulebook(policies=[KeywordPolicy(id="ads", words=["代购"], fold=["emoji"])])
    books = [rules, balanced, named]
    before = [Rulebook(book.name, policies=book.policies).reader_digest for book in books]
    for raised, changed in (("emoji", [False, True, True]), ("torn", [False, False, False])):
        with monkeypatch.context() as newer:
            newer.setitem(folds.LANES, raised, 99)
            after = [Rulebook(book.name, policies=book.policies).reader_digest for book in books]
        assert [old != new for old, new in zip(before, after, strict=True)] == changed


def test_without_anything_a_rulebook_only_warns() -> None:
    rules = Rulebook.from_mapping({})
    assert rules == Rulebook()
    assert rules.to_mapping() == {"name": "rulebook", "policy": []}
    assert rules.exempt == {"owner", "admin", "staff", "bot"}
    assert [rung.sanction for rung in rules.ladder.rungs] == ["warn"]


def test_policies_made_in_python_need_ids_of_their_own_too() -> None:
    links = LinkPolicy(id="links")
    with pytest.raises(RulebookError, match="the id 'links' is taken"):
        Rulebook(policies=[links, links])
    with pytest.raises(RulebookError, match="cannot be an id"):
        Rulebook(policies=[LinkPolicy(id="a/b")])


@pytest.mark.parametrize("mapping", [None, [], "x", 5])
def test_what_is_no_mapping_is_no_rulebook(mapping: Any) -> None:
    with pytest.raises(RulebookError, match="expected a table"):
        Rulebook.from_mapping(mapping)
