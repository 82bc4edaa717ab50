"""Each shipped projection against the naive fold of the whole log, through whatever Hypothesis makes up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.clock import DAY
from groupcore.engine import Moderator
from groupcore.events import Fact, decode
from groupcore.projections import Activity, AuditTrail, Casebook, Database, Projection, Projector, Roster, Standing
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold
from groupcore.state.standing import standing_of
from groupcore.stores import MemoryStore
from groupcore.testing import START
from groupcore.testing.strategies import communities, rulebooks
from groupcore.testing.strategies.communities import GROUPS, MEMBERS
from projections import oracles

HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules, max_size=40)))
History = tuple[Rulebook, list[Fact]]
MODEST = settings(max_examples=60)
END = START + 10_000 * DAY


def log_of(history: History) -> MemoryStore:
    rules, facts = history
    store = MemoryStore()
    moderator = Moderator(store, rules, clock=lambda: END, salt=lambda: "ab")
    for fact in facts:
        moderator.record(fact)
    return store


@contextmanager
def projected(kind: type[Any], log: MemoryStore) -> Iterator[Any]:
    with Database() as views:
        projection: Projection = kind(views)
        Projector(views, [projection]).catch_up(log, batch=7)
        yield projection


def moments(log: MemoryStore) -> list[int]:
    """Times to ask for: around those of the events, and the end."""
    times = sorted({row.at for row in log.read()})[1::3][:6]
    return [*times, *(time - 1 for time in times), END]


def state_of(log: MemoryStore) -> State:
    return fold(State(), [decode(row).event for row in log.read()])


@MODEST
@given(HISTORIES)
def test_the_roster_is_the_naive_one_now_and_at_any_time(history: History) -> None:
    log = log_of(history)
    lines = oracles.lines_of(log.read())
    with projected(Roster, log) as roster:
        for group in GROUPS:
            for at in (None, *moments(log)):
                seats = [
                    (seat.member, seat.name, seat.since, seat.joined_at, seat.derived, seat.roles)
                    for seat in roster.members(group, at)
                ]
                assert seats == oracles.roster(lines, group, at)


@MODEST
@given(HISTORIES)
def test_the_roster_of_now_is_the_state(history: History) -> None:
    log = log_of(history)
    state = state_of(log)
    with projected(Roster, log) as roster:
        for group in GROUPS:
            place = state.group(group)
            present = {id: member for id, member in place.members.items() if member.present}
            seats = {seat.member: seat for seat in roster.members(group)}
            assert seats.keys() == present.keys()
            for id, seat in seats.items():
                member = present[id]
                assert (seat.name, seat.derived, seat.joined_at) == (member.name, member.derived, member.joined_at)
                assert seat.roles == state.roles(group, id)
                assert seat in roster.groups_of(id)
            owners = {info.group: (info.owner, info.members) for info in roster.groups()}
            assert owners.get(group, (None, 0)) == (place.owner, len(present))


@MODEST
@given(HISTORIES)
def test_standing_is_the_naive_one_at_any_time_and_the_state_at_the_end(history: History) -> None:
    log = log_of(history)
    lines, state = oracles.lines_of(log.read()), state_of(log)
    with projected(Standing, log) as standing:
        for group in GROUPS:
            for member in MEMBERS:
                for at in moments(log):
                    found = standing.of(group, member, at)
                    strikes = [strike.id for strike in found.strikes]
                    sanctions = [(sanction.id, sanction.lifted) for sanction in found.sanctions]
                    said = (strikes, sanctions, found.muted, len(found.blocks))
                    assert said == oracles.standing(lines, group, member, at)
                    assert (member in standing.muted(group, at)) == found.muted
                    assert standing.muted(group, at).get(member) == found.muted_until
                held = standing_of(state, group, member, END)
                assert [strike.id for strike in found.strikes] == [strike.id for strike in held.strikes]
                assert (found.muted, found.muted_until) == (held.muted, held.muted_until)
                assert found.blocked == held.blocked
                assert sanctions == [(sanction.id, sanction.lifted) for sanction in held.sanctions]


@MODEST
@given(HISTORIES)
def test_the_casebook_is_the_naive_one(history: History) -> None:
    log = log_of(history)
    wanted = oracles.casebook(oracles.lines_of(log.read()))
    with projected(Casebook, log) as casebook:
        cases = casebook.cases(limit=10_000)
        found = [
            (
                case.id,
                sorted(finding.rule for finding in case.findings),
                case.rule,
                case.lifted_by,
                case.appeal.outcome if case.appeal is not None else False,
            )
            for case in cases
        ]
        assert found == wanted
        assert {case.id for case in casebook.open_appeals(10_000)} == {line[0] for line in wanted if line[4] is None}
        paged = [casebook.cases(limit=2)]
        while paged[-1]:
            paged.append(casebook.cases(limit=2, after=paged[-1][-1].id))
        assert [case for page in paged for case in page] == list(cases)
        assert all(casebook.case(case.id) == case for case in cases)


@MODEST
@given(HISTORIES)
def test_the_audit_trail_is_the_naive_one(history: History) -> None:
    log = log_of(history)
    wanted = oracles.audit(oracles.lines_of(log.read()))
    rows = {row.position: row for row in log.read()}
    with projected(AuditTrail, log) as trail:
        for person in (*MEMBERS, "nobody"):
            entries = trail.of(person, limit=10_000)
            assert [(entry.position, entry.capacity) for entry in entries] == sorted(wanted.get(person, []))
            for entry in entries:
                row = rows[entry.position]
                assert (entry.id, entry.type, entry.at, entry.group) == (row.id, row.type, row.at, row.group)


@MODEST
@given(HISTORIES)
def test_activity_is_the_naive_one(history: History) -> None:
    log = log_of(history)
    wanted = oracles.activity(oracles.lines_of(log.read()))
    with projected(Activity, log) as activity:
        for group in GROUPS:
            found = {
                (group, day.day.isoformat()): {
                    **{counter: getattr(day, counter) for counter in oracles.COUNTERS},
                    "speakers": (day.speakers, day.staff_speakers),
                    "revision": day.revision,
                    "closed": day.closed,
                }
                for day in activity.days(group)
            }
            assert found == {
                key: {**day, "speakers": (len(day["speakers"]), sum(day["speakers"].values()))}
                for key, day in wanted.items()
                if key[0] == group
            }


@MODEST
@given(HISTORIES, st.data())
def test_the_sums_of_activity_are_those_of_its_days(history: History, data: st.DataObject) -> None:
    log = log_of(history)
    naive = oracles.activity(oracles.lines_of(log.read()))
    with projected(Activity, log) as activity:
        for group in GROUPS:
            days = activity.days(group)
            if not days:
                continue
            first, last = sorted(data.draw(st.sampled_from([day.day for day in days])) for _ in range(2))
            chosen = [day for day in days if first <= day.day <= last]
            period = activity.period(group, first, last)
            assert (period.days, period.messages) == (len(chosen), sum(day.messages for day in chosen))
            assert (period.joins, period.leaves) == (sum(d.joins for d in chosen), sum(d.leaves for d in chosen))
            spoke = {who for day in chosen for who in naive[group, day.day.isoformat()]["speakers"]}
            assert period.speakers == len(spoke)
        totals = activity.totals(date.max)
        present = [member for place in state_of(log).groups.values() for member in place.members.values()]
        assert sum(total.members for total in totals) == sum(member.present for member in present)
        assert sum(total.messages for total in totals) == sum(day["messages"] for day in naive.values())
