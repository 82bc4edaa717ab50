"""The fact that a rulebook is in force."""

from __future__ import annotations

from groupcore.events.facts import RulebookAdopted
from groupcore.events.identity import new_fact
from groupcore.rulebook import Rulebook


def adoption(rules: Rulebook, at: int) -> RulebookAdopted:
    """The fact that *rules* are in force from *at* on."""
    return new_fact(
        RulebookAdopted,
        at=at,
        group=None,
        name=rules.name,
        digest=rules.digest,
        reader=rules.reader_digest,
        horizon=rules.horizon,
        rulebook=rules.to_mapping(),
    )
