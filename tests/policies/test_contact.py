from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies import oracles

from groupcore.messages import Part
from groupcore.policies import ContactPolicy, Match
from groupcore.text import Reader

EVERY_KIND = "13800138000 a@example.com 微信:lin_0816 QQ:12345678"


def find(policy: ContactPolicy, text: str, parts: tuple[Part, ...] = ()) -> Match | None:
    return policy.find(Reader({}).read(text, parts))


@given(
    st.lists(
        st.sampled_from(["13800138000", "1380013800", "138001380001", "12800138000", "你好", "，", "看"]), max_size=8
    )
)
def test_phones_agree_with_the_oracle(pieces: list[str]) -> None:
    text = "".join(piece if not piece.isdigit() else f"打{piece}吧" for piece in pieces)
    match = find(ContactPolicy(id="contact", kinds=["phone"]), text)
    assert len(match.spans if match else ()) == len(oracles.phones(text))


@given(st.sets(st.sampled_from(["phone", "email", "wechat", "qq"]), min_size=1))
def test_only_the_kinds_that_were_asked_for(kinds: set[str]) -> None:
    match = find(ContactPolicy(id="contact", kinds=sorted(kinds)), EVERY_KIND)
    assert match is not None
    assert set(match.evidence["kinds"]) == kinds
    assert len(match.spans) == len(kinds)


def test_values_are_quoted_and_never_evidence() -> None:
    match = find(ContactPolicy(id="contact"), "加微信:Lin_0816，电话１３８００１３８０００")
    assert match == Match(
        "contact", ((4, 12), (15, 26)), {"kinds": ["phone", "wechat"]}, quoted={"values": ["lin_0816", "13800138000"]}
    )


def test_cards_count_on_request() -> None:
    parts = (Part.of({"kind": "contact-card", "contact": "amy"}),)
    assert find(ContactPolicy(id="contact"), "", parts) is None
    match = find(ContactPolicy(id="contact", card=True), "", parts)
    assert match is not None
    assert match.evidence == {"kinds": ["contact-card"], "fields": ["parts[0]"]}
    assert match.quoted == {"values": []}


def test_contacts_in_parts_are_evidence_and_no_span() -> None:
    match = find(ContactPolicy(id="contact"), "", (Part.of({"kind": "link", "url": "x", "title": "QQ:12345678"}),))
    assert match is not None
    assert match.spans == ()
    assert match.evidence == {"kinds": ["qq"], "fields": ["parts[0].title"]}


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["fax"]}, "fax"),
        ({"kinds": "phone"}, "list"),
        ({"card": 1}, "true or false"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, object], problem: str) -> None:
    with pytest.raises((ValueError, TypeError), match=problem):
        ContactPolicy(id="contact", **settings)  # type: ignore[arg-type]


def test_a_hidden_contact_is_a_finding_that_names_the_tricks() -> None:
    match = find(ContactPolicy(id="contact"), "薇❤：lin_0816")
    assert match == Match(
        "contact", ((3, 11),), {"kinds": ["wechat"], "through": ["sign"], "score": 0.8}, quoted={"values": ["lin_0816"]}
    )


def test_only_the_tricks_that_were_named_are_undone() -> None:
    text = "薇❤：lin_0816 或 138*0013*8000 或 12345@qq.com"
    match = find(ContactPolicy(id="contact", tricks=["noise"]), text)
    assert match is not None
    assert match.quoted == {"values": ["13800138000", "12345@qq.com"]}
    match = find(ContactPolicy(id="contact", tricks=False), text)
    assert match is not None
    assert match.quoted == {"values": ["12345@qq.com"]}
    with pytest.raises(ValueError, match="did you mean 'noise'"):
        ContactPolicy(id="contact", tricks=["nois"])
