"""Noting: what staff says of persons and things. Refused is what would make no sense, and who has not the power."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from groupcore.commands import (
    EndExemption,
    GrantExemption,
    GrantLabel,
    LinkIdentities,
    NoteAggravation,
    RemoveLabel,
    UnlinkIdentities,
    WithdrawAggravation,
)
from groupcore.deciding.ends import refuse_end
from groupcore.deciding.powers import require
from groupcore.errors import DecisionRefused
from groupcore.events.base import Fact
from groupcore.events.circumstances import (
    AggravationNoted,
    AggravationWithdrawn,
    ExemptionEnded,
    ExemptionGranted,
    IdentityLinked,
    IdentityUnlinked,
    LabelGranted,
    LabelRemoved,
)
from groupcore.events.identity import new_fact
from groupcore.rulebook import Rulebook
from groupcore.state import Circumstances, State
from groupcore.state.effects.circumstances import spelled

F = TypeVar("F", bound=Fact)

_FACTOR = re.compile(r"[^\s/\x00-\x1f]{1,64}")  # it becomes a part of the ids of verdicts, between slashes


def _where(group: str | None) -> str:
    return group or "the organisation"


def _home(group: str | None, state: State) -> Circumstances:
    """What was noted at the place of a wish itself; what is noted elsewhere is taken back there."""
    place = state.groups.get(group) if group is not None else state.org
    return place.circumstances if place is not None else Circumstances()


def link_identities(command: LinkIdentities, state: State, rules: Rulebook | None = None) -> Fact:
    """A link as a fact, or its end. Refused for an account with itself, and where there is no link to end."""
    where = _where(command.group)
    require("label", command.by, command.group, state, rules)
    if command.person == command.other:
        raise DecisionRefused(f"{where}: {command.person} is one account; name two")
    given = {"person": command.person, "other": command.other, "by": command.by}
    if not isinstance(command, UnlinkIdentities):
        return new_fact(IdentityLinked, at=command.at, group=command.group, **given)
    if command.other not in _home(command.group, state).links.get(command.person, ()):
        raise DecisionRefused(f"{where}: {command.person} and {command.other} are not linked", "unknown")
    return new_fact(IdentityUnlinked, at=command.at, group=command.group, **given)


def note_aggravation(command: NoteAggravation, state: State, rules: Rulebook | None = None) -> AggravationNoted:
    """What is graver as a fact. Refused without a name that an event can bear, and with an end before it begins."""
    where = _where(command.group)
    require("label", command.by, command.group, state, rules)
    if not _FACTOR.fullmatch(command.factor):
        told = "1 to 64 characters, no white space, no slash, such as minor-victim"
        raise DecisionRefused(f"{where}: {command.factor!r} cannot be a factor; write {told}")
    refuse_end(where, f"factor {command.factor}", command.at, command.until)
    return _fact(AggravationNoted, command, "person", "factor", "message", "by", "until", "reason")


def withdraw_aggravation(
    command: WithdrawAggravation, state: State, rules: Rulebook | None = None
) -> AggravationWithdrawn:
    """That nothing is graver any more. Refused where nothing was noted."""
    require("label", command.by, command.group, state, rules)
    noted = _home(command.group, state).aggravations.get(command.person, [])
    if (command.factor, command.message) not in [(each.factor, each.message) for each in noted]:
        told = f"{_where(command.group)}: no {command.factor} was noted of {command.person}"
        raise DecisionRefused(told, "unknown")
    return _fact(AggravationWithdrawn, command, "person", "factor", "message", "by", "reason")


def grant_exemption(command: GrantExemption, state: State, rules: Rulebook | None = None) -> ExemptionGranted:
    """That somebody or something is let through. Refused for oneself, and for what is no domain."""
    where = _where(command.group)
    require("exempt", command.by, command.group, state, rules)
    if command.of == "person" and command.by == command.value:
        raise DecisionRefused(f"{where}: {command.by} cannot exempt themselves", "own-exemption")
    if command.of == "domain" and not _is_domain(spelled("domain", command.value)):
        raise DecisionRefused(
            f"{where}: {command.value!r} is no domain; write 'example.com', which covers what is below"
        )
    if not command.value:
        raise DecisionRefused(f"{where}: name the {command.of} that is let through")
    refuse_end(where, "exemption", command.at, command.until)
    return _fact(ExemptionGranted, command, "of", "value", "by", "until", "reason")


def _is_domain(host: str) -> bool:
    return bool(host) and not any(char in "/*@:?# \t" for char in host) and ".." not in host and host[0] != "."


def end_exemption(command: EndExemption, state: State, rules: Rulebook | None = None) -> ExemptionEnded:
    """That it is let through no longer. Refused where it was not."""
    require("exempt", command.by, command.group, state, rules)
    held = _home(command.group, state).exemptions.get(command.of, {})
    if spelled(command.of, command.value) not in held:
        raise DecisionRefused(f"{_where(command.group)}: the {command.of} {command.value} is not exempt", "unknown")
    return _fact(ExemptionEnded, command, "of", "value", "by", "reason")


def grant_label(command: GrantLabel, state: State, rules: Rulebook | None = None) -> Fact:
    """A label as a fact, or its end. Refused without a name, and where there is no such label to take."""
    where = _where(command.group)
    require("label", command.by, command.group, state, rules)
    if not command.label.strip():
        raise DecisionRefused(f"{where}: a label needs a name")
    if not isinstance(command, RemoveLabel):
        return _fact(LabelGranted, command, "member", "label", "by")
    if command.label not in _home(command.group, state).labels.get(command.member, ()):
        raise DecisionRefused(f"{where}: {command.member} has no label {command.label!r}", "unknown")
    return _fact(LabelRemoved, command, "member", "label", "by")


def _fact(cls: type[F], command: Any, *names: str) -> F:
    given = {name: getattr(command, name) for name in names}
    return new_fact(cls, at=command.at, group=command.group, **given)
