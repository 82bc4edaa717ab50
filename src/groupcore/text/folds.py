"""What a rule may ask for under ``fold``: a preset, or the names of foldings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from attrs import frozen

from groupcore.errors import InputError
from groupcore.text.folding import FOLDINGS, PLAINLY, Chain, chain_of, nearest
from groupcore.text.tables.packages import package_versions

LANES = {
    "separators": 1, "repeats": 2, "leet": 1, "split": 1, "swap": 1, "torn": 1, "pinyin": 1, "initials": 2,
    "homophone": 1, "look-alike": 2, "emoji": 2, "vertical": 1,
}  # fmt: skip
"""The foldings that take a guess and confirm it, each with its version."""

ORDER = ("escapes", "invisible", "width", "enclosed", "marks", "case", "width", "confusables", "digits", "traditional")
_BALANCED = (
    *ORDER, "separators", "repeats", "leet", "split", "swap", "pinyin", "homophone", "emoji", "vertical",
)  # fmt: skip

PRESETS: dict[str, tuple[str, ...]] = {
    "strict": PLAINLY,
    "balanced": _BALANCED,
    "wide": (*_BALANCED, "torn", "initials", "look-alike"),
}
"""The foldings of each preset."""

THRESHOLDS = {"strict": 1.0, "balanced": 0.95, "wide": 0.9}
"""The score that a guess must have in each preset."""


@frozen
class Fold:
    """How the words of a rule are read: a chain of exact foldings, the lanes, the score that a guess must have."""

    names: tuple[str, ...]
    chain: Chain
    lanes: frozenset[str]
    least: float


@cache
def _fold(fold: str | tuple[str, ...]) -> Fold:
    names = _preset(fold) if isinstance(fold, str) else fold
    chain = tuple(name for name in names if name not in LANES)
    least = THRESHOLDS[fold] if isinstance(fold, str) else THRESHOLDS["balanced"]
    return Fold(names, chain_of(chain), frozenset(names).intersection(LANES), least)


def fold_of(fold: str | Iterable[str]) -> Fold:
    """What *fold* asks for: the name of a preset, or names of foldings in order.

    Foldings that the lanes need, those of width and case, come with them. Raises InputError for unknown names, and
    MissingExtra when a table is not installed.
    """
    if isinstance(fold, str):
        return _fold(fold)
    return _fold(_names(tuple(fold)))


def _names(fold: str | tuple[str, ...]) -> tuple[str, ...]:
    """The foldings that *fold* asks for, with those that these need, in order."""
    if isinstance(fold, str):
        return _preset(fold)
    for name in fold:
        if name not in FOLDINGS and name not in LANES:
            raise InputError(f"there is no folding {name!r}{nearest(str(name), {**FOLDINGS, **LANES})}", "fold")
    if LANES.keys().isdisjoint(fold):
        return fold
    chosen = {*fold, *PLAINLY}
    return (*(name for name in ORDER if name in chosen), *(name for name in fold if name in LANES))


def _preset(name: str) -> tuple[str, ...]:
    if name not in PRESETS:
        raise InputError(f"there is no preset {name!r}{nearest(name, PRESETS)}", "fold")
    return PRESETS[name]


def needs_tables(fold: str | Iterable[str]) -> bool:
    """Whether *fold* reads more than width, case and invisible characters, and so asks the tables of ``zh``."""
    return not set(PRESETS.get(fold, ()) if isinstance(fold, str) else fold).issubset(PLAINLY)


def fold_versions(folds: Iterable[str | Iterable[str]] = PRESETS) -> dict[str, str]:
    """What the readings of these *folds* depend on; the packages of their tables where one of them asks any.

    Of the foldings only those are named that *folds* ask for: who reads plainly is not touched by a better guess.
    """
    asked = [fold if isinstance(fold, str) else tuple(fold) for fold in folds]
    used = {name for fold in asked for name in _names(fold)}
    versions = {name: FOLDINGS[name].version if name in FOLDINGS else LANES[name] for name in sorted(used)}
    presets = sorted(fold for fold in set(asked) if isinstance(fold, str))
    return {
        "foldings": " ".join(f"{name}/{version}" for name, version in versions.items()),
        "presets": " ".join(f"{name}={'+'.join(PRESETS[name])}>={THRESHOLDS[name]}" for name in presets),
        **({"tables": package_versions()} if any(map(needs_tables, asked)) else {}),
    }
