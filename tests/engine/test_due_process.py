"""Due process at the engine: its methods, and that a log with all of it is verified, folded and replayed alike."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings

from groupcore import Message, Moderator
from groupcore.aio import AsyncModerator
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.errors import DecisionRefused
from groupcore.events import Fact, decode
from groupcore.messages import Part
from groupcore.replay import replay, verify
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.stores import MemoryStore
from groupcore.testing import START
from laws.test_due_process import lives, rulebooks

RULES = Rulebook.from_mapping(
    {
        "ladder": {
            "rungs": [
                {"sanction": "notice"},
                {"sanction": "restrict", "for": "1d", "restrict": ["no-links"]},
                {"sanction": "ban"},
            ],
            "aggravators": {"minor-victim": 1},
            "scope": "org",
        },
        "blocks_follow_links": True,
        "renew_mutes": True,
        "policy": [
            {"kind": "keyword", "id": "ads", "words": ["buy"]},
            {"kind": "link", "id": "links", "deny": ["spam.com"]},
            {"kind": "labels", "id": "toxic", "labels": {"toxic": 0.5}},
        ],
    }
)


def court(store: MemoryStore, rules: Rulebook = RULES) -> Moderator:
    return Moderator(store, rules, clock=lambda: START + 400 * DAY, salt=lambda: "ab")


def say(author: str, text: str, at: int, group: str = "g1", **more: Any) -> Message:
    return Message(group=group, author=author, id=f"{author}{at}", at=START + at, text=text, **more)


def deeds(verdict: Any) -> list[str]:
    return [action.do for action in verdict.actions]


def test_staff_has_a_method_for_each_sanction() -> None:
    with court(MemoryStore()) as moderator:
        moderator.observe(say("amy", "hi", 0))
        assert deeds(moderator.notify("g1", "amy", by="lin", at=START + 1)) == ["notify"]
        end = START + HOUR
        held = moderator.restrict("g1", "amy", "no-links", "slow-mode", slow="30s", by="lin", until=end, at=START + 2)
        (action,) = held.actions
        assert (action.do, action.restrictions, action.slow) == ("restrict", ("no-links", "slow-mode"), 30_000_000)
        assert action.until == end
        assert moderator.standing("g1", "amy", START + MINUTE).restrictions == {"no-links", "slow-mode"}
        (told,) = moderator.advance(START + 2 * HOUR)
        assert deeds(told) == ["unrestrict"]
        assert deeds(moderator.ban("g1", "amy", by="lin", at=START + 3 * HOUR)) == ["kick", "block"]
        assert moderator.standing("g2", "amy", START + 4 * HOUR).blocked


def test_a_lifted_restriction_is_undone_on_the_platform() -> None:
    with court(MemoryStore()) as moderator:
        moderator.observe(say("amy", "hi", 0))
        moderator.restrict("g1", "amy", "no-media", by="lin", at=START + 2)
        assert deeds(moderator.lift("g1", "amy", "restrict", by="lin", at=START + 3)) == ["unrestrict"]
        with pytest.raises(DecisionRefused, match="nothing of the kind 'restrict'"):
            moderator.lift("g1", "amy", "restrict", by="lin", at=START + 4)


def test_what_staff_knows_is_noted_and_taken_back() -> None:
    with court(MemoryStore()) as moderator:
        at = START
        moderator.link_identities("amy", "amy2", by="lin", at=at)
        moderator.note_aggravation("g1", "amy", "minor-victim", by="lin", at=at, until=START + DAY)
        moderator.exempt("g1", "person", "amy", by="lin", at=at, until=START + HOUR)
        moderator.exempt(None, "domain", "SPAM.com", by="lin", at=at)
        moderator.label(None, "amy", "regular", by="lin", at=at)
        standing = moderator.standing("g1", "amy", at)
        assert standing.linked == ("amy2",)
        assert standing.aggravations == {"minor-victim"}
        assert (standing.exempt, standing.exempt_until) == (True, START + HOUR)
        assert standing.labels == {"regular"}
        moderator.unlink_identities("amy2", "amy", by="lin", at=at + 1)
        moderator.withdraw_aggravation("g1", "amy", "minor-victim", by="lin", at=at + 1)
        moderator.end_exemption("g1", "person", "amy", by="lin", at=at + 1)
        moderator.end_exemption(None, "domain", "spam.com", by="lin", at=at + 1)
        moderator.remove_label(None, "amy", "regular", by="lin", at=at + 1)
        standing = moderator.standing("g1", "amy", at + 1)
        assert (standing.linked, standing.exempt) == ((), False)
        assert standing.aggravations == standing.labels == frozenset()


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (lambda it: it.link_identities("amy", "amy", at=START), "one account"),
        (lambda it: it.unlink_identities("amy", "bo", at=START), "are not linked"),
        (lambda it: it.note_aggravation("g1", "amy", "a b", at=START), "cannot be a factor"),
        (lambda it: it.note_aggravation("g1", "amy", "x", at=START, until=START), "end before it begins"),
        (lambda it: it.withdraw_aggravation("g1", "amy", "x", at=START), "no x was noted"),
        (lambda it: it.exempt("g1", "person", "lin", by="lin", at=START), "cannot exempt themselves"),
        (lambda it: it.exempt("g1", "domain", "https://a.com", at=START), "is no domain"),
        (lambda it: it.exempt("g1", "mini-program", "", at=START), "name the mini-program"),
        (lambda it: it.exempt("g1", "person", "amy", at=START, until=START + 2000 * 365 * DAY), "thousand years"),
        (lambda it: it.end_exemption("g1", "domain", "a.com", at=START), "is not exempt"),
        (lambda it: it.label("g1", "amy", " ", at=START), "needs a name"),
        (lambda it: it.remove_label("g1", "amy", "x", at=START), "has no label"),
        (lambda it: it.block("g1", "amy", owner="lin", at=START), "not both"),
        (lambda it: it.unblock(None, "amy", owner="lin", at=START), "the groups of lin"),
    ],
)
def test_what_makes_no_sense_is_refused(wish: Any, told: str) -> None:
    with court(MemoryStore()) as moderator, pytest.raises(DecisionRefused, match=told):
        wish(moderator)


def test_a_block_in_the_groups_of_an_owner() -> None:
    with court(MemoryStore()) as moderator:
        moderator.open_group("g1", owner="lin", at=START)
        moderator.open_group("g2", owner="zoe", at=START)
        (action,) = moderator.block(None, "amy", owner="lin", by="lin", at=START).actions
        assert (action.scope, action.owner) == ("owner", "lin")
        assert [moderator.standing(group, "amy", START).blocked for group in ("g1", "g2")] == [True, False]
        moderator.unblock(None, "amy", owner="lin", by="lin", at=START + 1)
        assert not moderator.standing("g1", "amy", START + 1).blocked


def test_bots_tell_what_classifiers_say_and_what_a_platform_cannot_do() -> None:
    with court(MemoryStore()) as moderator:
        moderator.observe(say("amy", "hi", 0))
        found = moderator.classify("g1", "amy0", {"toxic": 1}, author="amy", at=START + 1, model="m-1")
        assert [finding.rule for finding in found.findings] == ["toxic"]
        mute = moderator.mute("g1", "amy", by="lin", at=START + 2)
        moderator.report_action(mute.actions[0].key, "not-enforceable", group="g1", at=START + 3)
        assert "sanction-violated" in [event.type for event in moderator.observe(say("amy", "ho", 5)).events]
        renewed = moderator.join("g1", "amy", at=START + 6)
        moderator.report_action(renewed.actions[0].key, "not-enforceable", at=START + 7)
        assert deeds(renewed) == ["mute"]


def test_the_same_awaits() -> None:
    async def life() -> list[str]:
        async with AsyncModerator(court(MemoryStore())) as moderator:
            await moderator.observe(say("amy", "hi", 0))
            await moderator.exempt("g1", "person", "amy", at=START)
            return deeds(await moderator.restrict("g1", "amy", "no-links", by="lin", at=START + 1))

    assert asyncio.run(life()) == ["restrict"]


def test_what_an_erased_message_broke_and_was_excused_for_is_verified() -> None:
    store = MemoryStore()
    with court(store) as moderator:
        moderator.observe(say("amy", "hi", 0))
        moderator.restrict("g1", "amy", "no-links", "no-media", by="lin", at=START + 2)
        moderator.exempt(None, "domain", "spam.com", at=START + 3)
        broken = moderator.observe(say("amy", "see spam.com", MINUTE, parts=(Part.of({"kind": "image"}),)))
        assert broken.findings[0].excused
        assert any(event.type == "sanction-violated" for event in broken.events)
        moderator.observe(say("amy", "fine", 2 * MINUTE))
        moderator.erase_person("amy", at=START + HOUR)
        report = verify(store.read())
        assert report.divergence is None
        assert report.not_reread > 0


@given(rulebooks(), lives(25))
@settings(max_examples=25, deadline=None)
def test_a_log_of_any_life_is_clean_and_the_live_state_is_its_fold_and_its_replay(
    rules: Rulebook, facts: list[Fact]
) -> None:
    store = MemoryStore()
    with court(store, rules) as moderator:
        for fact in facts:
            moderator.record(fact)
        state = moderator.state
        assert verify(store.read()).divergence is None
        folded = State()
        for row in store.read():
            advance(folded, decode(row).event)
        assert folded.org == state.org
        assert {id: folded.groups.get(id) for id in state.groups} == {id: state.groups[id] for id in state.groups}
        again = [verdict for step in replay(store) for verdict in step.verdicts]
        assert again == [decode(row).event for row in store.read() if row.cause]
