"""Rulebooks: ladders of any shape, policies of the shipped kinds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from groupcore.ladder import PRESETS, Ladder, read_ladder
from groupcore.policies.base import Policy
from groupcore.rulebook import Rulebook
from groupcore.testing.strategies.texts import EXCUSES, WORDS

Settings = dict[str, Any]

WINDOWS = ("10s", "1s", "1m", "5m", "2ms")
MUTES = ("10s", "1m", "1h", "1d", "forever")
MEMORIES = ("forever", "10s", "10m", "1d")
_IDS = ("a", "b", "c", "d", "e", "f")
_SEVERITIES = ("normal", "minor", "severe")


def _some(values: tuple[str, ...], least: int = 0) -> SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=least, max_size=len(values), unique=True)


_WINDOW = st.sampled_from(WINDOWS)
_COUNT = st.integers(2, 4)
_KINDS: dict[str, dict[str, SearchStrategy[Any]]] = {
    "keyword": {"words": _some(WORDS, 1), "allow": _some(EXCUSES)},
    "link": {"allow": _some(("example.com", "bit.ly"))},
    "mini-program": {"allow": _some(("wx12@app",))},
    "length": {"max_chars": st.integers(1, 40), "max_lines": st.integers(1, 4)},
    "contact": {"kinds": _some(("phone", "email", "wechat", "qq"), 1)},
    "nickname": {"words": _some(WORDS, 1), "allow": _some(EXCUSES)},
    "flood": {"count": _COUNT, "window": _WINDOW},
    "duplicate": {"count": _COUNT, "window": _WINDOW},
    "raid": {"authors": st.integers(2, 3), "window": _WINDOW, "min_chars": st.integers(1, 4)},
}


def _policy(kind: str) -> SearchStrategy[Settings]:
    common: dict[str, SearchStrategy[Any]] = {"kind": st.just(kind), "id": st.sampled_from(_IDS)}
    if kind != "raid":
        common["severity"] = st.sampled_from(_SEVERITIES)
    return st.fixed_dictionaries({**common, **_KINDS[kind]})


def _policies(kinds: tuple[str, ...]) -> SearchStrategy[list[Settings]]:
    one = st.one_of(*(_policy(kind) for kind in kinds))
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda settings: settings["id"])


def policies(*kinds: str) -> SearchStrategy[Policy]:
    """One policy, of the *kinds* if any are named."""
    return rulebooks(*kinds).map(lambda rules: rules.policies[0])


_RUNG = st.one_of(
    st.fixed_dictionaries({"sanction": st.just("warn")}, optional={"delete": st.booleans()}),
    st.fixed_dictionaries(
        {"sanction": st.just("mute"), "for": st.sampled_from(MUTES)}, optional={"delete": st.booleans()}
    ),
    st.fixed_dictionaries(
        {"sanction": st.just("kick")},
        optional={
            "block": st.sampled_from(("group", "org")),
            "delete": st.booleans(),
            "statement": st.sampled_from((False, "{member} {rule} {category}")),
        },
    ),
)


def _with_severe_from(ladder: Settings) -> SearchStrategy[Settings]:
    numbers = st.none() | st.integers(1, len(ladder["rungs"]))
    return numbers.map(lambda n: ladder if n is None else {**ladder, "severe_from": n})


def _ladders() -> SearchStrategy[Settings]:
    memory = {"memory": st.sampled_from(MEMORIES)}
    own = st.fixed_dictionaries({"rungs": st.lists(_RUNG, min_size=1, max_size=4)}, optional=memory)
    preset = st.fixed_dictionaries({"preset": st.sampled_from(sorted(PRESETS))}, optional=memory)
    return st.one_of(own.flatmap(_with_severe_from), preset)


def ladders() -> SearchStrategy[Ladder]:
    """A ladder: a preset, or rungs in any order."""
    return _ladders().map(read_ladder)


def rulebooks(*kinds: str) -> SearchStrategy[Rulebook]:
    """A rulebook with one policy or more, of the *kinds* if any are named, and any ladder."""
    exempt = _some(("owner", "admin", "staff", "bot"))
    return st.fixed_dictionaries(
        {"name": st.just("drawn"), "ladder": _ladders(), "policy": _policies(kinds or tuple(_KINDS))},
        optional={"exempt": exempt},
    ).map(Rulebook.from_mapping)
