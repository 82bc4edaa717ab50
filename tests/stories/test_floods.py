"""Stories of windows: floods, repetitions, raids, coarse clocks, late messages (DOMAIN.md 5-B)."""

from __future__ import annotations

import pytest

from groupcore.clock import SECOND
from groupcore.events import FindingRecorded, MemberWarned, MessageDeleted, RuleAbstained, StrikeRecorded
from groupcore.testing import adopted, given, granted, joined, like, ordered, posted, revoked
from stories.rules import JUST_MUTE, WARN_MUTE_KICK, ads, book, flood, repeat

FLOOD = book(flood(3, "10s"))
FOUND = like(FindingRecorded, rule="flood")


def test_the_third_message_within_the_window_is_a_finding() -> None:
    """The count includes the message itself (DOMAIN 5.18)."""
    given(posted("amy", at="1s"), posted("amy", at="2s"), rules=FLOOD).when(posted("amy", at="3s")).then(
        like(FindingRecorded, rule="flood", counted=("amy@1s", "amy@2s", "amy@3s")), StrikeRecorded, MemberWarned
    )


def test_a_message_exactly_one_window_before_does_not_count() -> None:
    """The window is half-open, (t - window, t] (DOMAIN 5.18)."""
    given(posted("amy", at="1s"), posted("amy", at="2s"), rules=FLOOD).when(posted("amy", at="11s")).then_nothing()


def test_a_message_a_microsecond_later_counts() -> None:
    """(DOMAIN 5.18)"""
    first = posted("amy", at=SECOND + 1)
    given(first, posted("amy", at="2s"), rules=FLOOD).when(posted("amy", at="11s")).then_some(FOUND)


def test_messages_of_one_moment_count() -> None:
    """(DOMAIN 5.18)"""
    given(posted("amy", message="a"), posted("amy", message="b"), rules=FLOOD).when(
        posted("amy", message="c")
    ).then_some(FOUND)


def test_a_message_of_a_later_time_does_not_count() -> None:
    """What arrives out of order finds its place (DOMAIN 5.18)."""
    given(posted("amy", at="8s"), posted("amy", at="9s"), rules=FLOOD).when(posted("amy", at="3s")).then_nothing()


def test_a_straggler_counts_for_those_after_it() -> None:
    """(DESIGN, append order and event time)"""
    given(posted("amy", at="8s"), posted("amy", at="3s"), rules=FLOOD).when(posted("amy", at="9s")).then_some(
        like(FindingRecorded, counted=("amy@3s", "amy@8s", "amy@9s"))
    )


@pytest.mark.parametrize("late", ["min", "s"])
def test_a_rule_abstains_where_the_clock_is_coarser_than_its_window(late: str) -> None:
    """(DOMAIN 5.19, DESIGN)"""
    rules = book(flood(3, "0.5s"))
    given(rules=rules).when(posted("amy", resolution=late)).then(  # type: ignore[arg-type]
        like(RuleAbstained, rule="flood", reason="clock-too-coarse", resolution=late)
    )


def test_a_window_as_long_as_the_tick_of_the_clock_is_judged_and_called_coarse() -> None:
    """(DOMAIN 5.19, DESIGN)"""
    rules = book(flood(2, "1s"))
    given(posted("amy", message="a", resolution="s"), rules=rules).when(
        posted("amy", message="b", resolution="s")
    ).then_some(like(FindingRecorded, coarse=True))


@pytest.mark.parametrize(("window", "coarse"), [("4s", True), ("5s", False)])
def test_up_to_four_ticks_a_finding_is_coarse(window: str, coarse: bool) -> None:
    """(DOMAIN 5.19, DESIGN)"""
    rules = book(flood(2, window))
    given(posted("amy", message="a", resolution="s"), rules=rules).when(
        posted("amy", message="b", resolution="s")
    ).then_some(like(FindingRecorded, coarse=coarse))


def test_an_abstention_is_said_once_a_group() -> None:
    """(DESIGN, abstention)"""
    coarse = posted("amy", at="1m", resolution="min")
    story = given(coarse, rules=FLOOD)
    story.when(posted("amy", at="2m", resolution="min")).then_nothing()
    story.when(posted("bo", at="3m", resolution="min")).then_nothing()
    story.when(posted("bo", at="3m", group="g2", resolution="min")).then(RuleAbstained)


def test_an_abstention_is_said_again_for_another_clock() -> None:
    """(DESIGN, abstention)"""
    rules = book(flood(3, "0.5s"))
    story = given(posted("amy", at="1m", resolution="min"), rules=rules)
    story.when(posted("amy", at="2m", resolution="s")).then(like(RuleAbstained, resolution="s"))


def test_an_abstention_is_said_again_under_another_rulebook() -> None:
    """(DESIGN, abstention)"""
    story = given(posted("amy", at="1m", resolution="min"), rules=FLOOD)
    story.happened(adopted(book(flood(4, "10s")), at="2m"))
    story.when(posted("amy", at="3m", resolution="min")).then(RuleAbstained)


def test_a_fine_message_is_judged_among_coarse_ones() -> None:
    """It is the clock of the message judged that matters (DESIGN, abstention)."""
    given(posted("amy", resolution="min", message="a"), posted("amy", at="1s"), rules=FLOOD).when(
        posted("amy", at="2s")
    ).then_some(FOUND)


def test_messages_that_were_deleted_or_taken_back_count() -> None:
    """(DOMAIN 5.20)"""
    rules = book(flood(3, severity="minor"), ads(), ladder=WARN_MUTE_KICK)
    ad, other = posted("amy", "加微信", at="1s"), posted("amy", at="2s")
    story = given(rules=rules)
    story.when(ad).then_some(MessageDeleted)
    story.when(other, revoked(other.message, at="2s")).then_nothing()
    story.when(posted("amy", at="3s")).then(FOUND)


def test_messages_of_the_muted_count() -> None:
    """A policy sees every message posted (CONTRACT)."""
    given(ordered("amy", "mute"), posted("amy", at="1s"), posted("amy", at="2s"), rules=FLOOD).when(
        posted("amy", at="3s")
    ).then(FOUND, MessageDeleted)


def test_messages_of_the_exempt_count_and_are_found() -> None:
    """(CONTRACT, DOMAIN 5.25)"""
    given(granted("amy", "admin"), posted("amy", at="1s"), posted("amy", at="2s"), rules=FLOOD).when(
        posted("amy", at="3s")
    ).then(like(FindingRecorded, rule="flood", exempt=True))


def test_the_count_starts_anew_after_a_finding() -> None:
    """(DOMAIN 5.21)"""
    story = given(*(posted("amy", at=f"{second}s") for second in (1, 2, 3)), rules=FLOOD)
    story.when(posted("amy", at="4s")).then_nothing()
    story.when(posted("amy", at="5s")).then_nothing()
    story.when(posted("amy", at="6s")).then_some(like(FindingRecorded, counted=("amy@4s", "amy@5s", "amy@6s")))


def test_each_rule_counts_for_itself() -> None:
    """(DESIGN: a message that no finding of that rule has consumed)"""
    rules = book(flood(2, id="two", severity="minor"), flood(3, id="three", severity="minor"))
    story = given(posted("amy", at="1s"), rules=rules)
    story.when(posted("amy", at="2s")).then(like(FindingRecorded, rule="two"))
    story.when(posted("amy", at="3s")).then(like(FindingRecorded, rule="three"))
    story.when(posted("amy", at="4s")).then(like(FindingRecorded, rule="two", counted=("amy@3s", "amy@4s")))


def test_a_flood_is_of_one_member_in_one_group() -> None:
    """(DOMAIN 5.22)"""
    given(posted("amy", at="1s"), posted("bo", at="2s"), posted("amy", at="2s", group="g2"), rules=FLOOD).when(
        posted("amy", at="3s")
    ).then_nothing()


def test_a_message_of_many_parts_counts_once() -> None:
    """(DOMAIN 5.23)"""
    image = {"kind": "image", "qr": []}
    given(rules=FLOOD).when(posted("amy", parts=[image, image, image])).then_nothing()


def test_leaving_and_joining_again_resets_nothing() -> None:
    """(CONTRACT: finding never depends on what was done)"""
    given(posted("amy", at="1s"), posted("amy", at="2s"), joined("amy", at="2s"), rules=FLOOD).when(
        posted("amy", at="3s")
    ).then_some(FOUND)


def test_saying_the_same_twice_is_a_repetition_whatever_the_spacing_and_width() -> None:
    """(CONTRACT, kind duplicate)"""
    given(posted("amy", "买 茶 tea", at="1s"), rules=book(repeat())).when(
        posted("amy", "买茶　ＴＥＡ", at="2s")
    ).then_some(like(FindingRecorded, rule="repeat", counted=("amy@1s", "amy@2s")))


def test_two_people_who_say_the_same_do_not_repeat_themselves() -> None:
    """(CONTRACT, kind duplicate)"""
    given(posted("amy", "hello", at="1s"), rules=book(repeat())).when(posted("bo", "hello", at="2s")).then_nothing()


def test_stickers_are_no_repetition() -> None:
    """There is nothing to compare in them (DOMAIN 5.16)."""
    given(posted("amy", at="1s"), rules=book(repeat())).when(posted("amy", at="2s")).then_nothing()


def test_a_raid_is_noted_and_punishes_nobody() -> None:
    """(DOMAIN, M21)"""
    raid = {"kind": "raid", "id": "raid", "authors": 3, "window": "1m", "min_chars": 2}
    story = given(posted("amy", "join us", at="1s"), posted("bo", "join us", at="2s"), rules=book(raid))
    story.when(posted("amy", "join us", at="3s")).then_nothing()
    story.when(posted("cy", "join us", at="4s")).then(
        like(FindingRecorded, rule="raid", severity="minor", counted=("amy@1s", "bo@2s", "amy@3s", "cy@4s"))
    )


def test_ten_minutes_behind_is_not_late() -> None:
    """(DESIGN, lateness; DOMAIN 5.41)"""
    given(posted("bo", at="10m"), rules=book(ads())).when(posted("amy", "加微信", at=0)).then(
        like(FindingRecorded, late=False), StrikeRecorded, MemberWarned
    )


def test_what_comes_later_than_that_is_recorded_and_leads_to_nothing() -> None:
    """(DESIGN, lateness; DOMAIN 5.41)"""
    given(posted("bo", at=600 * SECOND + 1), rules=book(ads())).when(posted("amy", "加微信", at=0)).then(
        like(FindingRecorded, late=True)
    )


def test_a_late_message_of_the_muted_is_not_deleted() -> None:
    """(DESIGN, lateness)"""
    given(ordered("amy", "mute"), posted("bo", at="11m"), rules=book(ads())).when(posted("amy", "hi")).then_nothing()


def test_lateness_is_measured_within_the_group() -> None:
    """(DESIGN: behind the greatest `at` of its stream)"""
    given(posted("bo", at="11m", group="g2"), rules=book(ads())).when(posted("amy", "加微信")).then_some(
        like(FindingRecorded, late=False)
    )


def test_a_late_finding_consumes_what_it_counted() -> None:
    """(DESIGN: a finding consumed what it counted)"""
    rules = book(flood(2, "10s"), ladder=JUST_MUTE)
    story = given(posted("amy", at="1s"), posted("bo", at="605s"), rules=rules)
    story.when(posted("amy", at="2s")).then(like(FindingRecorded, late=True, counted=("amy@1s", "amy@2s")))
    story.when(posted("amy", at="3s")).then_nothing()


def test_posts_are_forgotten_once_the_clock_of_the_group_has_moved_by_the_horizon() -> None:
    """The horizon is the longest window and ten minutes: what a late message could have counted is gone."""
    early, late = posted("amy", at="1s"), posted("amy", at="2s")
    given(early, posted("bo", at="610s"), rules=book(flood(2, "10s"))).when(late).then(like(FindingRecorded, late=True))
    given(early, posted("bo", at="611s"), rules=book(flood(2, "10s"))).when(late).then_nothing()


def test_posts_are_forgotten_whatever_moved_the_clock() -> None:
    """A join moves the clock of its group as a message does (decision of the team on memory)."""
    given(posted("amy", at="1s"), joined("bo", at="611s"), rules=book(flood(2, "10s"))).when(
        posted("amy", at="2s")
    ).then_nothing()
