"""Who may do what: in a group, or in all of them."""

from __future__ import annotations

from groupcore.events import facts
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org


def _granted(group: Group, event: facts.RoleGranted, _: Terms) -> None:
    if event.role == "owner":
        group.owner = event.member
    else:
        group.roles.setdefault(event.member, set()).add(event.role)


def _revoked(group: Group, event: facts.RoleRevoked, _: Terms) -> None:
    if event.role == "owner":
        group.owner = None if group.owner == event.member else group.owner
    else:
        _lose(group.roles, event.member, event.role)


def _lose(roles: dict[str, set[str]], member: str, role: str) -> None:
    held = roles.get(member)
    if held is not None:
        held.discard(role)
        if not held:
            del roles[member]


def _org_granted(org: Org, event: facts.RoleGranted) -> None:
    org.roles.setdefault(event.member, set()).add(event.role)


def _org_revoked(org: Org, event: facts.RoleRevoked) -> None:
    _lose(org.roles, event.member, event.role)


ON_GROUP = {facts.RoleGranted: _granted, facts.RoleRevoked: _revoked}
ON_ORG = {facts.RoleGranted: _org_granted, facts.RoleRevoked: _org_revoked}
