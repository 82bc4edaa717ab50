"""Verify: the whole log decided again. Digests, versions and order hold, and each verdict follows.

It always judges again. It finds again where the text is there and was read as we read; an erased message, or one that
another reader read, keeps its recorded findings, and is counted as not re-read. So do window
rules where an erased message may have counted.

What it cannot see: that the newest events were cut off, and a log that somebody wrote anew from some event on, all
digests included, so that its verdicts follow. Whoever keeps the heads of a ``Report`` elsewhere sees both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import Factory, define, frozen

from groupcore.decider import NOTHING_FOUND, Findings, answer_found, find_in
from groupcore.errors import CorruptLog, GroupcoreError
from groupcore.events.base import ORG, Event, Fact, VerdictEvent
from groupcore.events.codec import Opaque, Recorded, data_of, decode, encode
from groupcore.events.facts import (
    ImportConflict,
    MemberJoined,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    RulebookAdopted,
)
from groupcore.events.row import NO_HEAD, Head, Row, problem_with
from groupcore.events.verdicts import FindingRecorded, RuleAbstained
from groupcore.policies.base import Match
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.wire import dumps


@frozen
class Divergence:
    """The first thing that is wrong with a log, and where."""

    position: int
    stream: str
    version: int
    problem: str

    def __str__(self) -> str:
        return f"event {self.position} ({self.stream} version {self.version}): {self.problem}"


@define
class Report:
    """What verify saw: counts, and the first divergence or None."""

    events: int = 0
    facts: int = 0
    judged: int = 0
    verdicts: int = 0
    not_reread: int = 0
    skipped: int = 0
    divergence: Divergence | None = None
    heads: dict[str, Head] = Factory(dict)

    @property
    def clean(self) -> bool:
        """Whether nothing diverged."""
        return self.divergence is None


def verify(rows: Iterable[Row]) -> Report:
    """Check all *rows* of a log, in order, and say what was seen. Stops at the first divergence."""
    report = Report()
    try:
        judge = _Judge(report)
        for fact, verdicts in _decisions(_Chain(report).checked(rows)):
            judge.check(fact, verdicts)
    except _Diverged as diverged:
        report.divergence = diverged.divergence
    return report


class _Diverged(Exception):
    def __init__(self, row: Row, problem: str) -> None:
        self.divergence = Divergence(row.position, row.stream, row.version, problem)


class _Chain:
    """Checks what can be told from the rows alone: positions, versions, digests, ids, streams."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._position = 0

    def checked(self, rows: Iterable[Row]) -> Iterator[Recorded]:
        """The events of *rows*; raises at the first that is not what was written there."""
        for row in rows:
            self._report.events += 1
            self._position += 1
            try:
                recorded = self._check(row)
            except Exception as error:
                raise _blamed(row, error) from error
            yield recorded

    def _check(self, row: Row) -> Recorded:
        problem = self._misplaced(row)
        if problem is not None:
            raise _Diverged(row, problem)
        recorded = decode(row)
        problem = self._misnamed(recorded) or _misjudged(row)
        if problem is not None:
            raise _Diverged(row, problem)
        self._report.heads[row.stream] = Head(row.version, row.digest)
        return recorded

    def _misplaced(self, row: Row) -> str | None:
        if row.position != self._position:
            return f"expected position {self._position}, found {row.position}"
        return problem_with(row, self._report.heads.get(row.stream, NO_HEAD))

    def _misnamed(self, recorded: Recorded) -> str | None:
        row, event = recorded.row, recorded.event
        if row.id != event.id:
            return f"{row.type} has the id {row.id}, expected {event.id}"
        if row.stream != event.stream and not isinstance(event, Opaque):
            return f"{row.type} lies on {row.stream}, it belongs on {event.stream}"
        seen = self._report.heads.get(ORG, NO_HEAD).version
        if row.org_seen is not None and row.org_seen != seen:
            return f"{row.type} was decided on version {row.org_seen} of {ORG}, and version {seen} stood then"
        return None


def _blamed(row: Row, error: Exception) -> _Diverged:
    """Whatever forged data makes come up, it is a divergence at *row*."""
    if isinstance(error, _Diverged):
        return error
    problem = error.problem if isinstance(error, CorruptLog) else f"{row.type} cannot be checked: {error!r}"
    return _Diverged(row, problem)


def _misjudged(row: Row) -> str | None:
    """Whether a fact says what it was decided on, and not by which rules, or the other way round."""
    if (row.judged is None) == (row.org_seen is None) or row.type in _NEVER_JUDGED:
        return None
    if row.judged is None:
        return f"{row.type} was decided on version {row.org_seen} of {ORG}, and no rulebook judged it"
    return f"{row.type} was judged, and does not say on which version of {ORG}"


_NEVER_JUDGED = frozenset({RulebookAdopted.type, ImportConflict.type})


def _decisions(events: Iterable[Recorded]) -> Iterator[tuple[Recorded, list[Recorded]]]:
    """Each fact with the verdicts that stand behind it, as they were appended together."""
    fact: Recorded | None = None
    verdicts: list[Recorded] = []
    for recorded in events:
        if recorded.row.cause is None:
            if fact is not None:
                yield fact, verdicts
            fact, verdicts = recorded, []
        elif fact is None:
            raise _Diverged(recorded.row, f"{recorded.row.type} answers no fact")
        else:
            verdicts.append(recorded)
    if fact is not None:
        yield fact, verdicts


class _Judge:
    """Decides each fact again, on the state that the log itself gives, and compares."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._state = State()
        self._rules: Rulebook | None = None
        self._erased: dict[str | None, set[str]] = {}  # messages that cannot be compared with others, by group

    def check(self, fact: Recorded, answers: list[Recorded]) -> None:
        """Raise where the verdicts of *fact* are not those that follow; else fold it all."""
        try:
            self._check(fact, answers)
        except Exception as error:
            raise _blamed(fact.row, error) from error

    def _check(self, fact: Recorded, answers: list[Recorded]) -> None:
        verdicts = [recorded for recorded in answers if not isinstance(recorded.event, Opaque)]
        self._report.skipped += len(answers) - len(verdicts)
        if isinstance(fact.event, Opaque):  # of a newer version: what follows from it is not ours to say
            self._report.skipped += 1 + len(verdicts)
        else:
            self._compare(fact, verdicts, self._expected(fact, verdicts))
        for recorded in (fact, *verdicts):
            advance(self._state, recorded.event)
        if fact.erased and isinstance(fact.event, MessagePosted):
            self._erased.setdefault(fact.event.group, set()).add(fact.event.id)

    def _expected(self, recorded: Recorded, verdicts: list[Recorded]) -> list[VerdictEvent]:
        fact = recorded.event
        assert isinstance(fact, Fact), "what is no verdict and not opaque is a fact"
        self._report.facts += 1
        if isinstance(fact, RulebookAdopted):
            self._adopt(fact, recorded.row)
            return []
        if recorded.judged is None:
            return []
        self._report.judged += 1
        rules = self._in_force(recorded)
        findings = self._findings(recorded, fact, verdicts, rules)
        return answer_found(fact, findings, self._state, rules)

    def _in_force(self, recorded: Recorded) -> Rulebook:
        rules, judged = self._rules, recorded.judged or ""
        if rules is None or rules.digest != judged:
            found = f"{rules.digest[:12]} is" if rules is not None else "none is"
            problem = f"{recorded.row.type} was judged by the rulebook {judged[:12]}, and {found} in force"
            raise _Diverged(recorded.row, problem)
        return rules

    def _findings(self, recorded: Recorded, fact: Fact, verdicts: list[Recorded], rules: Rulebook) -> Findings:
        if not _is_read(fact, rules):
            return NOTHING_FOUND
        adopted = self._state.org.rulebook
        if recorded.erased or adopted is None or adopted.reader != rules.reader_digest:
            self._report.not_reread += 1
            return _recorded_findings(verdicts)
        findings = find_in(fact, self._state, rules)
        if not self._stands_behind_erased(fact):
            return findings
        self._report.not_reread += 1
        return _windows_from(_recorded_findings(verdicts), findings, rules)

    def _stands_behind_erased(self, fact: Fact) -> bool:
        erased = self._erased.get(fact.group)
        return erased is not None and any(
            post.fact.id in erased for post in self._state.groups[fact.group or ""].windows
        )

    def _adopt(self, fact: RulebookAdopted, row: Row) -> None:
        try:
            rules = Rulebook.from_mapping(fact.rulebook, where="the rulebook in the log")
        except GroupcoreError as error:
            raise _Diverged(row, f"the rulebook cannot be read: {error}") from None
        if rules.digest != fact.digest:
            raise _Diverged(row, f"the rulebook has the digest {rules.digest}, the event says {fact.digest}")
        if rules.horizon != fact.horizon:
            raise _Diverged(row, f"the rulebook reaches back {rules.horizon} us, the event says {fact.horizon}")
        self._rules = rules

    def _compare(self, fact: Recorded, verdicts: list[Recorded], expected: list[VerdictEvent]) -> None:
        self._report.verdicts += len(verdicts)
        for recorded, wanted in zip(verdicts, expected, strict=False):
            if not _is(recorded, wanted):
                told = f"{_told(recorded.event)} does not follow; expected {_told(wanted)}"
                raise _Diverged(recorded.row, told)
        if len(verdicts) > len(expected):
            extra = verdicts[len(expected)]
            raise _Diverged(extra.row, f"{_told(extra.event)} does not follow from the facts and the rules")
        if len(verdicts) < len(expected):
            told = f"{fact.row.type} was judged, and {_told(expected[len(verdicts)])} is missing"
            raise _Diverged(fact.row, told)


def _is(recorded: Recorded, wanted: VerdictEvent) -> bool:
    """Whether *recorded* is *wanted*, to the byte: ``5.0`` equals 5 in Python, and was never written."""
    if recorded.event != wanted or recorded.row.schema != wanted.schema:
        return recorded.event == wanted
    row = recorded.row
    draft = encode(wanted, recorded_at=row.recorded_at, salt="")
    return draft.stream == row.stream and draft[3:19] == row[3:19]


def _is_read(fact: Fact, rules: Rulebook) -> bool:
    """Whether rules look for something in *fact*: a message, or a name where there are rules for names."""
    if isinstance(fact, MemberJoined | MemberRenamed):
        return bool(rules.names)
    return isinstance(fact, MessagePosted | MessageEdited)


def _windows_from(recorded: Findings, found: Findings, rules: Rulebook) -> Findings:
    """What content policies *found*, with what window policies had *recorded*."""
    windows = {policy.id for policy in rules.windows}
    matches = [match for match in found.matches if match.rule not in windows]
    matches += [match for match in recorded.matches if match.rule in windows]
    return Findings(tuple(sorted(matches, key=lambda match: rules.rank(match.rule))), found.abstained)


def _recorded_findings(verdicts: list[Recorded]) -> Findings:
    """The findings as they were recorded, to judge again what cannot be read again."""
    events = [recorded.event for recorded in verdicts]
    matches = [
        Match(event.rule, event.spans, event.evidence, event.counted, event.coarse)
        for event in events
        if isinstance(event, FindingRecorded)
    ]
    abstained = tuple(event.rule for event in events if isinstance(event, RuleAbstained))
    return Findings(tuple(matches), abstained)


def _told(event: Event) -> str:
    """An event in a few words: its type and data."""
    return f"{event.type} {dumps(data_of(event)).decode()}"
