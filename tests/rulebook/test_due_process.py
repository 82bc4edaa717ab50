"""Settings of due process: what they read as, what is wrong with them, what is suspicious."""

# ruff: noqa: E501 - each fault is told in one line

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from groupcore.clock import DAY, HOUR, SECOND, Duration
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

SMALLEST = "74978eef442137a7d78b1dc5a2448d8f0f91dee82a53b934f15828f237d726d3"


def faults(mapping: Any) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_mapping(mapping, "r")
    return [str(fault) for fault in caught.value.faults]


def warnings(mapping: Any) -> list[str]:
    return [str(fault) for fault in Rulebook.from_mapping(mapping).warnings]


def test_a_rulebook_that_says_nothing_of_it_has_the_digest_that_it_always_had() -> None:
    """That of the contract is held in test_rulebook.py."""
    assert Rulebook().digest == SMALLEST


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
        "'7 days' is no duration; write a number and us, ms, s, m, h, d or w, such as '10s' (known: forever) @ r.appeal_window",
        "expected true or false, found the number 1 @ r.blocks_follow_links",
        "expected true or false, found the string 'yes' @ r.renew_mutes",
        "unknown value 'no-link' (did you mean 'no-links'?) @ r.ladder.rungs[0].restrict[0]",
        "a restriction needs a time (write for = '1d', or 'forever') @ r.ladder.rungs[0].for",
        "a restriction restricts something (write restrict = ['no-links'], 'no-media', 'slow-mode') @ r.ladder.rungs[1].restrict",
        "the same restriction stands there twice (take one of them away) @ r.ladder.rungs[2].restrict",
        "slow mode needs the time between two messages (write slow = '30s') @ r.ladder.rungs[2].slow",
        "there is no slow mode here (write restrict = ['slow-mode'], or take 'slow' away) @ r.ladder.rungs[3].slow",
        "there is no block that could end (write block = 'group' as well, or take 'block_for' away) @ r.ladder.rungs[4].block_for",
        "a warn restricts nothing (write sanction = 'restrict', or take 'restrict' away) @ r.ladder.rungs[4].restrict",
        "a ban takes no time (only mutes and restrictions end; take 'for' away) @ r.ladder.rungs[5].for",
        "a ban keeps out of all groups by itself (take 'block' away, or write sanction = 'kick') @ r.ladder.rungs[5].block",
        "a delete posts no statement (only a removal is announced in the group) @ r.ladder.rungs[6].statement",
        "expected a duration, found the number 30 (write a number with a unit, such as '10s') @ r.ladder.rungs[7].block_for",
        "unknown value 'owners' (did you mean 'owner'?) @ r.ladder.scope",
        "'0s' is out of range: a duration is more than 0 and at most 36500d @ r.ladder.decay",
        "'forever' is no duration; write a number and us, ms, s, m, h, d or w, such as '10s' @ r.ladder.good_behaviour",
        "expected at least 1, found 0 (how many rungs higher it leads) @ r.ladder.aggravators.minor-victim",
        "'a b' cannot be a factor (1 to 64 characters, no white space, no slash) @ r.ladder.aggravators",
        "expected a whole number, found the string '1' (how many rungs higher it leads) @ r.ladder.aggravators.x",
        "expected at least 1, found 0 (take it away where there is no limit) @ r.ladder.max_steps",
        "expected at least 1, found 0 (take it away where there is no limit) @ r.ladder.statements_per_minute",
        "unknown preset 'warn' (known: mute-ladder, warn-then-kick, wecom-three-warnings) @ r.ladders.fraud.preset",
        "expected a table, found the number 5 @ r.ladders.ads",
        "unknown role 'admins' (did you mean 'admin'?) @ r.powers",
        "unknown power 'lft' (did you mean 'lift'?) @ r.powers.admin[0]",
        "expected a list, found the string 'all' (known: appeals, block, cases, erase, exempt, label, lift, sanction) @ r.powers.bot",
        "expected a number, found the string 'high' (the score from which on the label is a finding, such as 0.9) @ r.policy[0].labels.x",
        "expected a number, found true (the score from which on the label is a finding, such as 0.9) @ r.policy[0].labels.y",
        "'weight' must be >= 1: 0 @ r.policy[0].weight",
        "max_per_hour must be at least 1, not 0 @ r.policy[0].max_per_hour",
        "expected true or false, found the number 1 @ r.policy[1].shadow",
        "labels is empty, so nothing would ever be found @ r.policy[1].labels",
        "expected a table, found a list @ r.policy[2].labels",
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
        "milder than the rung before it (order them from mild to severe) @ ladder.rungs[1]",
        "the factor 'linked-account' is none that we know; somebody has to note it (did you mean 'linked-accounts'?) @ ladder.aggravators.linked-account",
        "3 steps are more than max_steps allows (at most 2 count) @ ladder.aggravators.minor-victim",
        "good behaviour forgets nothing that the memory has not forgotten (make it shorter than the memory) @ ladder.good_behaviour",
        "the first strike removes a member (warn or mute before) @ ladders.advertizing.rungs[0]",
        "no policy has the category 'advertizing' (did you mean 'advertising'?) @ ladders.advertizing",
        "no policy has the category 'zebra' (take it away, or give a policy this category) @ ladders.zebra",
        "a minor rule brings no strike, so this says nothing (take it away) @ policy[0].weight",
        "a minor rule brings no strike, so this says nothing (take it away) @ policy[0].max_per_day",
        "the day is over before the hour is (make it at most max_per_day) @ policy[1].max_per_hour",
        "a strike of the weight 3 leads to the last rung at once (rungs count what live strikes weigh) @ policy[1].weight",
    ]
