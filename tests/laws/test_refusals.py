"""Refused wishes: laws. Without them the log says the same, and what is on record follows from what was refused."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.town import ADS, Town
from groupcore.clock import HOUR, MINUTE
from groupcore.deciding.refusing import MOST_REFUSALS, OUT_OF_PLACE
from groupcore.errors import DecisionRefused
from groupcore.events import Row, WishRefused, decode
from groupcore.replay import verify
from groupcore.state import State, advance

PEOPLE = ("lin", "zoe", "bo", "di", "amy", "cy")
GROUPS = st.sampled_from(["g1", "g1", "g2", None, "nowhere"])
WHO = st.sampled_from(PEOPLE)

WISHES = st.one_of(
    st.tuples(st.sampled_from(["warn", "mute", "kick", "ban", "lift"]), st.sampled_from(["g1", "g2"]), WHO, WHO),
    st.tuples(st.sampled_from(["block", "unblock"]), GROUPS, WHO, WHO),
    st.tuples(st.just("exempt"), GROUPS, WHO, st.sampled_from(["a.com", "b.com", "not a domain", "cy", "bo"])),
    st.tuples(st.just("label"), GROUPS, WHO, WHO),
    st.tuples(st.just("say"), st.sampled_from(["g1", "g2"]), WHO, st.sampled_from([ADS, "hello"])),
)
STEPS = st.lists(st.tuples(st.sampled_from([0, MINUTE, HOUR]), WISHES), max_size=40)


def opened() -> Town:
    town = Town()
    for group in ("g1", "g2"):
        town.moderator.open_group(group, at=town.now, owner="lin")
        for member in PEOPLE[2:]:
            town.moderator.join(group, member, at=town.now)
        town.moderator.grant(group, "bo", "admin", at=town.now)
    town.moderator.grant("g1", "di", "admin", at=town.now)
    town.moderator.grant(None, "zoe", "staff", at=town.now)
    return town


def tried(town: Town, wait: int, wish: tuple[Any, ...], number: int) -> DecisionRefused | None:
    """Do one step; what it was refused with."""
    (what, group, by, target), moderator = wish, town.moderator
    town.wait(wait)
    try:
        if what == "say":
            town.say(by, target, group=group, after=0, id=f"m{number}")
        elif what == "exempt":
            moderator.exempt(group, "person" if target in PEOPLE else "domain", target, by=by)
        elif what == "label":
            moderator.label(group, target, "regular", by=by)
        else:
            getattr(moderator, what)(group, target, by=by)
    except DecisionRefused as refused:
        return refused
    return None


def said(rows: list[Row]) -> list[Any]:
    return [(row.id, row.at, row.data) for row in rows if row.type != "wish-refused"]


@settings(max_examples=60)
@given(STEPS)
def test_without_the_refused_wishes_the_log_says_the_same(steps: list[tuple[int, Any]]) -> None:
    town, other = opened(), opened()
    for number, (wait, wish) in enumerate(steps):
        if tried(town, wait, wish, number) is None:
            assert tried(other, wait, wish, number) is None
        else:
            other.wait(wait)
    assert said(town.rows()) == said(other.rows())
    assert not any(row.type == "wish-refused" for row in other.rows())


@settings(max_examples=60)
@given(STEPS)
def test_what_is_on_record_follows_from_what_was_refused(steps: list[tuple[int, Any]]) -> None:
    """One fact for each person, wish, reason and hour, in a group that is known, as far as there is room for it."""
    town = opened()
    wanted: dict[tuple[Any, ...], str] = {}
    room: dict[tuple[Any, ...], int] = {}
    known = {"g1", "g2", None}
    for number, (wait, wish) in enumerate(steps):
        hour, (_, group, by, _) = (town.now + wait) // HOUR, wish
        refused = tried(town, wait, wish, number)
        if refused is None:
            known.add(group)
            continue
        key = (hour, refused.code, wish)
        if refused.code not in OUT_OF_PLACE or group not in known:
            assert refused.fact is None
        elif key in wanted:
            assert refused.fact == wanted[key]
        elif room.setdefault((hour, group, by), MOST_REFUSALS) > 0:
            assert refused.fact is not None
            wanted[key] = refused.fact
            room[hour, group, by] -= 1
        else:
            assert refused.fact is None
    found = [event for row in town.rows() if isinstance(event := decode(row).event, WishRefused)]
    assert [event.id for event in found] == list(wanted.values())
    assert verify(town.rows()).clean
    state = State()
    for row in town.rows():
        advance(state, decode(row).event)
    assert state == town.moderator.state
