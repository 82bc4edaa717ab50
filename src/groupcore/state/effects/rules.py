"""The rulebook in force."""

from __future__ import annotations

from groupcore.events.facts import RulebookAdopted
from groupcore.state.org import InForce, Org


def _adopted(org: Org, event: RulebookAdopted) -> None:
    org.changes += event.digest != org.digest
    org.rulebook = InForce(event.digest, event.reader, event.horizon, event.rulebook)
    org.horizon = event.horizon


ON_ORG = {RulebookAdopted: _adopted}
