"""The bench: logs decided anew, checked, and explained.

`replay` gives the verdicts of a log under its own rules or others, `replay_into` writes them down, `verify` proves
that recorded verdicts follow, `explain` says why. `check_text` looks at one text with no log at all, and `try_cases`
tries a rulebook on a table of texts.
"""

from groupcore.explaining import Climb, Decision, Explanation, Sequel, Subject, explain
from groupcore.replay.cases import Case, Expected, Outcome, read_cases, try_cases
from groupcore.replay.checking import check_text
from groupcore.replay.following import Divergence, Report
from groupcore.replay.into import replay_into
from groupcore.replay.run import Run, Step, first_rulebook, replay, steps
from groupcore.replay.shadowing import Shadow, shadow
from groupcore.replay.verifying import verify, verify_store

__all__ = [
    "Case",
    "Climb",
    "Decision",
    "Divergence",
    "Expected",
    "Explanation",
    "Outcome",
    "Report",
    "Run",
    "Sequel",
    "Shadow",
    "Step",
    "Subject",
    "check_text",
    "explain",
    "first_rulebook",
    "read_cases",
    "replay",
    "replay_into",
    "shadow",
    "steps",
    "try_cases",
    "verify",
    "verify_store",
]
