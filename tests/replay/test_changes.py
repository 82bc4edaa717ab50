"""What would have changed a decision, and that an explanation is the same however its events are found."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.town import Town, whole_life
from groupcore.clock import DAY, MINUTE, SECOND
from groupcore.events import Row
from groupcore.explaining import Change, Outcome, explain
from groupcore.explaining.changes import outcome_of
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, open_store
from groupcore.stores.subjects import concerning

AD = "加微信"
RUNGS = [{"sanction": "warn", "delete": True}, {"sanction": "mute", "for": "1h"}, {"sanction": "kick"}]
POLICIES = [
    {"kind": "keyword", "id": "ads", "words": [AD]},
    {"kind": "flood", "id": "flood", "count": 3, "window": "10s"},
    {"kind": "length", "id": "long", "max_chars": 20},
]
RULES = Rulebook.from_mapping({"ladder": {"memory": "30d", "rungs": RUNGS}, "policy": POLICIES})


def changes(town: Town, verdict: Any) -> tuple[Change, ...]:
    (decision,) = town.moderator.explain(verdict.fact.id).decisions
    return decision.changes


def test_the_smallest_change_is_a_strike_that_were_void() -> None:
    town = Town(rules=RULES)
    first, second = town.say("amy", AD), town.say("amy", AD)
    found = changes(town, second)
    strike = next(event.id for event in first.verdicts if event.type == "strike-recorded")
    assert found[0] == Change(
        kind="strike-voided", what=strike, outcome=Outcome(sanction="member-warned", deleted=True)
    )
    assert found[-1].kind == "message-absent"
    assert found[-1].outcome == Outcome(sanction=None)


def test_a_threshold_one_higher_and_a_message_less_would_have_been_no_flood() -> None:
    town = Town(rules=RULES)
    said = [town.say("amy", "hey", after=SECOND) for _ in range(3)]
    found = changes(town, said[2])
    assert found[0] == Change(kind="threshold", what="flood.count", value=4, was=3, outcome=Outcome(sanction=None))
    absent = {change.what for change in found if change.kind == "message-absent"}
    assert absent == {verdict.fact.message for verdict in said}


def test_a_length_is_told_with_the_least_limit_that_would_have_done() -> None:
    town = Town(rules=RULES)
    long = town.say("amy", "x" * 31)
    assert changes(town, long)[-1] == Change(
        kind="threshold", what="long.max_chars", value=31, was=20, outcome=Outcome(sanction=None)
    )


def test_a_mute_or_a_block_that_holds_somebody_back_is_told() -> None:
    town = Town(rules=RULES)
    town.moderator.join("g1", "amy", at=town.now)
    muted = town.moderator.mute("g1", "amy", by="lin", until=town.now + DAY)
    found = changes(town, town.say("amy", "hello"))
    assert [(change.kind, change.what) for change in found] == [("sanction-lifted", muted.fact.id)]
    block = town.moderator.block("g1", "bo", by="lin")
    found = changes(town, town.say("bo", "hello"))
    assert [(change.kind, change.what) for change in found] == [("block-lifted", block.fact.id)]


def test_a_restriction_that_a_link_passed_over_is_told() -> None:
    town = Town(rules=RULES)
    town.moderator.join("g1", "amy", at=town.now)
    held = town.moderator.restrict("g1", "amy", "no-links", by="lin", until=town.now + DAY)
    found = changes(town, town.say("amy", "see a.org"))
    assert [(change.kind, change.what) for change in found] == [("sanction-lifted", held.fact.id)]


def test_a_block_in_all_groups_of_an_owner_is_told() -> None:
    town = Town(rules=RULES)
    town.moderator.open_group("g1", at=town.now, owner="lin")
    block = town.moderator.block(None, "amy", by=None, owner="lin", at=town.now)
    found = changes(town, town.say("amy", "hello"))
    assert [(change.kind, change.what) for change in found] == [("block-lifted", block.fact.id)]


def test_the_least_threshold_of_a_label_would_have_been_enough() -> None:
    policy = {"kind": "labels", "id": "model", "labels": {"toxic": 0.5}}
    town = Town(rules=Rulebook.from_mapping({"ladder": {"rungs": RUNGS}, "policy": [policy]}))
    town.say("amy", "you fool", id="m1")
    verdict = town.moderator.classify("g1", "m1", {"toxic": 0.9}, author="amy", at=town.wait(MINUTE))
    (change,) = changes(town, verdict)
    assert (change.kind, change.what, change.was) == ("threshold", "model.labels.toxic", 0.5)
    assert change.value is not None
    spared = Rulebook.from_mapping({"policy": [{**policy, "labels": {"toxic": change.value}}]})
    again = Town(rules=spared)
    again.say("amy", "you fool", id="m1")
    assert not again.moderator.classify("g1", "m1", {"toxic": 0.9}, author="amy", at=again.wait(MINUTE)).verdicts


def test_of_a_message_that_came_too_soon_no_strike_is_to_blame() -> None:
    town = Town(rules=RULES)
    town.say("amy", AD)
    held = town.moderator.restrict("g1", "amy", "slow-mode", slow="1h", by="lin", until=town.now + DAY)
    town.say("amy", "one")
    deleted = town.say("amy", "two")
    assert [event.type for event in deleted.verdicts] == ["sanction-violated", "message-deleted"]
    assert [(change.kind, change.what) for change in changes(town, deleted)] == [("sanction-lifted", held.fact.id)]


def test_what_the_decider_would_refuse_is_not_said_to_be_appealable() -> None:
    town = Town(rules=RULES)
    warned = town.say("amy", AD)
    assert [each.kind for each in town.moderator.explain(warned.fact.id).appealable] == ["warn"]
    town.say("bo", "hello", after=31 * DAY)  # the strike has expired, and nothing stands on the warning
    assert town.moderator.explain(warned.fact.id).appealable == ()


def test_what_came_to_nothing_has_nothing_to_change() -> None:
    town = Town(rules=RULES)
    assert changes(town, town.say("amy", "hello")) == ()


@given(st.lists(st.tuples(st.sampled_from(("amy", "bo")), st.sampled_from((AD, "hey", "x" * 25))), max_size=12))
def test_each_change_leads_elsewhere_and_carried_out_it_leads_there(said: list[tuple[str, str]]) -> None:
    """A strike is voided by an appeal in a second town, where everything else is the same."""
    town = Town(rules=RULES)
    for author, text in said:
        verdict = town.say(author, text, after=MINUTE)
        for change in changes(town, verdict):
            assert change.outcome != outcome_of(verdict.verdicts)
            if change.kind == "strike-voided":
                assert change.outcome == _without(town, change.what, verdict)


def _without(town: Town, strike: str, verdict: Any) -> Outcome:
    """The same life up to *verdict*, with one strike taken back just before by hand."""
    from groupcore.decider import answer
    from groupcore.events import StrikeVoided, decode
    from groupcore.state import State, advance

    state = State()
    for row in town.store.read():
        event = decode(row).event
        if event.id == verdict.fact.id:
            break
        advance(state, event)
    void = StrikeVoided(at=verdict.fact.at, group="g1", cause="x", member=verdict.fact.author, strike=strike)
    advance(state, void)
    return outcome_of(answer(verdict.fact, state, RULES))


# --- looked up or scanned -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The same log in memory, where each row is looked at, and in SQLite, where rows are looked up."""
    path: Path = tmp_path_factory.mktemp("lives") / "log.db"
    with MemoryStore() as scanned, open_store(str(path)) as looked_up:
        whole_life(scanned)
        whole_life(looked_up)
        yield scanned, looked_up


def test_an_explanation_is_the_same_however_its_events_are_found(lives: tuple[Any, Any]) -> None:
    scanned, looked_up = lives
    for row in scanned.read():
        told = [explain(store, row.id).to_mapping() for store in lives]
        assert told[0] == told[1], row.id
    for who in ("amy", "bo", "cy", "dan", "eve"):
        assert explain(scanned, who, group="g1") == explain(looked_up, who, group="g1")


@given(st.sets(st.sampled_from(("amy", "bo", "cy", "dan", "eve", "nobody", "hello"))), st.sampled_from(("org", "g1")))
def test_what_is_looked_up_is_what_a_scan_finds(lives: tuple[Any, Any], who: Collection[str], home: str) -> None:
    scanned, looked_up = lives
    stream = home if home == "org" else f"group/{home}"
    expected: list[Row] = list(concerning(looked_up.read_stream(stream), who))
    assert list(looked_up.concerning(stream, who)) == expected
    assert [row.id for row in scanned.concerning(stream, who)] == [row.id for row in expected]
