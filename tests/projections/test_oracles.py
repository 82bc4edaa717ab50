"""Each shipped projection against the naive fold of the whole log, through whatever Hypothesis makes up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import islice
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.process import in_court
from engine.town import Town, whole_life
from groupcore.clock import DAY, HOUR, SECOND
from groupcore.engine import Moderator
from groupcore.errors import DecisionRefused
from groupcore.events import (
    Event,
    Fact,
    MemberBanned,
    MemberKicked,
    OwnerChanged,
    SanctionOrdered,
    SanctionReduced,
    SanctionVoided,
    decode,
    encode,
    new_fact,
)
from groupcore.projections import Activity, AuditTrail, Casebook, Database, Projection, Projector, Roster, Standing
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold
from groupcore.state.standing import standing_of
from groupcore.stores import MemoryStore
from groupcore.testing import START, joined, posted
from groupcore.testing.strategies import communities, rulebooks
from laws import test_due_process as process
from projections import oracles

GROUPS = ("g1", "g2")
MEMBERS = ("amy", "bo", "cy", "lin")
PEOPLE = (*MEMBERS, "dan", "zoe", "eve", "bob", "nobody")

History = tuple[Rulebook, list[Fact]]
MODEST = settings(max_examples=40, deadline=None)
END = START + 10_000 * DAY


def played(history: History) -> MemoryStore:
    rules, facts = history
    store = MemoryStore()
    moderator = Moderator(store, rules, clock=lambda: END, salt=lambda: "ab")
    for fact in facts:
        moderator.record(fact)
    return store


Plea = tuple[int, str, bool]


def in_dispute(rules: Rulebook, facts: list[Fact], pleas: list[Plea]) -> MemoryStore:
    """The log of a life in which people appeal between whiles: against which sanction, with what end, and whether
    all that stood on it is lifted."""
    store = MemoryStore()
    moderator = Moderator(store, rules, clock=lambda: END, salt=lambda: "ab")
    moderator.grant(None, "zoe", "staff", at=START)
    rest = iter(pleas)
    for number, fact in enumerate(facts):
        moderator.record(fact)
        if number % 4 == 3:
            for plea in islice(rest, 1):
                plead(moderator, fact.at, *plea)
    for plea in rest:
        plead(moderator, facts[-1].at, *plea)
    return store


def plead(moderator: Moderator, at: int, which: int, end: str, lift: bool) -> None:
    """Appeal against a sanction, and decide it, as far as the law allows."""
    members = [(group.id, member) for group in moderator.state.groups.values() for member in group.members.values()]
    given = [(group, member.id, each) for group, member in members for each in member.sanctions]
    if not given:
        return
    group, member, sanction = given[which % len(given)]
    with suppress(DecisionRefused):
        moderator.appeal(group, member, sanction.id, at=at)
    with suppress(DecisionRefused):
        if end == "taken down":
            about: Any = {"member": member, "sanction": "ban", "by": "zoe", "message": sanction.message}
            moderator.record(new_fact(SanctionOrdered, at=at, group=group, **about))
        elif end in ("warn", "mute", "kick"):
            until = at + HOUR if end == "mute" else None
            moderator.decide_appeal(group, sanction.id, "reduced", by="zoe", at=at, reduced_to=end, until=until)
        elif end != "open":
            domino: Any = "lift" if lift else "list"
            moderator.decide_appeal(group, sanction.id, cast(Any, end), by="zoe", at=at, domino=domino)


ENDS = st.sampled_from(["upheld", *["overturned"] * 4, "warn", "mute", "kick", "taken down", "open"])
PLEAS = st.lists(st.tuples(st.integers(0, 9), ENDS, st.booleans()), min_size=3, max_size=10)
HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules, max_size=40))).map(played)
DISPUTES = st.builds(in_dispute, process.rulebooks(), process.lives(40), PLEAS)
LADDER = [
    {"sanction": "warn", "delete": True},
    {"sanction": "restrict", "for": "9d", "restrict": ["no-links"]},
    {"sanction": "mute", "for": "9d"},
    {"sanction": "kick", "block": "owner"},
    {"sanction": "ban"},
]


def climbing(scope: str) -> Rulebook:
    """A ladder that people do climb, so that much stands on each strike."""
    return Rulebook.from_mapping(
        {"ladder": {"scope": scope, "rungs": LADDER}, "policy": [{"kind": "keyword", "id": "ads", "words": ["buy"]}]}
    )


OFFENCES = st.lists(st.tuples(st.sampled_from(("amy", "bo")), st.sampled_from(GROUPS)), min_size=4, max_size=9)


def offending(offences: list[tuple[str, str]]) -> list[Fact]:
    """People come back, and say again what they may not say."""
    facts: list[Fact] = [new_fact(OwnerChanged, at=START, group=group, owner="lin") for group in GROUPS]
    for number, (member, group) in enumerate(offences, 1):
        at = number * HOUR
        facts.append(joined(member, at=at, group=group))
        facts.append(posted(member, "buy", at=at + SECOND, group=group, message=f"m{number}"))
    return facts


QUARRELS = st.builds(
    in_dispute, st.sampled_from(["group", "owner", "org"]).map(climbing), OFFENCES.map(offending), PLEAS
)
COURTS = DISPUTES | QUARRELS
LOGS = HISTORIES | COURTS
STORIES = pytest.mark.parametrize("life", [whole_life, in_court])


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
@given(LOGS)
def test_the_roster_is_the_naive_one_now_and_at_any_time(log: MemoryStore) -> None:
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
@given(LOGS)
def test_the_roster_of_now_is_the_state(log: MemoryStore) -> None:
    state, names = state_of(log), oracles.Town()
    for line in oracles.lines_of(log.read()):
        names.take(line)
    with projected(Roster, log) as roster:
        for group in GROUPS:
            place = state.group(group)
            present = {id: member for id, member in place.members.items() if member.present}
            seats = {seat.member: seat for seat in roster.members(group)}
            assert seats.keys() == present.keys()
            for id, seat in seats.items():
                member = present[id]
                assert (seat.derived, seat.joined_at) == (member.derived, member.joined_at)
                assert seat.name == names.names.get((group, id), "")
                assert seat.roles == state.roles(group, id)
                assert seat in roster.groups_of(id)
            owners = {info.group: (info.owner, info.members) for info in roster.groups()}
            assert owners.get(group, (None, 0)) == (place.owner, len(present))


def check_standing(log: MemoryStore) -> None:
    court = oracles.Court(oracles.lines_of(log.read()))
    with projected(Standing, log) as standing:
        for group in GROUPS:
            for at in moments(log):
                assert standing.owner(group, at) == court.owner(group, at)
                muted = standing.muted(group, at)
                for member in MEMBERS:
                    found = standing.of(group, member, at)
                    assert [(strike.id, strike.weight) for strike in found.strikes] == court.live(group, member, at)
                    given = [
                        (each.id, each.kind, each.lifted, each.until, each.instead_of, each.renewed, each.violations)
                        for each in found.sanctions
                    ]
                    assert given == court.sentences(group, member, at)
                    assert found.restrictions == court.restrictions(group, member, at)
                    assert [block.home for block in found.blocks] == court.kept_out(group, member, at)
                    assert (member in muted, muted.get(member)) == (found.muted, found.muted_until)
                    for block in found.blocks:
                        assert block in listed(standing, block.home, at)


def listed(standing: Standing, home: str, at: int) -> tuple[Any, ...]:
    """The whole blocklist of that name."""
    kind, _, whose = home.partition("/")
    return standing.blocklist(whose if kind == "group" else None, at, owner=whose if kind == "owner" else None)


def check_standing_is_the_state(log: MemoryStore, at: int) -> None:
    """How somebody stands is how the state says that they stand, once what happened by then is all there is."""
    rows = list(log.read())
    ended = max((row.position for row in rows if row.at <= at), default=0)
    state = fold(State(), [decode(row).event for row in rows[:ended]])
    with projected(Standing, log) as standing:
        for group in GROUPS:
            for member in MEMBERS:
                found, held = standing.of(group, member, at), standing_of(state, group, member, at)
                weights = {strike.id: (strike.weight, strike.scope, strike.owner) for strike in found.strikes}
                assert weights == {each.id: (each.weight_at(at), each.scope, each.owner) for each in held.strikes}
                assert (found.weight, found.restrictions) == (held.weight, held.restrictions)
                assert (found.muted, found.muted_until, found.blocked) == (held.muted, held.muted_until, held.blocked)
                assert (found.blocks[0].until if found.blocks else None) == held.blocked_until
                fields = ("id", "kind", "at", "until", "by", "message", "slow", "restrictions", "lifted")
                for mine, theirs in zip(found.sanctions, held.sanctions, strict=True):
                    assert [getattr(mine, name) for name in fields] == [getattr(theirs, name) for name in fields]


@MODEST
@given(LOGS)
def test_standing_is_the_naive_one_at_any_time(log: MemoryStore) -> None:
    check_standing(log)


@MODEST
@given(LOGS)
def test_standing_at_the_end_is_the_state(log: MemoryStore) -> None:
    check_standing_is_the_state(log, END)


@MODEST
@given(COURTS, st.data())
def test_standing_at_any_time_is_what_the_state_was_then(log: MemoryStore, data: st.DataObject) -> None:
    """In a log that is in the order of time."""
    check_standing_is_the_state(log, data.draw(st.sampled_from(sorted({row.at for row in log.read()} - {END}))))


def check_casebook(log: MemoryStore) -> None:
    lines = oracles.lines_of(log.read())
    wanted = oracles.casebook(lines)
    with projected(Casebook, log) as casebook:
        cases = casebook.cases(limit=10_000)
        found = [
            {
                **{name: getattr(case, name) for name in ("id", "kind", "origin", "by", "rule", "lifted_by")},
                **{name: getattr(case, name) for name in ("instead_of", "violations")},
                "rules": sorted(finding.rule for finding in case.findings),
                "outcome": case.appeal.outcome if case.appeal is not None else False,
                "reviews": [(review.kind, review.until, review.lifted) for review in case.reviews],
            }
            for case in cases
        ]
        assert found == wanted
        assert {case.id for case in casebook.open_appeals(10_000)} == {
            line["id"] for line in wanted if line["outcome"] is None
        }
        paged = [casebook.cases(limit=2)]
        while paged[-1]:
            paged.append(casebook.cases(limit=2, after=paged[-1][-1].id))
        assert [case for page in paged for case in page] == list(cases)
        assert all(casebook.case(case.id) == case for case in cases)
        counted = {each.rule: each for each in casebook.precision()}
        assert {
            rule: {name: getattr(row, name) for name in oracles.precision(lines)[rule]} for rule, row in counted.items()
        } == oracles.precision(lines)


@MODEST
@given(LOGS)
def test_the_casebook_is_the_naive_one(log: MemoryStore) -> None:
    check_casebook(log)


def check_audit(log: MemoryStore) -> None:
    wanted = oracles.audit(oracles.lines_of(log.read()))
    rows = {row.position: row for row in log.read()}
    with projected(AuditTrail, log) as trail:
        for person in PEOPLE:
            entries = trail.of(person, limit=10_000)
            assert [(entry.position, entry.capacity) for entry in entries] == sorted(wanted.get(person, []))
            for entry in entries:
                row = rows[entry.position]
                assert (entry.id, entry.type, entry.at, entry.group) == (row.id, row.type, row.at, row.group)


@MODEST
@given(LOGS)
def test_the_audit_trail_is_the_naive_one(log: MemoryStore) -> None:
    check_audit(log)


def test_the_audit_trail_tells_whom_a_report_is_about_and_never_who_reported() -> None:
    town = Town()
    town.moderator.join("g1", "dan", at=town.now)
    case = town.moderator.report("g1", "dan", reporter="ear", at=town.now).fact.id
    town.moderator.mute_reporter("g1", "ear", by="zoe", at=town.now)
    town.moderator.assign_case("g1", case, "ian", by="zoe", at=town.now)
    with projected(AuditTrail, town.store) as trail:
        assert trail.of("ear") == ()
        assert [entry.type for entry in trail.of("dan")] == [
            "member-joined",
            "report-filed",
            "case-opened",
            "case-assigned",
        ]
        assert [(entry.type, entry.capacity) for entry in trail.of("ian")] == [("case-assigned", "by")]
        assert [entry.type for entry in trail.of("zoe")] == ["reporter-muted", "case-assigned"]


def check_activity(log: MemoryStore) -> None:
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
@given(LOGS)
def test_activity_is_the_naive_one(log: MemoryStore) -> None:
    check_activity(log)


@STORIES
@pytest.mark.parametrize("check", [check_standing, check_casebook, check_audit, check_activity])
def test_all_that_can_happen_is_told_as_the_naive_ones_tell_it(
    life: Callable[[MemoryStore], Town], check: Callable[[MemoryStore], None]
) -> None:
    log = MemoryStore()
    life(log)
    check(log)


@STORIES
def test_all_that_can_happen_leaves_people_standing_as_the_state_says(life: Callable[[MemoryStore], Town]) -> None:
    log = MemoryStore()
    life(log)
    for at in moments(log):
        check_standing_is_the_state(log, at)


@MODEST
@given(LOGS, st.data())
def test_the_sums_of_activity_are_those_of_its_days(log: MemoryStore, data: st.DataObject) -> None:
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


def removed_again(*between: Event, void: str) -> MemoryStore:
    """Somebody is banned, comes back, is removed for the block, and a removal is void: they may speak again."""
    given: dict[str, Any] = {"group": "g1", "member": "amy"}
    events = [
        joined("amy"),
        MemberBanned(at=START + 1, cause="f", message="m1", **given),
        *between,
        MemberKicked(at=START + 3, cause="j", because="blocklist", message=None, **given),
        posted("amy", "is anybody here", at=4, message="m2"),
        SanctionVoided(at=START + 5, cause="a", sanction=void, kind="ban", **given),
        posted("amy", "and now", at=6, message="m3"),
    ]
    log = MemoryStore()
    log.append([encode(event, recorded_at=START, salt="ab") for event in events])
    return log


REDUCED = SanctionReduced(
    at=START + 2, group="g1", cause="r", member="amy", sanction="f/member-banned", kind="kick", message="m1"
)
REMOVALS = pytest.mark.parametrize(
    ("log", "back"),
    [
        (removed_again(void="f/member-banned"), True),
        (removed_again(REDUCED, void="r/sanction-reduced/f/member-banned"), True),
        (removed_again(REDUCED, void="f/member-banned"), False),  # which was taken back before: nothing goes with it
        (removed_again(void="j/member-kicked"), True),
        (removed_again(void="x/member-banned"), False),
    ],
)


@REMOVALS
def test_with_a_removal_go_the_kicks_for_its_block(log: MemoryStore, back: bool) -> None:
    state = state_of(log)
    assert state.groups["g1"].members["amy"].present is back
    for check in (check_standing, check_casebook, check_audit, check_activity):
        check(log)
    check_standing_is_the_state(log, END)
    with projected(Roster, log) as roster:
        assert [seat.member for seat in roster.members("g1")] == ["amy"] * back
        assert [stay.ended for stay in roster.stays("g1", "amy")] == ["banned", None][: 1 + back]
