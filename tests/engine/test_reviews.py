"""An appeal in one group, and what stood on it in another: with an id or without, at once or after a crash."""

from __future__ import annotations

import pytest

from engine.town import Town
from groupcore.clock import HOUR
from groupcore.commands import DecideAppeal
from groupcore.events import MemberUnblocked, SanctionRecomputed, decode
from groupcore.replay import verify
from groupcore.rulebook import Rulebook

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
