"""Events of due process as people say them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groupcore.cli.pieces import because, by, counted, plain, shown, until
from groupcore.clock import format_duration
from groupcore.events import Event, casework, circumstances, facts, refusals, verdicts
from groupcore.sanctions import TERMS


def _restricted(event: Any) -> str:
    slow = f" (one message each {format_duration(event.slow)})" if event.slow else ""
    return f"{', '.join(event.restrictions)}{slow} {until(event.until)}"


def _while(event: Any) -> str:
    return f" {until(event.until)}" if event.kind in TERMS else ""


def _about(event: Any) -> str:
    return f", for {plain(event.message)}" if event.message is not None else ""


def _recomputed(event: verdicts.SanctionRecomputed) -> str:
    ends = f" {until(event.now_until)}" if event.now_kind in TERMS else ""
    now = f"would have been a {event.now_kind}{ends}" if event.now_kind is not None else "would not have been"
    done = "and is lifted" if event.lifted else "and is left to staff"
    return f"the {event.kind} {plain(event.sanction)} of {plain(event.member)} {now}, {done}"


def _refused(event: refusals.WishRefused) -> str:
    """Who reported is not said: a wish not to hear somebody names nobody here."""
    meant = [plain(name) for name in (event.member, event.other, event.what) if name]
    about = f" ({', '.join(meant)})" if meant else ""
    return f"refused to {plain(event.by)}: {plain(event.wish)}{about}; {_REFUSED.get(event.why, plain(event.why))}"


_REFUSED: dict[str, str] = {
    "no-power": "they have not the power",
    "owner": "nobody acts against the owner",
    "not-below": "that person is not below them",
    "own-sanction": "it stands against themselves",
    "own-appeal": "they have a part in that appeal",
    "own-case": "the case is about themselves",
    "own-exemption": "nobody lets themselves through",
}

_IGNORED = {"muted": "is not heard", "reported-before": "reported the same before"}

PROCESS: dict[type[Event], Callable[[Any], str]] = {
    verdicts.AggravationApplied: lambda e: f"{plain(e.factor)} makes it graver, by {counted(e.steps, 'rung')}",
    verdicts.MemberNotified: lambda e: f"{plain(e.member)} is told about {plain(e.rule)}",
    verdicts.MemberRestricted: lambda e: f"{plain(e.member)} is restricted: {_restricted(e)}",
    verdicts.MemberBanned: lambda e: f"{plain(e.member)} is banned for good",
    verdicts.SanctionRenewed: lambda e: f"{plain(e.member)} is back, and the {e.kind} still holds {until(e.until)}",
    verdicts.SanctionViolated: lambda e: (
        f"{plain(e.member)} passed over a {e.kind}{f' ({e.what})' if e.what is not None else ''}"
    ),
    verdicts.BreakerTripped: lambda e: (
        f"alarm: {plain(e.rule)} struck {e.limit} times in {format_duration(e.window)}, and only records from here on"
    ),
    verdicts.SanctionRecomputed: _recomputed,
    verdicts.SanctionReduced: lambda e: f"{plain(e.member)} gets a {e.kind} in its place{_while(e)}",
    verdicts.RestrictionEnded: lambda e: f"the restrictions of {plain(e.member)} ran out: {', '.join(e.restrictions)}",
    verdicts.CaseOpened: lambda e: f"a case about {plain(e.member)} is open{_about(e)}",
    verdicts.CaseJoined: lambda e: f"the case about {plain(e.member)} has {counted(e.reports, 'report')} now",
    verdicts.ReportIgnored: lambda e: f"the report changes nothing: the reporter {_IGNORED[e.because]}",
    facts.StandingReviewed: lambda e: f"the standing of {plain(e.member)} is looked at again{by(e)}",
    circumstances.IdentityLinked: lambda e: f"{plain(e.person)} and {plain(e.other)} are one person{by(e)}",
    circumstances.IdentityUnlinked: lambda e: f"{plain(e.person)} and {plain(e.other)} are not one person{by(e)}",
    circumstances.AggravationNoted: lambda e: (
        f"{plain(e.factor)} is noted of {plain(e.person)}{_about(e)}, {until(e.until)}{by(e)}{because(e)}"
    ),
    circumstances.AggravationWithdrawn: lambda e: (
        f"{plain(e.factor)} does not hold of {plain(e.person)} any more{_about(e)}{by(e)}{because(e)}"
    ),
    circumstances.ExemptionGranted: lambda e: (
        f"the {e.of} {plain(e.value)} is let through {until(e.until)}{by(e)}{because(e)}"
    ),
    circumstances.ExemptionEnded: lambda e: f"the {e.of} {plain(e.value)} is let through no longer{by(e)}{because(e)}",
    circumstances.LabelGranted: lambda e: f"{plain(e.member)} has the label {plain(e.label)}{by(e)}",
    circumstances.LabelRemoved: lambda e: f"{plain(e.member)} has no longer the label {plain(e.label)}{by(e)}",
    circumstances.ActionReported: lambda e: f"the platform reports {plain(e.action)}: {e.outcome}",
    refusals.WishRefused: _refused,
    casework.ReportFiled: lambda e: f"{plain(e.member)} is reported{_about(e)}{because(e)}",
    casework.ReporterMuted: lambda e: f"reports of somebody change nothing {until(e.until)}{by(e)}",
    casework.ReporterUnmuted: lambda e: f"reports of somebody are heard again{by(e)}",
    casework.CaseAcknowledged: lambda e: f"the case {plain(e.case)} was seen{by(e)}",
    casework.CaseAssigned: lambda e: (
        f"the case {plain(e.case)} is {f'for {plain(e.to)}' if e.to is not None else 'for nobody in particular'}{by(e)}"
    ),
    casework.CaseCommented: lambda e: f"on the case {plain(e.case)}: {shown(e.text)}{by(e)}",
    casework.CaseEscalated: lambda e: f"the case {plain(e.case)} is escalated{by(e)}{because(e)}",
    casework.CaseClosed: lambda e: f"the case {plain(e.case)} is closed: {e.outcome}{by(e)}{because(e)}",
    casework.ContentLabelled: lambda e: (
        f"{plain(e.model or 'a classifier')} says of {plain(e.message)}: "
        + ", ".join(f"{plain(label)} {score:g}" for label, score in e.labels.items())
    ),
}
"""Who reported is never said: that is for staff, in the projection of reports."""
