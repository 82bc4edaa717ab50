"""The testing kit itself: failures that say what differs, words for scenes, strategies, the model catching mistakes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from hypothesis import Phase, find, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.stateful import run_state_machine_as_test

from groupcore.clock import DAY, MINUTE, SECOND
from groupcore.commands import LiftSanction, UnblockPerson
from groupcore.decider import observe
from groupcore.events import (
    Fact,
    FindingRecorded,
    MemberKicked,
    MemberWarned,
    MessageDeleted,
    StrikeRecorded,
    VerdictEvent,
)
from groupcore.ladder import Ladder
from groupcore.messages import Message, Part
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.stores import Store, open_store
from groupcore.testing import (
    START,
    NaiveModerator,
    _hypothesis,
    adopted,
    given,
    granted,
    joined,
    like,
    moment,
    ordered,
    posted,
    strategies,
)
from groupcore.testing.machine import PROCESS_RULES, ModeratorMachine, ProcessMachine
from groupcore.testing.model import comparable
from groupcore.testing.process import NaiveProcess

RULES = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "ads", "words": ["加微信"]}]})
AD = posted("amy", "加微信")


# --- stories --------------------------------------------------------------------------------------------------------


def test_a_verdict_may_be_expected_whole_by_class_or_by_some_fields() -> None:
    outcome = given(rules=RULES).when(AD)
    outcome.then(outcome.verdicts[0], StrikeRecorded, like(MemberWarned, member="amy", strikes=1))


def test_a_failure_shows_what_was_expected_and_what_was_found() -> None:
    with pytest.raises(AssertionError) as failure:
        given(rules=RULES).when(AD).then(FindingRecorded, StrikeRecorded, like(MemberKicked, member="amy"))
    lines = str(failure.value).splitlines()
    assert lines[0] == "expected these verdicts (-), found (+):"
    assert [line[0] for line in lines[1:]] == [" ", " ", "-", "+"]
    assert lines[3] == "- member-kicked member='amy'"
    assert '"type":"member-warned"' in lines[4]


@pytest.mark.parametrize("expected", [(), (FindingRecorded,), (StrikeRecorded, FindingRecorded, MemberWarned)])
def test_then_wants_all_verdicts_and_their_order(expected: tuple[type[VerdictEvent], ...]) -> None:
    with pytest.raises(AssertionError, match="expected these verdicts"):
        given(rules=RULES).when(AD).then(*expected)


def test_then_some_allows_others_between_but_keeps_the_order() -> None:
    outcome = given(rules=RULES).when(AD).then_some(FindingRecorded, MemberWarned)
    with pytest.raises(AssertionError, match="among others"):
        outcome.then_some(MemberWarned, FindingRecorded)


def test_then_no_finds_what_should_not_be() -> None:
    outcome = given(rules=RULES).when(AD).then_no(MessageDeleted)
    with pytest.raises(AssertionError, match="none of these"):
        outcome.then_no(like(MemberWarned, member="amy"))


def test_then_nothing_shows_what_followed() -> None:
    with pytest.raises(AssertionError, match="member-warned"):
        given(rules=RULES).when(AD).then_nothing()


def test_a_refusal_is_an_outcome() -> None:
    wish = UnblockPerson(at=START, group="g1", person="amy")
    outcome = given(joined("amy"), rules=RULES).when(wish).then_refused("blocklist")
    with pytest.raises(AssertionError, match="for 'moon'"):
        outcome.then_refused("moon")
    with pytest.raises(AssertionError, match="was refused"):
        outcome.then_nothing()
    with pytest.raises(AssertionError, match="carried out"):
        given(rules=RULES).when(AD).then_refused()


def test_like_knows_the_fields_of_a_verdict() -> None:
    with pytest.raises(TypeError, match="MemberWarned has no field membr"):
        like(MemberWarned, membr="amy")


def test_a_verdict_that_was_given_is_taken_as_it_is() -> None:
    warned = given(rules=RULES).when(AD).verdicts
    story = given(joined("bo"), *warned, rules=RULES)
    story.when(posted("amy", "加微信", at="1m")).then_some(like(StrikeRecorded, strikes=2))


def test_a_story_goes_on_after_it_was_checked() -> None:
    given(rules=RULES).when(AD).then_some(MemberWarned).when(posted("amy", "加微信", at="1m")).then_some(
        like(MemberWarned, strikes=2)
    )


# --- scenes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "micros"),
    [
        (0, START),
        (5, START + 5),
        ("1m", START + MINUTE),
        ("-1d", START - DAY),
        ("2026-11-01T08:00:01Z", START + SECOND),
    ],
)
def test_times_in_a_scene(at: int | str, micros: int) -> None:
    assert moment(at) == micros


# --- strategies -----------------------------------------------------------------------------------------------------


@for_all(st.data())
@settings(max_examples=20)
@pytest.mark.parametrize("cls", [Message, Part, Fact, VerdictEvent, Rulebook, Ladder])
def test_hypothesis_knows_our_types(cls: type, data: st.DataObject) -> None:
    _hypothesis.setup()
    assert isinstance(data.draw(st.from_type(cls)), cls)


@for_all(strategies.communities())
@settings(max_examples=50)
def test_no_fact_comes_twice_in_a_community(facts: list[Fact]) -> None:
    assert len({fact.id for fact in facts}) == len(facts)


@for_all(strategies.communities(orderly=True))
@settings(max_examples=30)
def test_time_runs_forward_in_an_orderly_community(facts: list[Fact]) -> None:
    times = [fact.at for fact in facts]
    assert times == sorted(times)


SEARCH = settings(max_examples=500, database=None, derandomize=True, deadline=None)
OUT = Rulebook.from_mapping({**RULES.to_mapping(), "ladder": {"rungs": [{"sanction": "warn"}, {"sanction": "kick"}]}})


def test_trouble_in_a_community_shrinks_to_the_messages_that_it_takes() -> None:
    def kicks(facts: list[Fact]) -> bool:
        return any(isinstance(verdict, MemberKicked) for verdict in verdicts(OUT, facts))

    assert len(find(strategies.communities(OUT, max_size=6), kicks, settings=SEARCH)) == 2


def verdicts(rules: Rulebook, facts: list[Fact]) -> list[VerdictEvent]:
    state = State()
    advance(state, adopted(rules))
    return [verdict for fact in facts for verdict in observe(fact, state, rules)]


# --- the model ------------------------------------------------------------------------------------------------------


def test_the_model_answers_a_fact_once() -> None:
    model = NaiveModerator(RULES)
    first = model.answer(AD)
    assert [line["type"] for line in first] == ["finding-recorded", "strike-recorded", "member-warned"]
    assert model.answer(AD) == first
    assert len(model.history.log) == 4


def test_the_model_catches_a_decider_that_forgot_a_rung() -> None:
    def differ(facts: list[Fact]) -> bool:
        model = NaiveModerator(OUT)
        expected = [line for fact in facts for line in comparable(model.answer(fact), OUT)]
        return comparable(verdicts(RULES, facts), RULES) != expected

    assert len(find(strategies.communities(OUT, max_size=6), differ, settings=SEARCH)) == 2


def test_the_model_agrees_that_a_clean_community_is_clean() -> None:
    model = NaiveModerator(RULES)
    assert model.answer(joined("amy")) == []
    assert model.answer(posted("amy", "大家好")) == []
    assert model.answer(ordered("amy", "mute")) == []
    assert [line["type"] for line in model.answer(posted("amy", "大家好", at="1m"))] == ["message-deleted"]


# --- the machine ----------------------------------------------------------------------------------------------------


def test_the_model_says_why_a_wish_is_refused() -> None:
    model = NaiveProcess(RULES)
    for fact in (granted("bo", "admin"), joined("amy"), ordered("amy", "mute", by="bo")):
        model.answer(fact)
    wish = LiftSanction(at=START, group="g1", member="amy", sanction="mute", by="amy")
    assert model.objections(wish) == {"no-power", "own-sanction"}
    assert model.objections(attrs.evolve(wish, by="bo")) == set()
    assert model.objections(attrs.evolve(wish, by="bo", sanction="kick")) == {"unknown"}


FAULTS: dict[str, tuple[str, object]] = {
    "nobody is asked for their power": ("groupcore.deciding.staff.require", lambda *_: None),
    "a void strike counts": ("groupcore.state.sanction.Strike.is_live", lambda self, at: not self.is_over(at)),
    "the blocked may come back": ("groupcore.deciding.naming.kick_of_the_blocked", lambda *_: []),
    "what stood on a void strike stands": ("groupcore.deciding.appeals.recompute", lambda *_: ()),
}
QUICK = 2  # so many are found within a few examples; the others are looked for at length


@pytest.mark.parametrize(
    "fault", [*list(FAULTS)[:QUICK], *(pytest.param(each, marks=pytest.mark.soak) for each in list(FAULTS)[QUICK:])]
)
def test_the_machine_catches_an_engine_in_which(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    generating = settings(SEARCH, max_examples=400, stateful_step_count=40, phases=[Phase.generate])
    with pytest.raises(AssertionError):
        run_state_machine_as_test(ProcessMachine, settings=generating)


def test_a_machine_opens_its_store_again_and_again() -> None:
    opened: list[str] = []

    class Kept(ModeratorMachine):
        def open_store(self) -> Store:
            opened.append(self.room)
            return open_store(f"{self.room}/log.jsonl")

    machine = Kept()
    machine.begin(told=True, come=False)
    machine.say("amy", "g1", text="buy now")
    machine.open_again(PROCESS_RULES, snapshot_every=1)
    machine.teardown()
    assert opened == [machine.room] * 2
    assert not Path(machine.room).exists()


def test_stories_need_no_hypothesis() -> None:
    code = "import sys; sys.modules['hypothesis'] = None; from groupcore.testing import given, like, posted"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_nothing_is_found_where_nothing_can_be() -> None:
    with pytest.raises(NoSuchExample):
        find(strategies.communities(RULES, max_size=0), bool, settings=settings(SEARCH, max_examples=10))
