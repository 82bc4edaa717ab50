"""The rulebook in force, and those that were: what was decided under them may have to be decided again."""

from __future__ import annotations

from groupcore.events.facts import RulebookAdopted
from groupcore.state.org import InForce, Org


def _adopted(org: Org, event: RulebookAdopted) -> None:
    org.changes += event.digest != org.digest
    org.rulebook = InForce(event.digest, event.reader, event.horizon, event.rulebook)
    org.horizon = event.horizon
    org.rulebooks[event.digest] = event.rulebook


ON_ORG = {RulebookAdopted: _adopted}
