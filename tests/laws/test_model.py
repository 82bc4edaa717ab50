"""The contract understood twice: the decider and the naive model give the same verdicts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.decider import observe
from groupcore.events import Fact
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.testing import NaiveModerator, adopted
from groupcore.testing.model import comparable
from groupcore.testing.strategies import communities, rulebooks

HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules)))
WINDOW_HISTORIES = rulebooks("flood", "duplicate", "raid").flatmap(
    lambda rules: st.tuples(st.just(rules), communities(rules))
)
NAME_HISTORIES = rulebooks("nickname").flatmap(lambda rules: st.tuples(st.just(rules), communities(rules)))


def check_agreement(rules: Rulebook, facts: list[Fact]) -> None:
    state, model = State(), NaiveModerator(rules)
    advance(state, adopted(rules))
    for fact in facts:
        decided = comparable(observe(fact, state, rules), rules)
        assert decided == comparable(model.answer(fact), rules), f"they differ about {fact}"
    state.check()


@given(HISTORIES)
@settings(max_examples=150)
def test_decider_and_naive_model_agree_about_any_community(history: tuple[Rulebook, list[Fact]]) -> None:
    check_agreement(*history)


@given(WINDOW_HISTORIES)
@settings(max_examples=150)
def test_decider_and_naive_model_agree_about_windows(history: tuple[Rulebook, list[Fact]]) -> None:
    check_agreement(*history)


@given(NAME_HISTORIES)
@settings(max_examples=150)
def test_decider_and_naive_model_agree_about_names(history: tuple[Rulebook, list[Fact]]) -> None:
    check_agreement(*history)
