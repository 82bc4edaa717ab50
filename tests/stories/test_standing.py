"""Stories of standing: where strikes count and fade, what makes them graver, what else sanctions can be (issue 4)."""

from __future__ import annotations

from typing import Any

import pytest

from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.commands import OrderSanction
from groupcore.events import (
    ActionReported,
    AggravationApplied,
    AggravationNoted,
    BreakerTripped,
    ContentLabelled,
    ExemptionGranted,
    FindingRecorded,
    IdentityLinked,
    MemberBanned,
    MemberBlocked,
    MemberKicked,
    MemberMuted,
    MemberNotified,
    MemberUnblocked,
    MemberWarned,
    MessageDeleted,
    SanctionOrdered,
    SanctionRenewed,
    SanctionViolated,
    StatementPosted,
    StrikeRecorded,
)
from groupcore.events.identity import new_fact
from groupcore.events.verdicts import RestrictionEnded
from groupcore.state.standing import standing_of
from groupcore.testing import START, advanced, edited, given, joined, left, lifted, like, opened, posted
from stories.rules import ads, book

AD = "加微信"
MUTE = {"sanction": "mute", "for": "1d", "delete": True}
QUIET = {"sanction": "restrict", "for": "1d", "restrict": ["no-links", "no-media"]}
SLOW = {"sanction": "restrict", "for": "1h", "restrict": ["slow-mode"], "slow": "30s"}
WARN, KICK = {"sanction": "warn"}, {"sanction": "kick", "statement": False}


def ladder(*rungs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rungs": list(rungs), **more}


def linked(person: str, other: str, group: str | None = None) -> IdentityLinked:
    return new_fact(IdentityLinked, at=START, group=group, person=person, other=other)


def noted(person: str, factor: str, **more: Any) -> AggravationNoted:
    return new_fact(AggravationNoted, at=START, group="g1", person=person, factor=factor, **more)


def let_through(of: Any, value: str, *, group: str | None = "g1", until: int | None = None) -> ExemptionGranted:
    return new_fact(ExemptionGranted, at=START, group=group, of=of, value=value, until=until)


def labelled(message: str, author: str, *, after: int = MINUTE, **labels: float) -> ContentLabelled:
    return new_fact(ContentLabelled, at=START + after, group="g1", message=message, author=author, labels=labels)


def restriction(member: str, *words: str, slow: int | None = None, until: int | None = None) -> SanctionOrdered:
    given: dict[str, Any] = {"restrictions": words, "slow": slow, "until": until}
    return new_fact(SanctionOrdered, at=START, group="g1", member=member, sanction="restrict", by="lin", **given)


# --- strikes ----------------------------------------------------------------------------------------------------------


def test_a_strike_weighs_what_its_rule_says() -> None:
    rules = book(ads(weight=2), ladder=ladder(WARN, MUTE, KICK))
    given(rules=rules).when(posted("amy", AD)).then_some(like(StrikeRecorded, weight=2, strikes=2), MemberMuted)


def test_a_strike_loses_weight_as_time_goes_by() -> None:
    rules = book(ads(weight=2), ladder=ladder(WARN, MUTE, WARN, KICK, decay="7d"))
    story = given(posted("amy", AD), rules=rules)
    story.when(posted("amy", AD, at="8d")).then_some(like(StrikeRecorded, strikes=3))
    assert standing_of(story.state, "g1", "amy", START + 6 * DAY).weight == 2
    assert standing_of(story.state, "g1", "amy", START + 7 * DAY).weight == 1
    assert standing_of(story.state, "g1", "amy", START + 30 * DAY).strikes == ()


def test_good_behaviour_forgets_all_that_came_before_it() -> None:
    rules = book(ads(), ladder=ladder(WARN, WARN, KICK, good_behaviour="14d"))
    story = given(posted("amy", AD), posted("amy", AD, at="13d"), rules=rules)
    story.when(posted("amy", AD, at="27d")).then_some(like(StrikeRecorded, strikes=1), MemberWarned)
    story.when(posted("amy", AD, at="28d")).then_some(like(StrikeRecorded, strikes=2))


def test_a_category_climbs_a_ladder_of_its_own() -> None:
    scam = {"kind": "keyword", "id": "scam", "category": "fraud", "words": ["中奖"]}
    rules = book(ads(), scam, ladder=ladder(WARN, KICK), ladders={"fraud": ladder(MUTE, KICK)})
    story = given(posted("amy", AD), rules=rules)
    story.when(posted("amy", "中奖", at="1m")).then_some(like(StrikeRecorded, strikes=1), MemberMuted)
    assert standing_of(story.state, "g1", "amy", START + HOUR).weights == {"": 1, "fraud": 1}


@pytest.mark.parametrize(("scope", "there"), [("group", 1), ("owner", 2), ("org", 2)])
def test_a_strike_counts_where_its_ladder_says(scope: str, there: int) -> None:
    rules = book(ads(), ladder=ladder(WARN, WARN, KICK, scope=scope))
    story = given(opened(owner="lin"), opened(owner="lin", group="g2"), posted("amy", AD), rules=rules)
    story.when(posted("amy", AD, at="1m", group="g2")).then_some(like(StrikeRecorded, strikes=there, scope=scope))


def test_the_groups_of_another_owner_do_not_see_it() -> None:
    rules = book(ads(), ladder=ladder(WARN, KICK, scope="owner"))
    story = given(opened(owner="lin"), opened(owner="zoe", group="g2"), posted("amy", AD), rules=rules)
    story.when(posted("amy", AD, at="1m", group="g2")).then_some(like(StrikeRecorded, strikes=1, owner="zoe"))


def test_a_group_without_an_owner_counts_for_itself() -> None:
    rules = book(ads(), ladder=ladder(WARN, KICK, scope="owner"))
    given(rules=rules).when(posted("amy", AD)).then_some(like(StrikeRecorded, scope="group", owner=None))


def test_a_pardon_of_warnings_voids_what_counts_beyond_the_group_too() -> None:
    rules = book(ads(), ladder=ladder(WARN, KICK, scope="org"))
    story = given(posted("amy", AD), lifted("amy", "warn", at="1m"), rules=rules)
    story.when(posted("amy", AD, at="2m", group="g2")).then_some(like(StrikeRecorded, strikes=1))


# --- what makes it graver ---------------------------------------------------------------------------------------------


def test_what_is_graver_leads_higher_and_says_so() -> None:
    rules = book(ads(), ladder=ladder(WARN, MUTE, KICK, aggravators={"minor-victim": 1}))
    given(noted("amy", "minor-victim"), rules=rules).when(posted("amy", AD, at="1m")).then(
        FindingRecorded,
        like(StrikeRecorded, strikes=1, steps=1),
        like(AggravationApplied, factor="minor-victim", steps=1),
        MemberMuted,
        MessageDeleted,
    )


def test_what_is_graver_of_a_message_weighs_on_that_message_alone() -> None:
    rules = book(ads(), ladder=ladder(WARN, WARN, MUTE, KICK, aggravators={"minor-victim": 2}))
    story = given(noted("amy", "minor-victim", message="m1"), rules=rules)
    story.when(posted("amy", AD, at="1m", message="m2")).then_no(AggravationApplied)
    story.when(posted("amy", AD, at="2m", message="m1")).then_some(like(AggravationApplied, steps=2), MemberKicked)


def test_a_linked_account_in_trouble_is_graver() -> None:
    rules = book(ads(), ladder=ladder(WARN, KICK, aggravators={"linked-accounts": 1}))
    story = given(linked("amy", "bo"), posted("bo", AD), rules=rules)
    story.when(posted("amy", AD, at="1m")).then_some(like(AggravationApplied, factor="linked-accounts"), MemberKicked)
    given(linked("amy", "bo"), rules=rules).when(posted("amy", AD)).then_no(AggravationApplied)


# --- sanctions --------------------------------------------------------------------------------------------------------


def test_the_mildest_rungs_only_tell_and_only_delete() -> None:
    rules = book(ads(), ladder=ladder({"sanction": "notice"}, {"sanction": "delete"}, {"sanction": "ban"}))
    story = given(rules=rules)
    story.when(posted("amy", AD)).then(FindingRecorded, StrikeRecorded, like(MemberNotified, rule="ads"))
    story.when(posted("amy", AD, at="1m")).then(FindingRecorded, StrikeRecorded, MessageDeleted)
    story.when(posted("amy", AD, at="2m")).then(
        FindingRecorded, StrikeRecorded, MemberBanned, like(MemberBlocked, scope="org"), StatementPosted
    )
    story.when(joined("amy", at="3m", group="g2")).then(like(MemberKicked, because="blocklist"))


def test_a_restricted_member_may_speak_and_not_link() -> None:
    story = given(posted("amy", AD), rules=book(ads(), ladder=ladder(QUIET)))
    story.when(posted("amy", "hello", at="1m")).then_nothing()
    story.when(posted("amy", "see example.com", at="2m")).then(
        like(SanctionViolated, what="no-links", kind="restrict"), MessageDeleted
    )
    story.when(posted("amy", parts=[{"kind": "image"}], at="3m")).then(
        like(SanctionViolated, what="no-media"), MessageDeleted
    )
    story.when(edited("amy", "example.com", message="m9", at="4m")).then_some(SanctionViolated, MessageDeleted)
    story.when(posted("amy", "example.com", at="25h")).then_nothing()


def test_a_message_that_breaks_a_restriction_and_a_rule_is_struck_for_and_deleted_once() -> None:
    story = given(posted("amy", AD), rules=book(ads(), ladder=ladder(QUIET, {**WARN, "delete": True})))
    story.when(posted("amy", f"{AD} example.com", at="1m")).then(
        FindingRecorded, StrikeRecorded, MemberWarned, SanctionViolated, MessageDeleted
    )


def test_slow_mode_counts_from_the_last_message_that_it_let_stand() -> None:
    story = given(posted("amy", AD), rules=book(ads(), ladder=ladder(SLOW)))
    story.when(posted("amy", "a", at="20s")).then(like(SanctionViolated, what="slow-mode"), MessageDeleted)
    story.when(posted("amy", "b", at="30s")).then_nothing()
    story.when(posted("amy", "c", at="59s")).then_some(SanctionViolated)
    story.when(posted("amy", "d", at="60s")).then_nothing()


def test_restrictions_that_run_out_are_told_as_far_as_nothing_else_forbids_the_same() -> None:
    one = restriction("amy", "no-links", "no-media", until=START + HOUR)
    other = restriction("bo", "no-links")
    story = given(joined("amy"), joined("bo"), one, other, rules=book(ads()))
    story.when(advanced("2h")).then(
        like(RestrictionEnded, member="amy", until=START + HOUR, restrictions=("no-links", "no-media"))
    )
    story.when(advanced("3h")).then_nothing()


def test_the_messages_and_edits_of_a_muted_member_go_and_add_no_strike() -> None:
    story = given(posted("amy", "hi", message="m1"), posted("amy", AD, at="1m"), rules=book(ads(), ladder=ladder(MUTE)))
    story.when(posted("amy", AD, at="2m")).then(FindingRecorded, MessageDeleted)
    story.when(edited("amy", "hi there", message="m1", at="3m")).then(MessageDeleted)


def test_a_mute_that_the_platform_cannot_enforce_is_broken_by_each_message() -> None:
    ad = posted("amy", AD)
    story = given(ad, rules=book(ads(), ladder=ladder(MUTE)))
    report = new_fact(
        ActionReported, at=START + SECOND, group="g1", action=f"{ad.id}/member-muted", outcome="not-enforceable"
    )
    story.when(report).then_nothing()
    story.when(posted("amy", "hello", at="1m")).then(
        like(SanctionViolated, kind="mute", what=None, sanction=f"{ad.id}/member-muted"), MessageDeleted
    )


# --- coming back ------------------------------------------------------------------------------------------------------


def test_who_rejoins_before_the_expiry_is_restricted_again() -> None:
    story = given(posted("amy", AD), left("amy", at="1m"), rules=book(ads(), ladder=ladder(QUIET)))
    story.when(joined("amy", at="2m")).then(
        like(SanctionRenewed, kind="restrict", until=START + DAY, restrictions=("no-links", "no-media"))
    )
    story.when(joined("amy", at="25h")).then_nothing()


@pytest.mark.parametrize("renew", [False, True])
def test_mutes_are_renewed_where_the_rules_say_so(renew: bool) -> None:
    rules = book(ads(), ladder=ladder(MUTE), renew_mutes=renew)
    outcome = given(posted("amy", AD), left("amy", at="1m"), rules=rules).when(joined("amy", at="2m"))
    _ = outcome.then(like(SanctionRenewed, kind="mute", until=START + DAY)) if renew else outcome.then_nothing()


def test_who_rejoins_under_a_linked_identity_is_kicked_where_blocks_follow_links() -> None:
    kick = {"sanction": "kick", "block": "group", "statement": False}
    before = (linked("amy", "amy2"), posted("amy", AD))
    follow = given(*before, rules=book(ads(), ladder=ladder(kick), blocks_follow_links=True))
    follow.when(joined("amy2", at="1m")).then(like(MemberKicked, member="amy2", because="blocklist"))
    given(*before, rules=book(ads(), ladder=ladder(kick))).when(joined("amy2", at="1m")).then_nothing()


def test_a_kick_of_who_already_left_is_refused() -> None:
    kick = OrderSanction(at=START + MINUTE, group="g1", member="amy", sanction="kick", by="lin")
    given(joined("amy"), left("amy", at="1s"), rules=book(ads())).when(kick).then_refused(
        "has left; block them instead"
    )


@pytest.mark.parametrize(
    ("until", "told"),
    [
        (START, "would end before it begins"),
        (START - 1, "would end before it begins"),
        (START + 1001 * 365 * DAY, "more than a thousand years"),
    ],
)
def test_a_mute_of_no_time_or_of_a_thousand_years_is_refused(until: int, told: str) -> None:
    mute = OrderSanction(at=START, group="g1", member="amy", sanction="mute", by="lin", until=until)
    given(joined("amy"), rules=book(ads())).when(mute).then_refused(told)


def test_a_sanction_on_a_stranger_is_refused() -> None:
    ban = OrderSanction(at=START, group="g1", member="nobody", sanction="ban", by="lin")
    given(joined("amy"), rules=book(ads())).when(ban).then_refused("unknown here")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sanction": "restrict"}, "names what it forbids"),
        ({"sanction": "restrict", "restrictions": ("no-link",)}, "names what it forbids"),
        ({"sanction": "restrict", "restrictions": ("slow-mode",)}, "'slow'"),
        ({"sanction": "restrict", "restrictions": ("no-links",), "slow": 5}, "'slow'"),
        ({"sanction": "warn", "restrictions": ("no-links",)}, "restricts nothing"),
        ({"sanction": "ban", "until": START + DAY}, "has no end"),
    ],
)
def test_an_order_that_says_not_what_it_is_is_refused(fields: dict[str, Any], told: str) -> None:
    order = OrderSanction(at=START, group="g1", member="amy", by="lin", **fields)
    given(joined("amy"), rules=book(ads())).when(order).then_refused(told)


def test_a_block_of_the_ladder_that_expires_is_told_and_lets_in() -> None:
    kick = {"sanction": "kick", "block": "owner", "block_for": "30d", "statement": False}
    groups = opened(owner="lin"), opened(owner="lin", group="g2"), opened(owner="zoe", group="g3")
    story = given(*groups, posted("amy", AD), rules=book(ads(), ladder=ladder(kick)))
    story.when(joined("amy", at="1d", group="g2")).then(like(MemberKicked, because="blocklist"))
    story.when(joined("amy", at="1d", group="g3")).then_nothing()
    story.when(advanced("30d", group=None)).then(like(MemberUnblocked, scope="owner", owner="lin", member="amy"))
    story.when(joined("amy", at="31d", group="g2")).then_nothing()


# --- whitelists -------------------------------------------------------------------------------------------------------


def test_who_is_let_through_is_exempt_until_then() -> None:
    story = given(let_through("person", "amy", until=START + HOUR), rules=book(ads()))
    story.when(posted("amy", AD, at="1m")).then(like(FindingRecorded, exempt=True))
    story.when(posted("amy", AD, at="1h")).then_some(like(FindingRecorded, exempt=False), StrikeRecorded)


def test_a_link_is_excused_where_all_its_domains_are_let_through() -> None:
    rules = book({"kind": "link", "id": "links"})
    story = given(let_through("domain", "Shop.Example.com.", group=None), rules=rules)
    story.when(posted("amy", "a.shop.example.com", at="1m")).then(like(FindingRecorded, excused=True))
    story.when(posted("amy", "a.shop.example.com and example.org", at="2m")).then_some(
        like(FindingRecorded, excused=False), StrikeRecorded
    )


def test_a_mini_program_is_excused_by_its_app() -> None:
    rules = book({"kind": "mini-program", "id": "mini"})
    story = given(let_through("mini-program", "wx1"), rules=rules)
    parts = [{"kind": "mini-program", "app": "wx1"}]
    story.when(posted("amy", parts=parts, at="1m")).then(like(FindingRecorded, excused=True))


# --- breaker, shadow, labels ------------------------------------------------------------------------------------------


def test_a_breaker_trips_in_a_raid_and_says_so_once() -> None:
    rules = book(ads(max_per_hour=3), ladder=ladder(KICK))
    story = given(*(posted(f"raider{n}", AD, at=f"{n}s") for n in range(1, 4)), rules=rules)
    story.when(posted("raider4", AD, at="4s")).then(
        like(FindingRecorded, capped=True), like(BreakerTripped, rule="ads", limit=3, window=HOUR)
    )
    story.when(posted("raider5", AD, at="5s")).then(like(FindingRecorded, capped=True))
    story.when(posted("amy", AD, at="61m")).then_some(like(FindingRecorded, capped=False), MemberKicked)
    story.when(posted("bo", AD, at="61m", group="g2")).then_some(MemberKicked)


def test_a_shadow_rule_runs_beside_a_live_one() -> None:
    trial = {"kind": "keyword", "id": "trial", "words": ["代购"], "severity": "severe", "shadow": True}
    story = given(rules=book(ads(), trial, ladder=ladder(WARN, KICK)))
    story.when(posted("amy", "代购")).then(like(FindingRecorded, rule="trial", shadow=True))
    story.when(posted("amy", f"代购 {AD}", at="1m")).then(
        like(FindingRecorded, rule="ads", shadow=False),
        like(FindingRecorded, rule="trial", shadow=True),
        like(StrikeRecorded, rule="ads", strikes=1),
        MemberWarned,
    )


def test_a_group_is_not_flooded_with_statements() -> None:
    rules = book(ads(), ladder=ladder({"sanction": "kick"}, statements_per_minute=2))
    story = given(posted("a", AD), posted("b", AD, at="1s"), rules=rules)
    story.when(posted("c", AD, at="2s")).then(FindingRecorded, StrikeRecorded, MemberKicked)
    story.when(posted("d", AD, at="61s")).then_some(MemberKicked, StatementPosted)


def test_what_a_classifier_says_is_judged_by_threshold_and_once() -> None:
    toxic = {"kind": "labels", "id": "toxic", "labels": {"toxic": 0.9, "hate": 0.5}}
    rules = book(toxic, ladder=ladder({**WARN, "delete": True}))
    story = given(posted("amy", "hello", message="m1"), rules=rules)
    story.when(labelled("m1", "amy", toxic=0.89)).then_nothing()
    story.when(labelled("m1", "amy", after=2 * MINUTE, toxic=0.9, hate=0.4, spam=1.0)).then(
        like(FindingRecorded, message="m1", evidence={"labels": ["toxic"], "scores": {"toxic": 0.9}}),
        like(StrikeRecorded, message="m1", member="amy"),
        MemberWarned,
        like(MessageDeleted, message="m1"),
    )
    story.when(labelled("m1", "amy", after=3 * MINUTE, toxic=1.0)).then(FindingRecorded)
