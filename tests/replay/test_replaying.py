"""Replay: the same facts under the same rules give the same verdicts, in whatever store, and wherever one stops."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.town import ADS, BLIND, RULES, SCAM, WIDER, Town, whole_life
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.engine import Moderator
from groupcore.errors import CorruptLog, InputError, StoreError
from groupcore.events import Fact, Recorded, Row, VerdictEvent, decode, encode, to_wire
from groupcore.replay import Run, Step, first_rulebook, replay, replay_into, steps, verify
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.testing import START, ordered, posted
from groupcore.testing.strategies import communities, rulebooks
from groupcore.wire import dumps
from replay.forging import first, replaced, resealed, said

LIFE = whole_life(MemoryStore()).rows()
HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules, max_size=20)))
History = tuple[Rulebook, list[Fact]]


def stored(rows: Iterable[Row]) -> MemoryStore:
    store = MemoryStore()
    store.append(list(rows))
    return store


def imported(facts: Iterable[Fact]) -> MemoryStore:
    return stored(encode(fact, recorded_at=START, salt="ab") for fact in facts)


def written(taken: Iterable[Step]) -> list[bytes]:
    """The verdicts of a replay, as the command line prints them."""
    return [dumps(to_wire(verdict)) for step in taken for verdict in step.verdicts]


def recorded(rows: Iterable[Row]) -> list[bytes]:
    events = [decode(row).event for row in rows]
    return [dumps(to_wire(event)) for event in events if isinstance(event, VerdictEvent)]


def copied(run: Run, rows: Iterable[Row], out: Store | None = None) -> list[Row]:
    """What a replay writes down."""
    out = out or MemoryStore()
    for _ in replay_into(out, run, rows):
        pass
    return list(out.read())


# --- the same again -----------------------------------------------------------------------------------------------


def test_what_was_judged_live_is_judged_the_same_in_a_replay() -> None:
    """The empty difference of "what if nothing had changed", over a log with every type of event."""
    assert written(replay(stored(LIFE))) == recorded(LIFE)


@settings(max_examples=40)
@given(HISTORIES)
def test_a_log_written_live_has_no_difference_to_its_replay(history: History) -> None:
    rules, facts = history
    store = MemoryStore()
    with Moderator(store, rules, clock=lambda: START + 1000 * DAY, salt=lambda: "ab") as live:
        for fact in facts:
            live.record(fact)
        rows = list(store.read())
    assert written(replay(stored(rows))) == recorded(rows)
    assert written(replay(stored(rows), rules)) == recorded(rows)
    assert verify(rows).clean


@settings(max_examples=25)
@given(HISTORIES)
def test_a_replay_of_an_import_is_written_down_clean_and_replays_to_itself(history: History) -> None:
    rules, facts = history
    once = copied(Run(rules, fixed=True), imported(facts).read())
    report = verify(once)
    assert report.clean, report.divergence
    assert report.judged == len(facts)
    assert copied(Run(rules), once) == once
    assert copied(Run(rules, fixed=True), once) == once
    assert written(replay(stored(once), otherwise=rules)) == recorded(once) == written(replay(imported(facts), rules))


def test_a_replay_of_a_life_is_written_down_as_it_was_lived() -> None:
    """Row for row: positions, salts, times of recording; only the import conflict is judged now, and it was not."""
    again = copied(Run(RULES), LIFE)
    conflict = first(LIFE, "import-conflict")
    expected = LIFE[conflict]._replace(judged=RULES.digest)
    assert again == resealed(replaced(LIFE, conflict, expected))
    assert verify(again).clean
    assert copied(Run(RULES), again) == again


@settings(max_examples=25)
@given(HISTORIES, st.data())
def test_a_run_that_stops_and_goes_on_ends_as_one_that_never_stopped(history: History, data: st.DataObject) -> None:
    rules, facts = history
    rows = list(imported(facts).read())
    cut = data.draw(st.integers(0, len(rows)))
    whole, run = Run(rules, fixed=True), Run(rules, fixed=True)
    verdicts = written(steps(whole, rows))
    before = written(steps(run, rows[:cut]))
    resumed = copy.deepcopy(run)
    assert before + written(steps(resumed, rows[cut:])) == verdicts
    assert before + written(steps(run, rows[cut:])) == verdicts
    assert whole.state == resumed.state == run.state
    whole.state.check()


@settings(max_examples=25)
@given(HISTORIES)
def test_groups_replayed_apart_give_their_own_verdicts_where_no_block_reaches_further(history: History) -> None:
    rules, facts = history
    if any(rung.block == "org" for rung in rules.ladder.rungs):
        return
    whole = list(replay(imported(facts), rules))
    for group in {fact.group for fact in facts if fact.group is not None}:
        part = [fact for fact in facts if fact.group in (group, None)]
        apart = [step for step in replay(imported(part), rules) if step.fact.group == group]
        assert written(apart) == written(step for step in whole if step.fact.group == group)


@pytest.mark.parametrize("name", ["log.db", "log.jsonl"])
def test_every_store_gives_the_same_rows_and_the_same_verdicts(tmp_path: Path, name: str) -> None:
    with open_store(str(tmp_path / name)) as store:
        assert whole_life(store).rows() == LIFE
    with open_store(str(tmp_path / name)) as store, open_store(str(tmp_path / f"again-{name}")) as out:
        assert written(replay(store)) == recorded(LIFE)
        assert copied(Run(RULES), store.read(), out) == copied(Run(RULES), LIFE)
        assert verify(out.read()).clean


# --- which rules --------------------------------------------------------------------------------------------------


def test_the_rulebooks_of_the_log_judge_each_from_where_it_was_adopted() -> None:
    store = stored(LIFE)
    assert first_rulebook(store) == RULES
    adoptions = [step.position for step in _steps_of(store) if step.event.type == "rulebook-adopted"]
    assert len(adoptions) == 1, "the first is in force before everything else, and no news"
    assert any(b'"scope":"org"' in line for line in written(replay(store)))


def _steps_of(store: Store) -> list[Recorded]:
    return [step.recorded for step in replay(store)]


def test_other_rules_judge_everything_when_they_are_named() -> None:
    assert written(replay(stored(LIFE), BLIND)) != recorded(LIFE)
    assert not any(b"finding" in line for line in written(replay(stored(LIFE), BLIND)))
    out = copied(Run(BLIND, fixed=True), LIFE)
    assert [row.type for row in out].count("rulebook-adopted") == 1
    report = verify(out)
    assert report.clean, report.divergence


def test_a_log_without_rules_is_judged_by_those_that_are_named_otherwise() -> None:
    store = imported([posted("amy", ADS)])
    assert len(list(replay(store, otherwise=RULES))) == 1
    with pytest.raises(InputError, match="holds no rulebook; name one"):
        list(replay(store))


def test_rules_that_came_late_judge_what_was_imported_before_them() -> None:
    store = imported([posted("amy", ADS)])
    late = Town(store, RULES, START + DAY)
    late.say("amy", ADS)
    assert recorded(late.rows()) != written(replay(store)), "live, the import was judged by nobody"
    out = copied(Run(RULES), store.read())
    assert [row.type for row in out].count("rulebook-adopted") == 1
    report = verify(out)
    assert report.clean, report.divergence
    assert '"strikes":2' in str(out[-1].data) or any(b'"strikes":2' in row.data for row in out)


def test_rules_adopted_back_and_forth_are_in_force_back_and_forth() -> None:
    store = MemoryStore()
    for number, rules in enumerate((RULES, BLIND, RULES)):
        town = Town(store, rules, START + number * HOUR)
        town.say("amy", ADS, id=f"m{number}")
    rows = list(store.read())
    assert verify(rows).clean
    assert written(replay(store)) == recorded(rows)
    assert copied(Run(RULES), rows) == rows


def test_a_replay_reads_with_our_reader_and_says_so() -> None:
    """The log says that another version read it. What we decide anew, we read."""
    foreign = resealed(replaced(LIFE, 0, said(LIFE[0], reader="another")))
    out = copied(Run(RULES), foreign)
    report = verify(out)
    assert report.clean
    assert report.not_reread == 0


# --- what people did, and what was only an echo -------------------------------------------------------------------


def test_the_echo_of_a_kick_that_did_not_happen_is_ignored() -> None:
    town = Town()
    kicked = town.say("amy", SCAM)
    assert kicked.sanction is not None
    town.moderator.leave("g1", "amy", at=town.wait(MINUTE), effect_of=kicked.sanction.id)
    same, other = Run(RULES), Run(BLIND, fixed=True)
    assert [step.fact.type for step in steps(same, town.rows())] == ["message-posted", "member-left"]
    assert [step.fact.type for step in steps(other, town.rows())] == ["message-posted"]
    assert (same.ignored, other.ignored) == (0, 1)
    member = other.state.standing("g1", "amy")
    assert member is not None
    assert member.present


@pytest.mark.parametrize("deed", ["kick", "block"])
def test_the_echo_of_any_action_that_removes_somebody_is_known(deed: str) -> None:
    town = Town()
    key = next(action.key for action in town.say("amy", SCAM).actions if action.do == deed)
    town.moderator.remove("g1", "amy", at=town.wait(MINUTE), by="the bot", effect_of=key)
    run = Run(RULES)
    assert len(list(steps(run, town.rows()))) == 2
    assert run.ignored == 0


def test_the_echo_of_what_staff_ordered_is_kept_under_any_rules() -> None:
    """The order is a fact and happens in every replay; so does the leave it led to."""
    town = Town()
    town.say("amy")
    order = town.moderator.kick("g1", "amy", by="lin")
    town.moderator.leave("g1", "amy", at=town.wait(MINUTE), effect_of=order.actions[0].key)
    for run in (Run(RULES), Run(BLIND, fixed=True)):
        assert len(list(steps(run, town.rows()))) == 3
        assert run.ignored == 0


def test_an_appeal_against_a_sanction_that_never_was_takes_nothing_back() -> None:
    without_dan = [step for step in replay(stored(LIFE), BLIND) if step.fact.type == "appeal-decided"]
    assert len(without_dan) == 1
    assert without_dan[0].verdicts == ()


def test_a_removal_by_a_person_is_kept() -> None:
    facts = [posted("amy", "hello"), ordered("amy", "kick", at="1m")]
    run = Run(BLIND, fixed=True)
    assert len(list(steps(run, imported(facts).read()))) == 2
    assert [sanction.kind for sanction in run.state.group("g1").member("amy").sanctions] == ["kick"]


# --- odd logs -----------------------------------------------------------------------------------------------------


def test_events_of_newer_versions_are_skipped_and_counted() -> None:
    index = first(LIFE, "message-posted")
    vote = LIFE[index]._replace(type="vote-cast", id="v" * 32, private=None, private_digest=None, salt=None)
    rows = resealed([*LIFE[:index], vote, *LIFE[index:]])
    run = Run(RULES)
    assert written(steps(run, rows)) == recorded(LIFE)
    assert run.skipped == 1
    assert "vote-cast" not in {row.type for row in copied(Run(RULES), rows)}


def test_a_damaged_event_is_named() -> None:
    index = first(LIFE, "message-posted")
    rows = replaced(LIFE, index, LIFE[index]._replace(data=b'{"message":'))
    with pytest.raises(CorruptLog, match=f"event {index + 1}: message-posted cannot be read"):
        list(steps(Run(RULES), rows))


def test_late_facts_lead_to_findings_alone() -> None:
    facts = [posted("amy", at="2h"), posted("amy", ADS, at="1h"), posted("amy", ADS, at="2h", message="on time")]
    late, on_time = [step.verdicts for step in replay(imported(facts), RULES)][1:]
    assert [event.type for event in late] == ["finding-recorded"]
    assert [event.type for event in on_time][:3] == ["finding-recorded", "strike-recorded", "member-warned"]


def test_a_coarse_clock_makes_rules_abstain_once() -> None:
    facts = [posted("amy", at=f"{minute}m", resolution="min", message=f"m{minute}") for minute in range(1, 9)]
    assert [line for line in written(replay(imported(facts), RULES)) if b"abstained" in line] == [
        dumps(to_wire(event)) for event in next(iter(replay(imported(facts), RULES))).verdicts
    ]


def test_what_holds_something_already_is_not_written_into() -> None:
    with pytest.raises(StoreError, match="holds 81 events already; name a new one"):
        copied(Run(RULES), LIFE, stored(LIFE))


def test_a_replay_of_nothing_is_nothing() -> None:
    assert copied(Run(RULES), []) == []
    assert verify(copied(Run(WIDER), imported([posted("amy")]).read())).facts == 2


def test_a_replay_leaves_the_log_as_it_is() -> None:
    store = stored(LIFE)
    rows: Sequence[Row] = list(store.read())
    written(replay(store))
    copied(Run(BLIND, fixed=True), store.read())
    assert list(store.read()) == rows
