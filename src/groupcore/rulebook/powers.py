"""Powers: who may do what. A rulebook may say it otherwise, role by role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from groupcore.errors import Fault
from groupcore.events.facts import Role
from groupcore.wire import Faulty, did_you_mean, found, join

Power = Literal["sanction", "lift", "block", "appeals", "cases", "exempt", "label", "erase"]
"""What people may be allowed to do to others: order sanctions, pardon, block, decide appeals, work on cases and read
who reported, exempt people and domains, label people and note what is known of them, erase what somebody wrote."""

POWERS: tuple[Power, ...] = get_args(Power)

_USUAL: frozenset[Power] = frozenset(POWERS) - {"erase"}

DEFAULT_POWERS: Mapping[Role, frozenset[Power]] = {
    "owner": frozenset(POWERS),
    "staff": frozenset(POWERS),
    "admin": _USUAL,
    "bot": _USUAL,
}
"""The powers of each role unless a rulebook says otherwise. Members without a role have none."""

RANK: Mapping[Role, int] = {"owner": 3, "staff": 2, "admin": 1, "bot": 1}
"""Somebody sanctions, pardons and blocks only those of a lower rank; a member without a role has the rank 0."""

Powers = Mapping[Role, frozenset[Power]]
"""The powers of each role."""


def all_powers(given: Mapping[Role, Iterable[Power]]) -> Powers:
    """The powers of every role: those *given*, and the usual ones of roles that are not named."""
    return {role: frozenset(given.get(role, usual)) for role, usual in DEFAULT_POWERS.items()}


def read_powers(written: object, path: str = "powers") -> dict[Role, tuple[Power, ...]]:
    """The powers that a rulebook names, by role. Raises `groupcore.wire.Faulty` with every fault."""
    if not isinstance(written, Mapping):
        raise Faulty([Fault(path, f"expected a table, found {found(written)}", "write [powers], a role on each line")])
    faults = [fault for role, powers in written.items() for fault in _faults(role, powers, path)]
    if faults:
        raise Faulty(faults)
    return {role: tuple(powers) for role, powers in written.items()}


def _faults(role: object, powers: Any, path: str) -> list[Fault]:
    if role not in RANK:
        return [Fault(path, f"unknown role {role!r}", did_you_mean(role, RANK))]
    where = join(path, str(role))
    if not isinstance(powers, list | tuple):
        return [Fault(where, f"expected a list, found {found(powers)}", f"known: {', '.join(sorted(POWERS))}")]
    return [
        Fault(f"{where}[{index}]", f"unknown power {power!r}", did_you_mean(power, POWERS))
        for index, power in enumerate(powers)
        if power not in POWERS
    ]


def powers_to_mapping(powers: Powers) -> dict[str, list[str]]:
    """The mapping that `read_powers` reads back; roles that have their usual powers are left out."""
    return {role: sorted(held) for role, held in powers.items() if held != DEFAULT_POWERS[role]}
