"""An appeal in one group, and what stood on it in another: with an id or without, at once or after a crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from engine.town import Town
from groupcore import Moderator
from groupcore.clock import HOUR
from groupcore.commands import DecideAppeal
from groupcore.events import MemberUnblocked, Row, SanctionRecomputed, decode, fact_id
from groupcore.replay import replay, verify
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.stores import MemoryStore
from groupcore.stores.base import ANYTHING

AD = "加微信"
RULES = Rulebook.from_mapping(
    {
        "ladder": {"scope": "org", "rungs": [{"sanction": "warn"}, {"sanction": "mute", "for": "9d"}]},
        "policy": [{"kind": "keyword", "id": "ads", "words": [AD]}],
    }
)


def struck_twice() -> tuple[Town, str]:
    """amy was warned in g1 and, for that, muted in g2; the warning is under appeal."""
    town = Town(rules=RULES)
    for group in ("g1", "g2"):
        town.moderator.open_group(group, at=town.now, owner="lin")
    warned = town.say("amy", AD, group="g1").sanction
    town.say("amy", AD, group="g2")
    assert warned is not None
    assert town.moderator.standing("g2", "amy").muted
    town.moderator.appeal("g1", "amy", warned.id, at=town.wait(HOUR))
    return town, warned.id


@pytest.mark.parametrize("id", ["", "button-7"])
def test_what_stood_on_it_in_another_group_is_lifted_there(id: str) -> None:
    town, warned = struck_twice()
    wish = DecideAppeal(at=town.wait(HOUR), id=id, group="g1", sanction=warned, by="lin", outcome="overturned")
    decided, reviewed = town.moderator.execute(wish)
    assert (reviewed.fact.type, reviewed.fact.group) == ("standing-reviewed", "g2")
    assert reviewed.fact.because == decided.fact.id  # type: ignore[attr-defined]
    assert [event.now_kind for event in reviewed.verdicts if isinstance(event, SanctionRecomputed)] == ["warn"]
    assert not town.moderator.standing("g2", "amy").muted
    assert "import-conflict" not in {row.type for row in town.rows()}
    assert verify(town.rows()).clean


def test_a_review_that_was_cut_off_is_done_again_and_once() -> None:
    town, warned = struck_twice()
    moderator = town.moderator
    decided = moderator.decide_appeal("g1", warned, "overturned", by="lin", at=town.wait(HOUR), domino="list")
    assert moderator.standing("g2", "amy").muted
    again = moderator.review_standing("g2", "amy", decided.fact.id, by="lin", at=town.wait(HOUR))
    assert again.repeated
    other = moderator.review_standing("g2", "amy", "by hand", by="lin", at=town.wait(HOUR))
    assert [event.lifted for event in other.verdicts if isinstance(event, SanctionRecomputed)] == [True]
    assert not moderator.standing("g2", "amy").muted
    assert verify(town.rows()).clean


def test_an_overturned_ban_that_staff_ordered_opens_the_organisation_again() -> None:
    town, _ = struck_twice()
    moderator = town.moderator
    moderator.grant(None, "zoe", "staff", at=town.wait(1))
    banned = moderator.ban("g1", "amy", by="zoe", at=town.wait(HOUR)).fact.id
    assert moderator.standing("g2", "amy").blocked
    moderator.appeal("g1", "amy", banned, at=town.wait(HOUR))
    decided = moderator.decide_appeal("g1", banned, "overturned", by="lin", at=town.wait(HOUR))
    assert [event.scope for event in decided.verdicts if isinstance(event, MemberUnblocked)] == ["org"]
    assert not moderator.standing("g2", "amy").blocked
    assert all(decode(row).event for row in town.rows())
    assert verify(town.rows()).clean


# --- together or not at all ---------------------------------------------------------------------------------------


class Counting(MemoryStore):
    """A log that counts appends, and whose machine stops before the one of that number."""

    appends = 0
    stops_at: int | None = None

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        self.appends += 1
        if self.appends == self.stops_at:
            raise KeyboardInterrupt
        return super().append(drafts, expect)


def struck_everywhere(groups: int = 4, rules: Rulebook = RULES) -> tuple[Town, Counting, str]:
    """amy was warned in g1, and muted for that in all the others; the warning is under appeal."""
    store = Counting()
    town = Town(store, rules)
    names = [f"g{number}" for number in range(1, groups + 1)]
    for group in names:
        town.moderator.open_group(group, at=town.now, owner="lin")
    warned = town.say("amy", AD, group="g1").sanction
    assert warned is not None
    for group in names[1:]:
        town.say("amy", AD, group=group)
    town.moderator.appeal("g1", "amy", warned.id, at=town.wait(HOUR))
    store.appends = 0
    return town, store, warned.id


@pytest.mark.parametrize("id", ["", "button-7"])
def test_the_decision_and_all_reviews_are_one_append(id: str) -> None:
    town, store, warned = struck_everywhere()
    wish = DecideAppeal(at=town.wait(HOUR), id=id, group="g1", sanction=warned, by="lin", outcome="overturned")
    before = store.position
    found = town.moderator.execute(wish)
    assert store.appends == 1
    assert [verdict.fact.group for verdict in found] == ["g1", "g2", "g3", "g4"]
    rows = town.rows()[before:]
    assert [row.id for row in rows] == [event.id for verdict in found for event in verdict.events]
    assert verify(town.rows()).clean
    state = State()
    for row in town.rows():
        advance(state, decode(row).event)
    assert state == town.moderator.state
    again = [verdict for step in replay(store) for verdict in step.verdicts]
    assert [event.id for event in again] == [row.id for row in town.rows() if row.cause is not None]


def test_a_machine_that_stops_leaves_all_of_it_or_nothing() -> None:
    for stop in (1, 2):
        town, store, warned = struck_everywhere()
        store.stops_at = stop
        before = store.position
        try:
            town.moderator.decide_appeal("g1", warned, "overturned", by="lin", at=town.wait(HOUR))
        except KeyboardInterrupt:
            assert store.position == before
        found = [row.type for row in town.rows()[before:] if row.cause is None]
        assert found in ([], ["appeal-decided", *["standing-reviewed"] * 3])
        store.stops_at = None
        assert verify(town.rows()).clean


def test_a_review_that_is_on_record_already_is_not_made_twice() -> None:
    """The id of a decision is known beforehand: somebody may have looked again before it came."""
    town, store, warned = struck_everywhere(3)
    because = fact_id("", "g1", "appeal-decided", warned)
    early = town.moderator.review_standing("g2", "amy", because, by="lin", at=town.wait(HOUR))
    wish = DecideAppeal(at=town.wait(HOUR), group="g1", sanction=warned, by="lin", outcome="overturned")
    decided, again, fresh = town.moderator.execute(wish)
    assert (decided.repeated, again.repeated, fresh.repeated) == (False, True, False)
    assert again.fact.id == early.fact.id
    assert verify(store.read()).clean


def test_others_who_write_to_a_group_that_is_reviewed_are_seen() -> None:
    """The review of g2 is decided on what stands in g2, also where somebody was faster there."""
    town, store, warned = struck_everywhere(3)
    town.moderator.standing("g2", "amy")
    other = Moderator(store, clock=lambda: town.now)
    really = store.known

    def late(ids: Any) -> set[str]:
        store.known = really  # type: ignore[method-assign]
        other.lift("g2", "amy", "mute", by="lin", at=town.now)
        return really(ids)

    store.known = late  # type: ignore[method-assign]
    wish = DecideAppeal(at=town.wait(HOUR), group="g1", sanction=warned, by="lin", outcome="overturned")
    found = town.moderator.execute(wish)
    lifted = [
        verdict.fact.group for verdict in found if any(event.type == "sanction-voided" for event in verdict.verdicts)
    ]
    assert lifted == ["g1"]  # in g3, the strike of g2 is enough
    assert verify(store.read()).clean


def test_what_an_earlier_review_ends_in_the_organisation_a_later_one_sees() -> None:
    """A ban in g2 blocks everywhere; the review of g2 ends that block, once."""
    rungs = [{"sanction": "warn"}, {"sanction": "ban"}]
    rules = Rulebook.from_mapping(
        {"ladder": {"scope": "org", "rungs": rungs}, "policy": [{"kind": "keyword", "id": "ads", "words": [AD]}]}
    )
    town, _, warned = struck_everywhere(2, rules)
    assert town.moderator.standing("g3", "amy").blocked
    wish = DecideAppeal(at=town.wait(HOUR), group="g1", sanction=warned, by="lin", outcome="overturned")
    _, reviewed = town.moderator.execute(wish)
    assert [event.scope for event in reviewed.verdicts if isinstance(event, MemberUnblocked)] == ["org"]
    assert not town.moderator.standing("g3", "amy").blocked
    assert verify(town.rows()).clean


# --- strikes that say nothing beyond their group ------------------------------------------------------------------

NARROW = Rulebook.from_mapping(
    {
        "ladder": {"rungs": [{"sanction": "warn"}, {"sanction": "mute", "for": "9d"}]},
        "policy": [{"kind": "keyword", "id": "ads", "words": [AD]}],
    }
)


def narrowed() -> tuple[Town, str]:
    """amy was warned in g1 under a ladder of the organisation, and muted in g2 and g3 under one of each group."""
    before = Town(rules=RULES)
    for group in ("g1", "g2", "g3", "g4"):
        before.moderator.open_group(group, at=before.now, owner="lin")
    warned = before.say("amy", AD, group="g1").sanction
    assert warned is not None
    after = Town(before.store, NARROW, before.now + HOUR)
    for group in ("g2", "g3"):
        verdict = after.say("amy", AD, group=group, id=f"in-{group}").sanction
        assert verdict is not None
        assert verdict.type == "member-muted"
    after.say("bo", "hello", group="g4", id="in-g4")
    after.moderator.appeal("g1", "amy", warned.id, at=after.wait(HOUR))
    return after, warned.id


def test_groups_whose_own_ladder_counted_the_strike_are_reviewed_too() -> None:
    town, warned = narrowed()
    anew = Moderator(town.store, NARROW, clock=lambda: town.now, most_groups=1)  # it has read no group yet
    wish = DecideAppeal(at=town.wait(HOUR), group="g1", sanction=warned, by="lin", outcome="overturned")
    found = anew.execute(wish)
    assert [(verdict.fact.type, verdict.fact.group) for verdict in found] == [
        ("appeal-decided", "g1"),
        ("standing-reviewed", "g2"),
        ("standing-reviewed", "g3"),
    ]
    for group in ("g2", "g3"):
        assert not anew.standing(group, "amy").muted
    assert verify(town.rows()).clean


@pytest.mark.parametrize("outcome", ["upheld", "overturned"])
def test_no_other_group_is_read_where_no_ladder_of_one_counted_it(outcome: Any) -> None:
    town, warned = struck_twice()
    anew = Moderator(town.store, clock=lambda: town.now)
    anew.open_group("g9", at=town.wait(1))
    anew = Moderator(town.store, clock=lambda: town.now)
    anew.decide_appeal("g1", warned, outcome, by="lin", at=town.wait(HOUR))
    assert "g9" not in anew._desk.ledger.state.groups
