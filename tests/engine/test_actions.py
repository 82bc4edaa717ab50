"""Actions: for every event that a platform must do something about, and for no other."""

from __future__ import annotations

import attrs
import pytest

from engine.process import in_court
from engine.town import whole_life
from groupcore.actions import Action, actions_for
from groupcore.events import Event, decode, event_types
from groupcore.stores import MemoryStore
from groupcore.testing import START, blocked, lifted, ordered, unblocked

EVENTS = [decode(row).event for life in (whole_life, in_court) for row in life(MemoryStore()).rows()]

DEEDS = {
    "message-deleted": ["delete-message"],
    "member-warned": ["warn"],
    "member-muted": ["mute"],
    "member-kicked": ["kick"],
    "member-blocked": ["block"],
    "member-unblocked": ["unblock"],
    "member-unmuted": ["unmute"],
    "statement-posted": ["say"],
    "person-blocked": ["block"],
    "person-unblocked": ["unblock"],
    "sanction-ordered": ["mute"],
    "sanction-lifted": ["unmute"],
    "member-notified": ["notify"],
    "member-restricted": ["restrict"],
    "member-banned": ["kick"],
    "sanction-renewed": ["mute"],
    "sanction-reduced": ["warn"],
    "restriction-ended": ["unrestrict"],
}
"""What the first event of each type in the life of the town asks for; the others ask for nothing."""


@pytest.mark.parametrize("type_name", sorted(event_types()))
def test_each_type_of_event_asks_for_its_deeds(type_name: str) -> None:
    event = next(event for event in EVENTS if event.type == type_name)
    assert [action.do for action in actions_for([event])] == DEEDS.get(type_name, [])


def test_an_action_bears_the_id_of_the_event_that_asks_for_it() -> None:
    for event in EVENTS:
        for action in actions_for([event]):
            assert (action.key, action.group) == (event.id, event.group)


def test_actions_come_in_the_order_of_the_events() -> None:
    assert actions_for(EVENTS) == tuple(action for event in EVENTS for action in actions_for([event]))
    assert len(actions_for(EVENTS)) > 20


def only(event: Event) -> Action:
    (action,) = actions_for([event])
    return action


def test_an_action_says_who_what_where_and_until_when() -> None:
    muted = next(event for event in EVENTS if event.type == "member-muted")
    assert attrs.asdict(only(muted)) == {
        "key": muted.id, "do": "mute", "group": "g1", "member": "amy", "message": "hello",
        "until": muted.until, "scope": None, "text": None, "owner": None,  # type: ignore[attr-defined]
        "restrictions": (), "slow": None,
    }  # fmt: skip
    statement = next(event for event in EVENTS if event.type == "statement-posted")
    assert only(statement).text == statement.text  # type: ignore[attr-defined]


def test_orders_and_pardons_are_carried_out() -> None:
    assert [only(ordered("amy", kind)).do for kind in ("warn", "mute", "kick")] == ["warn", "mute", "kick"]
    assert only(ordered("amy", "mute", until="1h")).until == START + 3_600_000_000
    deeds = {
        kind: [action.do for action in actions_for([lifted("amy", kind)])] for kind in ("warn", "kick", "block", "all")
    }
    assert deeds == {"warn": [], "kick": [], "block": ["unblock"], "all": ["unmute", "unrestrict", "unblock"]}


def test_the_place_of_a_block_is_its_scope() -> None:
    assert (only(blocked("amy")).scope, only(blocked("amy", group=None)).scope) == ("group", "org")
    assert only(attrs.evolve(blocked("amy", group=None), scope="group")).scope == "org"
    assert only(attrs.evolve(unblocked("amy"), scope="org")).scope == "group"
    assert only(blocked("amy", until="1h")).until == START + 3_600_000_000
