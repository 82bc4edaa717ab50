"""A replay written down: facts and verdicts into a new log, judged by the rules of the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from groupcore.engine import adoption
from groupcore.errors import StoreError
from groupcore.events.base import ORG, Event, Fact
from groupcore.events.codec import encode
from groupcore.events.facts import RulebookAdopted
from groupcore.events.row import Row
from groupcore.replay.run import Run, Step, steps
from groupcore.rulebook import Rulebook
from groupcore.stores import Store

BATCH = 2_000  # rows an append; one commit each


class Scribe:
    """Writes the steps of a run to an empty log, in batches.

    Times of recording and salts are those of the log that is replayed, so the same replay writes the same bytes.
    """

    def __init__(self, store: Store) -> None:
        if store.position:
            raise StoreError(f"the log to write into holds {store.position} events already; name a new one")
        self._store = store
        self._drafts: list[Row] = []
        self._org = 0

    def adopt(self, fact: RulebookAdopted, recorded_at: int) -> None:
        """Write that a rulebook is in force."""
        self._write(encode(fact, recorded_at=recorded_at, org_seen=self._org, salt=""))

    def write(self, step: Step, rules: Rulebook) -> None:
        """Write a fact and the verdicts that answer it, judged by *rules*."""
        row, fact = step.recorded.row, step.fact
        if isinstance(fact, RulebookAdopted):
            self.adopt(adoption(rules, fact.at), row.recorded_at)  # read by us from here on
            return
        seen = self._org
        self._write(
            encode(fact, recorded_at=row.recorded_at, judged=rules.digest, org_seen=seen, salt=_salt(row, fact))
        )
        for verdict in step.verdicts:
            self._write(encode(verdict, recorded_at=row.recorded_at, salt=_salt(row, verdict)))
        if len(self._drafts) >= BATCH:
            self.flush()

    def _write(self, draft: Row) -> None:
        self._drafts.append(draft)
        self._org += draft.stream == ORG

    def flush(self) -> None:
        """Append what waits."""
        if self._drafts:
            self._store.append(self._drafts)
            self._drafts = []


def _salt(row: Row, event: Event) -> str:
    """The salt of the source; an erased fact has none, and nothing private either."""
    return row.salt or (event.id if isinstance(event, Fact) else "")


def replay_into(out: Store, run: Run, rows: Iterable[Row]) -> Iterator[Step]:
    """Replay *rows* in *run* and write it all to *out*; yields each step once it is under way."""
    scribe = Scribe(out)
    for step in steps(run, _begun(rows, run, scribe)):
        scribe.write(step, run.rules)
        yield step
    scribe.flush()


def _begun(rows: Iterable[Row], run: Run, scribe: Scribe) -> Iterator[Row]:
    """The rows, the adoption of the run's rulebook written before the first fact."""
    for row in rows:
        if not run.began and row.cause is None:
            scribe.adopt(run.begin(row.at), row.recorded_at)
        yield row
