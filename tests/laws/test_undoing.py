"""Laws of appeals: order, cleanness, replay and verify, over random lives."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from engine.town import Town
from groupcore.clock import DAY, HOUR
from groupcore.errors import DecisionRefused
from groupcore.events import (
    MemberKicked,
    MemberMuted,
    MemberWarned,
    SanctionRecomputed,
    StrikeRecorded,
    StrikeVoided,
    decode,
)
from groupcore.replay import verify
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold

AD = "加微信"
POLICIES = [
    {"kind": "keyword", "id": "ads", "words": [AD]},
    {"kind": "keyword", "id": "scam", "severity": "severe", "words": ["wire me money"]},
]


def rules(**ladder: object) -> Rulebook:
    rungs = [{"sanction": "warn"}, {"sanction": "mute", "for": "1h"}, {"sanction": "kick", "block": "group"}]
    return Rulebook.from_mapping(
        {"ladder": {"memory": "30d", "severe_from": 2, "rungs": rungs, **ladder}, "policy": POLICIES}
    )


Offence = tuple[str, str, int]


def lives(most: int = 5) -> st.SearchStrategy[list[Offence]]:
    """Who writes what, how many hours after the one before."""
    texts = st.sampled_from((AD, AD, "wire me money", "hello"))
    return st.lists(st.tuples(st.sampled_from(("amy", "bo")), texts, st.integers(1, 200)), min_size=1, max_size=most)


def lived(life: list[Offence], book: Rulebook) -> Town:
    town = Town(rules=book)
    town.moderator.open_group("g1", at=town.now, owner="lin")
    for author, text, hours in life:
        town.moderator.join("g1", author, at=town.wait(hours * HOUR))
        town.say(author, text)
    return town


def sanctions(town: Town) -> list[tuple[str, str]]:
    """Each sanction that answered a strike, with its member."""
    members = town.moderator.state.groups["g1"].members.values()
    return [(member.id, each.id) for member in members for each in member.sanctions if each.strike is not None]


def overturn(town: Town, member: str, sanction: str) -> None:
    """Appeal and win; what is over or was taken back before cannot be appealed."""
    try:
        town.moderator.appeal("g1", member, sanction, at=town.wait(HOUR))
    except DecisionRefused:
        return
    town.moderator.decide_appeal("g1", sanction, "overturned", by="lin", at=town.wait(1))


def standing(town: Town) -> dict[str, object]:
    """How everybody stands, whatever way led there."""
    group = town.moderator.state.groups["g1"]
    return {
        id: (
            sorted(strike.id for strike in member.strikes if not strike.voided),
            sorted(each.id for each in member.sanctions if not each.lifted),
            member.kicked,
            id in group.blocks,
        )
        for id, member in group.members.items()
    }


@given(lives())
def test_after_overturning_everything_the_standing_is_clean(life: list[Offence]) -> None:
    town = lived(life, rules(memory="forever"))
    for member, sanction in sanctions(town):
        overturn(town, member, sanction)
    group = town.moderator.state.groups["g1"]
    for id, member in group.members.items():
        assert all(strike.voided for strike in member.strikes)
        assert all(each.lifted for each in member.sanctions if each.strike is not None)
        standing_now = town.moderator.standing("g1", id)
        assert (standing_now.strikes, standing_now.kicked, standing_now.muted, standing_now.blocked) == (
            (),
            False,
            False,
            False,
        )


@given(lives(4))
def test_the_order_of_appeals_does_not_change_where_they_lead(life: list[Offence]) -> None:
    """Two that are overturned, in either order, within the memory of the ladder."""
    found = sanctions(lived(life, rules(memory="forever")))[:2]
    outcomes = []
    for order in permutations(found):
        town = lived(life, rules(memory="forever"))
        for member, sanction in order:
            overturn(town, member, sanction)
        outcomes.append(standing(town))
    assert all(outcome == outcomes[0] for outcome in outcomes)


@given(lives(), st.lists(st.tuples(st.integers(0, 9), st.sampled_from(("upheld", "overturned", "list"))), max_size=4))
def test_replay_and_verify_agree_after_any_sequence_of_appeals(
    life: list[Offence], appeals: list[tuple[int, str]]
) -> None:
    town = lived(life, rules())
    for index, outcome in appeals:
        found = sanctions(town)
        if not found:
            break
        member, sanction = found[index % len(found)]
        try:
            town.moderator.appeal("g1", member, sanction, at=town.wait(DAY))
        except DecisionRefused:
            continue
        if outcome == "list":
            town.moderator.decide_appeal("g1", sanction, "overturned", by="lin", at=town.wait(1), domino="list")
        else:
            town.moderator.decide_appeal("g1", sanction, outcome, by="lin", at=town.wait(1))  # type: ignore[arg-type]
    rows = town.rows()
    assert verify(rows).clean
    folded = fold(State(), [decode(row).event for row in rows])
    folded.check()
    assert folded == town.moderator.state


BY_LADDER = (MemberWarned, MemberMuted, MemberKicked)
BY_LADDER_NAMES = {MemberWarned: "warn", MemberMuted: "mute", MemberKicked: "kick"}


def recounted(town: Town, void: str) -> dict[str, str]:
    """What each later sanction would have been, counted from the log alone: sanction by what it would have been."""
    events = [decode(row).event for row in town.store.read()]
    strikes = [event for event in events if isinstance(event, StrikeRecorded)]
    gone = {event.strike for event in events if isinstance(event, StrikeVoided)} | {void}
    kinds, told = ["warn", "mute", "kick"], {}
    for strike in strikes:
        if strike.id in gone:
            continue
        before = strikes[: strikes.index(strike)]
        live = [strike, *(old for old in before if old.member == strike.member and old.id not in gone)]
        live = [old for old in live if old.expires is None or strike.at < old.expires]
        least = 2 if any(old.severity == "severe" for old in live) else 0
        now = kinds[min(3, max(len(live), least)) - 1]
        (given,) = (event for event in events if isinstance(event, BY_LADDER) and event.cause == strike.cause)
        was = BY_LADDER_NAMES[type(given)]
        if kinds.index(now) < kinds.index(was):
            told[given.id] = now
    return told


@given(lives(7), st.integers(0, 6))
def test_what_loses_its_basis_is_what_a_recount_says(life: list[Offence], index: int) -> None:
    town = lived(life, rules())
    found = sanctions(town)
    if not found:
        return
    member, sanction = found[index % len(found)]
    strike = next(
        each.strike for each in town.moderator.state.groups["g1"].members[member].sanctions if each.id == sanction
    )
    assert strike is not None
    expected = recounted(town, strike)
    try:
        town.moderator.appeal("g1", member, sanction, at=town.wait(1))
    except DecisionRefused:
        return
    decided = town.moderator.decide_appeal("g1", sanction, "overturned", by="lin", at=town.wait(1))
    told = {event.sanction: event.now_kind for event in decided.verdicts if isinstance(event, SanctionRecomputed)}
    assert told == {id: kind for id, kind in expected.items() if id != sanction}
