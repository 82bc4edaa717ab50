"""Ends: of sanctions, blocks, exemptions and whatever else staff wants to hold for a time."""

from __future__ import annotations

from groupcore.clock import DAY
from groupcore.errors import DecisionRefused

LONGEST = 1000 * 365 * DAY
"""What would last longer is for ever, and is to be said so."""


def refuse_end(where: str, what: str, at: int, until: int | None) -> None:
    """Refuse an end that lies before the beginning, or so far away that it was hardly meant."""
    if until is None:
        return
    if until <= at:
        raise DecisionRefused(f"{where}: the {what} would end before it begins; choose a later time")
    if until - at > LONGEST:
        told = "would last more than a thousand years; leave 'until' away, and it lasts for ever"
        raise DecisionRefused(f"{where}: the {what} {told}")
