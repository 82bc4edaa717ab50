"""``groupcore demo``: what groupcore does, in one minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from groupcore.cli.guard import WRONG
from groupcore.cli.options import named
from groupcore.cli.output import put
from groupcore.cli.scene import Scene, rulebook
from groupcore.cli.verifying import in_counts
from groupcore.cli.words import told
from groupcore.clock import format_instant
from groupcore.engine import Moderator, Verdict
from groupcore.errors import StoreError
from groupcore.replay import verify
from groupcore.stores import SqliteStore, open_store

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(short_help="A made-up community, its verdicts explained.")
def demo(
    keep: Annotated[Path | None, typer.Option(metavar="PATH", help="Keep the log in this new SQLite file.")] = None,
) -> None:
    """Show what groupcore does: a made-up reading club with spam, floods, a rejoin, reports and appeals.

    Everything goes through a fresh SQLite log. Each verdict is printed with its reason, and a summary at the end.

    \b
    groupcore demo
    groupcore demo --keep demo.db && groupcore explain demo.db cy
    """
    with _place(keep) as path:
        tally = _play(path)
        with open_store(path, read_only=True) as store:
            report = verify(store.read())
    put(f"\n{report.facts} facts, {tally.total()} verdicts:")
    for name, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])):
        put(f"  {count:>3}  {name}")
    put(f"verify: {'clean' if report.clean else report.divergence}: {in_counts(report)}")
    if keep is not None:
        put(f"look closer: groupcore explain {keep} cy")
    if not report.clean:
        raise typer.Exit(WRONG)


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    """Where the log lies: where it is to be kept, or in a directory that goes away."""
    if keep is None:
        with TemporaryDirectory(prefix="groupcore-demo-") as folder:
            yield Path(folder) / "demo.db"
        return
    if keep.exists():
        raise StoreError(f"{keep} is there already; name a new file")
    yield keep


def _play(path: Path) -> Counter[str]:
    """Play the scene into a new log and print it; the counts of verdicts, by type."""
    scene, tally = Scene(), Counter[str]()
    store = SqliteStore(path)
    with Moderator(store, rulebook(), clock=scene.clock, salt=scene.salt) as moderator:
        put(f"{named(moderator.rules)} is in force\n")
        for verdict in scene.play(moderator):
            tally.update(event.type for event in verdict.verdicts)
            for line in _lines(verdict):
                put(line)
    return tally


def _lines(verdict: Verdict) -> Iterable[str]:
    fact = verdict.fact
    yield f"{format_instant(fact.at)}  {told(fact)}"
    yield from (f"{'':>20}  {event.type}: {told(event, getattr(fact, 'text', None))}" for event in verdict.verdicts)
