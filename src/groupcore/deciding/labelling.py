"""Labelling: what a classifier said of a message is judged as the message would be."""

from __future__ import annotations

from groupcore.deciding.finding import NOTHING_FOUND, Findings
from groupcore.deciding.judging import judge
from groupcore.events.base import VerdictEvent
from groupcore.events.casework import ContentLabelled
from groupcore.rulebook import Rulebook
from groupcore.state import State


def find_labels(fact: ContentLabelled, rules: Rulebook) -> Findings:
    """What the policies of *rules* object to in the labels of a message."""
    found = (policy.find(fact.labels, fact.model) for policy in rules.labels)
    matches = tuple(match for match in found if match is not None)
    return Findings(matches) if matches else NOTHING_FOUND


def answer_labels(fact: ContentLabelled, findings: Findings, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """The verdicts that answer *fact*. A label that nobody minds says nothing about who is muted or gone by now."""
    return judge(fact, findings, state, rules) if findings.matches else []
