"""Import, replay and verify the Gitter log: events a second and peak memory, each stage in a process of its own.

    uv run python -m benchmarks.replay_gitter [COUNT ...]

COUNT is how many messages to take (default: 50000 and all). Memory is flat when it does not follow the count.
"""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.yardsticks import data
from groupcore.config import shipped_rulebook
from groupcore.importers import import_into, importer
from groupcore.replay import Run, replay_into, verify
from groupcore.stores import open_store

STAGES = ("import", "replay", "verify")
EVERYTHING = 10**9


def take(archive: Path, count: int, out: Path) -> None:
    """The first *count* messages of the archive, in a file of their own."""
    with gzip.open(archive, "rb") as whole, open(out, "wb") as part:
        part.writelines(islice(whole, count))


def stage(name: str, place: Path) -> int:
    """Do one stage in the directory *place*; how many events it handled."""
    if name == "import":
        with open_store(str(place / "facts.db")) as log:
            import_into(log, importer("gitter").facts(str(place / "messages.jsonl")))
            return log.position
    if name == "replay":
        with open_store(str(place / "facts.db"), read_only=True) as log, open_store(str(place / "judged.db")) as out:
            for _ in replay_into(out, Run(shipped_rulebook(), fixed=True), log.read()):
                pass
            return out.position
    with open_store(str(place / "judged.db"), read_only=True) as log:
        report = verify(log.read())
        assert report.divergence is None, report.divergence
        return report.events


def measure(name: str, place: Path) -> None:
    """One stage, and what it took, as JSON."""
    began = time.perf_counter()
    events = stage(name, place)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"events": events, "seconds": seconds, "peak": peak}))


def main(counts: list[int]) -> None:
    """The table of all stages, for each count."""
    if (open_data := data()) is None:
        sys.exit("the open data is absent; GROUPCORE_DATA names its directory")
    print("| messages | stage | events | events/s | peak memory, MiB |\n|--:|---|--:|--:|--:|")
    for count in counts:
        with tempfile.TemporaryDirectory() as place:
            take(open_data / "gitter" / "messages.jsonl.gz", count, Path(place, "messages.jsonl"))
            for name in STAGES:
                command = [sys.executable, "-m", "benchmarks.replay_gitter", name, place]
                took = json.loads(subprocess.check_output(command))
                events, rate = took["events"], took["events"] / took["seconds"]
                told = "all" if count == EVERYTHING else f"{count:,}"
                print(f"| {told} | {name} | {events:,} | {rate:,.0f} | {took['peak']:.0f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STAGES:
        measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main([int(count) for count in sys.argv[1:]] or [50_000, EVERYTHING])
