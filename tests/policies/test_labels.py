"""Labels against an oracle of a few lines."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groupcore.policies import LabelsPolicy

names = st.sampled_from(["toxic", "hate", "spam", "有害"])
scores = st.sampled_from([-1.0, 0.0, 0.5, 0.9, 0.9000001, 1.0, 1e300]) | st.floats(-2, 2)


def oracle(policy: dict[str, float], said: dict[str, float]) -> dict[str, float]:
    """The labels that were given, with a score that is not below the threshold."""
    reached = {}
    for name, least in policy.items():
        for label, score in said.items():
            if label == name and not score < least:
                reached[name] = score
    return reached


@given(st.dictionaries(names, scores, min_size=1), st.dictionaries(names, scores), st.sampled_from([None, "m1", "m2"]))
def test_the_policy_is_its_oracle(thresholds: dict[str, float], said: dict[str, float], model: str | None) -> None:
    match = LabelsPolicy(id="l", labels=thresholds, model=model).find(said, "m1")
    expected: Any = oracle(thresholds, said) if model != "m2" else {}
    assert (dict(match.evidence["scores"]) if match is not None else {}) == expected
    assert match is None or match.evidence["labels"] == list(expected)
