"""An explanation as a small tree: from what was decided down to what it stands on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from groupcore.cli.changes import changes_in_words
from groupcore.cli.pieces import plain, shown, until
from groupcore.cli.words import rung_in_words, told
from groupcore.clock import format_instant
from groupcore.events import FindingRecorded, StrikeRecorded
from groupcore.explaining import Decision, Explanation

if TYPE_CHECKING:
    from rich.tree import Tree


def in_tree(explanation: Explanation, width: int) -> str:
    """The tree as text, for a terminal of this width."""
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

    subject = explanation.subject
    where = f" in {plain(subject.group)}" if subject.group is not None else ""
    root = Tree(Text(f"{subject.kind} {plain(subject.id)}{where}"))
    for decision in explanation.decisions:
        _decision(root, decision)
    if explanation.appealable:
        branch = root.add(Text("may still be appealed"))
        for each in explanation.appealable:
            branch.add(Text(f"{each.kind} {plain(each.sanction)}, {until(each.until)}"))
    if explanation.later:
        branch = root.add(Text("later"))
        for sequel in explanation.later:
            leaf = branch.add(Text(f"{format_instant(sequel.recorded.event.at)}  {told(sequel.recorded.event)}"))
            for verdict in sequel.verdicts:
                leaf.add(Text(told(verdict)))
    sink = io.StringIO()
    Console(file=sink, width=width, color_system=None, highlight=False).print(root)
    return sink.getvalue().rstrip("\n")


def _decision(root: Tree, decision: Decision) -> None:
    from rich.text import Text

    fact = decision.fact
    branch = root.add(Text(f"{format_instant(fact.at)}  {told(fact)}"))
    outcome = [verdict for verdict in decision.verdicts if not isinstance(verdict, FindingRecorded | StrikeRecorded)]
    for verdict in outcome:
        branch.add(Text(told(verdict)))
    because = branch.add(Text("because")) if decision.findings or decision.strike is not None else branch
    for finding in decision.findings:
        leaf = because.add(Text(told(finding, decision.text)))
        for post in decision.counted.get(finding.rule, ()):
            leaf.add(Text(f"counted {plain(post.message)} of {format_instant(post.at)}: {shown(post.text)}"))
    for strike in decision.standing.strikes if decision.standing is not None and decision.strike is not None else ():
        because.add(Text(f"strike of {format_instant(strike.at)} for {plain(strike.rule)}, {until(strike.expires)}"))
    if decision.climb is not None:
        climb = decision.climb
        because.add(Text(f"rung {climb.number} of {climb.rungs}: {rung_in_words(climb.rung)}"))
    if decision.adopted is not None:
        because.add(Text(f"rulebook {plain(decision.adopted.name)} ({decision.adopted.digest[:12]})"))
    if decision.changes:
        leaf = branch.add(Text("would have been otherwise"))
        for line in changes_in_words(decision):
            leaf.add(Text(line))
