"""A moderator and the naive model, driven side by side through whatever Hypothesis makes up."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from groupcore.testing.machine import ModeratorMachine


def test_moderator_and_naive_model_agree_step_by_step() -> None:
    run_state_machine_as_test(ModeratorMachine, settings=settings(max_examples=40, stateful_step_count=30))


@pytest.mark.soak
def test_moderator_and_naive_model_agree_for_long() -> None:
    run_state_machine_as_test(ModeratorMachine, settings=settings(stateful_step_count=60))
