"""Stories of appeals, orders and time: what people do is a fact, and what they overturn is undone (DOMAIN.md 5.37)."""

from __future__ import annotations

from groupcore.clock import HOUR, MINUTE
from groupcore.commands import AdvanceTime, DecideAppeal, FileAppeal, LiftSanction, OrderSanction
from groupcore.events import (
    FindingRecorded,
    MemberKicked,
    MemberMuted,
    MemberUnblocked,
    MemberUnmuted,
    MemberWarned,
    MessageDeleted,
    SanctionVoided,
    StrikeRecorded,
    StrikeVoided,
)
from groupcore.testing import (
    START,
    answer_to,
    appealed,
    blocked,
    decided,
    edited,
    given,
    joined,
    lifted,
    like,
    moment,
    opened,
    ordered,
    posted,
    unblocked,
)
from stories.rules import JUST_MUTE, KICK_AND_BLOCK, WARN_MUTE_KICK, ads, book

AD = "加微信"
ADS = book(ads(), ladder=WARN_MUTE_KICK)
OUT = book(ads(), ladder=KICK_AND_BLOCK)
FIRST = posted("amy", AD)
WARNED, KICKED = answer_to(FIRST, MemberWarned), answer_to(FIRST, MemberKicked)
MUTED = answer_to(FIRST, MemberMuted)


def test_an_appeal_by_itself_changes_nothing() -> None:
    given(FIRST, rules=ADS).when(appealed("amy", WARNED, at="1m")).then_nothing()


def test_an_overturned_appeal_voids_the_strike_and_the_sanction() -> None:
    """Compensating events; nothing is deleted (DOMAIN 5.37)."""
    given(FIRST, appealed("amy", WARNED, at="1m"), rules=ADS).when(decided(WARNED, at="2m")).then(
        like(StrikeVoided, member="amy", strike=answer_to(FIRST, StrikeRecorded)),
        like(SanctionVoided, member="amy", sanction=WARNED),
    )


def test_a_voided_strike_does_not_count() -> None:
    given(FIRST, appealed("amy", WARNED, at="1m"), decided(WARNED, at="2m"), rules=ADS).when(
        posted("amy", AD, at="3m")
    ).then_some(like(StrikeRecorded, strikes=1), MemberWarned)


def test_an_upheld_appeal_changes_nothing() -> None:
    story = given(FIRST, appealed("amy", WARNED, at="1m"), rules=ADS)
    story.when(decided(WARNED, "upheld", at="2m")).then_nothing()
    story.when(posted("amy", AD, at="3m")).then_some(like(StrikeRecorded, strikes=2))


def test_an_overturned_mute_ends_at_once() -> None:
    rules = book(ads(), ladder=JUST_MUTE)
    given(FIRST, appealed("amy", MUTED, at="1m"), decided(MUTED, at="2m"), rules=rules).when(
        posted("amy", "hello", at="3m")
    ).then_nothing()


def test_an_overturned_kick_lifts_the_block_that_came_with_it() -> None:
    """(DOMAIN 5.28, 5.37)"""
    story = given(FIRST, appealed("amy", KICKED, at="1m"), rules=OUT)
    story.when(decided(KICKED, at="2m")).then(
        StrikeVoided, SanctionVoided, like(MemberUnblocked, member="amy", scope="group")
    )
    story.when(joined("amy", at="3m")).then_nothing()
    story.when(posted("amy", AD, at="4m")).then_some(like(StrikeRecorded, strikes=1))


def test_an_overturned_kick_lifts_a_block_in_the_organisation() -> None:
    rules = book(ads(), ladder={"rungs": [{"sanction": "kick", "block": "org"}]})
    story = given(FIRST, appealed("amy", KICKED, at="1m"), rules=rules)
    story.when(decided(KICKED, at="2m")).then_some(like(MemberUnblocked, scope="org"))
    story.when(joined("amy", group="g2", at="3m")).then_nothing()


def test_a_block_that_staff_made_later_stays() -> None:
    story = given(
        FIRST, unblocked("amy", at="1m"), blocked("amy", at="2m"), appealed("amy", KICKED, at="3m"), rules=OUT
    )
    story.when(decided(KICKED, at="4m")).then(StrikeVoided, SanctionVoided)
    story.when(joined("amy", at="5m")).then(MemberKicked)


def test_an_overturned_appeal_is_on_record_even_after_a_pardon() -> None:
    """That it was wrong is another thing than that it was forgiven."""
    given(FIRST, appealed("amy", WARNED, at="1m"), lifted("amy", "all", at="2m"), rules=ADS).when(
        decided(WARNED, at="3m")
    ).then(StrikeVoided, SanctionVoided)


def test_other_strikes_stay() -> None:
    story = given(
        FIRST, posted("amy", AD, at="1m"), appealed("amy", WARNED, at="2m"), decided(WARNED, at="3m"), rules=ADS
    )
    story.when(posted("amy", AD, at="3d")).then_some(like(StrikeRecorded, strikes=2), MemberMuted)


def test_a_message_that_was_struck_once_is_not_struck_again_after_an_overturned_appeal() -> None:
    """At most one strike for a message and rule, voided or not."""
    given(FIRST, appealed("amy", WARNED, at="1m"), decided(WARNED, at="2m"), rules=ADS).when(
        edited("amy", AD + "!", message=FIRST.message, at="3m")
    ).then(FindingRecorded)


def test_a_sanction_that_staff_ordered_can_be_overturned() -> None:
    order = ordered("amy", "mute")
    story = given(order, appealed("amy", order.id, at="1m"), rules=ADS)
    story.when(decided(order.id, by="zoe", at="2m")).then(like(SanctionVoided, sanction=order.id))
    story.when(posted("amy", "hello", at="3m")).then_nothing()


def test_a_decision_about_nothing_is_moot() -> None:
    """A replay under other rules keeps it, and its target does not exist (DESIGN)."""
    given(posted("amy", "hello"), appealed("amy", WARNED, at="1m"), rules=ADS).when(
        decided(WARNED, at="2m")
    ).then_nothing()


def test_only_who_was_sanctioned_can_appeal() -> None:
    wish = FileAppeal(at=moment("1m"), group="g1", member="bo", sanction=WARNED)
    given(FIRST, joined("bo"), rules=ADS).when(wish).then_refused("no sanction")


def test_a_sanction_is_appealed_once() -> None:
    wish = FileAppeal(at=moment("2m"), group="g1", member="amy", sanction=WARNED)
    given(FIRST, appealed("amy", WARNED, at="1m"), rules=ADS).when(wish).then_refused("appealed before")


def test_nobody_decides_an_appeal_against_their_own_order() -> None:
    """(DOMAIN 5.37)"""
    order = ordered("amy", "mute", by="lin")
    story = given(joined("amy"), order, appealed("amy", order.id, at="1m"), rules=ADS)
    wish = {"at": moment("2m"), "group": "g1", "sanction": order.id, "outcome": "overturned"}
    story.when(DecideAppeal(by="lin", **wish)).then_refused("somebody else")
    story.when(DecideAppeal(by="amy", **wish)).then_refused("somebody else")
    story.when(DecideAppeal(by="zoe", **wish)).then(SanctionVoided)


def test_an_appeal_that_nobody_filed_cannot_be_decided() -> None:
    wish = DecideAppeal(at=moment("1m"), group="g1", sanction=WARNED, by="lin", outcome="overturned")
    given(FIRST, rules=ADS).when(wish).then_refused("file an appeal first")


def test_a_stranger_cannot_be_muted() -> None:
    given(rules=ADS).when(OrderSanction(at=START, group="g1", member="amy", sanction="mute", by="lin")).then_refused(
        "unknown"
    )


def test_the_owner_cannot_be_kicked() -> None:
    wish = OrderSanction(at=START, group="g1", member="lin", sanction="kick", by="bo")
    given(opened(owner="lin"), rules=ADS).when(wish).then_refused("owns the group")


def test_there_must_be_something_to_lift() -> None:
    wish = LiftSanction(at=START, group="g1", member="amy", sanction="mute", by="lin")
    given(joined("amy"), rules=ADS).when(wish).then_refused("nothing of the kind")


def test_the_end_of_a_mute_is_told_once() -> None:
    """(DESIGN, AdvanceTime)"""
    story = given(FIRST, rules=book(ads(), ladder=JUST_MUTE))
    story.when(AdvanceTime(at=START + HOUR - 1)).then_nothing()
    story.when(AdvanceTime(at=START + HOUR)).then(like(MemberUnmuted, member="amy", until=START + HOUR))
    story.when(AdvanceTime(at=START + HOUR + 1)).then_nothing()


def test_who_is_muted_again_is_not_told_to_be_free() -> None:
    story = given(ordered("amy", "mute", until="1m"), ordered("amy", "mute", until="1h", at="1s"), rules=ADS)
    story.when(AdvanceTime(at=START + MINUTE)).then_no(MemberUnmuted)
    story.when(posted("amy", "hello", at="2m")).then(MessageDeleted)
    story.when(AdvanceTime(at=START + HOUR)).then(like(MemberUnmuted, until=START + HOUR))
