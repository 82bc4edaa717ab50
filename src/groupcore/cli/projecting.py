"""``groupcore project``: projections of a log, kept in a file of their own, and questions to them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import attrs
import typer

from groupcore.cli.answers import print_answer
from groupcore.cli.options import FormatName, LogName, open_log, refuse_a_dash, shown
from groupcore.cli.output import Watched, chosen, flush, note, print_records
from groupcore.clock import instant
from groupcore.errors import InputError, StoreError
from groupcore.projections import (
    Activity,
    ActivityDay,
    AuditEntry,
    AuditTrail,
    Case,
    Casebook,
    Database,
    Digests,
    GroupInfo,
    OwnerTotals,
    Precision,
    Projection,
    Projector,
    RefusedWish,
    ReportedCase,
    ReporterRecord,
    Reports,
    Roster,
    Seat,
    Standing,
    StandingAt,
    bookmark_of,
    progress_in,
)
from groupcore.projections.days import CHINA
from groupcore.stores import Store
from groupcore.subscriptions import Subscription

app = typer.Typer(
    rich_markup_mode=None, add_completion=False, no_args_is_help=True, help="Tables that follow from a log."
)

ViewsName = Annotated[str, typer.Argument(metavar="VIEWS", help="The database of projections, an SQLite file.")]
KINDS: dict[str, type[Projection]] = {
    kind.name: kind for kind in (Roster, Standing, Casebook, Reports, AuditTrail, Activity)
}
COLUMNS = ("name", "version", "position", "lag", "skipped", "because", "problem")


class Question(StrEnum):
    """What can be asked."""

    groups = "groups"
    members = "members"
    standing = "standing"
    cases = "cases"
    appeals = "appeals"
    precision = "precision"
    reports = "reports"
    reporters = "reporters"
    audit = "audit"
    refusals = "refusals"
    days = "days"
    totals = "totals"


@app.command(short_help="Bring projections up to date.")
def run(
    log: LogName,
    views: ViewsName,
    only: Annotated[list[str] | None, typer.Option(help="Only this projection; may be given again.")] = None,
    zone: Annotated[
        str | None, typer.Option(help="Whose days activity counts, such as Asia/Shanghai; +08:00 unless given.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with what is appended, until Ctrl-C.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Throw away what was made of another log, and begin anew with this one.")
    ] = False,
    format: FormatName = None,
) -> None:
    """Bring the projections in VIEWS up to date with LOG; a file that is not there is made.

    What was made of another log is refused unless --rebuild is given; a log that was put back from a backup, or cut, is
    another one, too.

    \b
    groupcore project run community.db views.db
    """
    refuse_a_dash(views)
    for name in only or ():
        if name not in KINDS:
            raise InputError(f"there is no projection {name!r}; there are {', '.join(KINDS)}")
    with open_log(log) as store, Database(views) as database:
        wanted = [_made(kind, database, zone) for name, kind in KINDS.items() if not only or name in only]
        if not rebuild:
            _refuse_another(store, log, database, [projection.name for projection in wanted])
        projector = Projector(database, wanted)
        projector.catch_up(Watched(store))
        print_records(chosen(format), COLUMNS, map(attrs.asdict, projector.progress(store)))
        if follow:
            flush()  # who reads on in a pipe is to see it now
            with Subscription(store, projector.begin(store), tell=lambda error, _: note(f"groupcore: {error}")) as news:
                projector.follow(news.batches())


def _refuse_another(store: Store, log: str, database: Database, names: Iterable[str]) -> None:
    """Raise StoreError where one of the projections of these *names* was made of another log."""
    digests = Digests(store)
    with database.writing() as db:
        marks = [mark for name in names if (mark := bookmark_of(db, name)) is not None]
    others = [mark.name for mark in marks if not mark.is_in(digests)]
    if others:
        raise StoreError(
            f"{database.name} was made of another log than {shown(log)}, or of one that went on from there ("
            f"{', '.join(others)}); nothing was changed. --rebuild throws that away and begins anew with this log"
        )


def _made(kind: type[Projection], database: Database, zone: str | None = None) -> Projection:
    """The projection; activity in the zone that was asked for, or that it was made in."""
    if kind is not Activity:
        return kind(database)
    stamps = [entry.version.partition(" ")[2] for entry in progress_in(database, names=[Activity.name])]
    return Activity(database, zone or (stamps[0] if stamps else CHINA))


@app.command("list", short_help="How far they have come.")
def list_(
    views: ViewsName,
    log: Annotated[str | None, typer.Option(help="The log, to say how far behind it they are.")] = None,
    format: FormatName = None,
) -> None:
    """Say how far each projection in VIEWS has come, and why it stands still, if it does.

    \b
    groupcore project list views.db --log community.db
    """
    with Database(views, read_only=True) as database:
        if log is None:
            found = progress_in(database)
        else:
            with open_log(log) as store:
                found = progress_in(database, store)
    if any(each.lag is not None and each.lag < 0 for each in found):
        note(f"groupcore: {shown(log or '')} is shorter than what {views} was made of: it is another log, or was cut")
    print_records(chosen(format), COLUMNS, map(attrs.asdict, found))


@app.command(short_help="Ask them something.")
def query(
    views: ViewsName,
    question: Annotated[Question, typer.Argument(metavar="QUESTION", help="What is asked.")],
    group: Annotated[str | None, typer.Option("--group", "-g", help="In which group.")] = None,
    member: Annotated[str | None, typer.Option("--member", "-m", help="About whom.")] = None,
    at: Annotated[str | None, typer.Option(help="At what time: 2026-11-01T08:00:00Z; now unless given.")] = None,
    day: Annotated[str | None, typer.Option(help="On which day: 2026-11-01.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many lines of cases, audits and refusals.", min=1)] = 1000,
    staff: Annotated[bool, typer.Option("--staff", help="Ask as staff, who may know who reported.")] = False,
    format: FormatName = None,
) -> None:
    """Ask the projections in VIEWS: groups, members, standing, cases, appeals, precision, reports,
    reporters, audit, refusals, days or totals. Who reported is told with --staff only.

    members needs --group, or --member for the groups of somebody; standing needs both; audit needs --member, days
    --group, totals --day.

    \b
    groupcore project query views.db members --group g1
    groupcore project query views.db standing --group g1 --member amy --at 2026-11-01T08:00:00Z
    """
    asked = _Asked(group, member, instant(at) if at is not None else None, day, limit, staff)
    with Database(views, read_only=True) as database:
        kind, answer, shape = _ANSWERS[question]
        print_answer(answer(_made(kind, database), asked), shape, chosen(format))


class _Asked:
    """The options of a question; asking for one that was not given says so."""

    def __init__(
        self, group: str | None, member: str | None, at: int | None, day: str | None, limit: int, staff: bool
    ) -> None:
        self.group, self.member, self.at, self.day, self.limit, self.staff = group, member, at, day, limit, staff

    def need(self, name: str) -> Any:
        value = getattr(self, name)
        if value is None:
            raise InputError(f"this question needs --{name}")
        return value

    @property
    def date(self) -> date:
        day = self.need("day")
        try:
            return date.fromisoformat(day)
        except ValueError:
            raise InputError(f"{self.day!r} is no day, such as 2026-11-01") from None


def _members(roster: Roster, asked: _Asked) -> Iterable[Any]:
    if asked.group is None and asked.member is not None:
        return roster.groups_of(asked.member, asked.at)
    seats = roster.members(asked.need("group"), asked.at)
    return [seat for seat in seats if asked.member in (None, seat.member)]


def _standing(standing: Standing, asked: _Asked) -> Iterable[Any]:
    at = asked.at if asked.at is not None else time.time_ns() // 1000
    return [standing.of(asked.need("group"), asked.need("member"), at)]


def _reporters(reports: Reports, asked: _Asked) -> Iterable[Any]:
    if not asked.staff:
        raise InputError("who reported is for staff to know; ask with --staff")
    return reports.reporters(asked.group, limit=asked.limit)


Answer = Callable[[Any, _Asked], Iterable[Any]]
_ANSWERS: dict[Question, tuple[type[Projection], Answer, type]] = {
    Question.groups: (Roster, lambda roster, asked: roster.groups(), GroupInfo),
    Question.members: (Roster, _members, Seat),
    Question.standing: (Standing, _standing, StandingAt),
    Question.cases: (Casebook, lambda book, asked: book.cases(asked.group, asked.member, limit=asked.limit), Case),
    Question.appeals: (Casebook, lambda book, asked: book.open_appeals(asked.limit), Case),
    Question.precision: (Casebook, lambda book, asked: book.precision(), Precision),
    Question.reports: (
        Reports,
        lambda reports, asked: reports.cases(asked.group, asked.member, staff=asked.staff, limit=asked.limit),
        ReportedCase,
    ),
    Question.reporters: (Reports, lambda reports, asked: _reporters(reports, asked), ReporterRecord),
    Question.audit: (AuditTrail, lambda trail, asked: trail.of(asked.need("member"), limit=asked.limit), AuditEntry),
    Question.refusals: (
        AuditTrail,
        lambda trail, asked: trail.refusals(asked.member, group=asked.group, limit=asked.limit),
        RefusedWish,
    ),
    Question.days: (Activity, lambda activity, asked: activity.days(asked.need("group"), *_only(asked)), ActivityDay),
    Question.totals: (Activity, lambda activity, asked: activity.totals(asked.date), OwnerTotals),
}


def _only(asked: _Asked) -> tuple[date, ...]:
    return (asked.date, asked.date) if asked.day is not None else ()
