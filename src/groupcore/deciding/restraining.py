"""Restraining: what sanctions in force forbid, whether the platform enforces them or not."""

from __future__ import annotations

from collections.abc import Iterator, Set

from groupcore.deciding.finding import Findings
from groupcore.deciding.scene import Scene
from groupcore.events.base import VerdictEvent
from groupcore.events.facts import MemberJoined, MessageEdited, MessagePosted, Restriction
from groupcore.events.verdicts import MemberKicked, MessageDeleted, SanctionRenewed, SanctionViolated
from groupcore.rulebook import Rulebook
from groupcore.state import Member, Sanction, State

SHOWN: tuple[Restriction, ...] = ("no-links", "no-media")
"""The restrictions that the content of a message breaks, whenever it comes."""

MEDIA = frozenset({"image", "video", "voice", "file", "sticker"})
"""The kinds of parts that are media; a link card is a link, and a mini-program is neither."""


def is_restrained(member: Member, at: int) -> bool:
    """Whether somebody is removed or muted, so that nothing of theirs may stay, and no strike adds to it."""
    return member.kicked is not None or (bool(member.sanctions) and member.is_muted(at))


def answer_restrained(scene: Scene, blocked: bool) -> list[VerdictEvent]:
    """Somebody muted, removed or blocked spoke: the message goes, and no strike is added to what they have."""
    fact = scene.fact
    assert fact.message is not None, "a name cannot be deleted"
    verdicts: list[VerdictEvent] = []
    if blocked and not scene.member.answered:
        verdicts.append(
            MemberKicked(
                at=fact.at,
                group=fact.group,
                cause=fact.id,
                member=fact.author,
                because="blocklist",
                message=fact.message,
            )
        )
    verdicts += _muted_in_vain(scene)
    return [*verdicts, MessageDeleted(at=fact.at, group=fact.group, cause=fact.id, message=fact.message)]


def _muted_in_vain(scene: Scene) -> Iterator[SanctionViolated]:
    """The mutes in force that the platform cannot enforce."""
    unenforced = [noted.unenforced for noted in scene.state.circumstances(scene.where) if noted.unenforced]
    for sanction in scene.member.sanctions if unenforced else ():
        if sanction.mutes(scene.fact.at) and any(sanction.id in ids for ids in unenforced):
            yield _violation(sanction, None, scene)


def violations(scene: Scene, findings: Findings) -> Iterator[SanctionViolated]:
    """The restrictions that a message breaks, oldest first, each once."""
    held = [sanction for sanction in scene.member.sanctions if sanction.restricts(scene.fact.at)]
    if not held or not isinstance(scene.fact, MessagePosted | MessageEdited):
        return
    shown = findings.shows if findings.shows is not None else shown_in(scene.fact, scene.rules)
    for sanction in held:
        broken = _broken(sanction, shown, scene)
        if broken is not None:
            yield _violation(sanction, broken, scene)


def shown_in(fact: MessagePosted | MessageEdited, rules: Rulebook) -> frozenset[Restriction]:
    """The restrictions that the content of a message would break."""
    links = any("mini-program" not in link.steps for link in rules.reader.read(fact.text, fact.parts).links)
    media = any(part.kind in MEDIA for part in fact.parts)
    return frozenset(restriction for restriction, found in zip(SHOWN, (links, media), strict=True) if found)


def _broken(sanction: Sanction, shown: Set[Restriction], scene: Scene) -> Restriction | None:
    for restriction in SHOWN:
        if restriction in sanction.restrictions and restriction in shown:
            return restriction
    spoke = scene.member.spoke_at
    if sanction.slow is None or spoke is None or not isinstance(scene.fact, MessagePosted):
        return None
    return "slow-mode" if scene.fact.at < spoke + sanction.slow else None


def _violation(sanction: Sanction, what: Restriction | None, scene: Scene) -> SanctionViolated:
    fact = scene.fact
    assert fact.message is not None, "a name breaks no sanction"
    return SanctionViolated(
        at=fact.at,
        group=fact.group,
        cause=fact.id,
        member=fact.author,
        message=fact.message,
        sanction=sanction.id,
        kind=sanction.kind,
        what=what,
    )


def renewals(fact: MemberJoined, state: State, rules: Rulebook) -> Iterator[SanctionRenewed]:
    """What still stands against somebody who joins, so that the platform can be told again.

    Mutes are renewed where the rules say so.
    """
    member = state.standing(fact.group or "", fact.member)
    for sanction in member.in_force(fact.at) if member is not None else ():
        if sanction.kind != "mute" or rules.renew_mutes:
            yield SanctionRenewed(
                at=fact.at,
                group=fact.group,
                cause=fact.id,
                member=fact.member,
                sanction=sanction.id,
                kind=sanction.kind,
                until=sanction.until,
                restrictions=sanction.restrictions,
                slow=sanction.slow,
            )
