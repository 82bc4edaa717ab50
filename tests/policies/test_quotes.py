"""What others said: a quotation in front and forwarded records are read where a rule asks for it (DOMAIN 5.5)."""

from __future__ import annotations

from typing import Any

import pytest

from groupcore.messages import Part
from groupcore.policies import ContactPolicy, ContentPolicy, KeywordPolicy, LengthPolicy, LinkPolicy, Match
from groupcore.rulebook import Rulebook

SPAM = "代购 https://evil.test/x 微信：lin_0816"
RULES: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "keyword": (KeywordPolicy, {"words": ["代购"]}),
    "link": (LinkPolicy, {}),
    "contact": (ContactPolicy, {}),
}
KINDS = pytest.mark.parametrize("kind", RULES)

QUOTATIONS = [
    f'这是一条引用/回复消息："{SPAM}"\n------\n不要发广告',
    f"「bo：{SPAM}」\n- - - - - - - - - - - - - - -\n不要发广告",
]


def find(kind: str, text: str = "", parts: tuple[Part, ...] = (), **settings: Any) -> Match | None:
    cls, needed = RULES[kind]
    policy: ContentPolicy = cls(id=kind, **needed, **settings)
    return policy.find(Rulebook(policies=[policy]).reader.read(text, parts))


def forwarded(*messages: Any) -> Part:
    return Part.of({"kind": "forwarded", "messages": list(messages)})


@KINDS
@pytest.mark.parametrize("text", QUOTATIONS)
def test_who_quotes_spam_to_complain_has_not_spammed_unless_the_rule_says_so(kind: str, text: str) -> None:
    assert find(kind, text) is None
    match = find(kind, text, inspect_quotes=True)
    assert match is not None
    assert all(text.index("代") <= start < end <= text.index("不要") for start, end in match.spans)
    assert "fields" not in match.evidence


@KINDS
@pytest.mark.parametrize(
    ("part", "place"),
    [
        (forwarded("hi", SPAM), "parts[0].messages[1]"),
        (forwarded({"text": SPAM}), "parts[0].messages[0].text"),
        (
            forwarded({"text": "look", "parts": [{"kind": "link", "title": SPAM}]}),
            "parts[0].messages[0].parts[0].title",
        ),
        (
            forwarded({"parts": [{"kind": "forwarded", "messages": [{"text": "a"}, {"text": SPAM}]}]}),
            "parts[0].messages[0].parts[0].messages[1].text",
        ),
    ],
)
def test_forwarded_records_are_read_on_request_however_they_nest(kind: str, part: Part, place: str) -> None:
    assert find(kind, "", (part,)) is None
    match = find(kind, "", (part,), inspect_quotes=True)
    assert match is not None
    assert match.spans == ()
    assert match.evidence["fields"] == [place]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"kind": "link", "url": "https://evil.test/x"}, "url"),
        ({"kind": "image", "qr": ["ok", "https://evil.test/x"]}, "qr[1]"),
    ],
)
def test_cards_and_codes_in_forwarded_records_are_links(given: dict[str, Any], place: str) -> None:
    part = forwarded({"parts": [{"kind": "forwarded", "messages": [{"parts": [given]}]}]})
    assert find("link", "", (part,)) is None
    match = find("link", "", (part,), inspect_quotes=True)
    assert match is not None
    assert match.evidence["fields"] == [f"parts[0].messages[0].parts[0].messages[0].parts[0].{place}"]
    assert match.quoted == {"hosts": ["evil.test"]}


@KINDS
def test_what_the_sender_wrote_counts_either_way(kind: str) -> None:
    text = f"“hi”\n------\n{SPAM}"
    for flag in (False, True):
        match = find(kind, text, (forwarded("hi"),), inspect_quotes=flag)
        assert match is not None
        assert all(start >= text.index("代") for start, _ in match.spans)


@KINDS
def test_records_that_nest_without_end_are_read_to_a_depth(kind: str) -> None:
    messages: list[Any] = [SPAM]
    for _ in range(12):
        messages = [{"parts": [{"kind": "forwarded", "messages": messages}]}]
    assert find(kind, "", (forwarded(*messages),), inspect_quotes=True) is None


@KINDS
def test_records_that_are_none_are_no_fault(kind: str) -> None:
    part = forwarded(None, 3, {"text": 4, "parts": "x"}, {"parts": [{"no": "kind"}, None, {"kind": "odd"}]})
    assert find(kind, "", (part,), inspect_quotes=True) is None


@KINDS
def test_the_flag_is_a_setting_of_a_rulebook(kind: str) -> None:
    settings = {"kind": kind, "id": "x", **RULES[kind][1], "inspect_quotes": True}
    rules = Rulebook.from_mapping({"policy": [settings]})
    assert rules.to_mapping()["policy"][0]["inspect_quotes"] is True
    assert rules.content[0].find(rules.reader.read(QUOTATIONS[0])) is not None


def test_a_trick_that_is_not_undone_is_not_undone_in_a_quotation_either() -> None:
    text = "“evil[.]com”\n------\nno"
    assert find("link", text, inspect_quotes=True) is not None
    assert find("link", text, inspect_quotes=True, tricks=False) is None


def test_what_others_said_never_makes_a_message_long() -> None:
    policy = LengthPolicy(id="long", max_chars=20)
    reader = Rulebook(policies=[policy]).reader
    assert policy.find(reader.read("“" + "长" * 50 + "”\n------\n好")) is None
    assert policy.find(reader.read("好", (forwarded("长" * 50),))) is None
