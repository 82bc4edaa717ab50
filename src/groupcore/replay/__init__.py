"""The bench: logs decided anew, checked, and explained.

`replay` gives the verdicts of a log under its own rules or others, `replay_into` writes them down, `verify` proves
that recorded verdicts follow.
"""

from groupcore.replay.into import replay_into
from groupcore.replay.run import Run, Step, first_rulebook, replay, steps
from groupcore.replay.verifying import Divergence, Report, verify

__all__ = [
    "Divergence",
    "Report",
    "Run",
    "Step",
    "first_rulebook",
    "replay",
    "replay_into",
    "steps",
    "verify",
]
