"""Standing: what a member may expect, at a given time. A frozen view for those outside."""

from __future__ import annotations

import attrs
from attrs import frozen

from groupcore.state.community import State
from groupcore.state.member import Member
from groupcore.state.sanction import Sanction, Strike


@frozen(kw_only=True)
class Standing:
    """How a member stood at ``at``: the live strikes, oldest first, and what was in force.

    Strikes, sanctions and mutes are those of that time, as far as nothing voided them since; whether somebody is
    ``present``, ``kicked`` or has ``roles`` is told as of the last event.

    ``muted_until`` is None while not muted or muted for ever: ask ``muted`` which.
    """

    group: str
    member: str
    at: int
    known: bool
    present: bool
    roles: frozenset[str]
    strikes: tuple[Strike, ...]
    sanctions: tuple[Sanction, ...]
    muted: bool
    muted_until: int | None
    kicked: bool
    blocked: bool


def standing_of(state: State, group: str, member: str, at: int) -> Standing:
    """The standing of somebody, known or not, at the time *at*. O(strikes and sanctions of that member)."""
    found = state.standing(group, member)
    held = found if found is not None else Member(member)
    return Standing(
        group=group,
        member=member,
        at=at,
        known=found is not None,
        present=held.present,
        roles=state.roles(group, member),
        strikes=tuple(attrs.evolve(strike) for strike in held.live_strikes(at) if strike.at <= at),
        sanctions=tuple(attrs.evolve(sanction) for sanction in held.sanctions if sanction.at <= at),
        muted=any(sanction.mutes(at) and sanction.at <= at for sanction in held.sanctions),
        muted_until=_mute_ends(held, at),
        kicked=held.kicked is not None,
        blocked=state.block(group, member, at) is not None,
    )


def _mute_ends(member: Member, at: int) -> int | None:
    ends = [sanction.until for sanction in member.sanctions if sanction.mutes(at) and sanction.at <= at]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None
