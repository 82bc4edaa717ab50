"""Counts of a replay: what was decided how often, and how fast."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from time import process_time
from typing import Any

from groupcore.cli.output import Progress
from groupcore.events import FindingRecorded, MessageEdited, MessagePosted
from groupcore.replay import Step

COLUMNS = ("what", "name", "count", "per_100k_messages")

LOOK = 512  # facts between two looks at the clock


class Tally:
    """Counts the steps of a replay while they pass."""

    def __init__(self) -> None:
        self.facts = 0
        self.messages = 0
        self.erased = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._progress = Progress()
        self._seconds = 0.0

    def counted(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The same *steps*, counted; how far they are is shown on a terminal."""
        for step in steps:
            self.facts += 1
            if isinstance(step.fact, MessagePosted | MessageEdited):
                self.messages += 1
                self.erased += step.recorded.erased
            if step.verdicts:
                self._count(step)
            if not self.facts % LOOK:
                self._progress.show(self._so_far)
            yield step
        self._seconds = self._progress.seconds
        self._progress.clear()

    def _count(self, step: Step) -> None:
        for verdict in step.verdicts:
            self._counts["verdict", verdict.type] += 1
            if isinstance(verdict, FindingRecorded):
                self._counts["policy", verdict.policy] += 1
                self._counts["rule", verdict.rule] += 1

    def _so_far(self) -> str:
        return f"{self.facts:,} facts, {self.facts / self._progress.seconds:,.0f} a second"

    def records(self) -> list[dict[str, Any]]:
        """Facts and messages, verdicts by type, findings by policy and by rule; the most first."""
        rows = [("facts", "", self.facts), ("messages", "", self.messages)]
        for kind in ("verdict", "policy", "rule"):
            found = [(name, count) for (what, name), count in self._counts.items() if what == kind]
            rows += [(kind, name, count) for name, count in sorted(found, key=lambda item: (-item[1], item[0]))]
        return [dict(zip(COLUMNS, (*row, self._rate(row)), strict=True)) for row in rows]

    def _rate(self, row: tuple[str, str, int]) -> float | None:
        if row[0] in ("facts", "messages") or not self.messages:
            return None
        return round(row[2] * 100_000 / self.messages, 1)

    def speed(self) -> str:
        """Facts a second, and the memory that the process took at most."""
        peak = peak_memory()
        memory = f", at most {peak / 2**20:,.0f} MiB of memory" if peak else ""
        rate = self.facts / self._seconds
        busy = f"{process_time():,.1f} s of the processor"
        return f"{self.facts:,} facts in {self._seconds:,.1f} s ({busy}), {rate:,.0f} a second{memory}"


def peak_memory() -> int | None:
    """The bytes that this process took at most, or None where the system does not say."""
    try:
        from resource import RUSAGE_SELF, getrusage  # not on every system
    except ImportError:
        return None
    return getrusage(RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
