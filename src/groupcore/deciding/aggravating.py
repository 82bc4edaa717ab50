"""Aggravating: what makes a rung higher, of all that the ladder takes into account."""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.deciding.scene import Scene
from groupcore.events.verdicts import AggravationApplied
from groupcore.ladder import Ladder

LINKED = "linked-accounts"
"""The factor that nobody has to note: another account of the same person is in trouble here."""


def aggravations(scene: Scene, ladder: Ladder, rung: int) -> Iterator[AggravationApplied]:
    """What raises the rung (from 1), in the order of the names, until nothing more can."""
    if not ladder.aggravators:
        return
    fact, present = scene.fact, _present(scene, ladder)
    left = min(ladder.max_steps, len(ladder.rungs) - rung)
    for factor in sorted(present):
        steps = min(ladder.aggravators[factor], left)
        if steps > 0:
            left -= steps
            yield AggravationApplied(
                at=fact.at,
                group=fact.group,
                cause=fact.id,
                member=fact.author,
                message=fact.message,
                factor=factor,
                steps=steps,
            )


def _present(scene: Scene, ladder: Ladder) -> set[str]:
    """The factors that the ladder names, and that are there."""
    fact, noted = scene.fact, scene.state.circumstances(scene.where)
    present = {factor for each in noted for factor in each.factors(fact.author, fact.message, fact.at)}
    if LINKED in ladder.aggravators and any(_is_in_trouble(other, scene) for other in _others(scene)):
        present.add(LINKED)
    return present & ladder.aggravators.keys()


def _others(scene: Scene) -> list[str]:
    return scene.state.linked(scene.where, scene.fact.author)


def _is_in_trouble(other: str, scene: Scene) -> bool:
    """Whether a strike or a sanction of this account counts in the group, or a block keeps it out."""
    where, at = scene.where, scene.fact.at
    known = scene.state.standing(where, other)
    if known is not None and (known.kicked is not None or known.in_force(at)):
        return True
    return bool(scene.state.live_strikes(where, other, at)) or scene.state.block(where, other, at) is not None
