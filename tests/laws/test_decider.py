"""Laws of the decider: it is pure, replays give the same bytes, and finding can be done apart from judging."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.decider import answer, answer_found, find_in, observe
from groupcore.events import Event, Fact, decode, encode, to_wire
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance, fold
from groupcore.testing import adopted
from groupcore.testing.strategies import communities, facts, rulebooks
from groupcore.wire import dumps

HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules)))
History = tuple[Rulebook, list[Fact]]


def begun(rules: Rulebook) -> State:
    state = State()
    advance(state, adopted(rules))
    return state


def replayed(rules: Rulebook, facts: list[Fact]) -> list[Event]:
    state = begun(rules)
    return [verdict for fact in facts for verdict in observe(fact, state, rules)]


@settings(max_examples=60)
@given(HISTORIES)
def test_deciding_leaves_the_state_as_it_was(history: History) -> None:
    rules, facts = history
    state = begun(rules)
    for fact in facts:
        before = state.fork()
        verdicts = answer(fact, state, rules)
        assert state == before
        assert verdicts == answer(fact, state, rules)
        state = fold(state, [fact, *verdicts])


@settings(max_examples=100)
@given(rulebooks(), st.lists(facts(), max_size=8))
def test_no_fact_makes_the_decider_raise(rules: Rulebook, facts: list[Fact]) -> None:
    state = begun(rules)
    for fact in facts:
        observe(fact, state, rules)


@settings(max_examples=60)
@given(HISTORIES)
def test_a_replay_gives_the_same_bytes(history: History) -> None:
    rules, facts = history
    again = Rulebook.from_mapping(rules.to_mapping())
    first, second = replayed(rules, facts), replayed(again, facts)
    assert [dumps(to_wire(verdict)) for verdict in first] == [dumps(to_wire(verdict)) for verdict in second]


@settings(max_examples=60)
@given(HISTORIES, st.data())
def test_stopping_anywhere_and_resuming_from_the_log_gives_the_verdicts_of_one_pass(
    history: History, data: st.DataObject
) -> None:
    rules, facts = history
    cut = data.draw(st.integers(0, len(facts)))
    state, log = begun(rules), [adopted(rules)]
    for fact in facts[:cut]:
        log += [fact, *observe(fact, state, rules)]
    stored = [encode(event, recorded_at=5, salt="ab") for event in log]
    resumed = fold(State(), [decode(row).event for row in stored])
    rest = [verdict for fact in facts[cut:] for verdict in observe(fact, resumed, rules)]
    assert replayed(rules, facts)[-len(rest) :] == rest if rest else True


@settings(max_examples=60)
@given(HISTORIES)
def test_verdicts_are_named_apart_and_answer_their_fact(history: History) -> None:
    rules, facts = history
    state, seen = begun(rules), set[str]()
    for fact in facts:
        verdicts = observe(fact, state, rules)
        assert all(verdict.cause == fact.id and verdict.at == fact.at for verdict in verdicts)
        assert seen.isdisjoint(verdict.id for verdict in verdicts)
        seen |= {verdict.id for verdict in verdicts}
        assert len(seen) == len({*seen})


@settings(max_examples=60)
@given(HISTORIES)
def test_finding_by_group_and_judging_in_log_order_gives_the_verdicts_of_one_pass(history: History) -> None:
    """Found under a ladder that only warns: what is done about messages has no say in what is found."""
    rules, facts = history
    harmless = Rulebook(name=rules.name, policies=rules.policies, exempt=rules.exempt)
    found = {}
    for group in {fact.group for fact in facts}:
        state = begun(harmless)
        for fact in (fact for fact in facts if fact.group in (group, None)):
            found[fact.id] = find_in(fact, state, harmless)
            for event in (fact, *answer_found(fact, found[fact.id], state, harmless)):
                advance(state, event)
    state, verdicts = begun(rules), []
    for fact in facts:
        answered = answer_found(fact, found[fact.id], state, rules)
        verdicts += answered
        for event in (fact, *answered):
            advance(state, event)
    assert verdicts == replayed(rules, facts)
