"""Powers: who may do what. A rulebook may say it otherwise, role by role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from groupcore.events.facts import Role

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
