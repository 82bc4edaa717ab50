"""Stories of strikes and the ladder: who is exempt, what a message costs, what expires (DOMAIN.md 5-C)."""

from __future__ import annotations

import pytest

from groupcore.clock import DAY, HOUR, SECOND
from groupcore.events import (
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberMuted,
    MemberWarned,
    MessageDeleted,
    StatementPosted,
    StrikeRecorded,
)
from groupcore.testing import (
    START,
    edited,
    given,
    granted,
    joined,
    left,
    lifted,
    like,
    opened,
    ordered,
    posted,
    removed,
    revoked_role,
)
from stories.rules import JUST_MUTE, WARN_KICK, WARN_MUTE_KICK, ads, book, flood, long

ADS = book(ads(), ladder=WARN_MUTE_KICK)
AD = "加微信"


# --- exempt ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["owner", "admin", "staff", "bot"])
def test_findings_of_the_exempt_are_recorded_and_lead_to_nothing(role: str) -> None:
    """(CONTRACT; DOMAIN 5.25)"""
    given(granted("amy", role), rules=ADS).when(posted("amy", AD, at="1m")).then(  # type: ignore[arg-type]
        like(FindingRecorded, exempt=True)
    )


def test_the_owner_named_when_the_group_opens_is_exempt() -> None:
    """(DOMAIN 5.25)"""
    given(opened(owner="lin"), rules=ADS).when(posted("lin", AD, at="1m")).then(like(FindingRecorded, exempt=True))


def test_a_role_in_the_organisation_holds_in_every_group() -> None:
    """(decision of the team: a role granted with group null)"""
    given(granted("amy", "staff", group=None), rules=ADS).when(posted("amy", AD, at="1m", group="g2")).then(
        like(FindingRecorded, exempt=True)
    )


def test_a_role_in_one_group_holds_in_no_other() -> None:
    """(DOMAIN 5.25)"""
    given(granted("amy", "admin"), rules=ADS).when(posted("amy", AD, at="1m", group="g2")).then_some(MemberWarned)


def test_who_lost_a_role_is_exempt_no_longer() -> None:
    """(DOMAIN 5.25)"""
    given(granted("amy", "admin"), revoked_role("amy", "admin", at="1m"), rules=ADS).when(
        posted("amy", AD, at="2m")
    ).then_some(MemberWarned)


def test_who_leaves_loses_their_roles_in_the_group() -> None:
    given(granted("amy", "admin"), left("amy", at="1m"), joined("amy", at="2m"), rules=ADS).when(
        posted("amy", AD, at="3m")
    ).then_some(MemberWarned)


def test_rules_can_be_applied_to_admins() -> None:
    """(DOMAIN 5.25)"""
    rules = book(ads(), exempt=["owner", "bot"])
    given(granted("amy", "admin"), rules=rules).when(posted("amy", AD, at="1m")).then_some(MemberWarned)


# --- one message, one strike ----------------------------------------------------------------------------------------


def test_verdicts_of_one_message_come_in_their_order() -> None:
    """Findings, strike, sanction, deletion, block, statement (CONTRACT)."""
    ladder = {"rungs": [{"sanction": "kick", "block": "group", "delete": True}]}
    given(rules=book(ads(), long(max_chars=2), ladder=ladder)).when(posted("amy", AD)).then(
        like(FindingRecorded, rule="ads"),
        like(FindingRecorded, rule="long"),
        StrikeRecorded,
        like(MemberKicked, because="ladder", message="amy@0"),
        MessageDeleted,
        like(MemberBlocked, scope="group"),
        like(StatementPosted, member="amy", rule="ads"),
    )


def test_a_message_gets_one_strike_for_its_most_severe_finding() -> None:
    """(DOMAIN 5.26)"""
    rules = book(long(max_chars=2), ads(severity="severe"), ladder={"severe_from": 1, **WARN_KICK})
    given(rules=rules).when(posted("amy", AD)).then(
        like(FindingRecorded, rule="long"),
        like(FindingRecorded, rule="ads"),
        like(StrikeRecorded, rule="ads", severity="severe", strikes=1),
        MemberWarned,
    )


def test_of_equally_severe_findings_the_lowest_rule_id_counts() -> None:
    """(DOMAIN 5.26)"""
    rules = book(ads(id="b"), long(id="a", max_chars=2))
    given(rules=rules).when(posted("amy", AD)).then_some(like(StrikeRecorded, rule="a"))


def test_a_minor_finding_is_recorded_and_costs_nothing() -> None:
    """(CONTRACT, severity)"""
    given(rules=book(ads(severity="minor"))).when(posted("amy", AD)).then(like(FindingRecorded, severity="minor"))


def test_strikes_count_for_one_member_in_one_group() -> None:
    """(DOMAIN 5.27)"""
    story = given(posted("amy", AD), rules=ADS)
    story.when(posted("amy", AD, group="g2")).then_some(like(StrikeRecorded, strikes=1))
    story.when(posted("bo", AD)).then_some(like(StrikeRecorded, strikes=1))


# --- the ladder -----------------------------------------------------------------------------------------------------


def test_a_ladder_is_climbed_rung_by_rung() -> None:
    """(CONTRACT, ladder)"""
    story = given(rules=book(ads(), ladder=WARN_MUTE_KICK))
    story.when(posted("amy", AD, at="1m")).then_some(like(MemberWarned, strikes=1))
    story.when(posted("amy", AD, at="2m")).then_some(like(MemberMuted, until=START + 120 * SECOND + DAY))
    story.when(posted("amy", AD, at="2d")).then_some(like(MemberKicked, because="ladder"))


def test_strikes_never_expire_unless_the_ladder_says_so() -> None:
    """(DOMAIN 5.27)"""
    given(posted("amy", AD), rules=ADS).when(posted("amy", AD, at="3650d")).then_some(like(StrikeRecorded, strikes=2))


def test_a_strike_is_live_until_just_before_it_expires() -> None:
    """(CONTRACT: live while at < expires)"""
    rules = book(ads(), ladder={"memory": "30d", **WARN_KICK})
    first = posted("amy", AD)
    given(rules=rules).when(first).then_some(like(StrikeRecorded, expires=START + 30 * DAY))
    given(first, rules=rules).when(posted("amy", AD, at=30 * DAY - 1)).then_some(MemberKicked)
    given(first, rules=rules).when(posted("amy", AD, at="30d")).then_some(like(MemberWarned, strikes=1))


def test_a_severe_strike_counts_as_the_last_rung() -> None:
    """(CONTRACT, severe_from)"""
    rules = book(ads(severity="severe"), ladder=WARN_MUTE_KICK)
    given(rules=rules).when(posted("amy", AD)).then_some(like(StrikeRecorded, strikes=1), MemberKicked)


def test_a_severe_strike_counts_as_at_least_the_rung_that_is_named() -> None:
    """(CONTRACT, severe_from)"""
    rules = book(ads(severity="severe"), ladder={"severe_from": 2, **WARN_MUTE_KICK})
    given(rules=rules).when(posted("amy", AD)).then_some(MemberMuted)


def test_a_normal_strike_after_a_severe_one_stays_up_there() -> None:
    """A live severe strike counts, whichever message is answered (CONTRACT)."""
    rules = book(ads(severity="severe"), long(max_chars=9), ladder={"severe_from": 2, "memory": "5d", **WARN_KICK})
    given(posted("amy", AD), joined("amy", at="1d"), rules=rules).when(posted("amy", "x" * 10, at="2d")).then_some(
        like(StrikeRecorded, severity="normal", strikes=2), MemberKicked
    )
    given(posted("amy", AD), joined("amy", at="1d"), rules=rules).when(posted("amy", "x" * 10, at="5d")).then_some(
        like(StrikeRecorded, severity="normal", strikes=1), MemberWarned
    )


def test_after_the_last_rung_its_sanction_repeats() -> None:
    """(CONTRACT)"""
    rules = book(ads(), ladder=WARN_KICK)
    story = given(posted("amy", AD, at="1m"), posted("amy", AD, at="2m"), joined("amy", at="3m"), rules=rules)
    story.when(posted("amy", AD, at="4m")).then_some(like(StrikeRecorded, strikes=3), MemberKicked)


def test_strikes_are_kept_through_leaving_and_returning() -> None:
    """(DOMAIN 5.28)"""
    given(posted("amy", AD), left("amy", at="1m"), joined("amy", at="2m"), rules=ADS).when(
        posted("amy", AD, at="3m")
    ).then_some(like(StrikeRecorded, strikes=2))


@pytest.mark.parametrize(
    ("preset", "sanctions"),
    [
        ("warn-then-kick", ["member-warned", "member-kicked"]),
        ("wecom-three-warnings", ["member-warned", "member-warned", "member-warned", "member-kicked"]),
        ("mute-ladder", ["member-muted"] * 4),
    ],
)
def test_presets_do_what_they_are_called(preset: str, sanctions: list[str]) -> None:
    """(DOMAIN 5.29; M10, M15)"""
    story = given(rules=book(ads(), ladder={"preset": preset}))
    for number, sanction in enumerate(sanctions):
        outcome = story.when(posted("amy", AD, at=f"{number * 30 + 1}d"))
        assert [verdict.type for verdict in outcome.verdicts][2:4] == [sanction, "message-deleted"]


def test_the_mute_ladder_mutes_for_one_seven_and_fifteen_days_and_for_ever() -> None:
    """(DOMAIN 5.29)"""
    story = given(rules=book(ads(), ladder={"preset": "mute-ladder"}))
    for at, days in ((1, 1), (30, 7), (60, 15)):
        until = START + (at + days) * DAY
        story.when(posted("amy", AD, at=f"{at}d")).then_some(like(MemberMuted, until=until))
    story.when(posted("amy", AD, at="90d")).then_some(like(MemberMuted, until=None))


def test_a_rung_deletes_only_where_it_says_so() -> None:
    """(CONTRACT: delete = false by default)"""
    given(rules=book(ads(), ladder=WARN_KICK)).when(posted("amy", AD)).then_some(MemberWarned).then_no(MessageDeleted)


def test_a_kick_is_announced_with_the_rule_that_was_broken() -> None:
    """(M14)"""
    ladder = {"rungs": [{"sanction": "kick", "statement": "{member} out: {rule} ({category})"}]}
    given(rules=book(ads(category="advertising"), ladder=ladder)).when(posted("amy", AD)).then_some(
        like(StatementPosted, text="amy out: ads (advertising)", rule="ads")
    )


# --- muted ----------------------------------------------------------------------------------------------------------


def test_a_message_of_the_muted_is_deleted_and_costs_no_strike() -> None:
    """(CONTRACT; DOMAIN 5.35)"""
    story = given(posted("amy", AD), rules=book(ads(), ladder=JUST_MUTE))
    story.when(posted("amy", AD, at="1m")).then(FindingRecorded, MessageDeleted)
    story.when(posted("amy", "hello", at="2m")).then(MessageDeleted)


def test_a_mute_ends_by_itself() -> None:
    """Muted while at < until (CONTRACT)."""
    story = given(posted("amy", AD), rules=book(ads(), ladder=JUST_MUTE))
    story.when(posted("amy", "hello", at=HOUR - 1)).then(MessageDeleted)
    story.when(posted("amy", "hello", at="1h")).then_nothing()


def test_a_mute_ordered_by_staff_is_a_mute() -> None:
    """(CONTRACT: an ordered sanction is a fact)"""
    story = given(ordered("amy", "mute", until="1h"), rules=ADS)
    story.when(posted("amy", AD, at="1m")).then(FindingRecorded, MessageDeleted)
    story.when(posted("amy", AD, at="1h")).then_some(like(StrikeRecorded, strikes=1))


def test_a_mute_holds_in_its_group() -> None:
    """(DOMAIN 5.27)"""
    given(ordered("amy", "mute"), rules=ADS).when(posted("amy", "hello", at="1m", group="g2")).then_nothing()


def test_what_the_muted_edit_in_is_deleted() -> None:
    """(CONTRACT, read for edits: a changed text is something said)"""
    hello = posted("amy", "hello")
    given(hello, ordered("amy", "mute", at="1m"), rules=ADS).when(
        edited("amy", AD, message=hello.message, at="2m")
    ).then(FindingRecorded, MessageDeleted)


def test_an_ordered_warning_is_no_strike() -> None:
    """What a person did is a fact, not a verdict (CONTRACT)."""
    given(ordered("amy", "warn"), rules=ADS).when(posted("amy", AD, at="1m")).then_some(like(StrikeRecorded, strikes=1))


# --- removed, and talking on ----------------------------------------------------------------------------------------


def test_who_was_kicked_and_talks_on_gets_no_strike() -> None:
    """Reading ``posted``: the log says that they kept talking (CONTRACT)."""
    rules = book(ads(), ladder=WARN_KICK)
    story = given(posted("amy", AD, at="1m"), posted("amy", AD, at="2m"), rules=rules)
    story.when(posted("amy", AD, at="3m")).then(FindingRecorded, MessageDeleted)
    story.when(posted("amy", "hello", at="4m")).then(MessageDeleted)


def test_what_the_removed_say_counts_in_windows() -> None:
    """(DESIGN: deleted messages count)"""
    rules = book(ads(), flood(2, severity="minor"), ladder={"rungs": [{"sanction": "kick"}]})
    given(posted("amy", AD, at="1m"), posted("amy", "a", at="2m"), rules=rules).when(
        posted("amy", "b", at=121 * SECOND)
    ).then(like(FindingRecorded, rule="flood"), MessageDeleted)


def test_the_echo_of_a_kick_does_not_let_them_back_in() -> None:
    """(DESIGN, effect_of)"""
    ad = posted("amy", AD)
    echo = left("amy", at="1m", effect_of=f"{ad.id}/member-kicked")
    given(ad, echo, rules=book(ads(), ladder={"rungs": [{"sanction": "kick"}]})).when(
        posted("amy", "hello", at="2m")
    ).then(MessageDeleted)


def test_who_joins_again_is_judged_again() -> None:
    """(CONTRACT)"""
    rules = book(ads(), ladder={"rungs": [{"sanction": "kick"}]})
    story = given(posted("amy", AD), joined("amy", at="1m"), rules=rules)
    story.when(posted("amy", "hello", at="2m")).then_nothing()
    story.when(posted("amy", AD, at="3m")).then_some(like(StrikeRecorded, strikes=2), MemberKicked)


def test_who_was_removed_by_a_person_and_talks_is_a_member_unseen_to_join() -> None:
    """Only the verdicts' own removals are held against somebody (CONTRACT; DOMAIN 5.34)."""
    given(joined("amy"), removed("amy", at="1m"), rules=ADS).when(posted("amy", AD, at="2m")).then_some(
        like(StrikeRecorded, strikes=1), MemberWarned
    )


def test_a_stranger_who_talks_is_a_member() -> None:
    """(DOMAIN 5.34)"""
    given(rules=ADS).when(posted("nobody", AD)).then_some(like(MemberWarned, member="nobody"))


def test_joining_twice_and_leaving_twice_are_no_errors() -> None:
    """(DOMAIN 5.34; DESIGN)"""
    given(joined("amy"), rules=ADS).when(
        joined("amy", at="1m"), left("amy", at="2m"), left("amy", at="3m")
    ).then_nothing()


# --- pardons --------------------------------------------------------------------------------------------------------


def test_a_pardoned_warning_voids_the_strikes() -> None:
    given(posted("amy", AD), lifted("amy", "warn", at="1m"), rules=ADS).when(posted("amy", AD, at="2m")).then_some(
        like(StrikeRecorded, strikes=1)
    )


def test_a_pardoned_mute_ends_at_once() -> None:
    given(posted("amy", AD), lifted("amy", "mute", at="1m"), rules=book(ads(), ladder=JUST_MUTE)).when(
        posted("amy", "hello", at="2m")
    ).then_nothing()


def test_a_pardoned_kick_lets_them_talk() -> None:
    rules = book(ads(), ladder={"rungs": [{"sanction": "kick"}]})
    given(posted("amy", AD), lifted("amy", "kick", at="1m"), rules=rules).when(
        posted("amy", "hello", at="2m")
    ).then_nothing()
