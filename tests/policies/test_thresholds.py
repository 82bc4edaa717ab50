"""The thresholds that a policy names: each, had it been so alone, spares what was found, and nothing less does."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from engine.town import Town
from groupcore.clock import SECOND
from groupcore.policies import LabelsPolicy, LengthPolicy, Policy, policy_kinds
from groupcore.rulebook import Rulebook

FLOOD = {"kind": "flood", "id": "r", "count": 3, "window": "10s"}
REPEAT = {"kind": "duplicate", "id": "r", "count": 3, "window": "10s"}
LONG = {"kind": "length", "id": "r", "max_chars": 5, "max_lines": 3}
TALL = {"kind": "length", "id": "r", "max_chars": 50, "max_lines": 3}


def evidence(policy: dict[str, Any], text: str) -> list[Any]:
    """What the policy finds where amy says *text* three times."""
    town = Town(rules=Rulebook.from_mapping({"policy": [policy]}))
    said = [town.say("amy", text, after=SECOND) for _ in range(3)]
    return [finding.evidence for finding in said[-1].findings]


@pytest.mark.parametrize(
    ("policy", "text", "told"),
    [
        (FLOOD, "hey", [("count", 3, 4)]),
        (REPEAT, "hey", [("count", 3, 4)]),
        (LONG, "seven!!", [("max_chars", 5, 7)]),
        (TALL, "a\nb\nc\nd", [("max_lines", 3, 4)]),
        (LONG, "a\nb\nc\nd\ne", []),  # too long and too high: no limit alone would have done
    ],
)
def test_the_least_value_spares_and_one_less_does_not(policy: dict[str, Any], text: str, told: list[Any]) -> None:
    (found,) = evidence(policy, text)
    rule = Rulebook.from_mapping({"policy": [policy]}).policies[0]
    thresholds = [(each.setting, each.was, each.least) for each in rule.thresholds(found)]
    assert thresholds == told
    for setting, _, least in thresholds:
        assert evidence({**policy, setting: least}, text) == []
        assert len(evidence({**policy, setting: least - 1}, text)) == 1


def test_a_score_is_spared_by_the_next_thousandth() -> None:
    policy = LabelsPolicy(id="r", labels={"toxic": 0.5, "spam": 0.5})
    match = policy.find({"toxic": 0.9}, "")
    assert match is not None
    (threshold,) = policy.thresholds(match.evidence)
    assert (threshold.setting, threshold.was, threshold.least) == ("labels.toxic", 0.5, 0.901)
    assert attrs.evolve(policy, labels={"toxic": threshold.least, "spam": 0.5}).find({"toxic": 0.9}, "") is None
    both = policy.find({"toxic": 0.9, "spam": 0.7}, "")
    assert both is not None
    assert not list(policy.thresholds(both.evidence))


@pytest.mark.parametrize("kind", sorted(kind for kind, cls in policy_kinds().items() if "groupcore." in cls.__module__))
def test_evidence_of_an_earlier_version_may_say_nothing(kind: str) -> None:
    settings: dict[str, dict[str, Any]] = {
        "flood": {"count": 2, "window": 1}, "duplicate": {"count": 2, "window": 1}, "length": {"max_chars": 1},
        "labels": {"labels": {"toxic": 0.5}}, "raid": {"authors": 2, "window": 1, "severity": "minor"},
        "keyword": {"words": ["buy"]}, "nickname": {"words": ["buy"]}, "contact": {"kinds": ["phone"]},
    }  # fmt: skip
    policy = policy_kinds()[kind](id="r", **settings.get(kind, {}))
    assert not list(policy.thresholds({}))


def test_a_policy_has_none_unless_it_says_so() -> None:
    assert not list(Policy(id="r").thresholds({"count": 3}))
    assert list(LengthPolicy(id="r", max_chars=3).thresholds({"chars": 4}))
