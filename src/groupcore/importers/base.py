"""What an importer is, and how its facts get into a log.

An importer reads lines and yields facts, in the order of the archive; `import_into` appends them unjudged.
Importing twice adds nothing: a fact is known by its id, and the first of two that differ stands.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import ClassVar, Protocol, TypeAlias, cast

from attrs import Factory, define, field, frozen

from groupcore.clock import RESOLUTIONS, Resolution
from groupcore.errors import DuplicateEvent, InputError, StoreError
from groupcore.events import Event, Fact, ImportConflict, Row, data_of, decode, encode, new_fact
from groupcore.importers.sources import Source

KEPT_FAULTS = 1_000  # of a file that is no archive at all, the first thousand lines tell enough
_ATTEMPTS = 8  # against writers that import the same archive at the same time


@frozen
class BadLine:
    """A line that cannot be taken, and why."""

    line: int
    reason: str
    file: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@frozen
class SkippedLine:
    """A line that is well and says nothing that is a fact here."""

    line: int
    reason: str
    file: str


@frozen
class OddLine:
    """A line that is taken, and something that it says which nobody reads."""

    line: int
    remark: str
    file: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.remark}"


Item: TypeAlias = Fact | BadLine | SkippedLine | OddLine


class Importer(Protocol):
    """What reads one format. A frozen class whose fields are its options, as strings or typed."""

    name: ClassVar[str]

    def facts(self, source: Source | str) -> Iterator[Item]:
        """The facts of *source*, in its own order, and between them the lines that are none."""
        ...


class Log(Protocol):
    """What an import asks of a store."""

    def append(self, drafts: Sequence[Row]) -> Sequence[Row]:
        """Append all or nothing; raises DuplicateEvent when one id is there already."""
        ...

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        ...

    def get(self, id: str) -> Row | None:
        """The event of that id."""
        ...


@define
class ImportReport:
    """What an import did.

    ``facts`` were read; ``added`` of them are new in the log, ``repeated`` were there already, and
    ``conflicts`` came with other content than the one that is there (the first time, the log gets an
    `import-conflict`). ``faults`` holds the first of the ``fault_count`` lines that could not be taken,
    ``skipped`` counts those without a fact, by reason. ``odd`` holds the first line of each remark, and ``remarks``
    counts them. ``stopped``: a strict import met a fault.
    """

    facts: int = 0
    added: int = 0
    repeated: int = 0
    conflicts: int = 0
    fault_count: int = 0
    faults: list[BadLine] = Factory(list)
    skipped: Counter[str] = field(factory=Counter)
    odd: list[OddLine] = Factory(list)
    remarks: Counter[str] = field(factory=Counter)
    stopped: bool = False

    @property
    def clean(self) -> bool:
        """Whether every line could be taken."""
        return not self.fault_count

    def _note(self, item: BadLine | SkippedLine | OddLine) -> None:
        if isinstance(item, SkippedLine):
            self.skipped[item.reason] += 1
        elif isinstance(item, OddLine):
            self._note_odd(item)
        else:
            self.fault_count += 1
            if len(self.faults) < KEPT_FAULTS:
                self.faults.append(item)

    def _note_odd(self, item: OddLine) -> None:
        if item.remark not in self.remarks:
            if len(self.odd) >= KEPT_FAULTS:
                return
            self.odd.append(item)
        self.remarks[item.remark] += 1


Progress: TypeAlias = Callable[[ImportReport], object]


def import_into(
    log: Log,
    items: Iterable[Item],
    *,
    recorded_at: int | None = None,
    salt: Callable[[], str] | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    on_fault: Callable[[BadLine], object] | None = None,
    batch: int = 1_000,
) -> ImportReport:
    """Append the facts of *items* to *log*, *batch* at a time, and report.

    What was appended stays, whatever comes next; run again, an import that was interrupted completes.
    *recorded_at* is when the facts are recorded, in microseconds (now, unless told); *progress* is called
    after each batch, *on_fault* at each line that cannot be taken. *strict* stops at the first. Raises
    InputError where the source itself is damaged, after appending what could be read.
    """
    report = ImportReport()
    intake = _Intake(log, report, recorded_at, salt or _random_salt)
    try:
        for item in items:
            if isinstance(item, Fact):
                if intake.take(item) >= batch:
                    intake.flush(progress)
                continue
            report._note(item)
            if isinstance(item, BadLine):
                if on_fault is not None:
                    on_fault(item)
                if strict:
                    report.stopped = True
                    break
    except InputError:
        intake.flush(progress)
        raise
    intake.flush(progress)
    return report


def _random_salt() -> str:
    return secrets.token_hex(16)


def _now() -> int:
    return time.time_ns() // 1_000


class _Intake:
    """Facts on their way into a log, a batch at a time."""

    def __init__(self, log: Log, report: ImportReport, recorded_at: int | None, salt: Callable[[], str]) -> None:
        self._log = log
        self._report = report
        self._recorded_at = recorded_at
        self._salt = salt
        self._facts: list[Fact] = []

    def take(self, fact: Fact) -> int:
        """Take one more; how many are waiting."""
        self._facts.append(fact)
        return len(self._facts)

    def flush(self, progress: Progress | None) -> None:
        """Append what waits, and count it."""
        if self._facts:
            self._append(self._facts)
            self._facts = []
        if progress is not None:
            progress(self._report)

    def _append(self, facts: list[Fact]) -> None:
        for _ in range(_ATTEMPTS):
            sheet = self._settle(facts)
            try:
                if sheet.drafts:
                    self._log.append(list(sheet.drafts.values()))
            except DuplicateEvent:  # somebody imports the same: what is known has changed
                continue
            return sheet.count(self._report, len(facts))
        raise StoreError("another import of the same archive keeps getting ahead; run this one again")

    def _settle(self, facts: list[Fact]) -> _Sheet:
        recorded_at = _now() if self._recorded_at is None else self._recorded_at
        known = self._log.known([fact.id for fact in facts])
        sheet = _Sheet()
        for fact in facts:
            draft = encode(fact, recorded_at=recorded_at, salt=self._salt())
            held = sheet.drafts.get(fact.id) or (self._log.get(fact.id) if fact.id in known else None)
            if held is None:
                sheet.drafts[fact.id] = draft
                sheet.added += 1
                continue
            fields = differing(held, draft)
            if not fields:
                sheet.repeated += 1
                continue
            sheet.conflicts += 1
            conflict = _conflict(fact, held, fields)
            if conflict.id not in sheet.drafts and not self._log.known([conflict.id]):
                sheet.drafts[conflict.id] = encode(conflict, recorded_at=recorded_at, salt="")
        return sheet


@define
class _Sheet:
    """What one batch comes to: the rows to append, in order, and the counts."""

    drafts: dict[str, Row] = Factory(dict)
    added: int = 0
    repeated: int = 0
    conflicts: int = 0

    def count(self, report: ImportReport, facts: int) -> None:
        report.facts += facts
        report.added += self.added
        report.repeated += self.repeated
        report.conflicts += self.conflicts


def _conflict(fact: Fact, held: Row, fields: tuple[str, ...]) -> Fact:
    """The fact that *fact* came again with other content; it lies beside the one that stands."""
    return new_fact(
        ImportConflict, at=held.at, group=held.group, source=fact.source, fact=fact.id, fields=fields,
        resolution=cast(Resolution, held.resolution),
    )  # fmt: skip


def differing(held: Row, draft: Row) -> tuple[str, ...]:
    """The names of the fields in which *draft* differs from the row of the same id that stands; sorted.

    Times are compared by the coarser of the two clocks. What was erased differs from nothing.
    """
    if held.type != draft.type:
        return ("type",)
    names = [] if held.group == draft.group else ["group"]
    names += [] if _same_time(held, draft) else ["at"]
    if held.data != draft.data or held.private != draft.private or held.schema != draft.schema:
        names += _differing_data(decode(held).event, decode(draft).event, erased=held.erased)
    return tuple(sorted(names))


def _differing_data(held: Event, came: Event, *, erased: bool) -> list[str]:
    first, second = data_of(held), data_of(came)
    hidden = came.private if erased else ()
    keys = (first.keys() | second.keys()) - set(hidden)
    return [key for key in keys if first.get(key) != second.get(key)]


def _same_time(held: Row, draft: Row) -> bool:
    coarse = max(RESOLUTIONS[held.resolution], RESOLUTIONS[draft.resolution])
    return _claimed(held) // coarse == _claimed(draft) // coarse


def _claimed(row: Row) -> int:
    return row.at if row.claimed_at is None else row.claimed_at
