"""What staff wants: sanctions and pardons, blocks, appeals, and the time that runs out."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from engine.town import ADS, RULES, SCAM, WIDER, Town
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.commands import OrderSanction
from groupcore.errors import DecisionRefused
from groupcore.events import Event, MemberKicked, MemberMuted, decode
from groupcore.replay import verify
from groupcore.state import State, fold
from groupcore.stores import MemoryStore


@pytest.fixture
def town() -> Town:
    """A town where amy, bo (an admin), lin (who owns the group) and zoe (of the staff) live."""
    town = Town()
    town.moderator.open_group("g1", at=town.now, owner="lin")
    for member in ("amy", "bo"):
        town.moderator.join("g1", member, at=town.now)
    town.moderator.grant("g1", "bo", "admin", at=town.now)
    town.moderator.grant(None, "zoe", "staff", at=town.now)
    return town


def said(verdict: Any) -> list[str]:
    return [event.type for event in verdict.events]


def done(verdict: Any) -> list[str]:
    return [action.do for action in verdict.actions]


# --- sanctions ----------------------------------------------------------------------------------------------------


def test_staff_warns_mutes_and_kicks(town: Town) -> None:
    warned = town.moderator.warn("g1", "amy", by="zoe", reason="caps")
    muted = town.moderator.mute("g1", "amy", by="zoe", until=town.now + HOUR)
    assert (warned.sanction, muted.sanction) == (warned.fact, muted.fact)
    assert town.moderator.standing("g1", "amy").muted_until == town.now + HOUR
    kicked = town.moderator.kick("g1", "amy", by="zoe")
    assert [done(verdict) for verdict in (warned, muted, kicked)] == [["warn"], ["mute"], ["kick"]]
    standing = town.moderator.standing("g1", "amy")
    assert [sanction.kind for sanction in standing.sanctions] == ["warn", "mute", "kick"]
    assert (standing.present, standing.muted) == (False, True)


def test_a_mute_without_an_end_holds_for_ever(town: Town) -> None:
    town.moderator.mute("g1", "amy", by="zoe")
    standing = town.moderator.standing("g1", "amy", at=town.now + 90 * 365 * DAY)
    assert (standing.muted, standing.muted_until) == (True, None)
    assert said(town.say("amy")) == ["message-posted", "message-deleted"]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"member": "nobody"}, "only members can be sanctioned"),
        ({"member": "zoe", "by": "zoe"}, "unknown here"),
        ({"by": "amy"}, "cannot sanction themselves"),
        ({"until": 5}, "would end before it begins"),
        ({"sanction": "warn", "until": 4 * 10**15}, "only a mute or a restriction takes 'until'"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(town: Town, wish: dict[str, Any], reason: str) -> None:
    length, state = town.store.position, town.moderator.state.fork()
    given: dict[str, Any] = {"at": town.now, "group": "g1", "member": "amy", "sanction": "mute", "by": "bo", **wish}
    with pytest.raises(DecisionRefused, match=reason):
        town.moderator.execute(OrderSanction(**given))
    assert (town.store.position, town.moderator.state) == (length, state)


def test_the_same_order_again_is_the_same_order(town: Town) -> None:
    for expected in (False, True):
        verdict = town.moderator.mute("g1", "amy", by="zoe", at=town.now, until=town.now + HOUR)
        assert verdict.repeated is expected
    assert len(town.moderator.standing("g1", "amy").sanctions) == 1


def test_a_pardon_lifts_what_it_names(town: Town) -> None:
    town.say("amy", ADS)
    town.say("amy", ADS)
    standing = town.moderator.standing("g1", "amy")
    assert (len(standing.strikes), standing.muted) == (2, True)
    lifted = town.moderator.lift("g1", "amy", "mute", by="zoe")
    assert done(lifted) == ["unmute"]
    standing = town.moderator.standing("g1", "amy")
    assert (len(standing.strikes), standing.muted) == (2, False)
    town.moderator.lift("g1", "amy", "warn", by="zoe")
    assert town.moderator.standing("g1", "amy").strikes == ()
    warned = town.say("amy", ADS).sanction
    assert warned is not None
    assert warned.type == "member-warned", "the ladder begins anew"


def test_a_pardon_of_everything_lets_somebody_come_back(town: Town) -> None:
    town.say("amy", SCAM)
    lifted = town.moderator.lift("g1", "amy", by="zoe")
    assert done(lifted) == ["unmute", "unrestrict", "unblock"]
    assert said(town.moderator.join("g1", "amy", at=town.now)) == ["member-joined"]
    standing = town.moderator.standing("g1", "amy")
    assert (standing.present, standing.kicked, standing.blocked, standing.strikes) == (True, False, False, ())


def test_a_pardon_of_nothing_is_refused(town: Town) -> None:
    for kind in ("warn", "mute", "kick", "block", "all"):
        with pytest.raises(DecisionRefused, match="nothing of the kind"):
            town.moderator.lift("g1", "amy", kind, by="zoe")
    town.moderator.warn("g1", "amy", by="zoe")
    with pytest.raises(DecisionRefused, match="their own"):
        town.moderator.lift("g1", "amy", by="amy")


# --- blocks -------------------------------------------------------------------------------------------------------


def test_who_is_blocked_is_kicked_again_before_anything_else(town: Town) -> None:
    kicked = town.say("amy", SCAM)
    assert done(kicked) == ["kick", "delete-message", "block", "say"]
    joined = town.moderator.join("g1", "amy", at=town.now)
    assert said(joined) == ["member-joined", "member-kicked"]
    assert isinstance(joined.sanction, MemberKicked)
    assert (joined.sanction.because, joined.sanction.message) == ("blocklist", None)
    assert done(joined) == ["kick"]
    assert not town.moderator.standing("g1", "amy").present


def test_who_is_blocked_and_talks_is_kicked_once_until_they_join_again(town: Town) -> None:
    town.moderator.block("g1", "amy", by="zoe")
    answers = [said(town.say("amy")) for _ in range(3)]
    assert answers == [
        ["message-posted", "member-kicked", "message-deleted"],
        ["message-posted", "message-deleted"],
        ["message-posted", "message-deleted"],
    ]
    town.moderator.join("g1", "amy", at=town.now)
    assert said(town.say("amy")) == ["message-posted", "message-deleted"]


def test_a_block_in_one_group_does_not_hold_in_another(town: Town) -> None:
    town.moderator.block("g1", "amy", by="zoe")
    assert said(town.moderator.join("g2", "amy", at=town.now)) == ["member-joined"]


def test_a_block_in_the_organisation_holds_in_every_group() -> None:
    town = Town(rules=WIDER)
    verdict = town.say("amy", SCAM, group="g1")
    assert [action.scope for action in verdict.actions if action.do == "block"] == ["org"]
    assert said(town.moderator.join("g2", "amy", at=town.now)) == ["member-joined", "member-kicked"]
    town.moderator.unblock(None, "amy", by="zoe")
    town.wait(MINUTE)
    assert said(town.moderator.join("g2", "amy", at=town.now)) == ["member-joined"]


def test_staff_blocks_and_unblocks(town: Town) -> None:
    blocked = town.moderator.block(None, "eve", by="zoe")
    assert [(action.do, action.scope, action.group) for action in blocked.actions] == [("block", "org", None)]
    for group in ("g1", "g2"):
        assert town.moderator.standing(group, "eve").blocked
    assert done(town.moderator.unblock(None, "eve", by="zoe")) == ["unblock"]
    with pytest.raises(DecisionRefused, match="not on the blocklist"):
        town.moderator.unblock(None, "eve", by="zoe")
    with pytest.raises(DecisionRefused, match="owns the group"):
        town.moderator.block("g1", "lin", by="zoe")


# --- the time -----------------------------------------------------------------------------------------------------


def test_a_mute_that_ran_out_is_told_once(town: Town) -> None:
    town.say("amy", ADS)
    muted = town.say("amy", ADS).sanction
    assert isinstance(muted, MemberMuted)
    assert muted.until is not None
    assert town.moderator.advance(muted.until - 1) == ()
    (told,) = town.moderator.advance(muted.until)
    assert said(told) == ["time-advanced", "member-unmuted"]
    assert [(action.do, action.member) for action in told.actions] == [("unmute", "amy")]
    assert town.moderator.advance(muted.until) == ()
    assert town.moderator.advance(muted.until + DAY) == ()


def test_a_block_that_ran_out_is_told_once_on_its_own_stream(town: Town) -> None:
    town.moderator.block("g1", "eve", by="zoe", until=town.now + HOUR)
    town.moderator.block(None, "fay", by="zoe", until=town.now + HOUR)
    told = town.moderator.advance(town.wait(HOUR))
    assert [(verdict.fact.group, said(verdict)) for verdict in told] == [
        (None, ["time-advanced", "member-unblocked"]),
        ("g1", ["time-advanced", "member-unblocked"]),
    ]
    assert [action.scope for verdict in told for action in verdict.actions] == ["org", "group"]
    assert town.moderator.advance(town.wait(HOUR)) == ()


def test_two_blocks_that_ran_out_together_are_both_told(town: Town) -> None:
    for person in ("eve", "mallory"):
        town.moderator.block("g1", person, by="lin", at=town.now, until=town.now + HOUR)
    (told,) = town.moderator.advance(town.now + HOUR)
    assert [(action.do, action.member) for action in told.actions] == [("unblock", "eve"), ("unblock", "mallory")]
    assert len({action.key for action in told.actions}) == 2
    assert town.moderator.advance(town.now + HOUR) == ()


def test_a_pardon_of_everything_names_each_of_its_deeds(town: Town) -> None:
    town.moderator.mute("g1", "amy", by="lin", at=town.now)
    actions = town.moderator.lift("g1", "amy", by="lin", at=town.now + 1).actions
    assert [action.do for action in actions] == ["unmute", "unrestrict", "unblock"]
    assert len({action.key for action in actions}) == 3


def test_a_wish_far_ahead_of_the_clock_makes_nobody_late(town: Town) -> None:
    ordered = town.moderator.warn("g1", "bo", by="lin", at=town.now + 400 * DAY)
    assert ordered.fact.claimed_at == town.now + 400 * DAY
    assert ordered.fact.at < town.now + DAY
    assert not town.moderator.state.groups["g1"].windows.is_late(town.now)


def test_who_is_muted_again_is_told_when_the_last_mute_ran_out(town: Town) -> None:
    town.moderator.mute("g1", "amy", by="zoe", until=town.now + HOUR)
    town.moderator.mute("g1", "amy", by="bo", until=town.now + 2 * HOUR, at=town.now + 1)
    town.moderator.mute("g1", "bo", by="zoe", until=town.now + HOUR)
    (told,) = town.moderator.advance(town.wait(HOUR))
    assert [action.member for action in told.actions] == ["bo"]
    (told,) = town.moderator.advance(town.wait(HOUR))
    assert [action.member for action in told.actions] == ["amy"]


def test_a_mute_that_was_lifted_is_not_told(town: Town) -> None:
    town.moderator.mute("g1", "amy", by="zoe", until=town.now + HOUR)
    town.moderator.lift("g1", "amy", "mute", by="zoe")
    assert town.moderator.advance(town.wait(DAY)) == ()


def test_a_block_that_ran_out_untold_does_not_end_the_one_that_came_after(town: Town) -> None:
    """Nobody told the time in between. The ladder's block has no end, and the old end is not its."""
    town.moderator.block("g1", "amy", by="zoe", until=town.now + HOUR)
    assert said(town.say("amy", SCAM, after=2 * HOUR))[-2:] == ["member-blocked", "statement-posted"]
    assert town.moderator.advance(town.now) == ()
    assert town.moderator.standing("g1", "amy").blocked


def test_overturning_a_mute_that_was_lifted_leaves_the_next_one_its_end(town: Town) -> None:
    until = town.now + DAY
    first = town.moderator.mute("g1", "amy", by="bo", until=until)
    town.moderator.lift("g1", "amy", "mute", by="bo")
    town.wait(MINUTE)
    town.moderator.mute("g1", "amy", by="bo", until=until)
    town.moderator.appeal("g1", "amy", first.fact.id)
    town.moderator.decide_appeal("g1", first.fact.id, "overturned", by="zoe")
    assert town.moderator.standing("g1", "amy").muted
    (told,) = town.moderator.advance(until)
    assert done(told) == ["unmute"]


# --- appeals ------------------------------------------------------------------------------------------------------


def test_an_overturned_kick_voids_the_strike_and_lifts_the_kick_and_its_block(town: Town) -> None:
    kicked = town.say("amy", SCAM).sanction
    assert kicked is not None
    town.moderator.appeal("g1", "amy", kicked.id, by="amy", reason="a joke")
    decided = town.moderator.decide_appeal("g1", kicked.id, "overturned", by="zoe")
    assert said(decided) == ["appeal-decided", "strike-voided", "sanction-voided", "member-unblocked"]
    assert done(decided) == ["unblock"]
    standing = town.moderator.standing("g1", "amy")
    assert (standing.strikes, standing.kicked, standing.blocked) == ((), False, False)
    assert said(town.moderator.join("g1", "amy", at=town.now)) == ["member-joined"]


def test_an_overturned_kick_lifts_the_block_of_the_organisation() -> None:
    town = Town(rules=WIDER)
    kicked = town.say("amy", SCAM).sanction
    assert kicked is not None
    town.moderator.appeal("g1", "amy", kicked.id)
    decided = town.moderator.decide_appeal("g1", kicked.id, "overturned", by="zoe")
    assert [(action.do, action.scope) for action in decided.actions] == [("unblock", "org")]
    assert not town.moderator.standing("g2", "amy").blocked
    assert verify(town.rows()).clean


def test_an_overturned_mute_of_the_ladder_ends_it(town: Town) -> None:
    town.say("amy", ADS)
    muted = town.say("amy", ADS).sanction
    assert muted is not None
    town.moderator.appeal("g1", "amy", muted.id)
    decided = town.moderator.decide_appeal("g1", muted.id, "overturned", by="zoe")
    assert done(decided) == ["unmute"]
    assert not town.moderator.standing("g1", "amy").muted
    again = town.say("amy", ADS).sanction
    assert isinstance(again, MemberMuted), "one live strike is left, so this is the second"


def test_an_overturned_mute_that_staff_ordered_is_lifted_on_the_platform_too(town: Town) -> None:
    order = town.moderator.mute("g1", "amy", by="bo").fact.id
    town.moderator.appeal("g1", "amy", order)
    decided = town.moderator.decide_appeal("g1", order, "overturned", by="zoe")
    assert [(action.do, action.member) for action in decided.actions] == [("unmute", "amy")]
    assert said(town.say("amy")) == ["message-posted"]


def test_an_appeal_that_is_upheld_changes_nothing(town: Town) -> None:
    warned = town.say("amy", ADS).sanction
    assert warned is not None
    before = town.moderator.standing("g1", "amy")
    town.moderator.appeal("g1", "amy", warned.id)
    decided = town.moderator.decide_appeal("g1", warned.id, "upheld", by="zoe")
    assert (said(decided), done(decided)) == (["appeal-decided"], [])
    assert attrs.evolve(town.moderator.standing("g1", "amy"), at=before.at) == before


def test_an_appeal_is_filed_once_and_decided_once_by_somebody_else(town: Town) -> None:
    ordered = town.moderator.warn("g1", "amy", by="bo").fact.id
    with pytest.raises(DecisionRefused, match="has no sanction nonsense"):
        town.moderator.appeal("g1", "amy", "nonsense")
    with pytest.raises(DecisionRefused, match="has no sanction"):
        town.moderator.appeal("g1", "bo", ordered)
    with pytest.raises(DecisionRefused, match="file an appeal first"):
        town.moderator.decide_appeal("g1", ordered, "upheld", by="zoe")
    town.moderator.appeal("g1", "amy", ordered)
    with pytest.raises(DecisionRefused, match="was appealed before"):
        town.moderator.appeal("g1", "amy", ordered)
    for judge in ("amy", "bo"):
        with pytest.raises(DecisionRefused, match="has a part in it"):
            town.moderator.decide_appeal("g1", ordered, "overturned", by=judge)
    town.moderator.decide_appeal("g1", ordered, "overturned", by="zoe")
    with pytest.raises(DecisionRefused, match="was overturned before"):
        town.moderator.decide_appeal("g1", ordered, "upheld", by="zoe")


# --- standing -----------------------------------------------------------------------------------------------------


def test_a_standing_is_a_view_that_nothing_changes_any_more(town: Town) -> None:
    town.say("amy", ADS)
    before = town.moderator.standing("g1", "amy")
    copy = attrs.evolve(before)
    with pytest.raises(FrozenInstanceError):
        before.muted = True  # type: ignore[misc]
    before.strikes[0].voided = True
    town.say("amy", ADS)
    assert len(town.moderator.standing("g1", "amy").strikes) == 2, "who writes into a view writes into the view"
    assert len(before.strikes) == 1
    assert before == copy


def test_strikes_expire_by_asking_with_a_time(town: Town) -> None:
    town.say("amy", ADS)
    month = town.now + 30 * DAY
    assert len(town.moderator.standing("g1", "amy", at=month - 1).strikes) == 1
    assert town.moderator.standing("g1", "amy", at=month).strikes == ()


def test_a_stranger_stands_well_everywhere(town: Town) -> None:
    standing = town.moderator.standing("nowhere", "nobody")
    assert not any((standing.known, standing.present, standing.muted, standing.kicked, standing.blocked))
    assert (standing.roles, standing.strikes, standing.sanctions) == (frozenset(), (), ())
    assert "nowhere" not in town.moderator.state.groups


def test_roles_of_the_group_and_of_the_organisation_are_shown(town: Town) -> None:
    town.moderator.grant("g1", "zoe", "admin", at=town.now)
    assert town.moderator.standing("g1", "zoe").roles == {"admin", "staff"}
    assert town.moderator.standing("g1", "lin").roles == {"owner"}


# --- survival -----------------------------------------------------------------------------------------------------


def test_everything_survives_a_restart() -> None:
    store = MemoryStore()
    town = Town(store)
    for member in ("amy", "amy", "bo"):
        town.say(member, ADS)
    town.say("cy", SCAM)
    reopened = Town(store, None, town.now)
    for member in ("amy", "bo", "cy"):
        assert reopened.moderator.standing("g1", member) == town.moderator.standing("g1", member)
    assert reopened.moderator.rules == RULES
    assert reopened.moderator.state == town.moderator.state == fold(State(), _events(store))
    assert said(reopened.say("amy", id="next")) == ["message-posted", "message-deleted"]
    kicked = reopened.moderator.join("g1", "cy", at=reopened.now)
    assert said(kicked) == ["member-joined", "member-kicked"]
    assert len(reopened.moderator.advance(reopened.wait(2 * DAY))) == 1


def _events(store: MemoryStore) -> list[Event]:
    return [decode(row).event for row in store.read()]
