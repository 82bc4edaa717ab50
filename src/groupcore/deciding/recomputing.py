"""Recomputing: what later sanctions would have been without the strikes that are void now.

A sanction of the ladder stood on the strikes that were live when it was made. Each is decided again under the ladder
of its own time, without those that are void; it loses its basis where something milder would have followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

import attrs
from attrs import frozen

from groupcore.events.base import VerdictEvent
from groupcore.events.facts import AppealDecided, Domino, OrderKind, StandingReviewed
from groupcore.events.verdicts import MemberUnblocked, SanctionRecomputed, SanctionVoided
from groupcore.ladder import Ladder, Tracks, end_of, read_ladder
from groupcore.rulebook import Rulebook
from groupcore.sanctions import GRAVITY, TERMS
from groupcore.state import Member, State
from groupcore.state.sanction import Block, Sanction, Strike, live

Cause = AppealDecided | StandingReviewed


@frozen
class Sentence:
    """A sanction as a ladder gives it: its kind (None: none at all) and until when."""

    kind: OrderKind | None = None
    until: int | None = None

    @property
    def gravity(self) -> tuple[int, float]:
        """What to compare sentences of one time by."""
        ends = float("inf") if self.until is None else float(self.until)
        return (GRAVITY[self.kind] if self.kind is not None else 0), ends if self.kind in TERMS else 0


def recompute(
    cause: Cause, member: Member, state: State, rules: Rulebook, void: Collection[str], domino: Domino
) -> Iterator[VerdictEvent]:
    """What the sanctions of *member* in the group of *cause* come to without the strikes *void*, oldest first.

    Those that lose their basis are named, and taken back where *domino* says so.
    """
    known = state.strikes_anywhere(cause.group or "", member.id)
    for sanction in member.sanctions:
        strike = next((strike for strike in known if strike.id == sanction.strike), None)
        if strike is None or sanction.lifted or strike.voided or strike.id in void:
            continue
        was, now = Sentence(sanction.kind, sanction.until), _without(strike, known, void, cause.group, state, rules)
        if now.gravity < was.gravity:
            yield SanctionRecomputed(
                at=cause.at,
                group=cause.group,
                cause=cause.id,
                member=member.id,
                sanction=sanction.id,
                kind=sanction.kind,
                until=sanction.until,
                now_kind=now.kind,
                now_until=now.until,
                lifted=domino == "lift",
            )
            if domino == "lift":
                yield from take_back(cause, member, sanction, state)


def _without(
    strike: Strike, known: list[Strike], void: Collection[str], group: str | None, state: State, rules: Rulebook
) -> Sentence:
    """What *strike* would have led to, where of all *known* only those counted that came before and are not void."""
    tracks, at = tracks_under(strike.rulebook, state, rules), strike.at
    owner = strike.owner if tracks.ladder(strike.category).scope == "owner" else state.owner(group or "")
    sight = [each for each in known if each is strike or each.scope != "owner" or each.owner == owner is not None]
    before = [each for each in _before(strike, sight, tracks) if each.id not in void]
    burden = tracks.burden(strike.category, strike.weight, strike.severity, live(before, at), at)
    rung = tracks.ladder(strike.category).rung(burden.weight, burden.severe, strike.steps)
    return Sentence() if rung.sanction == "delete" else Sentence(rung.sanction, end_of(rung.for_, at))


def _before(strike: Strike, sight: list[Strike], tracks: Tracks) -> list[Strike]:
    """Those in *sight* that the log had before *strike*, voided or not.

    Those of the group lie apart from those that count beyond it, each kind in the order of the log, and clocks may be
    late: so many of the other kind came before as make up what the strike weighed, and else those of earlier times.
    """
    index = next(index for index, each in enumerate(sight) if each is strike)
    alike = [each for each in sight[:index] if (each.scope == "group") == (strike.scope == "group")]
    others = [each for each in sight if (each.scope == "group") != (strike.scope == "group")]
    if not others:
        return alike
    earlier = index - len(alike)
    for count in sorted(range(len(others) + 1), key=lambda count: abs(count - earlier))[:_TRIED]:
        if _weighed(strike, found := [*alike, *others[:count]], tracks):
            return found
    return sight[:index]


_TRIED = 32
"""How many places in the log are tried for a strike, the nearest by time first."""


def _weighed(strike: Strike, before: list[Strike], tracks: Tracks) -> bool:
    """Whether *strike* may have weighed with those *before* it what was recorded; some of them may be void since."""
    at, valid = strike.at, [attrs.evolve(each, voided=False) if each.voided else each for each in before]
    least, most = (
        tracks.burden(strike.category, strike.weight, strike.severity, live(some, at), at).weight
        for some in (before, valid)
    )
    return least <= strike.strikes <= most


def tracks_under(digest: str, state: State, rules: Rulebook) -> Tracks:
    """The ladders of the rulebook with this digest; those of *rules* where it is theirs, or nobody's."""
    written = state.org.rulebooks.get(digest)
    if written is None or digest == rules.digest:
        return rules.tracks
    own = {category: read_ladder(each) for category, each in written.get("ladders", {}).items()}
    return Tracks(read_ladder(written["ladder"]) if "ladder" in written else Ladder(), own)


def take_back(cause: Cause, member: Member, sanction: Sanction, state: State) -> Iterator[VerdictEvent]:
    """The verdicts that lift a sanction and end the blocks that came with it."""
    at, group = cause.at, cause.group
    others = [each for each in member.in_force(at) if each.kind == sanction.kind and each is not sanction]
    yield SanctionVoided(
        at=at,
        group=group,
        cause=cause.id,
        member=member.id,
        sanction=sanction.id,
        kind=sanction.kind,
        another=bool(others),
    )
    for scope, owner, block in blocks_of(member.id, group, state):
        if sanction.id == block.cause or sanction.id.startswith(f"{block.cause}/"):  # ordered, or by the ladder
            yield MemberUnblocked(at=at, group=group, cause=cause.id, member=member.id, scope=scope, owner=owner)


def blocks_of(
    person: str, group: str | None, state: State
) -> Iterator[tuple[Literal["group", "owner", "org"], str | None, Block]]:
    """The blocks of somebody that a decision in a group may end: its own, any owner's, and the organisation's."""
    place = state.groups.get(group or "")
    if place is not None and person in place.blocks:
        yield "group", None, place.blocks[person]
    for owner, blocks in state.org.owned.items():
        if person in blocks:
            yield "owner", owner, blocks[person]
    if person in state.org.blocks:
        yield "org", None, state.org.blocks[person]
