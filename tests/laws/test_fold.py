"""Laws of the fold: evolve is the law, and nothing that was observed makes it raise."""

from __future__ import annotations

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.decider import observe
from groupcore.events import Event, Fact, decode, encode
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance, evolve, fold
from groupcore.testing import adopted
from groupcore.testing.strategies import communities, facts, rulebooks, verdicts

HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules)))
WILD = st.lists(facts() | verdicts(), max_size=12, unique_by=lambda event: event.id)


def judged(rules: Rulebook, facts: list[Fact]) -> list[Event]:
    """The log of these facts: each followed by its verdicts."""
    state, log = State(), [adopted(rules)]
    advance(state, log[0])
    for fact in facts:
        log += [fact, *observe(fact, state, rules)]
    return log


@settings(max_examples=60)
@given(HISTORIES)
def test_folding_is_evolving_one_by_one(history: tuple[Rulebook, list[Fact]]) -> None:
    log = judged(*history)
    assert fold(State(), log) == reduce(evolve, log, State())


@settings(max_examples=60)
@given(WILD)
def test_folding_is_evolving_one_by_one_for_any_events(log: list[Event]) -> None:
    assert fold(State(), log) == reduce(evolve, log, State())


@settings(max_examples=150)
@given(WILD)
def test_no_sequence_of_events_makes_the_fold_raise(log: list[Event]) -> None:
    fold(State(), log).check()


@settings(max_examples=60)
@given(HISTORIES)
def test_invariants_hold_after_each_event(history: tuple[Rulebook, list[Fact]]) -> None:
    state = State()
    for event in judged(*history):
        advance(state, event)
        state.check()


@settings(max_examples=60)
@given(HISTORIES, st.data())
def test_fold_leaves_the_state_it_started_from(history: tuple[Rulebook, list[Fact]], data: st.DataObject) -> None:
    log = judged(*history)
    cut = data.draw(st.integers(0, len(log)))
    state = fold(State(), log[:cut])
    copy = state.fork()
    whole = fold(state, log[cut:])
    assert state == copy
    assert whole == fold(State(), log)


@settings(max_examples=60)
@given(HISTORIES)
def test_the_parts_of_a_split_log_give_the_same_groups(history: tuple[Rulebook, list[Fact]]) -> None:
    log = judged(*history)
    whole = fold(State(), log)
    for name, group in whole.groups.items():
        part = fold(State(), [event for event in log if event.stream in ("org", f"group/{name}")])
        assert part.groups[name] == group
        assert part.org == whole.org


@settings(max_examples=60)
@given(HISTORIES)
def test_the_stored_log_folds_to_the_live_state(history: tuple[Rulebook, list[Fact]]) -> None:
    log = judged(*history)
    rows = [encode(event, recorded_at=5, salt="ab") for event in log]
    assert fold(State(), [decode(row).event for row in rows]) == fold(State(), log)
