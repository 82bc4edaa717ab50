"""Following a log for verify: positions, versions, digests, ids and streams hold, and so do checkpoints on the way.

None of it judges. What was trusted up to a checkpoint is counted and not hashed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from attrs import Factory, define, frozen

from groupcore.checkpoints import Checkpoint
from groupcore.errors import CorruptLog
from groupcore.events.base import ORG
from groupcore.events.chain import Chain
from groupcore.events.codec import Opaque, Recorded, decode
from groupcore.events.erasure import ErasureOrdered
from groupcore.events.facts import ImportConflict, RulebookAdopted
from groupcore.events.row import NO_HEAD, Head, Row


@frozen
class Divergence:
    """The first thing that is wrong with a log, and where; ``stream`` is "" where it is no matter of one stream."""

    position: int
    stream: str
    version: int
    problem: str

    def __str__(self) -> str:
        where = f" ({self.stream} version {self.version})" if self.stream else ""
        return f"event {self.position}{where}: {self.problem}"


@define
class Report:
    """What verify saw: counts, and the first divergence or None.

    ``events`` counts all, ``trusted`` those of them that a checkpoint vouches for; the other counts are of the rest.
    ``erased`` have no private part any more; of ``unsaid`` of these no event says so: somebody took it away by hand.
    """

    events: int = 0
    facts: int = 0
    judged: int = 0
    verdicts: int = 0
    not_reread: int = 0
    skipped: int = 0
    trusted: int = 0
    erased: int = 0
    unsaid: int = 0
    divergence: Divergence | None = None
    heads: dict[str, Head] = Factory(dict)

    @property
    def clean(self) -> bool:
        """Whether nothing diverged."""
        return self.divergence is None


class Diverged(Exception):
    """A log is not what it ought to be; caught by `verify`."""

    def __init__(self, divergence: Divergence) -> None:
        super().__init__(str(divergence))
        self.divergence = divergence

    @classmethod
    def at(cls, row: Row, problem: str, position: int | None = None) -> Diverged:
        """It is *row* that is wrong, or what ought to stand in its place: at *position*, if it says another."""
        return cls(Divergence(row.position if position is None else position, row.stream, row.version, problem))

    @classmethod
    def blamed(cls, row: Row, error: Exception, position: int | None = None) -> Diverged:
        """Whatever forged data makes come up, it is a divergence at *row*."""
        if isinstance(error, Diverged):
            return error
        problem = error.problem if isinstance(error, CorruptLog) else f"{row.type} cannot be checked: {error!r}"
        return cls.at(row, problem, position)


class Follower:
    """Checks what can be told from the rows alone, and that a log is the one that *checkpoints* were taken of.

    Up to the position *trusted* no digest is worked out.
    """

    def __init__(self, report: Report, trusted: int = 0, checkpoints: Sequence[Checkpoint] = ()) -> None:
        self._report = report
        self._trusted = trusted
        self._waiting = sorted(checkpoints, key=lambda checkpoint: checkpoint.position)
        self._chain = Chain(heads=report.heads)
        self._unsaid: Counter[str] = Counter()  # erased events by stream, less those that orders account for
        self._ends: dict[str, int] = {}  # the position of the last event of each stream

    def checked(self, rows: Iterable[Row]) -> Iterator[Recorded]:
        """The events of *rows*; raises Diverged at the first that is not what was written there."""
        for row in rows:
            self._report.events += 1
            position = self._chain.position + 1
            try:
                recorded = self._count(row) if position <= self._trusted else self._check(row)
            except Exception as error:
                raise Diverged.blamed(row, error, position) from error
            if self._waiting:
                self._compare(row)
            self._account(recorded)
            yield recorded
        self._report.unsaid = sum(count for count in self._unsaid.values() if count > 0)
        if self._waiting:
            self._refuse(self._waiting[0])

    def _account(self, recorded: Recorded) -> None:
        if recorded.erased:
            self._report.erased += 1
            self._unsaid[recorded.stream] += 1
        elif isinstance(recorded.event, ErasureOrdered):
            self._unsaid[recorded.stream] -= recorded.event.count

    def _count(self, row: Row) -> Recorded:
        problem = self._chain.gap_before(row)
        if problem is not None:
            raise Diverged.at(row, problem, self._chain.position + 1)
        self._report.trusted += 1
        self._chain.advance(row)
        return decode(row)

    def _check(self, row: Row) -> Recorded:
        problem = self._chain.problem_with(row)
        if problem is not None:
            raise Diverged.at(row, problem, self._chain.position + 1)
        recorded = decode(row)
        problem = self._misnamed(recorded) or _misjudged(row)
        if problem is not None:
            raise Diverged.at(row, problem)
        self._chain.advance(row)
        return recorded

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

    def _compare(self, row: Row) -> None:
        """Look whether *row* is where a checkpoint was taken. Another log is refused at its first event."""
        self._ends[row.stream] = row.position
        while self._waiting and self._waiting[0].position == row.position:
            self._refuse(self._waiting.pop(0))
        if self._waiting and row.position == 1 and self._waiting[0].log != row.digest:
            self._refuse(self._waiting[0])

    def _refuse(self, checkpoint: Checkpoint) -> None:
        """Raise where the log is not that of *checkpoint*."""
        found = checkpoint.mismatch(self._chain)
        if found is not None:
            position = found.position or self._ends.get(found.stream, self._chain.position)
            raise Diverged(Divergence(position, found.stream, found.version, found.problem))


def _misjudged(row: Row) -> str | None:
    """Whether a fact says what it was decided on, and not by which rules, or the other way round."""
    if (row.judged is None) == (row.org_seen is None) or row.type in _NEVER_JUDGED:
        return None
    if row.judged is None:
        return f"{row.type} was decided on version {row.org_seen} of {ORG}, and no rulebook judged it"
    return f"{row.type} was judged, and does not say on which version of {ORG}"


_NEVER_JUDGED = frozenset({RulebookAdopted.type, ImportConflict.type})
