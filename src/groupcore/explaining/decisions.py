"""One decision: how things stood when a fact came, what was decided about it, and what would have changed it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import takewhile

import attrs
from attrs import Factory, define

from groupcore.events import (
    AppealDecided,
    ContentLabelled,
    Event,
    Fact,
    FindingRecorded,
    MessageEdited,
    MessagePosted,
    Recorded,
    Row,
    RulebookAdopted,
    VerdictEvent,
    decode,
)
from groupcore.events.identity import fact_id
from groupcore.explaining.changes import changes_of
from groupcore.explaining.explanation import Climb, Decision
from groupcore.rulebook import Rulebook
from groupcore.state import State
from groupcore.state.standing import standing_of

Verdicts = tuple[VerdictEvent, ...]


@define
class Decisions:
    """Tells decisions, given the rulebooks that were adopted; *get* and *read_stream* are those of the store."""

    _get: Callable[[str], Row | None]
    _read_stream: Callable[[str, int], Iterator[Row]]
    _adopted: dict[str, RulebookAdopted] = Factory(dict)
    _rules: dict[str, Rulebook] = Factory(dict)

    def adopt(self, fact: RulebookAdopted) -> None:
        """Take a rulebook in."""
        self._adopted[fact.digest] = fact

    def rules(self, digest: str | None) -> Rulebook | None:
        """The rulebook of that digest, or None; read once."""
        adopted = self._adopted.get(digest or "")
        if adopted is None:
            return None
        if adopted.digest not in self._rules:
            self._rules[adopted.digest] = Rulebook.from_mapping(adopted.rulebook, where="the rulebook in the log")
        return self._rules[adopted.digest]

    def decision(self, recorded: Recorded, verdicts: Verdicts, state: State) -> Decision:
        """The decision about one fact; *state* is what stood before it."""
        fact, rules = recorded.event, self.rules(recorded.judged)
        who = whose(fact, state)
        standing = standing_of(state, fact.group, who, fact.at) if fact.group is not None and who else None
        if standing is not None and isinstance(fact, MessagePosted | MessageEdited):
            standing = attrs.evolve(standing, known=True)  # who speaks is known, whatever else the log says of them
        decision = Decision(
            recorded=recorded,
            verdicts=verdicts,
            adopted=self._adopted.get(recorded.judged or ""),
            standing=standing,
            counted=self._counted(recorded, verdicts),
        )
        changes = changes_of(fact, verdicts, state, rules) if rules is not None and isinstance(fact, Fact) else ()
        return attrs.evolve(decision, climb=_climb(decision, rules), quiet=_quiet(decision), changes=changes)

    def _counted(self, recorded: Recorded, verdicts: Verdicts) -> Mapping[str, tuple[MessagePosted, ...]]:
        """What each window rule counted, oldest first, as far as the log has it."""
        fact, findings = recorded.event, [event for event in verdicts if isinstance(event, FindingRecorded)]
        wanted = {id for finding in findings for id in finding.counted}
        if not isinstance(fact, MessagePosted) or not wanted:
            return {}
        posts = {id: post for id in wanted if (post := self._post(fact, id)) is not None}
        posts |= self._before(recorded.row, wanted - posts.keys())
        return {
            finding.rule: tuple(sorted((posts[id] for id in finding.counted if id in posts), key=_at))
            for finding in findings
            if finding.counted
        }

    def _post(self, fact: MessagePosted, message: str) -> MessagePosted | None:
        """Another message of the same feed, under its natural id."""
        if message == fact.message:
            return fact
        row = self._get(fact_id(fact.source, fact.group, MessagePosted.type, message))
        event = decode(row).event if row is not None else None
        return event if isinstance(event, MessagePosted) else None

    def _before(self, row: Row, wanted: Collection[str]) -> dict[str, MessagePosted]:
        """The messages of other feeds, and those whose facts have ids of their own; of two of one id the nearest.

        O(events between them and *row*).
        """
        found: dict[str, MessagePosted] = {}
        start = row.version - 1
        while len(found) < len(wanted) and start > 0:
            start, end = max(start - _NEAR, 0), start
            rows = takewhile(lambda each, end=end: each.version <= end, self._read_stream(row.stream, start))  # type: ignore[misc]
            posts = [event for event in (decode(each).event for each in rows) if isinstance(event, MessagePosted)]
            found = {post.message: post for post in posts if post.message in wanted} | found
        return found


_NEAR = 256
"""Events that are read at a time, backwards from a message, to find those that were counted with it."""


def whose(fact: Event, state: State) -> str | None:
    """Whom a fact is about."""
    if isinstance(fact, AppealDecided):
        group = state.groups.get(fact.group or "")
        appeal = group.appeals.get(fact.sanction) if group is not None else None
        return appeal.member if appeal is not None else None
    for name in ("author", "member", "person"):
        who: str | None = getattr(fact, name, None)
        if who is not None:
            return who
    return None


def _at(event: Event) -> int:
    return event.at


def _climb(decision: Decision, rules: Rulebook | None) -> Climb | None:
    """How the strike led to its rung; None without a strike."""
    strike, standing = decision.strike, decision.standing
    if strike is None or standing is None or rules is None:
        return None
    ladder, at, steps = rules.ladder_of(strike.category), strike.at, strike.steps
    severe = rules.tracks.burden(strike.category, strike.weight, strike.severity, standing.strikes, at).severe
    number = ladder.rung_number(strike.strikes, severe, steps)
    return Climb(number=number, rungs=len(ladder.rungs), rung=ladder.rungs[number - 1], severe=severe, steps=steps)


def _quiet(decision: Decision) -> str | None:
    """Why a message brought no strike, in a word; None where it did, and for what is no message."""
    if not isinstance(decision.fact, MessagePosted | MessageEdited | ContentLabelled) or decision.strike is not None:
        return None
    if decision.recorded.judged is None:
        return "not-judged"
    return _of_the_findings(decision) or _of_the_standing(decision) or _of_the_rest(decision)


def _of_the_findings(decision: Decision) -> str | None:
    for word in ("exempt", "late"):
        if any(getattr(finding, word) for finding in decision.findings):
            return word
    return None


def _of_the_standing(decision: Decision) -> str | None:
    """What held the author back, where that was acted upon."""
    standing = decision.standing
    if standing is None or not decision.verdicts:
        return None
    restraints = {"blocked": standing.blocked, "removed": standing.kicked, "muted": standing.muted}
    return next((word for word, holds in restraints.items() if holds), None)


def _of_the_rest(decision: Decision) -> str:
    if not decision.findings:
        return "nothing-found"
    if all(finding.severity == "minor" for finding in decision.findings):
        return "minor"
    for word in ("shadow", "capped", "excused"):
        if any(getattr(finding, word) for finding in decision.findings):
            return word
    return "struck-before"
