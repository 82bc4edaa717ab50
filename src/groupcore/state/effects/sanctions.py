"""Strikes and sanctions: recorded, ordered, and taken back."""

from __future__ import annotations

from groupcore.events import facts, verdicts
from groupcore.state.effects.blocklists import unlist
from groupcore.state.group import Group, Terms
from groupcore.state.member import Member
from groupcore.state.sanction import Sanction, SanctionKind, Strike


def _struck(group: Group, event: verdicts.StrikeRecorded, _: Terms) -> None:
    strike = Strike(
        id=event.id,
        message=event.message,
        rule=event.rule,
        category=event.category,
        severity=event.severity,
        at=event.at,
        expires=event.expires,
    )
    group.member(event.member).strikes.append(strike)


def _sanction(
    group: Group, event: verdicts.MemberWarned | verdicts.MemberMuted | verdicts.MemberKicked, kind: SanctionKind
) -> Sanction:
    member = group.member(event.member)
    strike = member.strike(f"{event.cause}/{verdicts.StrikeRecorded.type}")
    made = Sanction(
        id=event.id, kind=kind, at=event.at, message=event.message, strike=strike.id if strike is not None else None
    )
    member.sanctions.append(made)
    return made


def _warned(group: Group, event: verdicts.MemberWarned, _: Terms) -> None:
    _sanction(group, event, "warn")


def _muted(group: Group, event: verdicts.MemberMuted, _: Terms) -> None:
    _sanction(group, event, "mute").until = event.until
    _note_mute(group, event.member, event.until)


def _note_mute(group: Group, member: str, until: int | None) -> None:
    if until is not None:
        group.agenda.add(until, "mute", member)


def _kicked(group: Group, event: verdicts.MemberKicked, _: Terms) -> None:
    _sanction(group, event, "kick")
    member = group.member(event.member)
    member.present = False
    member.kicked = event.id
    member.answered = event.because == "blocklist"
    group.roles.pop(event.member, None)


def _ordered(group: Group, event: facts.SanctionOrdered, _: Terms) -> None:
    member = group.member(event.member)
    made = Sanction(
        id=event.id, kind=event.sanction, at=event.at, message=event.message, until=event.until, by=event.by
    )
    member.sanctions.append(made)
    if event.sanction == "mute":
        _note_mute(group, event.member, event.until)
    elif event.sanction == "kick":
        member.present = False
        group.roles.pop(event.member, None)


def _lifted(group: Group, event: facts.SanctionLifted, _: Terms) -> None:
    member, kind = group.member(event.member), event.sanction
    if kind in ("warn", "all"):
        for strike in member.live_strikes(event.at):
            strike.voided = True
    for sanction in member.sanctions:
        if kind in (sanction.kind, "all"):
            lift(group, member, sanction)
    if kind in ("block", "all"):
        unlist(group, event.member)


def lift(group: Group, member: Member, sanction: Sanction) -> None:
    """Take *sanction* back, and its end out of the agenda. What is lifted already stays so."""
    if sanction.lifted:
        return  # another mute may end at the same time, and its entry in the agenda looks the same
    sanction.lifted = True
    if sanction.kind == "mute" and sanction.until is not None:
        group.agenda.drop(sanction.until, "mute", member.id)
    if member.kicked == sanction.id:
        member.kicked = None


def _unmuted(group: Group, event: verdicts.MemberUnmuted, _: Terms) -> None:
    group.agenda.drop(event.until, "mute", event.member)


ON_GROUP = {
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    verdicts.StrikeRecorded: _struck,
    verdicts.MemberWarned: _warned,
    verdicts.MemberMuted: _muted,
    verdicts.MemberKicked: _kicked,
    verdicts.MemberUnmuted: _unmuted,
}
