from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies import oracles

from groupcore.messages import Part
from groupcore.policies import KeywordPolicy, Match
from groupcore.text import Reader

ALPHABET = "加微信支付vVｖcs1 _，😀"
some_words = st.lists(st.text(st.sampled_from("加微信支付vVcs1"), min_size=1, max_size=3), min_size=1, max_size=4)


def find(policy: KeywordPolicy, text: str, parts: tuple[Part, ...] = ()) -> Match | None:
    return policy.find(Reader({policy.id: policy.lexicon}).read(text, parts))


@given(st.text(st.sampled_from(ALPHABET), max_size=15), some_words, some_words | st.just([]), st.booleans())
def test_it_agrees_with_the_oracle(text: str, words: list[str], allow: list[str], substring: bool) -> None:
    match = find(KeywordPolicy(id="ads", words=words, allow=allow, substring=substring), text)
    assert list(match.spans if match else ()) == oracles.keyword(text, words, allow, substring)


def test_evidence_holds_words_of_the_rulebook_and_no_excerpt() -> None:
    match = find(KeywordPolicy(id="ads", words=["加V", "代购"]), "代购 加ｖ 代购")
    assert match == Match("ads", ((0, 2), (3, 5), (6, 8)), {"words": ["代购", "加V"], "through": ["width"]})


def test_a_hit_in_a_part_is_evidence_and_no_span() -> None:
    parts = (
        Part.of({"kind": "mini-program", "app": "a", "title": "代购"}),
        Part.of({"kind": "contact-card", "contact": "代购"}),
    )
    match = find(KeywordPolicy(id="ads", words=["代购"]), "代购", parts)
    assert match is not None
    assert match.spans == ((0, 2),)
    assert match.evidence == {"words": ["代购"], "fields": ["parts[0].title", "parts[1].contact"]}


def test_the_example_of_the_contract() -> None:
    policy = KeywordPolicy(id="ads", words=["加微信", "代购"], allow=["微信支付"])
    assert find(policy, "微信支付") is None
    match = find(policy, "加微信支付")
    assert match is not None
    assert match.spans == ((0, 3),)


def test_a_quotation_of_spam_is_no_spam_unless_asked_for() -> None:
    text = '这是一条引用/回复消息："代购"\n------\n不要发广告'
    parts = (Part.of({"kind": "forwarded", "messages": [{"text": "代购"}]}),)
    assert find(KeywordPolicy(id="ads", words=["代购"]), text, parts) is None
    match = find(KeywordPolicy(id="ads", words=["代购"], inspect_quotes=True), text, parts)
    assert match is not None
    assert match.evidence["fields"] == ["parts[0].messages[0].text"]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"words": []}, "empty"),
        ({"words": "代购"}, "list"),
        ({"words": [" "]}, "blank"),
        ({"words": [3]}, "list of strings"),
        ({"words": ["a"], "substring": 1}, "true or false"),
        ({"words": ["a"], "allow": [""]}, "blank"),
        ({"words": None}, "list"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, object], problem: str) -> None:
    with pytest.raises((ValueError, TypeError), match=problem):
        KeywordPolicy(id="ads", **settings)  # type: ignore[arg-type]


def test_a_word_that_folds_to_nothing_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"u200b.*blank"):
        KeywordPolicy(id="ads", words=["ok", "\u200b"])


def test_it_is_a_value() -> None:
    policy = KeywordPolicy(id="ads", words=["加V"])
    assert policy.lexicon is policy.lexicon
    assert pickle.loads(pickle.dumps(policy)) == policy == KeywordPolicy(id="ads", words=("加V",))
    assert hash(policy) == hash(KeywordPolicy(id="ads", words=["加V"]))
