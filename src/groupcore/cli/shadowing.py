"""``groupcore shadow``: what rules that run in the shadow would do, were they live."""

from __future__ import annotations

from typing import Any, cast

import typer

from groupcore.cli.options import FormatName, LogName, RulesPath, open_log, shown
from groupcore.cli.output import Format, Watched, chosen, print_records
from groupcore.config import load_rulebook
from groupcore.errors import InputError
from groupcore.replay import first_rulebook
from groupcore.replay.shadowing import Shadow, shadow
from groupcore.stores import Store

app = typer.Typer(rich_markup_mode=None, add_completion=False)

COLUMNS = (
    "rule", "policy", "category", "findings", "members", "also_found", "led_nowhere", "strikes", "replaced",
    "sanctions", "removed",
)  # fmt: skip


@app.command("shadow", short_help="Compare shadow rules with the live ones.")
def shadow_log(log: LogName, rules: RulesPath = None, format: FormatName = None) -> None:
    """Decide a log anew, and compare each rule that has shadow = true with the live ones.

    A line for each: what it found, of how many members, how much of that a live rule found too, how much led nowhere
    (exempt, excused, late), the strikes that it would bring were it live, how many of those in place of another
    rule's, how many more (or fewer) sanctions there would be, and who would be removed who is not.
    Without --rules, the rulebook that the log adopted last judges all of it. The log is never changed.

    \b
    groupcore shadow community.db
    groupcore shadow archive.db --rules trial.toml --format csv
    """
    judging = load_rulebook(rules) if rules is not None else None
    with open_log(log) as store:
        if judging is None and first_rulebook(store) is None:
            raise InputError(f"{shown(log)} adopted no rulebook; --rules names one")
        found = shadow(cast(Store, Watched(store)), judging)
    how = chosen(format)
    print_records(how, COLUMNS, [_record(each, how) for each in found])


def _record(each: Shadow, how: Format) -> dict[str, Any]:
    plain: dict[str, Any] = {name: getattr(each, name) for name in COLUMNS}
    if how is Format.jsonl:
        return plain | {"sanctions": dict(each.sanctions), "removed": [list(who) for who in each.removed]}
    sanctions = ", ".join(f"{kind} {count:+d}" for kind, count in each.sanctions.items())
    return plain | {"sanctions": sanctions, "removed": len(each.removed)}
