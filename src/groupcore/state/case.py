"""Cases: what members reported, and where staff stands with it."""

from __future__ import annotations

from typing import Literal

from attrs import Factory, define

CaseStatus = Literal["open", "acknowledged", "escalated", "closed"]


@define
class Case:
    """What was reported about one member, for one message or (None) at large. ``id`` is the fact that opened it.

    ``reports`` are the ids of the facts that reported it; who did is in the group's ``reports``.
    """

    id: str
    member: str
    message: str | None
    at: int
    status: CaseStatus = "open"
    reports: list[str] = Factory(list)
    assigned: str | None = None
    outcome: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for staff."""
        return self.status != "closed"

    def acknowledge(self) -> None:
        """Note that staff has seen it; an escalated case stays escalated, and a closed one closed."""
        if self.status == "open":
            self.status = "acknowledged"

    def escalate(self) -> None:
        """Note that it is too grave for whoever has it; a closed one stays closed."""
        if self.is_open:
            self.status = "escalated"

    def close(self, outcome: str) -> None:
        """Note what came of it, once."""
        if self.is_open:
            self.status, self.outcome = "closed", outcome
