from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policies import oracles

from groupcore.messages import Part
from groupcore.policies import Match, MiniProgramPolicy
from groupcore.text import Reader

APPS = ["wx12@app", "wx34@app", ""]


def find(policy: MiniProgramPolicy, text: str, parts: tuple[Part, ...] = ()) -> Match | None:
    return policy.find(Reader({}).read(text, parts))


@given(st.lists(st.sampled_from(APPS), max_size=4), st.lists(st.sampled_from(APPS[:2]), max_size=2))
def test_it_agrees_with_the_oracle(apps: list[str], allow: list[str]) -> None:
    parts = tuple(Part.of({"kind": "mini-program", "app": app, "title": "x"}) for app in apps)
    match = find(MiniProgramPolicy(id="mini", allow=allow), "", parts)
    places = [f"parts[{index}]" for index in oracles.mini_program(apps, allow)]
    assert (match.evidence["fields"] if match else []) == places


def test_a_link_in_the_text_counts_by_its_name() -> None:
    text = "点 #小程序://限时秒杀/AbC123，快"
    match = find(MiniProgramPolicy(id="mini"), text)
    assert match == Match("mini", ((2, 20),), {"mini_programs": 1}, quoted={"apps": ["限时秒杀"]})
    assert text[2:20] == "#小程序://限时秒杀/AbC123"
    assert find(MiniProgramPolicy(id="mini", allow=["限时秒杀"]), text) is None
    assert find(MiniProgramPolicy(id="mini", text_links=False), text) is None


def test_a_quoted_link_is_not_the_senders() -> None:
    assert find(MiniProgramPolicy(id="mini"), "“#小程序://秒杀/x”\n------\n别点") is None


def test_other_parts_and_texts_are_none() -> None:
    assert find(MiniProgramPolicy(id="mini"), "小程序://", (Part.of({"kind": "link", "url": "x"}),)) is None


def test_bad_settings_are_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        MiniProgramPolicy(id="mini", allow="wx12")
    with pytest.raises(TypeError, match="true or false"):
        MiniProgramPolicy(id="mini", text_links="yes")  # type: ignore[arg-type]
