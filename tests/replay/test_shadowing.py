"""The report on shadow rules, counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from groupcore import Message, Moderator
from groupcore.errors import InputError
from groupcore.replay import Shadow, shadow
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore
from groupcore.testing import START

RULES: dict[str, Any] = {
    "ladder": {"rungs": [{"sanction": "warn"}, {"sanction": "kick", "statement": False}]},
    "policy": [
        {"kind": "keyword", "id": "ads", "words": ["buy"]},
        {"kind": "keyword", "id": "trial", "category": "fraud", "words": ["scam"], "shadow": True},
        {"kind": "length", "id": "long", "max_chars": 15, "severity": "severe", "shadow": True},
    ],
}
SAID = [("amy", "scam"), ("bo", "buy scam"), ("amy", "another scam"), ("bo", "a long and boring one"), ("cy", "buy")]


def told(store: MemoryStore, rules: dict[str, Any] = RULES) -> None:
    with Moderator(store, Rulebook.from_mapping(rules), clock=lambda: START + 1000, salt=lambda: "ab") as moderator:
        moderator.grant("g1", "lin", "admin", at=START)
        for number, (author, text) in enumerate([*SAID, ("lin", "scam")]):
            moderator.observe(Message(group="g1", author=author, id=str(number), at=START + number, text=text))


class Kept(MemoryStore):
    """A log that can still be read when its moderator is done."""

    def close(self) -> None:
        """Stay open."""


def test_each_shadow_rule_is_compared_with_the_live_ones() -> None:
    store = Kept()
    told(store)
    trial, long = shadow(store)
    assert trial == Shadow(
        rule="trial",
        policy="keyword",
        category="fraud",
        findings=4,
        members=3,
        also_found=1,
        led_nowhere=1,
        strikes=2,  # both of amy's; the finding in bo's message is less than that of "ads", whose id comes first
        replaced=0,
        sanctions={"warn": 1, "kick": 1},
        removed=(("g1", "amy"),),
    )
    assert (long.findings, long.strikes, long.replaced, long.removed) == (1, 1, 0, (("g1", "bo"),))


def test_a_rulebook_without_a_shadow_rule_and_a_log_without_rules_are_told() -> None:
    store = Kept()
    with pytest.raises(InputError, match="holds no rulebook"):
        shadow(store)
    told(store)
    live = Rulebook.from_mapping({**RULES, "policy": RULES["policy"][:1]})
    with pytest.raises(InputError, match="has no shadow rule"):
        shadow(store, live)


def test_it_agrees_with_a_replay_in_which_the_rule_is_live() -> None:
    store = Kept()
    told(store)
    live = [{**policy, "shadow": policy.get("shadow", False) and policy["id"] != "trial"} for policy in RULES["policy"]]
    again = Kept()
    told(again, {**RULES, "policy": live})
    struck = [row for row in again.read() if row.type == "strike-recorded"]
    rules = [json.loads(row.data)["rule"] for row in struck]
    assert rules.count("trial") == shadow(store)[0].strikes
