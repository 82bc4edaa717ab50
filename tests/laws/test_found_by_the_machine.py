"""What the machine found: each a life of a few facts over which engine and model disagreed, or that broke a law."""

from __future__ import annotations

import pytest

from engine.town import Town
from groupcore.clock import HOUR, MINUTE
from groupcore.errors import DecisionRefused
from groupcore.events import SanctionRecomputed, decode
from groupcore.replay import verify
from groupcore.rulebook import Rulebook
from groupcore.testing.machine import ProcessMachine


def test_a_pardon_of_a_stranger_whom_staff_blocked_makes_no_member_of_them() -> None:
    town = Town()
    town.moderator.open_group("g1", at=town.now, owner="lin")
    town.moderator.block("g1", "amy", by="lin")
    town.moderator.lift("g1", "amy", "block", by="lin")
    assert not town.moderator.standing("g1", "amy").known
    with pytest.raises(DecisionRefused, match="unknown here"):
        town.moderator.warn("g1", "amy", by="lin")


AD = "加微信"
RUNGS = [{"sanction": "warn"}, {"sanction": "mute", "for": "1h"}, {"sanction": "kick"}]


def rules(**ladder: object) -> Rulebook:
    policy = [{"kind": "keyword", "id": "ads", "words": [AD]}]
    return Rulebook.from_mapping({"ladder": {"rungs": RUNGS, **ladder}, "policy": policy})


def owned(**ladder: object) -> Town:
    """A town whose two groups are lin's, and where a strike in one counts in both."""
    town = Town(rules=rules(scope="owner", **ladder))
    for group in ("g1", "g2"):
        town.moderator.open_group(group, at=town.now, owner="lin")
    return town


def test_strikes_that_count_where_somebody_never_was_are_pardoned_there() -> None:
    town = owned()
    town.say("amy", AD)
    assert len(town.moderator.standing("g2", "amy").strikes) == 1
    town.moderator.lift("g2", "amy", "warn", by="lin")
    assert town.moderator.standing("g1", "amy").strikes == ()


def test_an_overturned_appeal_voids_the_strike_though_the_group_has_another_owner_since() -> None:
    town = owned()
    first = town.say("amy", AD).sanction
    second = town.say("amy", AD).sanction
    assert first is not None
    assert second is not None
    town.moderator.change_owner("g1", "max", at=town.wait(1))
    town.moderator.appeal("g1", "amy", first.id, at=town.wait(1))
    decided = town.moderator.decide_appeal("g1", first.id, "overturned", by="max", at=town.wait(1))
    told = [event.type for event in decided.verdicts]
    assert told == ["strike-voided", "sanction-voided", "sanction-recomputed", "sanction-voided"]
    assert len(town.moderator.standing("g2", "amy").strikes) == 1


def test_what_stood_on_a_strike_is_told_though_the_group_has_another_owner_since() -> None:
    """Strikes of the owner before are decided again as they counted then, and none of them loses its basis by it."""
    town = owned()
    town.say("amy", AD, group="g2")
    town.say("amy", AD, group="g2")
    kicked = town.say("amy", AD).sanction
    town.moderator.change_owner("g1", "max", at=town.wait(1))
    town.moderator.join("g1", "amy", at=town.wait(1))
    later = town.say("amy", AD).sanction
    assert kicked is not None
    assert later is not None
    town.moderator.appeal("g1", "amy", later.id, at=town.wait(1))
    decided = town.moderator.decide_appeal("g1", later.id, "overturned", by="max", at=town.wait(1))
    assert [event.type for event in decided.verdicts] == ["strike-voided", "sanction-voided"]


def test_a_strike_that_was_recorded_before_counts_again_though_its_message_came_late() -> None:
    """What was counted is told by the order of the log, not by that of the clocks."""
    town = Town(rules=rules(scope="org", rungs=[*RUNGS[:2], {"sanction": "mute", "for": "1d"}]))
    town.moderator.open_group("g1", at=town.now, owner="lin")
    first = town.say("amy", AD, group="g2").sanction
    town.say("amy", AD, group="g3")
    late = town.say("amy", AD, at=town.now - MINUTE, after=0, group="g1")
    assert first is not None
    assert late.sanction is not None
    town.moderator.appeal("g2", "amy", first.id, at=town.wait(1))
    town.moderator.decide_appeal("g2", first.id, "overturned", by="zoe", at=town.wait(1))
    told = [decode(row).event for row in town.rows()]
    now = {event.group: event.now_kind for event in told if isinstance(event, SanctionRecomputed)}
    assert now == {"g3": "warn", "g1": "mute"}


def test_a_group_is_reviewed_where_a_message_of_before_came_later() -> None:
    town = owned()
    before = town.now
    first = town.say("amy", AD, group="g1", after=HOUR).sanction
    second = town.say("amy", AD, group="g2", at=before, after=0).sanction
    assert first is not None
    assert second is not None
    town.moderator.appeal("g1", "amy", first.id, at=town.wait(1))
    town.moderator.decide_appeal("g1", first.id, "overturned", by="lin", at=town.wait(1))
    (muted,) = (each for each in town.moderator.standing("g2", "amy").sanctions if each.kind == "mute")
    assert muted.lifted


def mixed(first: str, then: str, late: int) -> tuple[Town, str]:
    """amy's strike of g1 or g2, and two of g2 by a ladder of another scope; the clock of the first is off."""
    rungs = [{"sanction": "warn"}, {"sanction": "mute", "for": "1s"}, {"sanction": "mute", "for": "2d"}]
    before = Town(rules=rules(scope=first, rungs=rungs))
    begun = before.wait(HOUR)
    before.say("amy", AD, at=begun - HOUR // 2 + late, after=0, group="g1" if first == "org" else "g2")
    after = Town(before.store, rules(scope=then, rungs=rungs), before.now)
    given = [after.say("amy", AD, at=begun - n * MINUTE, after=0, group="g2", id=f"n{n}").sanction for n in (20, 19)]
    assert given[0] is not None
    return after, given[0].id


@pytest.mark.parametrize("late", [0, 20 * MINUTE])
@pytest.mark.parametrize(("first", "then"), [("org", "group"), ("group", "org")])
def test_what_the_log_had_before_counts_again_whatever_the_clocks_said(first: str, then: str, late: int) -> None:
    """Strikes of the group beside such as count beyond it: of three, two are left."""
    town, second = mixed(first, then, late)
    town.moderator.appeal("g2", "amy", second, at=town.wait(20 * MINUTE))
    decided = town.moderator.decide_appeal("g2", second, "overturned", by="zoe", at=town.wait(1))
    now = [event.now_kind for event in decided.verdicts if isinstance(event, SanctionRecomputed)]
    assert now == ["mute"], "for a second, and not for two days; no warning"
    assert verify(town.rows()).clean


def test_time_that_was_told_while_another_mute_stood_is_told_for_the_first_one_too() -> None:
    """The second mute begins as the first one ends; overturned, it leaves nothing that would fall due."""
    machine = ProcessMachine()
    machine.begin(told=True, come=False)
    machine.burst(author="amy", text="buy now", waits=[HOUR, HOUR], where=("g1",))
    machine.tell_the_time()
    muted = [each for each in machine.latest() if each["id"].endswith("/member-muted")]
    assert len({each["id"] for each in muted}) == 2
    assert machine._appeal(muted[-1])
    machine._decide(muted[-1], "zoe", outcome="overturned", domino="lift")
    machine.tell_the_time()
    machine.teardown()
