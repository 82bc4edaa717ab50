"""What groupcore tests itself with, and you can test your rules and policies with (extra ``testing``).

============== ==========================================================================
`given` `like` rules as stories: given these facts, when this happens, then these verdicts
`scenes`       facts in one word: `joined`, `posted`, `edited`, ...
`strategies`   Hypothesis strategies: messages, facts, whole communities, rulebooks, texts
`model`        the contract once more, naive and slow, to compare with
`process`      the same with all of due process, and why a wish is refused
`machine`      a stateful test that drives a `Moderator` against the model, through all that a service lives through
`laws`         what must hold of any community, whatever happened in it
============== ==========================================================================

Strategies and machine need Hypothesis and are loaded when they are asked for.
"""

from __future__ import annotations

from groupcore.testing.model import NaiveModerator
from groupcore.testing.scenes import (
    START,
    adopted,
    advanced,
    answer_to,
    appealed,
    blocked,
    decided,
    edited,
    granted,
    joined,
    left,
    lifted,
    moment,
    opened,
    ordered,
    posted,
    removed,
    renamed,
    revoked,
    revoked_role,
    unblocked,
)
from groupcore.testing.spec import Like, Outcome, Story, given, like

__all__ = [
    "START",
    "Like",
    "NaiveModerator",
    "Outcome",
    "Story",
    "adopted",
    "advanced",
    "answer_to",
    "appealed",
    "blocked",
    "decided",
    "edited",
    "given",
    "granted",
    "joined",
    "left",
    "lifted",
    "like",
    "moment",
    "opened",
    "ordered",
    "posted",
    "removed",
    "renamed",
    "revoked",
    "revoked_role",
    "unblocked",
]
