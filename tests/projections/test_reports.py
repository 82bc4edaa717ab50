"""The projection of reported cases says what the state says, and tells reporters to staff only."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.town import Town
from groupcore.errors import DecisionRefused
from groupcore.projections import Database, Projector, ReporterRecord, Reports

WORK = ("report", "acknowledge", "assign", "comment", "escalate", "close", "mute", "hear")
Step = tuple[str, str, str]


def steps() -> st.SearchStrategy[list[Step]]:
    people = st.sampled_from(("amy", "bo", "cy"))
    return st.lists(st.tuples(st.sampled_from(WORK), people, people), max_size=25)


def take(town: Town, step: Step, index: int) -> None:
    """Carry out one step of a random life; what is refused leaves no trace."""
    kind, who, whom = step
    at, moderator = town.wait(1_000_000), town.moderator
    cases = list(moderator.state.groups["g1"].cases)
    case = cases[index % len(cases)] if cases else "none"
    wishes = {
        "report": lambda: moderator.report("g1", whom, reporter=who, message=f"m{index % 2}", at=at),
        "acknowledge": lambda: moderator.acknowledge_case("g1", case, by="lin", at=at),
        "assign": lambda: moderator.assign_case("g1", case, who, by="lin", at=at),
        "comment": lambda: moderator.comment_case("g1", case, "hm", by="lin", at=at),
        "escalate": lambda: moderator.escalate_case("g1", case, by="lin", at=at),
        "close": lambda: moderator.close_case("g1", case, "false-report" if index % 2 else "actioned", by="lin", at=at),
        "mute": lambda: moderator.mute_reporter("g1", who, by="lin", at=at, until=at + 10_000_000),
        "hear": lambda: moderator.hear_reporter("g1", who, by="lin", at=at),
    }
    with suppress(DecisionRefused):
        wishes[kind]()


def town() -> Town:
    made = Town()
    made.moderator.open_group("g1", at=made.now, owner="lin")
    for member in ("amy", "bo", "cy"):
        made.moderator.join("g1", member, at=made.now)
    return made


@given(steps())
def test_the_tables_say_what_the_state_says(given_steps: list[Step]) -> None:
    made = town()
    for index, step in enumerate(given_steps):
        take(made, step, index)
    group = made.moderator.state.groups["g1"]
    with Database() as views:
        reports = Reports(views)
        Projector(views, [reports]).catch_up(made.store)
        told = {case.id: case for case in reports.cases("g1", staff=True)}
        assert told.keys() == group.cases.keys()
        for id, case in group.cases.items():
            assert (told[id].status, told[id].assigned, told[id].outcome) == (case.status, case.assigned, case.outcome)
            assert [report.id for report in told[id].reports] == case.reports
            assert [report.reporter for report in told[id].reports] == [
                group.reports[report] for report in case.reports
            ]
        assert {case.id for case in reports.waiting()} == {id for id, case in group.cases.items() if case.is_open}
        false = {record.reporter: record.false for record in reports.reporters() if record.false}
        assert false == group.false_reports
        assert sum(record.filed for record in reports.reporters()) == len(group.reports)


def test_who_reported_is_told_to_staff_only() -> None:
    made = town()
    case = made.moderator.report("g1", "cy", reporter="amy", message="m1").fact.id
    made.moderator.report("g1", "cy", reporter="amy", message="m1", report="again")
    made.moderator.comment_case("g1", case, "amy says so", by="lin")
    with Database() as views:
        reports = Reports(views)
        Projector(views, [reports]).catch_up(made.store)
        for found in (reports.case(case), *reports.cases(), *reports.waiting()):
            assert "amy" not in repr(found)
        told = reports.case(case, staff=True)
        assert told is not None
        assert [report.reporter for report in told.reports] == ["amy"]
        assert (told.comments, reports.case("none")) == (1, None)
        assert reports.reporters() == (ReporterRecord(reporter="amy", group="g1", filed=2, ignored=1, false=0),)


@pytest.mark.parametrize("staff", [True, False])
def test_cases_are_those_of_the_group_and_the_member_asked_for(staff: bool) -> None:
    made = town()
    for member in ("cy", "bo"):
        made.moderator.report("g1", member, reporter="amy")
    with Database() as views:
        reports = Reports(views)
        Projector(views, [reports]).catch_up(made.store)
        assert [case.member for case in reports.cases(staff=staff)] == ["cy", "bo"]
        assert [case.member for case in reports.cases("g1", "bo", staff=staff)] == ["bo"]
        assert reports.cases("g2", staff=staff) == ()
