"""Settings of due process: what they read as, what is wrong with them, what is suspicious."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from groupcore.clock import DAY, HOUR, SECOND, Duration
from groupcore.config import shipped_rulebook
from groupcore.errors import RulebookError
from groupcore.ladder import Ladder, Rung
from groupcore.policies import LabelsPolicy
from groupcore.rulebook import Rulebook

ALL = """
appeal_window = "7d"
blocks_follow_links = true
renew_mutes = true

[powers]
admin = ["sanction", "lift"]

[ladder]
scope = "owner"
decay = "7d"
good_behaviour = "14d"
aggravators = { minor-victim = 1, linked-accounts = 2 }
max_steps = 3
statements_per_minute = 10
rungs = [
  { sanction = "notice" },
  { sanction = "restrict", for = "1d", restrict = ["no-links", "no-media"] },
  { sanction = "restrict", for = "1h", restrict = ["slow-mode"], slow = "30s" },
  { sanction = "delete" },
  { sanction = "kick", block = "owner", block_for = "30d" },
  { sanction = "ban" },
]

[ladders.fraud]
preset = "warn-then-kick"
scope = "org"

[[policy]]
kind = "labels"
id = "toxic"
category = "fraud"
labels = { toxic = 0.9, scam = 1 }
model = "m-2"
weight = 2
shadow = true
max_per_hour = 10
max_per_day = 50
"""

OLD_DIGESTS = {
    "shipped": "72bd57d576b3dc42d3bc14519be21aeea775a0f3cf20bb54fa0d38c7f5ed962c",
    "smallest": "74978eef442137a7d78b1dc5a2448d8f0f91dee82a53b934f15828f237d726d3",
}


def faults(mapping: Any) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_mapping(mapping, "r")
    return [str(fault) for fault in caught.value.faults]


def warnings(mapping: Any) -> list[str]:
    return [str(fault) for fault in Rulebook.from_mapping(mapping).warnings]


def test_a_rulebook_that_says_nothing_of_it_has_the_digest_that_it_always_had() -> None:
    assert shipped_rulebook().digest == OLD_DIGESTS["shipped"]
    assert Rulebook().digest == OLD_DIGESTS["smallest"]
    assert Rulebook().to_mapping() == {"name": "rulebook", "policy": []}


def test_every_setting_reads_as_it_says() -> None:
    rules = Rulebook.from_mapping(tomllib.loads(ALL))
    assert (rules.appeal_window, rules.blocks_follow_links, rules.renew_mutes) == (7 * DAY, True, True)
    assert rules.powers["admin"] == {"sanction", "lift"}
    assert "erase" in rules.powers["staff"]
    assert rules.ladder == Ladder(
        [
            Rung("notice"),
            Rung("restrict", Duration(DAY), restrict=["no-links", "no-media"]),
            Rung("restrict", Duration(HOUR), restrict=["slow-mode"], slow=Duration(30 * SECOND)),
            Rung("delete"),
            Rung("kick", block="owner", block_for=Duration(30 * DAY)),
            Rung("ban"),
        ],
        scope="owner",
        decay=Duration(7 * DAY),
        good_behaviour=Duration(14 * DAY),
        aggravators={"minor-victim": 1, "linked-accounts": 2},
        max_steps=3,
        statements_per_minute=10,
    )
    assert rules.ladder_of("fraud") == Ladder.preset("warn-then-kick", scope="org")
    assert (rules.track("fraud"), rules.track("ads"), rules.ladder_of("ads")) == ("fraud", "", rules.ladder)
    labels = LabelsPolicy(
        id="toxic",
        category="fraud",
        labels={"toxic": 0.9, "scam": 1.0},
        model="m-2",
        weight=2,
        shadow=True,
        max_per_hour=10,
        max_per_day=50,
    )
    assert rules.policies == (labels,) == rules.labels


def test_a_statement_of_the_library_is_spelled_out_at_a_ban_too() -> None:
    rungs = Ladder([Rung("ban")], language="en").rungs
    assert isinstance(rungs[0].statement, str)
    assert rungs[0].statement.startswith("{member} was removed")


def test_a_ladder_can_be_hashed_and_written_back() -> None:
    rules = Rulebook.from_mapping(tomllib.loads(ALL))
    assert hash(rules) == hash(Rulebook.from_mapping(rules.to_mapping()))
    assert Rulebook.from_mapping(rules.to_mapping()) == rules
    assert rules.to_mapping()["powers"] == {"admin": ["lift", "sanction"]}


def test_all_faults_are_told_at_once() -> None:
    rungs = [
        {"sanction": "restrict", "restrict": ["no-link"]},
        {"sanction": "restrict", "for": "1d"},
        {"sanction": "restrict", "for": "1d", "restrict": ["slow-mode", "slow-mode"]},
        {"sanction": "restrict", "for": "1d", "restrict": ["no-links"], "slow": "30s"},
        {"sanction": "warn", "restrict": ["no-links"], "block_for": "1d"},
        {"sanction": "ban", "block": "org", "for": "1d"},
        {"sanction": "delete", "statement": "x"},
        {"sanction": "kick", "block": "owner", "block_for": 30},
    ]
    ladder = {
        "rungs": rungs,
        "scope": "owners",
        "decay": "0s",
        "good_behaviour": "forever",
        "aggravators": {"minor-victim": 0, "a b": 1, "x": "1"},
        "max_steps": 0,
        "statements_per_minute": 0,
    }
    mapping = {
        "appeal_window": "7 days",
        "blocks_follow_links": 1,
        "renew_mutes": "yes",
        "ladder": ladder,
        "ladders": {"fraud": {"preset": "warn"}, "ads": 5},
        "powers": {"admins": ["lift"], "admin": ["lft", "sanction"], "bot": "all"},
        "policy": [
            {"kind": "labels", "id": "a", "labels": {"x": "high", "y": True}, "weight": 0, "max_per_hour": 0},
            {"kind": "labels", "id": "b", "labels": {}, "shadow": 1},
            {"kind": "labels", "id": "c", "labels": ["x"]},
        ],
    }
    assert faults(mapping) == [
        "%FAULTS%",
    ]


def test_tables_that_are_no_tables() -> None:
    assert faults({"ladders": [], "powers": ["lift"]}) == [
        "expected a table, found a list (write [ladders.advertising], with the name of the category) @ r.ladders",
        "expected a table, found a list (write [powers], a role on each line) @ r.powers",
    ]


def test_what_is_allowed_and_hardly_meant_is_told() -> None:
    mapping = {
        "ladder": {
            "rungs": [{"sanction": "mute", "for": "1d"}, {"sanction": "notice"}, {"sanction": "ban"}],
            "memory": "7d",
            "good_behaviour": "7d",
            "aggravators": {"linked-account": 1, "minor-victim": 3, "my-own": 1},
        },
        "ladders": {"advertizing": {"rungs": [{"sanction": "ban"}]}, "zebra": {}},
        "policy": [
            {"kind": "link", "id": "a", "category": "advertising", "severity": "minor", "weight": 2, "max_per_day": 1},
            {"kind": "link", "id": "b", "weight": 3, "max_per_hour": 9, "max_per_day": 5},
        ],
    }
    assert warnings(mapping) == [
        "%WARNINGS%",
    ]
