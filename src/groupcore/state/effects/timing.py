"""The time: what fell due is answered, and due no more."""

from __future__ import annotations

from groupcore.events.facts import TimeAdvanced
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org


def _advanced(group: Group, event: TimeAdvanced, _: Terms) -> None:
    group.agenda.expire(event.now)


def _org_advanced(org: Org, event: TimeAdvanced) -> None:
    org.agenda.expire(event.now)


ON_GROUP = {TimeAdvanced: _advanced}
ON_ORG = {TimeAdvanced: _org_advanced}
