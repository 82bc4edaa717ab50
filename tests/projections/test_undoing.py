"""What makes the deeds of due process pointless while they wait in an outbox."""

from __future__ import annotations

from typing import Any

import pytest

from engine.process import AD
from engine.process import RULES as PROCESS
from engine.town import ADS, SCAM, Town
from groupcore.actions import actions_for
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.events import (
    Event,
    MemberBlocked,
    MemberKicked,
    MemberUnblocked,
    MessageDeleted,
    SanctionReduced,
    SanctionRenewed,
    SanctionVoided,
    StatementPosted,
    StrikeVoided,
)
from groupcore.events.verdicts import MemberUnmuted, RestrictionEnded
from groupcore.outbox import Outbox
from groupcore.testing import START, lifted, ordered
from projections.test_outbox import drained, filled, states

MUTE, OTHER = "f/member-muted", "g/member-muted"


def verdict(cls: Any, /, **given: Any) -> Event:
    made: Event = cls(**{"at": START, "group": "g1", "cause": "f", "member": "amy", **given})
    return made


def renewed(kind: str = "mute", **given: Any) -> Event:
    return verdict(SanctionRenewed, **{"cause": "j", "sanction": MUTE, "kind": kind, "until": START + 5, **given})


def voided(sanction: str = MUTE, kind: str = "mute", **given: Any) -> Event:
    return verdict(SanctionVoided, **{"cause": "a", "sanction": sanction, "kind": kind, **given})


def reduced(kind: str, sanction: str = MUTE, **given: Any) -> Event:
    return verdict(SanctionReduced, **{"cause": "a", "sanction": sanction, "kind": kind, **given})


def unblocked_there(**given: Any) -> Event:
    return verdict(MemberUnblocked, cause="a", scope="owner", **given)


REDUCED = "a/sanction-reduced/f/member-muted"
DELETION = MessageDeleted(at=START, group="g1", cause="f", message="m1")
STATEMENT = verdict(StatementPosted, rule="ads", text="gone")
KICK = verdict(MemberKicked, because="ladder", message="m1")
HOUSES = verdict(MemberBlocked, scope="owner", owner="lin")


@pytest.mark.parametrize(
    ("event", "undoing", "left"),
    [
        (ordered("amy", "notice"), lifted("amy", "warn", at=1), []),
        (ordered("amy", "ban"), lifted("amy", "kick", at=1), []),
        (ordered("amy", "restrict"), lifted("amy", "restrict", at=1), ["unrestrict"]),
        (ordered("amy", "restrict"), lifted("amy", "mute", at=1), ["restrict", "unmute"]),
        (ordered("amy", "restrict", until=5), over := verdict(
            RestrictionEnded, cause="t", until=START + 5, restrictions=("no-links",)), ["unrestrict"]),
        (ordered("amy", "restrict", until=6), over, ["restrict", "unrestrict"]),
        (ordered("amy", "mute", until=5), over, ["mute", "unrestrict"]),
        (renewed(), lifted("amy", "mute", at=1), ["unmute"]),
        (renewed(), verdict(MemberUnmuted, cause="t", until=START + 5), ["unmute"]),
        (renewed("restrict"), over, ["unrestrict"]),
        (renewed(), voided(), ["unmute"]),
        (renewed(), voided(OTHER), ["mute", "unmute"]),
        (renewed(), voided(member="bo"), ["mute", "unmute"]),
        (renewed(), voided(group="g2"), ["mute", "unmute"]),
        (renewed(), reduced("warn"), ["warn"]),
        (reduced("restrict"), voided(REDUCED, "restrict"), ["unrestrict"]),
        (reduced("mute"), lifted("amy", "mute", at=1), ["unmute"]),
        (reduced("mute"), voided(), ["mute", "unmute"]),
        (KICK, reduced("mute", "f/member-kicked"), ["mute"]),
        (KICK, reduced("mute", "g/member-kicked"), ["kick", "mute"]),
        (STATEMENT, reduced("warn", "f/member-kicked"), ["warn"]),
        (STATEMENT, voided("f/member-banned", "ban"), []),
        (DELETION, voided("f/member-kicked", "kick"), ["delete-message"]),
        (DELETION, verdict(StrikeVoided, cause="a", strike="f/strike-recorded"), []),
        (DELETION, verdict(StrikeVoided, cause="a", strike="g/strike-recorded"), ["delete-message"]),
        (HOUSES, unblocked_there(owner="lin"), ["unblock"]),
        (HOUSES, unblocked_there(owner="zoe"), ["block", "unblock"]),
    ],
)  # fmt: skip
def test_what_undoes_what(event: Event, undoing: Event, left: list[str]) -> None:
    with filled(event, undoing) as box:
        assert sorted(drained(box)) == sorted(left)
        assert sum(box.counts().values()) == len(actions_for([event, undoing]))


def test_the_message_of_a_sanction_that_was_reduced_is_deleted_all_the_same() -> None:
    town = Town()
    with Outbox("memory:") as box:
        box.begin(town.store)
        kicked = town.say("amy", SCAM).sanction
        assert kicked is not None
        town.moderator.appeal("g1", "amy", kicked.id)
        town.moderator.decide_appeal("g1", kicked.id, "reduced", by="zoe", reduced_to="mute", until=town.now + DAY)
        box.catch_up(town.store, town.now)
        assert states(box) == {
            "kick amy": "skipped",
            "delete-message None": "waiting",
            "block amy": "skipped",
            "say amy": "skipped",
            "unblock amy": "waiting",
            "mute amy": "waiting",
        }
        assert drained(box, town.now) == ["delete-message", "unblock", "mute"]


def test_what_stood_on_a_void_strike_is_not_sent_but_its_message_goes() -> None:
    town = Town()
    with Outbox("memory:") as box:
        box.begin(town.store)
        warned, muted = town.say("amy", ADS).sanction, town.say("amy", ADS).sanction
        assert warned is not None
        assert muted is not None
        town.moderator.appeal("g1", "amy", warned.id)
        town.moderator.decide_appeal("g1", warned.id, "overturned", by="zoe")
        box.catch_up(town.store, town.now)
        gone = [(entry.action.do, entry.action.message) for entry in box.entries("skipped")]
        assert gone == [("warn", "m1"), ("delete-message", "m1"), ("mute", "m2")]
        assert drained(box, town.now) == ["delete-message", "unmute"]


def test_a_restriction_that_was_renewed_and_pardoned_before_anybody_looked_is_only_taken_away() -> None:
    town = Town(rules=PROCESS)
    moderator = town.moderator
    with Outbox("memory:") as box:
        box.begin(town.store)
        moderator.join("g1", "amy", at=town.now)
        for _ in range(3):
            town.say("amy", AD)
        moderator.leave("g1", "amy", at=town.wait(MINUTE))
        moderator.join("g1", "amy", at=town.wait(MINUTE))
        moderator.lift("g1", "amy", "restrict", by="lin", at=town.wait(HOUR))
        box.catch_up(town.store, town.now)
        skipped = [entry.action.do for entry in box.entries("skipped")]
        assert skipped == ["restrict", "restrict"]
        assert drained(box, town.now)[-1] == "unrestrict"
