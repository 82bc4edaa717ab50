"""Labels: what a classifier outside the engine says of a message, by threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import floor, isfinite
from typing import Any, ClassVar

from attrs import field, frozen

from groupcore.errors import Fault
from groupcore.policies.base import LabelPolicy, Match, Threshold, register
from groupcore.wire import Faulty, found


def _thresholds(labels: Mapping[str, Any]) -> dict[str, float]:
    if not labels:
        raise ValueError("labels is empty, so nothing would ever be found")
    faults = [Fault(name, *_no_score(score)) for name, score in labels.items() if not _is_score(score)]
    if faults:
        raise Faulty(faults)
    return {name: float(score) for name, score in labels.items()}


def _is_score(score: object) -> bool:
    return isinstance(score, int | float) and not isinstance(score, bool) and isfinite(score)


def _no_score(score: object) -> tuple[str, str]:
    return f"expected a number, found {found(score)}", "the score from which on the label is a finding, such as 0.9"


@register
@frozen(kw_only=True)
class LabelsPolicy(LabelPolicy):
    """A label that a classifier gave to a message, with at least its score in ``labels``, is a finding.

    With ``model``, only what the classifier of that name says counts. So a learned model can be a rule, and is no part
    of the engine: it says what it thinks as a fact, and the thresholds are the rulebook's.
    """

    kind: ClassVar[str] = "labels"

    labels: Mapping[str, Any] = field(
        converter=_thresholds, hash=False, metadata={"schema": {"additionalProperties": {"type": "number"}}}
    )
    model: str | None = None

    def find(self, labels: Mapping[str, float], model: str) -> Match | None:
        """A match with every label that reaches its threshold, in the order of the rulebook, and its score."""
        if self.model is not None and model != self.model:
            return None
        reached = {
            name: labels[name] for name, least in self.labels.items() if name in labels and labels[name] >= least
        }
        if not reached:
            return None
        return Match(self.id, evidence={"labels": list(reached), "scores": reached})

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """A score that the one label did not reach, in thousandths; the score itself is enough for a finding."""
        scores = evidence.get("scores", {})
        return [
            Threshold(f"labels.{label}", self.labels[label], floor(score * 1000 + 1) / 1000)
            for label, score in scores.items()
            if len(scores) == 1 and label in self.labels
        ]
