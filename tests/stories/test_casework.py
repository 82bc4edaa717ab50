"""Stories of reports and cases: who may see to them, what they lead to, and who is not heard (DOMAIN.md M17)."""

from __future__ import annotations

import pytest

from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.commands import (
    AcknowledgeCase,
    AssignCase,
    CaseCommand,
    CloseCase,
    CommentCase,
    EscalateCase,
    FileReport,
    HearReporter,
    MuteReporter,
)
from groupcore.events import CaseJoined, CaseOpened, ReportIgnored
from groupcore.testing import START, given, granted, joined, like, opened, posted
from groupcore.testing.spec import Story
from stories.rules import WARN_MUTE_KICK, ads, book

RULES = book(ads(), ladder=WARN_MUTE_KICK)
MESSAGE = posted("cy", "buy my book", message="m1")


def at(minutes: int) -> int:
    return START + minutes * MINUTE


def town() -> Story:
    """lin owns the group, bo is an admin; amy, cy and dan live there, and cy wrote something."""
    people = [joined(name) for name in ("amy", "bo", "cy", "dan")]
    return given(opened(owner="lin"), *people, granted("bo", "admin"), MESSAGE, rules=RULES)


def report(minutes: int, reporter: str = "amy", message: str | None = "m1", member: str = "cy") -> FileReport:
    return FileReport(at=at(minutes), group="g1", member=member, reporter=reporter, message=message, reason="spam")


def reported() -> tuple[Story, str]:
    outcome = town().when(report(1))
    return outcome.story, outcome.facts[0].id


def test_a_report_opens_a_case_and_the_next_one_joins_it() -> None:
    story, case = reported()
    story.when(report(2, "dan")).then(like(CaseJoined, case=case, reports=2))
    story.when(report(3, "dan", message=None)).then(like(CaseOpened, member="cy", message=None))


def test_nothing_else_follows_from_a_report() -> None:
    town().when(report(1)).then(like(CaseOpened, member="cy", message="m1"))


def test_the_same_person_reporting_the_same_again_changes_nothing() -> None:
    story, _ = reported()
    story.when(report(2)).then(like(ReportIgnored, because="reported-before"))


def test_a_muted_reporter_changes_nothing_until_heard_again() -> None:
    """An invariant of Ozone: a muted reporter's report changes nothing."""
    story = town().when(MuteReporter(at=at(1), group="g1", reporter="dan", by="bo", until=at(1) + HOUR)).story
    before = story.state.fork()
    outcome = story.when(report(2, "dan")).then(like(ReportIgnored, because="muted"))
    assert outcome.story.state.groups["g1"].cases == before.groups["g1"].cases == {}
    story.when(report(62, "dan")).then(CaseOpened)


def test_reports_of_somebody_muted_everywhere_change_nothing_here_either() -> None:
    story = town().when(MuteReporter(at=at(1), group=None, reporter="dan", by="lin")).story
    assert story.when(MuteReporter(at=at(1), group=None, reporter="amy", by="dan")).refused is None  # no roles there
    story.when(report(2, "dan")).then(like(ReportIgnored, because="muted"))
    story.when(HearReporter(at=at(3), group=None, reporter="dan", by="lin")).then_nothing()
    story.when(report(4, "dan")).then(CaseOpened)


def test_from_escalated_the_only_way_out_is_closed() -> None:
    """An invariant of Ozone."""
    story, case = reported()
    assert story.when(EscalateCase(at=at(2), group="g1", case=case, by="bo", reason="legal")).refused is None
    held = story.state.groups["g1"].cases[case]
    for work in (
        AcknowledgeCase(at=at(3), group="g1", case=case, by="bo"),
        AssignCase(at=at(4), group="g1", case=case, by="bo", to="lin"),
        CommentCase(at=at(5), group="g1", case=case, by="bo", text="see the law"),
        report(6, "dan"),
    ):
        assert story.when(work).refused is None
        assert held.status == "escalated"
    story.when(EscalateCase(at=at(7), group="g1", case=case, by="bo")).then_refused("escalated already")
    story.when(CloseCase(at=at(8), group="g1", case=case, by="lin", outcome="actioned"))
    assert (held.status, held.outcome) == ("closed", "actioned")


def test_a_closed_case_stays_closed_and_the_next_report_opens_another() -> None:
    story, case = reported()
    story.when(CloseCase(at=at(2), group="g1", case=case, by="bo", outcome="dismissed"))
    story.when(AcknowledgeCase(at=at(3), group="g1", case=case, by="bo")).then_refused("is closed as dismissed")
    assert story.when(CommentCase(at=at(3), group="g1", case=case, by="bo", text="done")).refused is None
    story.when(report(4)).then(like(CaseOpened, member="cy"))
    assert len(story.state.groups["g1"].cases) == 2


def test_false_reports_are_counted_against_each_who_made_them() -> None:
    story, case = reported()
    story.when(report(2, "dan"))
    story.when(CloseCase(at=at(3), group="g1", case=case, by="bo", outcome="false-report"))
    assert story.state.groups["g1"].false_reports == {"amy": 1, "dan": 1}


@pytest.mark.parametrize(
    "work",
    [
        AcknowledgeCase(at=at(2), group="g1", case="?", by="amy"),
        AssignCase(at=at(2), group="g1", case="?", by="amy", to="dan"),
        CommentCase(at=at(2), group="g1", case="?", by="amy", text="me"),
        EscalateCase(at=at(2), group="g1", case="?", by="amy"),
        CloseCase(at=at(2), group="g1", case="?", by="amy", outcome="dismissed"),
        MuteReporter(at=at(2), group="g1", reporter="dan", by="amy"),
    ],
)
def test_who_has_not_the_power_is_refused_and_told_who_has(work: CaseCommand | MuteReporter) -> None:
    town().when(work).then_refused("amy has no role here; the power 'cases' is with: admin, bot, owner, staff")


def test_whom_a_case_is_about_does_not_see_to_it() -> None:
    story = given(opened(owner="lin"), granted("cy", "admin"), joined("amy"), MESSAGE, rules=RULES)
    case = story.when(report(1)).facts[0].id
    story.when(CloseCase(at=at(2), group="g1", case=case, by="cy", outcome="dismissed")).then_refused("is about cy")
    story.when(AssignCase(at=at(2), group="g1", case=case, by="lin", to="cy")).then_refused("is about cy")


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (report(1, "cy"), "cy cannot report themselves"),
        (report(1, member="zed"), "zed is unknown here"),
        (CloseCase(at=at(1), group="g1", case="nope", by="bo", outcome="actioned"), "no case nope; none is open"),
        (MuteReporter(at=at(1), group="g1", reporter="dan", by="bo", until=at(1)), "choose a later time"),
        (MuteReporter(at=at(1), group="g1", reporter="bo", by="bo", until=at(1) + DAY), "cannot mute their own"),
        (HearReporter(at=at(1), group="g1", reporter="dan", by="bo"), "reports of dan are heard already"),
    ],
)
def test_what_makes_no_sense_is_refused(wish: FileReport | CloseCase, problem: str) -> None:
    town().when(wish).then_refused(problem)
