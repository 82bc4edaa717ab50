"""Hypothesis strategies for all that groupcore deals in; they shrink to what a person would write.

================== =========================================================================
`texts`            what members write, and what they write to get past a filter
`parts` `messages` what a bot receives
`policies`         policies of the shipped kinds
`rulebooks`        whole rulebooks, over words and windows that the communities use
`facts` `verdicts` one event of any type, wild: identifiers and times fit nothing else
`communities`      histories of a few members in a few groups, around the edges of windows and mutes
================== =========================================================================

Importing this package imports Hypothesis. `hypothesis.strategies.from_type` knows our types by itself.
"""

from groupcore.testing.strategies.communities import communities
from groupcore.testing.strategies.events import events_of, facts, json_values, messages, parts, verdicts
from groupcore.testing.strategies.rules import ladders, policies, rulebooks
from groupcore.testing.strategies.texts import WORDS, sayings, texts

__all__ = [
    "WORDS",
    "communities",
    "events_of",
    "facts",
    "json_values",
    "ladders",
    "messages",
    "parts",
    "policies",
    "rulebooks",
    "sayings",
    "texts",
    "verdicts",
]
