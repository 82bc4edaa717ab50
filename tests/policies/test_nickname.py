from __future__ import annotations

import pytest

from groupcore.policies import Match, NicknamePolicy
from groupcore.rulebook import Rulebook


def find(policy: NicknamePolicy, name: str) -> Match | None:
    return policy.find(Rulebook(policies=[policy]).name_reader.read(name))


def test_a_word_in_a_name_is_a_finding_with_its_span_in_the_name() -> None:
    policy = NicknamePolicy(id="names", words=["代购", "vip"], allow=["代购者联盟"])
    assert find(policy, "小美 代购V") == Match("names", ((3, 5),), {"words": ["代购"]})
    assert find(policy, "小美VIP") == Match("names", ((2, 5),), {"words": ["vip"], "through": ["case"]})
    assert find(policy, "代购者联盟") is None
    assert find(policy, "vipers") is None
    assert find(NicknamePolicy(id="names", words=["vip"], substring=True), "vipers") is not None


def test_a_folded_name_says_how_it_was_read() -> None:
    match = find(NicknamePolicy(id="names", words=["代购"], fold="balanced"), "代·购 小美")
    assert match is not None
    assert match.evidence["through"]


def test_it_needs_words() -> None:
    with pytest.raises(ValueError, match="words is empty"):
        NicknamePolicy(id="names", words=[])


def test_it_looks_at_no_message() -> None:
    rules = Rulebook(policies=[NicknamePolicy(id="names", words=["代购"])])
    assert rules.content == ()
    assert [policy.id for policy in rules.names] == ["names"]
    assert Rulebook.from_mapping(rules.to_mapping()) == rules
