"""Standing: what a member may expect, at a given time. A frozen view for those outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs
from attrs import Factory, frozen

from groupcore.events.facts import Restriction
from groupcore.state.circumstances import Circumstances
from groupcore.state.community import State
from groupcore.state.member import Member
from groupcore.state.sanction import Sanction, Strike, live


@frozen(kw_only=True)
class Standing:
    """How a member stood at ``at``: the live strikes, oldest first, and what was in force.

    Strikes, sanctions and mutes are those of that time, as far as nothing voided them since; whether somebody is
    ``present``, ``kicked`` or has ``roles`` is told as of the last event.

    ``muted_until`` is None while not muted or muted for ever: ask ``muted`` which; so are ``blocked_until`` and
    ``exempt_until``. ``strikes`` are all that count in the group, those of other groups too; ``weight`` is what they
    weigh then, and ``weights`` what they weigh on each ladder: by category, "" for the one that all others share.
    ``restrictions`` are what is forbidden, ``aggravations`` what makes graver what they do, ``linked`` their other
    accounts.
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
    weight: int = 0
    weights: Mapping[str, int] = Factory(dict)
    restrictions: frozenset[Restriction] = frozenset()
    blocked_until: int | None = None
    exempt: bool = False
    exempt_until: int | None = None
    aggravations: frozenset[str] = frozenset()
    linked: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()


def standing_of(state: State, group: str, member: str, at: int) -> Standing:
    """The standing of somebody, known or not, at the time *at*. O(strikes and sanctions of that member)."""
    found = state.standing(group, member)
    held = found if found is not None else Member(member)
    strikes = live([strike for strike in state.strikes(group, member) if strike.at <= at], at)
    sanctions = [sanction for sanction in held.sanctions if sanction.at <= at]
    noted, block = state.circumstances(group), state.block(group, member, at)
    return Standing(
        group=group,
        member=member,
        at=at,
        known=found is not None,
        present=held.present,
        roles=state.roles(group, member),
        strikes=tuple(attrs.evolve(strike) for strike in strikes),
        sanctions=tuple(attrs.evolve(sanction) for sanction in sanctions),
        muted=any(sanction.mutes(at) for sanction in sanctions),
        muted_until=_mute_ends(held, at),
        kicked=held.kicked is not None,
        blocked=block is not None,
        weight=sum(strike.weight_at(at) for strike in strikes),
        weights=_by_ladder(strikes, state, at),
        restrictions=frozenset(word for each in sanctions if each.restricts(at) for word in each.restrictions),
        blocked_until=block.until if block is not None else None,
        exempt=state.exempts(group, "person", member, at),
        exempt_until=_exemption_ends(noted, member, at),
        aggravations=frozenset(factor for each in noted for factor in each.factors(member, None, at)),
        linked=tuple(state.linked(group, member)),
        labels=state.labels(group, member),
    )


def _by_ladder(strikes: Iterable[Strike], state: State, at: int) -> dict[str, int]:
    """What the strikes weigh on each ladder of the rulebook in force."""
    adopted = state.org.rulebook
    ladders = adopted.rulebook.get("ladders", {}) if adopted is not None else {}
    weights: dict[str, int] = {}
    for strike in strikes:
        track = strike.category if strike.category in ladders else ""
        weights[track] = weights.get(track, 0) + strike.weight_at(at)
    return weights


def _exemption_ends(noted: Iterable[Circumstances], member: str, at: int) -> int | None:
    """When the last of somebody's exemptions ends; None is never, or that there is none."""
    held = [each.exemptions["person"][member] for each in noted if each.exempts("person", member, at)]
    return None if None in held else max((until for until in held if until is not None), default=None)


def _mute_ends(member: Member, at: int) -> int | None:
    ends = [sanction.until for sanction in member.sanctions if sanction.mutes(at) and sanction.at <= at]
    return max((end for end in ends if end is not None), default=None) if None not in ends else None
