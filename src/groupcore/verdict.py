"""What the engine says about one fact: the public `Verdict`, not to be confused with the `VerdictEvent`\\ s in it."""

from __future__ import annotations

from attrs import frozen

from groupcore.actions import Action, actions_for
from groupcore.events.base import Event, Fact, VerdictEvent
from groupcore.events.facts import SanctionOrdered
from groupcore.events.sanctions import SanctionGiven
from groupcore.events.verdicts import FindingRecorded

SanctionEvent = SanctionGiven | SanctionOrdered
"""What is done to the member: a verdict, or the order of staff."""


@frozen
class Verdict:
    """What the engine says about one fact.

    ``events`` are the fact and the verdicts that answer it, as they stand in the log. ``repeated`` says that the fact
    had been taken in before: this is what was said then, and nothing new was recorded.
    """

    fact: Fact
    verdicts: tuple[VerdictEvent, ...] = ()
    repeated: bool = False

    @property
    def events(self) -> tuple[Event, ...]:
        """The fact, then the verdicts in their order."""
        return (self.fact, *self.verdicts)

    @property
    def findings(self) -> tuple[FindingRecorded, ...]:
        """What the policies objected to."""
        return tuple(event for event in self.verdicts if isinstance(event, FindingRecorded))

    @property
    def sanction(self) -> SanctionEvent | None:
        """The one sanction, or None: a verdict, or the order of staff that this is the answer to."""
        return next((event for event in self.events if isinstance(event, SanctionEvent)), None)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is to be done on the platform, in order."""
        return actions_for(self.events)
