"""Taking in facts: the same twice, other content under one id, times ahead of the clock, what cannot be taken."""

from __future__ import annotations

from typing import Any

import pytest

from engine.town import ADS, RULES, SCAM, Town
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.engine import AHEAD, Moderator
from groupcore.errors import InputError
from groupcore.events import ImportConflict, MemberJoined, MemberLeft, MessagePosted, RulebookAdopted, decode, fact_id
from groupcore.messages import Message, Part
from groupcore.replay import verify
from groupcore.testing import START, adopted


@pytest.fixture
def town() -> Town:
    return Town()


def types(town: Town) -> list[str]:
    return [row.type for row in town.rows()]


# --- what a verdict is --------------------------------------------------------------------------------------------


def test_a_verdict_has_the_events_the_findings_the_sanction_and_the_actions(town: Town) -> None:
    verdict = town.say("amy", ADS, id="m1")
    assert verdict.fact.text == ADS  # type: ignore[attr-defined]
    assert verdict.events == (verdict.fact, *verdict.verdicts)
    assert [event.type for event in verdict.verdicts] == [
        "finding-recorded", "strike-recorded", "member-warned", "message-deleted"
    ]  # fmt: skip
    assert [(finding.rule, finding.spans) for finding in verdict.findings] == [("ads", ((0, 3),))]
    assert verdict.sanction is verdict.verdicts[2]
    assert [action.do for action in verdict.actions] == ["warn", "delete-message"]
    assert not verdict.repeated


def test_a_clean_message_has_no_findings_no_sanction_and_nothing_to_do(town: Town) -> None:
    verdict = town.say("amy")
    assert (verdict.verdicts, verdict.findings, verdict.sanction, verdict.actions) == ((), (), None, ())
    assert verdict.events == (verdict.fact,)


def test_what_is_returned_is_in_the_log(town: Town) -> None:
    verdict = town.say("amy", SCAM)
    assert tuple(decode(row).event for row in town.store.about(verdict.fact.id)) == verdict.events


def test_an_identity_is_source_group_type_and_message(town: Town) -> None:
    verdict = town.say("amy", id="m1", source="wecom:7")
    assert verdict.fact.id == fact_id("wecom:7", "g1", "message-posted", "m1")
    assert not town.say("amy", id="m1", source="wecom:8").repeated, "another feed, another message"
    assert not town.say("amy", id="m1", group="g2").repeated, "another group, another message"


# --- the same fact again ------------------------------------------------------------------------------------------


def test_the_same_message_again_gives_the_same_verdict_and_nothing_new(town: Town) -> None:
    first = town.say("amy", ADS, id="m1")
    length = town.store.position
    again = town.say("amy", ADS, id="m1", at=first.fact.at)
    assert again.repeated
    assert again.events == first.events
    assert again.actions == first.actions
    assert town.store.position == length


def test_the_verdict_that_was_given_is_given_again_whatever_came_between(town: Town) -> None:
    first = town.say("amy", ADS, id="m1")
    assert first.sanction is not None
    town.moderator.appeal("g1", "amy", first.sanction.id)
    town.moderator.decide_appeal("g1", first.sanction.id, "overturned", by="zoe")
    assert town.say("amy", ADS, id="m1").events == first.events


@pytest.mark.parametrize("tell", ["join", "leave", "rename", "revoke", "edit", "open_group", "grant"])
def test_every_kind_of_fact_is_taken_once(town: Town, tell: str) -> None:
    said: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
        "join": (("g1", "amy"), {"name": "Amy"}),
        "leave": (("g1", "amy"), {}),
        "rename": (("g1", "amy", "Amy"), {}),
        "revoke": (("g1", "m1"), {}),
        "edit": (("g1", "m1"), {"author": "amy", "text": ADS}),
        "open_group": (("g1",), {"owner": "lin"}),
        "grant": (("g1", "amy", "admin"), {}),
    }
    args, fields = said[tell]
    first = getattr(town.moderator, tell)(*args, at=START, **fields)
    again = getattr(town.moderator, tell)(*args, at=START, **fields)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.events == first.events


def test_other_content_under_the_same_id_is_put_on_record_once(town: Town) -> None:
    first = town.say("amy", "good morning", id="m1")
    for text in (ADS, ADS, "good evening"):
        again = town.say("amy", text, id="m1")
        assert again.repeated
        assert again.fact == first.fact, "the first one stands"
        assert again.verdicts == ()
    assert types(town) == ["rulebook-adopted", "message-posted", "import-conflict"]
    conflict = decode(town.rows()[-1])
    assert isinstance(conflict.event, ImportConflict)
    assert (conflict.event.fact, conflict.event.fields) == (first.fact.id, ("text",))
    assert conflict.judged is None
    assert verify(town.rows()).clean


def test_a_conflict_names_every_field_that_differs(town: Town) -> None:
    town.say("amy", "hello", id="m1")
    town.say("bo", "bye", id="m1", parts=[{"kind": "voice"}])
    conflict = decode(town.rows()[-1]).event
    assert isinstance(conflict, ImportConflict)
    assert conflict.fields == ("author", "parts", "text")


def test_what_json_makes_the_same_is_no_conflict(town: Town) -> None:
    """A tuple is a list once it is stored, and a key a string."""
    parts = [Part("image", {"qr": ("a", "b")}), Part("link", {"url": "https://example.com", "title": "lone \ud800"})]
    first = town.say("amy", "lone \ud800", id="m1", parts=parts)
    again = town.say("amy", "lone \ud800", id="m1", parts=parts)
    assert again.repeated
    assert again.events == first.events
    assert types(town) == ["rulebook-adopted", "message-posted"]


def test_an_erased_message_is_in_conflict_with_nothing() -> None:
    town = Town()
    town.say("amy", "hello", id="m1")
    rows = [row._replace(private=None, salt=None) if row.private else row for row in town.rows()]
    forgotten = Town()
    forgotten.store = type(town.store)()
    forgotten.store.append(rows)
    after = Town(forgotten.store, now=town.now)
    assert after.say("amy", "hello", id="m1").repeated
    assert types(after) == ["rulebook-adopted", "message-posted"]


# --- times --------------------------------------------------------------------------------------------------------


def test_a_time_that_lies_ahead_is_clamped_and_kept_beside(town: Town) -> None:
    fact = town.say("amy", at=town.now + MINUTE + AHEAD + 1, id="m1").fact
    assert (fact.at, fact.claimed_at) == (town.now, town.now + AHEAD + 1)
    again = town.say("amy", at=fact.claimed_at, id="m1", after=HOUR)
    assert again.repeated
    assert again.fact == fact
    assert types(town) == ["rulebook-adopted", "message-posted"]
    assert verify(town.rows()).clean


def test_a_time_that_lies_a_little_ahead_is_taken_as_it_is(town: Town) -> None:
    fact = town.say("amy", at=town.now + MINUTE + AHEAD).fact
    assert (fact.at, fact.claimed_at) == (town.now + AHEAD, None)


def test_clamping_keeps_a_wrong_clock_from_making_everything_late(town: Town) -> None:
    town.say("amy", at=town.now + 300 * DAY)
    assert [event.type for event in town.say("bo", ADS).verdicts][:2] == ["finding-recorded", "strike-recorded"]


def test_a_join_that_lies_ahead_is_the_same_join_when_it_is_told_again(town: Town) -> None:
    claimed = START + DAY
    first = town.moderator.join("g1", "amy", at=claimed)
    town.wait(HOUR)
    again = town.moderator.join("g1", "amy", at=claimed)
    assert again.repeated
    assert again.fact.at == first.fact.at == START


def test_times_are_taken_as_people_write_them(town: Town) -> None:
    fact = town.moderator.join("g1", "amy", at="2026-11-01T08:00:00Z").fact
    assert fact.at == START
    with pytest.raises(InputError, match="naive"):
        town.moderator.join("g1", "bo", at="2026-11-01T08:00:00")


# --- what cannot be taken -----------------------------------------------------------------------------------------


def test_a_rulebook_is_no_fact_to_record(town: Town) -> None:
    with pytest.raises(InputError, match="adopted by opening the log"):
        town.moderator.record(adopted(town.moderator.rules))


def test_a_fact_needs_a_place(town: Town) -> None:
    with pytest.raises(InputError, match="member-joined happens in a group"):
        town.moderator.record(MemberJoined(id="j", at=START, group=None, member="amy"))
    with pytest.raises(InputError, match="message-posted happens in a group"):
        town.moderator.record(MessagePosted(id="m", at=START, group=None, message="m", author="amy"))


def test_no_fact_takes_the_name_of_a_verdict(town: Town) -> None:
    """Else a later verdict would not find its place in the log."""
    with pytest.raises(InputError, match="no id of a fact"):
        town.moderator.record(MemberLeft(id="m/strike-recorded", at=START, group="g1", member="amy"))


@pytest.mark.parametrize(
    "parts",
    [
        [Part("link", {"url": "x", "size": 2**70})],
        [Part("unknown", {"deep": [[[[1.5]]]]})],
        [{"kind": "forwarded", "messages": [{"text": "加微信", "from": {"name": "\ud800"}}]}],
        [{"kind": "chess", "move": "e4"}],
    ],
)
def test_odd_parts_are_stored_and_read_again(town: Town, parts: Any) -> None:
    fact = town.say("amy", parts=parts).fact
    assert decode(town.rows()[-1]).event == fact
    Town(town.store).moderator.state.check()


def nested(depth: int) -> Any:
    value: Any = "end"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("value", [nested(100), nested(5000), b"bytes", float("nan"), float("inf"), {1, 2}])
def test_what_could_not_be_read_again_is_not_stored(town: Town, value: Any) -> None:
    with pytest.raises(InputError):
        town.say("amy", parts=[{"kind": "forwarded", "messages": [value]}])
    assert types(town) == ["rulebook-adopted"]
    assert not town.say("amy").repeated


def test_what_nests_as_deep_as_it_may_is_read_again(town: Town) -> None:
    fact = town.say("amy", parts=[{"kind": "unknown", "deep": nested(60)}]).fact
    assert decode(town.rows()[-1]).event == fact


def test_messages_of_any_text_are_taken(town: Town) -> None:
    for text in ("", "\0", "\ud800\udfff", "\u202e" * 500, "a" * 100_000, "加" * 50_000, "[" * 500, '{"a":' * 300):
        fact = town.say("amy", text).fact
        assert decode(town.rows()[-1]).event == fact
    assert verify(town.rows()).clean


def test_the_clock_of_the_engine_is_in_no_decision(town: Town) -> None:
    """Only how far ahead a fact may lie depends on it."""
    other = Town()
    for place in (town, other):
        place.say("amy", ADS)
        place.wait(HOUR if place is other else 300 * DAY)
        place.say("amy", ADS, at=START + HOUR, after=0)
    assert [row.data for row in town.rows()] == [row.data for row in other.rows()]


def test_a_message_is_what_the_contract_calls_a_message() -> None:
    message = Message(group="g1", author="amy", id="m3", at="2026-11-01T08:00:00Z", text="加V领红包 bit.ly/x")
    fact = Town().moderator.observe(message).fact
    assert isinstance(fact, MessagePosted)
    assert not isinstance(fact, RulebookAdopted)
    assert (fact.group, fact.author, fact.message, fact.at) == ("g1", "amy", "m3", START)


def test_what_is_no_rulebook_and_no_message_is_refused_with_what_to_give() -> None:
    with pytest.raises(InputError, match="load_rulebook"):
        Moderator.open("memory:", "rules.toml")  # type: ignore[arg-type]
    with Moderator.open("memory:", RULES) as moderator, pytest.raises(InputError, match="observe takes a Message"):
        moderator.observe("hello")  # type: ignore[arg-type]


@pytest.mark.parametrize("labels", [["toxic"], {"toxic": "very"}, "toxic", None, {"toxic": None}])
def test_labels_that_are_no_scores_are_refused(labels: Any) -> None:
    with Moderator.open("memory:", RULES) as moderator, pytest.raises(InputError, match="labels are scores by name"):
        moderator.classify("g1", "m1", labels, author="amy", at=START)
