"""Sanctions: by the ladder, ordered, taken back, over."""

from __future__ import annotations

import attrs

from groupcore.events import facts, verdicts
from groupcore.events.sanctions import ENDED, GIVEN, PARTICULARS, SanctionEnded, SanctionGiven
from groupcore.events.verdicts import StrikeRecorded
from groupcore.sanctions import PARDONS, REMOVALS, TERMS
from groupcore.state.effects.blocklists import unlist
from groupcore.state.group import Group, Terms
from groupcore.state.member import Member
from groupcore.state.pace import KEPT_WORDS, note
from groupcore.state.sanction import Sanction

_STRIKE = StrikeRecorded.type
_REMEMBERED = {
    kind: tuple(name for name in names if name in attrs.fields_dict(Sanction)) for kind, names in PARTICULARS.items()
}
"""What the verdict of a kind says that its sanction remembers: until when it holds, say."""


def _given(group: Group, event: SanctionGiven, _: Terms) -> Sanction:
    kind = event.kind
    made = Sanction(event.id, kind, event.at, event.message, None, f"{event.cause}/{_STRIKE}")
    for name in _REMEMBERED[kind]:
        setattr(made, name, getattr(event, name))
    _impose(group, event.member, made)
    return made


def _impose(group: Group, who: str, sanction: Sanction) -> None:
    member = group.member(who)
    member.sanctions.append(sanction)
    if sanction.kind in TERMS and sanction.until is not None:
        group.agenda.add(sanction.until, sanction.kind, who)


def _notified(group: Group, event: verdicts.MemberNotified, terms: Terms) -> None:
    _given(group, event, terms)
    note(group.said, event.at, KEPT_WORDS)


def _kicked(group: Group, event: verdicts.MemberKicked, terms: Terms) -> None:
    made = _given(group, event, terms)
    if event.because == "blocklist":
        made.strike = None
    _remove(group, event.member, event.id, answered=event.because == "blocklist")


def _removed(group: Group, event: SanctionGiven, terms: Terms) -> None:
    _given(group, event, terms)
    _remove(group, event.member, event.id, answered=False)


def _remove(group: Group, who: str, by: str, answered: bool) -> None:
    member = group.member(who)
    member.present = False
    member.kicked = by
    member.answered = answered
    group.roles.pop(who, None)


def _ordered(group: Group, event: facts.SanctionOrdered, _: Terms) -> None:
    made = Sanction(event.id, event.sanction, event.at, event.message, event.until, by=event.by)
    made.restrictions, made.slow = event.restrictions, event.slow
    _impose(group, event.member, made)
    if event.sanction in REMOVALS:
        group.member(event.member).present = False
        group.roles.pop(event.member, None)
        _supersede(group, event)


def _supersede(group: Group, event: facts.SanctionOrdered) -> None:
    """Staff took down who appeals, for the same message: that is their answer to the appeal."""
    about = {each.id for each in group.member(event.member).sanctions if each.message == event.message is not None}
    for appeal in group.appeals.values():
        if appeal.outcome is None and appeal.sanction in about:
            appeal.outcome = "superseded"


def _reduced(group: Group, event: verdicts.SanctionReduced, _: Terms) -> None:
    """The milder one takes the place of the other; it answers the same strike."""
    member = group.member(event.member)
    before = member.sanction(event.sanction)
    made = Sanction(event.id, event.kind, event.at, event.message, event.until)
    if before is not None:
        lift(group, member, before)
        made.strike, made.by = before.strike, before.by
        made.restrictions, made.slow = before.restrictions, before.slow
    _impose(group, event.member, made)


def _lifted(group: Group, event: facts.SanctionLifted, _: Terms) -> None:
    member, kind = group.members.get(event.member) or Member(event.member), event.sanction  # perhaps a stranger's block
    if kind in ("warn", "all"):
        for strike in member.strikes:
            strike.voided = strike.voided or not strike.is_over(event.at)
    for sanction in member.sanctions:
        if kind in (PARDONS.get(sanction.kind, sanction.kind), "all"):
            lift(group, member, sanction)
    if kind in ("block", "all"):
        unlist(group, event.member)


def lift(group: Group, member: Member, sanction: Sanction) -> None:
    """Take *sanction* back, and its end out of the agenda. What is lifted already stays so."""
    if sanction.lifted:
        return  # another mute may end at the same time, and its entry in the agenda looks the same
    sanction.lifted = True
    if sanction.kind in TERMS and sanction.until is not None:
        group.agenda.drop(sanction.until, sanction.kind, member.id)
    if member.kicked == sanction.id:
        member.kicked = None
    if sanction.kind in REMOVALS and sanction.strike is not None:
        for later in member.sanctions:
            if later.answers_a_block and later.at >= sanction.at:  # came back, and was kicked for the block of this one
                lift(group, member, later)


def _voided(group: Group, event: verdicts.SanctionVoided, _: Terms) -> None:
    member = group.member(event.member)
    sanction = member.sanction(event.sanction)
    if sanction is not None:
        lift(group, member, sanction)


def _ended(group: Group, event: SanctionEnded, _: Terms) -> None:
    group.agenda.drop(event.until, event.kind, event.member)


def _violated(group: Group, event: verdicts.SanctionViolated, _: Terms) -> None:
    if event.what == "slow-mode":
        member = group.member(event.member)
        member.spoke_at = member.spoke_before


def _stated(group: Group, event: verdicts.StatementPosted, _: Terms) -> None:
    note(group.said, event.at, KEPT_WORDS)


ON_GROUP = {
    facts.SanctionOrdered: _ordered,
    facts.SanctionLifted: _lifted,
    **{cls: _removed if kind in REMOVALS else _given for kind, cls in GIVEN.items()},
    **dict.fromkeys(ENDED.values(), _ended),
    verdicts.MemberNotified: _notified,
    verdicts.MemberKicked: _kicked,
    verdicts.SanctionReduced: _reduced,
    verdicts.SanctionViolated: _violated,
    verdicts.SanctionVoided: _voided,
    verdicts.StatementPosted: _stated,
}
