"""Powers: whether somebody may do what they want to do, by the roles that they hold.

Nobody is asked who acts for the engine itself (``by`` is None), and nobody can be asked while the log knows of no role
at all: then powers cannot be told, and are not enforced.
"""

from __future__ import annotations

from attrs import frozen

from groupcore.errors import DecisionRefused, InputError
from groupcore.events.facts import Role
from groupcore.rulebook import Rulebook
from groupcore.rulebook.powers import DEFAULT_POWERS, POWERS, RANK, Power
from groupcore.state import State
from groupcore.wire import did_you_mean


@frozen
class Permission:
    """Whether somebody may do something: true or false as it is, with the ``reason`` in words.

    ``code`` is that of the refusal, "" where there is none. ``told`` is false where it is true only since the log knows
    of no role there: then powers cannot be told. Where secrets are at stake, ask for it, too.
    """

    granted: bool
    reason: str
    code: str = ""
    told: bool = True

    def __bool__(self) -> bool:
        return self.granted


def may(
    by: str, power: Power, group: str | None, state: State, rules: Rulebook | None, *, over: str | None = None
) -> Permission:
    """Whether a wish of somebody that takes *power* would be refused for that; done to somebody, if *over* is named."""
    if power not in POWERS:
        raise InputError(f"unknown power {power!r} ({did_you_mean(power, POWERS)})")
    where = _where(group)
    try:
        require(power, by, group, state, rules)
        if over is not None:
            require_above(by, over, group, state)
    except DecisionRefused as refused:
        return Permission(False, str(refused), refused.code)
    if not roles_are_known(group, state):
        return Permission(True, f"{where}: the log knows of no role, so powers cannot be told", told=False)
    held = ", ".join(sorted(roles_of(by, group, state)))
    return Permission(True, f"{where}: {by} is {held}, with the power {power!r}")


def require(power: Power, by: str | None, group: str | None, state: State, rules: Rulebook | None) -> None:
    """Refuse a wish of somebody who has not the power for it, in *group* or (None) in the organisation."""
    if by is None or not roles_are_known(group, state):
        return
    powers = rules.powers if rules is not None else DEFAULT_POWERS
    held = roles_of(by, group, state)
    if not any(power in powers.get(role, ()) for role in held):
        able = ", ".join(sorted(role for role, given in powers.items() if power in given)) or "nobody"
        has = f"has only the role {', '.join(sorted(held))}" if held else "has no role"
        raise DecisionRefused(f"{_where(group)}: {by} {has} here; the power {power!r} is with: {able}", "no-power")


def require_above(by: str | None, target: str, group: str | None, state: State) -> None:
    """Refuse what somebody wants to do to *target*, unless *target* has a lower rank than they have."""
    if group is not None and "owner" in state.roles(group, target):
        raise DecisionRefused(f"{_where(group)}: {target} owns the group; nobody sanctions the owner", "owner")
    if by is None or not roles_are_known(group, state):
        return
    if rank(by, group, state) <= rank(target, group, state) and rank(target, group, state):
        held = " and ".join(sorted(roles_of(target, group, state)))
        raise DecisionRefused(
            f"{_where(group)}: {target} is {held} and {by} does not outrank them; ask somebody who does",
            "not-below" if by != target else "oneself",
        )


def rank(who: str, group: str | None, state: State) -> int:
    """The rank of somebody: that of the highest role they hold."""
    return max((RANK[role] for role in roles_of(who, group, state)), default=0)


def roles_of(who: str, group: str | None, state: State) -> frozenset[Role]:
    """The roles that somebody holds in *group*, those of the organisation included, or (None) in the organisation."""
    held = state.roles(group, who) if group is not None else state.org.roles.get(who, frozenset())
    return frozenset(role for role in RANK if role in held)


def roles_are_known(group: str | None, state: State) -> bool:
    """Whether the log knows of any role, here or in the organisation. Archives often name none."""
    if state.org.roles:
        return True
    place = state.groups.get(group or "")
    return place is not None and (place.owner is not None or bool(place.roles))


def _where(group: str | None) -> str:
    return group if group is not None else "the organisation"
