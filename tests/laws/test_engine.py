"""Laws of the engine: what it says, what it stores and what it knows are one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.clock import DAY
from groupcore.engine import Moderator
from groupcore.events import Fact, decode
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold
from groupcore.stores.memory import MemoryStore
from groupcore.testing.scenes import START
from groupcore.testing.strategies import communities, rulebooks

HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules, max_size=20)))
History = tuple[Rulebook, list[Fact]]


def moderator(rules: Rulebook, store: MemoryStore) -> Moderator:
    return Moderator(store, rules, clock=lambda: START + 1000 * DAY, salt=lambda: "ab")


@settings(max_examples=40)
@given(HISTORIES)
def test_the_live_state_is_the_fold_of_the_stored_log(history: History) -> None:
    rules, facts = history
    store = MemoryStore()
    with moderator(rules, store) as live:
        for fact in facts:
            live.record(fact)
        assert fold(State(), [decode(row).event for row in store.read()]) == live.state


@settings(max_examples=40)
@given(HISTORIES)
def test_the_same_fact_twice_gets_the_same_answer_and_adds_nothing(history: History) -> None:
    rules, facts = history
    store = MemoryStore()
    with moderator(rules, store) as live:
        first = [live.record(fact).events for fact in facts]
        length, state = store.position, live.state.fork()
        again = [live.record(fact) for fact in facts]
        assert [verdict.events for verdict in again] == first
        assert all(verdict.repeated for verdict in again)
        assert (store.position, live.state) == (length, state)


@settings(max_examples=40)
@given(HISTORIES, st.data())
def test_closing_and_opening_between_two_facts_changes_no_verdict(history: History, data: st.DataObject) -> None:
    rules, facts = history
    cut = data.draw(st.integers(0, len(facts)))
    store, other = MemoryStore(), MemoryStore()
    whole = moderator(rules, store)
    said = [whole.record(fact).events for fact in facts]
    before = moderator(rules, other)
    resumed = [before.record(fact).events for fact in facts[:cut]]
    after = moderator(rules, other)
    resumed += [after.record(fact).events for fact in facts[cut:]]
    assert resumed == said
    assert list(other.read()) == list(store.read())
