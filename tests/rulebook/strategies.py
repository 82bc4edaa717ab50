"""Rulebooks at random, of every kind of policy."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from groupcore.clock import Duration
from groupcore.ladder import PRESETS, Ladder, Rung
from groupcore.policies import (
    ContactPolicy,
    DuplicatePolicy,
    FloodPolicy,
    KeywordPolicy,
    LabelsPolicy,
    LengthPolicy,
    LinkPolicy,
    MiniProgramPolicy,
    NicknamePolicy,
    Policy,
    RaidPolicy,
)
from groupcore.rulebook import Rulebook

words = st.lists(st.text("加微信代购ab 1", min_size=1).filter(str.strip), min_size=1, max_size=4).map(tuple)
domains = st.lists(st.sampled_from(["example.com", "example.org", "例子.cn"]), max_size=2).map(tuple)
severities = st.sampled_from(["minor", "normal", "severe"])
windows = st.integers(1, 10**12).map(Duration)
counts = st.integers(2, 9)


def policies(id: str) -> st.SearchStrategy[Policy]:
    common: dict[str, Any] = {
        "id": st.just(id),
        "category": st.sampled_from([id, "other", "广告"]),
        "severity": severities,
        "weight": st.just(1) | st.integers(1, 3),
        "shadow": st.booleans(),
        "max_per_hour": st.none() | st.integers(1, 5),
        "max_per_day": st.none() | st.integers(1, 5),
    }
    thresholds = st.dictionaries(st.text("abc-", min_size=1, max_size=3), st.floats(-1, 1), min_size=1, max_size=3)
    advisory = {**common, "severity": st.just("minor")}
    kinds = st.sets(st.sampled_from(["phone", "email", "wechat", "qq"]), min_size=1).map(sorted)
    return st.one_of(
        st.builds(KeywordPolicy, **common, words=words, allow=words | st.just(()), substring=st.booleans()),
        st.builds(LinkPolicy, **common, allow=domains, deny=domains),
        st.builds(NicknamePolicy, **common, words=words, allow=words | st.just(()), substring=st.booleans()),
        st.builds(MiniProgramPolicy, **common, allow=words | st.just(())),
        st.builds(LengthPolicy, **common, max_chars=st.integers(1, 9), max_lines=st.none() | st.integers(1, 9)),
        st.builds(ContactPolicy, **common, kinds=kinds, card=st.booleans()),
        st.builds(FloodPolicy, **common, count=counts, window=windows),
        st.builds(DuplicatePolicy, **common, count=counts, window=windows, min_chars=counts),
        st.builds(LabelsPolicy, **common, labels=thresholds, model=st.none() | st.sampled_from(["m1", "m2"])),
        st.builds(RaidPolicy, **advisory, authors=counts, window=windows),
    )


RUNGS = (
    Rung("notice"),
    Rung("warn"),
    Rung("delete"),
    Rung("mute", Duration(3600 * 10**6), delete=True),
    Rung("restrict", "forever", restrict=["no-links", "no-media"]),
    Rung("restrict", Duration(10**9), restrict=["slow-mode"], slow=Duration(30 * 10**6)),
    Rung("kick", block="owner", block_for=Duration(10**12)),
    Rung("ban", delete=True),
)
ladders = st.builds(
    Ladder,
    st.sampled_from([*PRESETS.values(), (Rung("warn"),)]) | st.lists(st.sampled_from(RUNGS), min_size=1, max_size=4),
    st.just("forever") | windows,
    st.none() | st.just(1),
    st.sampled_from(["zh", "en", "both"]),
    scope=st.sampled_from(["group", "owner", "org"]),
    decay=st.none() | windows,
    good_behaviour=st.none() | windows,
    aggravators=st.dictionaries(st.sampled_from(["minor-victim", "linked-accounts", "x"]), st.integers(1, 3)),
    max_steps=st.integers(1, 3),
    statements_per_minute=st.none() | st.integers(1, 9),
)
terms: st.SearchStrategy[Any] = st.just("forever") | windows
powers: st.SearchStrategy[Any] = st.dictionaries(
    st.sampled_from(["owner", "staff", "admin", "bot"]), st.sets(st.sampled_from(["sanction", "lift", "erase"]))
)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    ids = draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=5))
    return Rulebook(
        draw(st.text(max_size=5)),
        draw(ladders),
        [draw(policies(id)) for id in ids],
        draw(st.sets(st.sampled_from(["owner", "admin", "staff", "bot"]))),
        draw(st.dictionaries(st.sampled_from(["a", "other", "广告"]), ladders, max_size=2)),
        draw(powers),
        draw(terms),
        draw(st.booleans()),
        draw(st.booleans()),
    )
