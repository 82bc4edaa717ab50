"""Verify: the whole log decided again. Digests, versions and order hold, and each verdict follows.

It always judges again. It finds again where the text is there and was read as we read; an erased message, or one that
another reader read, keeps its recorded findings, and is counted as not re-read. So do window
rules where an erased message may have counted.

What it cannot see: that the newest events were cut off, that events of different groups changed places, and a log that
somebody wrote anew from some event on, all digests included, so that its verdicts follow. Whoever keeps a checkpoint
elsewhere sees all three: see `groupcore.checkpoints`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from groupcore.checkpoints import Checkpoint
from groupcore.decider import NOTHING_FOUND, Findings, answer_found, find_in
from groupcore.deciding.excusing import EXCUSED
from groupcore.deciding.restraining import SHOWN
from groupcore.errors import CorruptLog, GroupcoreError
from groupcore.events.base import Event, Fact, VerdictEvent
from groupcore.events.casework import ContentLabelled
from groupcore.events.codec import Opaque, Recorded, data_of, encode
from groupcore.events.facts import (
    MemberJoined,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    RulebookAdopted,
)
from groupcore.events.row import NO_HEAD, Head, Row
from groupcore.events.verdicts import FindingRecorded, RuleAbstained, SanctionViolated
from groupcore.policies.base import Match
from groupcore.replay.following import Diverged, Divergence, Follower, Report
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.stores import Store
from groupcore.wire import dumps


def verify(rows: Iterable[Row], *, since: Checkpoint | None = None, against: Iterable[Checkpoint] = ()) -> Report:
    """Check all *rows* of a log, in order, and say what was seen. Stops at the first divergence.

    The log has to be the one that each checkpoint of *against* was taken of. With *since*, what stands before that
    checkpoint is trusted: its heads and the order of its events have to be those of the checkpoint, and it is folded,
    but its digests are not worked out and its verdicts are not decided again.
    """
    report = Report()
    trusted = since.position if since is not None else 0
    checkpoints = [*([since] if since is not None else []), *against]
    try:
        judge = _Judge(report)
        for fact, verdicts in _decisions(Follower(report, trusted, checkpoints).checked(rows)):
            if (verdicts or [fact])[-1].position < trusted:  # the last one is decided again: it may go on behind
                judge.fold(fact, verdicts)
            else:
                judge.check(fact, verdicts)
    except Diverged as diverged:
        report.divergence = diverged.divergence
    return report


def verify_store(
    store: Store,
    *,
    since: Checkpoint | None = None,
    against: Iterable[Checkpoint] = (),
    watched: Callable[[Iterable[Row]], Iterable[Row]] = iter,
) -> Report:
    """`verify` of all that *store* holds, and of the table of heads that it keeps beside the events.

    A line that cannot be read is a divergence, too. *watched* is given the rows on their way, to show how far it is.
    """
    before = store.heads() if store.keeps_heads else {}
    try:
        report = verify(watched(store.read()), since=since, against=against)
    except CorruptLog as error:
        return Report(divergence=Divergence(error.position, "", 0, error.problem))
    if report.clean and store.keeps_heads:
        report.divergence = _misleading_head(store, report, before)
    return report


def _misleading_head(store: Store, report: Report, before: Mapping[str, Head]) -> Divergence | None:
    """The first stream of which the table of heads says something else than the events; those that moved are left."""
    after = store.heads()
    for stream in sorted(before.keys() | after.keys() | report.heads.keys()):
        kept, found = before.get(stream, NO_HEAD), report.heads.get(stream, NO_HEAD)
        if kept != found and kept == after.get(stream, NO_HEAD):
            return _misled(store, report, stream, kept)
    return None


def _misled(store: Store, report: Report, stream: str, kept: Head) -> Divergence:
    found = report.heads.get(stream, NO_HEAD)
    told = f"the table of heads has it at version {kept.version} with the digest {kept.digest[:12]}"
    ends = f"its events end at version {found.version} with the digest {found.digest[:12]}"
    problem = f"{told}, and {ends}: events were cut off, or the table was changed"
    if type(kept.version) is int and kept.version > found.version:  # what is missing stood behind the end
        return Divergence(report.events + 1, stream, found.version + 1, problem)
    last = (row.position for row in store.read() if (row.stream, row.version) == (stream, found.version))
    return Divergence(next(last, report.events + 1), stream, found.version, problem)


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
            raise Diverged.at(recorded.row, f"{recorded.row.type} answers no fact")
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
            raise Diverged.blamed(fact.row, error) from error

    def fold(self, fact: Recorded, answers: list[Recorded]) -> None:
        """Fold what is trusted, and decide nothing."""
        try:
            if isinstance(fact.event, RulebookAdopted):
                self._adopt(fact.event, fact.row)
            self._fold(fact, answers)
        except Exception as error:
            raise Diverged.blamed(fact.row, error) from error

    def _check(self, fact: Recorded, answers: list[Recorded]) -> None:
        verdicts = [recorded for recorded in answers if not isinstance(recorded.event, Opaque)]
        self._report.skipped += len(answers) - len(verdicts)
        if isinstance(fact.event, Opaque):  # of a newer version: what follows from it is not ours to say
            self._report.skipped += 1 + len(verdicts)
        else:
            self._compare(fact, verdicts, self._expected(fact, verdicts))
        self._fold(fact, verdicts)

    def _fold(self, fact: Recorded, verdicts: list[Recorded]) -> None:
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
            raise Diverged.at(recorded.row, problem)
        return rules

    def _findings(self, recorded: Recorded, fact: Fact, verdicts: list[Recorded], rules: Rulebook) -> Findings:
        if isinstance(fact, ContentLabelled):  # labels are no text: nobody reads them otherwise, or erases them
            return find_in(fact, self._state, rules)
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
            raise Diverged.at(row, f"the rulebook cannot be read: {error}") from None
        if rules.digest != fact.digest:
            raise Diverged.at(row, f"the rulebook has the digest {rules.digest}, the event says {fact.digest}")
        if rules.horizon != fact.horizon:
            raise Diverged.at(row, f"the rulebook reaches back {rules.horizon} us, the event says {fact.horizon}")
        self._rules = rules

    def _compare(self, fact: Recorded, verdicts: list[Recorded], expected: list[VerdictEvent]) -> None:
        self._report.verdicts += len(verdicts)
        for recorded, wanted in zip(verdicts, expected, strict=False):
            if not _is(recorded, wanted):
                told = f"{_told(recorded.event)} does not follow; expected {_told(wanted)}"
                raise Diverged.at(recorded.row, told)
        if len(verdicts) > len(expected):
            extra = verdicts[len(expected)]
            raise Diverged.at(extra.row, f"{_told(extra.event)} does not follow from the facts and the rules")
        if len(verdicts) < len(expected):
            told = f"{fact.row.type} was judged, and {_told(expected[len(verdicts)])} is missing"
            raise Diverged.at(fact.row, told)


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
        Match(event.rule, event.spans, event.evidence, event.counted, event.coarse, {EXCUSED: event.excused})
        for event in events
        if isinstance(event, FindingRecorded)
    ]
    abstained = tuple(event.rule for event in events if isinstance(event, RuleAbstained))
    broken = {event.what for event in events if isinstance(event, SanctionViolated)}
    return Findings(tuple(matches), abstained, frozenset(word for word in SHOWN if word in broken))


def _told(event: Event) -> str:
    """An event in a few words: its type and data."""
    return f"{event.type} {dumps(data_of(event)).decode()}"
