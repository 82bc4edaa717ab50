"""``groupcore explain``: why, from the sanction back to the message."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from shutil import get_terminal_size
from typing import Annotated

import typer

from groupcore.cli.changes import changes_in_words
from groupcore.cli.options import LogName, note_newer, open_log
from groupcore.cli.output import json_line, on_terminal, put
from groupcore.cli.pieces import plain, shown, until
from groupcore.cli.tree import in_tree
from groupcore.cli.words import rung_in_words, told
from groupcore.clock import format_instant
from groupcore.events import FindingRecorded, MessageEdited, MessagePosted, StrikeRecorded
from groupcore.explaining import Decision, Explanation, Sequel, SubjectKind, explain
from groupcore.state.standing import Standing

app = typer.Typer(rich_markup_mode=None, add_completion=False)


PIPE = 10_000  # columns of what is no terminal: nobody wants its lines broken


class Way(StrEnum):
    """How an explanation is printed; ``table`` is text and ``jsonl`` is json, as elsewhere."""

    text = "text"
    tree = "tree"
    json = "json"
    table = "table"
    jsonl = "jsonl"


class Kind(StrEnum):
    """What an id is to be taken for."""

    event = "event"
    message = "message"
    member = "member"


@app.command("explain", short_help="Why: from a sanction back to the message.")
def explain_id(
    log: LogName,
    id: Annotated[str, typer.Argument(metavar="ID", help="A message, a member, a verdict, a fact, or a position.")],
    group: Annotated[str | None, typer.Option("--group", "-g", help="The group, where several have that id.")] = None,
    kind: Annotated[Kind | None, typer.Option("--as", help="What ID is, where it could be several.")] = None,
    format: Annotated[
        Way | None,
        typer.Option("--format", "-f", help="text (on a terminal), tree, or json (into a pipe)."),
    ] = None,
) -> None:
    """Say why: the message and what was found in it, the rule, the strikes before, the rung, what came later.

    \b
    groupcore explain community.db m7
    groupcore explain community.db amy --group g1
    groupcore explain community.db '#12' --format tree
    """
    sought: SubjectKind | None = kind.value if kind is not None else None
    with open_log(log) as store:
        explanation = explain(store, id, group=group, kind=sought)
    note_newer(log, explanation.newer)
    way = format or (Way.text if on_terminal() else Way.json)
    if way in (Way.json, Way.jsonl):
        put(json_line(explanation.to_mapping()))
    elif way is Way.tree:
        put(in_tree(explanation, get_terminal_size().columns if on_terminal() else PIPE))
    else:
        put("\n".join(in_lines(explanation)))


QUIET = {
    "not-judged": "it was imported and never judged here; groupcore replay decides it",
    "exempt": "no strike: the author is exempt, by a role or by name",
    "late": "no strike: it came more than ten minutes behind the clock of its group, and leads to nothing",
    "blocked": "no strike: the author was on the blocklist already",
    "removed": "no strike: the author had been removed already",
    "muted": "no strike: the author was muted already",
    "nothing-found": "no rule objected to it",
    "minor": "no strike: minor findings are notes for moderators",
    "shadow": "no strike: the rule is on trial, and only records what it finds",
    "capped": "no strike: the rule struck too often lately, and only records what it finds",
    "excused": "no strike: all that it objects to has an exemption",
    "struck-before": "no strike: this message brought one for the same rule before",
}
"""Why a message brought no strike, in words."""


def in_lines(explanation: Explanation) -> Iterator[str]:
    """An explanation as people read it."""
    subject = explanation.subject
    where = f" in {plain(subject.group)}" if subject.group is not None else ""
    yield f"{subject.kind} {plain(subject.id)}{where}"
    if explanation.standing is not None:
        standing = explanation.standing
        yield f"  now ({format_instant(standing.at)}): {'; '.join(_standing(standing))}"
    if not explanation.decisions:
        yield "  nothing was ever decided here"
    for decision in explanation.decisions:
        yield ""
        yield from _decision(decision)
    if explanation.appealable:
        yield ""
        yield "may still be appealed"
        yield from (f"  {each.kind} {plain(each.sanction)}, {until(each.until)}" for each in explanation.appealable)
    if explanation.later:
        yield ""
        yield "later"
        yield from (f"  {line}" for sequel in explanation.later for line in _sequel(sequel))


def _decision(decision: Decision) -> Iterator[str]:
    fact = decision.fact
    yield f"{format_instant(fact.at)}  event {decision.recorded.position}, {fact.type} {plain(fact.id)}"
    yield f"  {_told(decision)}"
    yield from _parts(decision)
    if decision.adopted is not None:
        yield f"  judged by the rulebook {plain(decision.adopted.name)} ({decision.adopted.digest[:12]})"
    for finding in decision.findings:
        yield from _finding(finding, decision)
    if decision.standing is not None:
        yield f"  before: {'; '.join(_standing(decision.standing))}"
    yield from _ladder(decision)
    if decision.quiet is not None:
        yield f"  {QUIET[decision.quiet]}"
    for verdict in decision.verdicts:
        if not isinstance(verdict, FindingRecorded | StrikeRecorded):
            yield f"  {verdict.type}: {told(verdict)}"
    yield from (f"  otherwise: {line}" for line in changes_in_words(decision))


def _told(decision: Decision) -> str:
    fact = decision.fact
    if decision.recorded.erased and isinstance(fact, MessagePosted | MessageEdited):
        return f"{plain(fact.author)} wrote {plain(fact.message)}; its text was erased"
    return told(fact)


def _parts(decision: Decision) -> Iterator[str]:
    for index, part in enumerate(getattr(decision.fact, "parts", ())):
        fields = ", ".join(f"{plain(key)} {shown(str(value))}" for key, value in part.data.items())
        yield f"    parts[{index}]: {part.kind}" + (f", {fields}" if fields else "")


def _finding(finding: FindingRecorded, decision: Decision) -> Iterator[str]:
    yield f"  finding: {told(finding, decision.text)}"
    if finding.category not in (finding.rule, finding.policy):
        yield f"    category {plain(finding.category)}"
    if finding.spans and decision.text is None:
        yield f"    at {', '.join(f'{start} to {end}' for start, end in finding.spans)} of the erased text"
    for post in decision.counted.get(finding.rule, ()):
        when = format_instant(post.at)
        yield f"    counted {plain(post.message)} by {plain(post.author)} at {when}: {shown(post.text)}"


def _standing(standing: Standing) -> Iterator[str]:
    """How somebody stands, in a few pieces."""
    if not standing.known:
        yield "unknown here"
        return
    strikes = [
        f"{plain(strike.rule)} of {format_instant(strike.at)}, counting {until(strike.expires)}"
        for strike in standing.strikes
    ]
    yield f"{len(strikes)} live strike{'' if len(strikes) == 1 else 's'}" + (
        f" ({'; '.join(strikes)})" if strikes else ""
    )
    if standing.roles:
        yield ", ".join(sorted(standing.roles))
    if standing.muted:
        yield f"muted {until(standing.muted_until)}"
    if standing.kicked:
        yield "removed"
    if standing.blocked:
        yield "on the blocklist"


def _ladder(decision: Decision) -> Iterator[str]:
    strike, climb = decision.strike, decision.climb
    if strike is None:
        return
    yield f"  live strike number {strike.strikes}, for {plain(strike.rule)}, counting {until(strike.expires)}"
    if climb is not None:
        severe = ", raised by a severe strike" if climb.severe and climb.number > strike.strikes else ""
        severe += f", {climb.steps} up for what makes it graver" if climb.steps else ""
        yield f"  rung {climb.number} of {climb.rungs}{severe}: {rung_in_words(climb.rung)}"


def _sequel(sequel: Sequel) -> Iterator[str]:
    fact = sequel.recorded.event
    yield f"{format_instant(fact.at)}  event {sequel.recorded.position}: {told(fact)}"
    yield from (f"  {verdict.type}: {told(verdict)}" for verdict in sequel.verdicts)
