"""Appeals: filed and decided."""

from __future__ import annotations

from groupcore.events import facts
from groupcore.state.group import Group, Terms
from groupcore.state.sanction import Appeal


def _appealed(group: Group, event: facts.AppealFiled, _: Terms) -> None:
    group.appeals.setdefault(event.sanction, Appeal(event.sanction, event.member, event.at))


def _decided(group: Group, event: facts.AppealDecided, _: Terms) -> None:
    appeal = group.appeals.get(event.sanction)
    if appeal is not None and appeal.outcome is None:
        appeal.outcome = event.outcome


ON_GROUP = {
    facts.AppealFiled: _appealed,
    facts.AppealDecided: _decided,
}
