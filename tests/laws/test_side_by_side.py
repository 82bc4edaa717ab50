"""A moderator and the naive model, driven side by side through whatever Hypothesis makes up."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from groupcore.rulebook import Rulebook
from groupcore.testing.machine import ModeratorMachine, ProcessMachine
from laws.test_due_process import TEXTS, rulebooks


class AnyRulesMachine(ModeratorMachine):
    """Under any rules of due process, adopted at the beginning of each run."""

    texts = TEXTS

    @initialize(rules=rulebooks())
    def adopt(self, rules: Rulebook) -> None:
        self.open_again(rules)


class StoredMachine(ProcessMachine):
    """Over a log in a file, which is closed and opened again."""

    url = "sqlite:{room}/log.db?fsync=relaxed"


MACHINES = pytest.mark.parametrize("machine", [ModeratorMachine, ProcessMachine, AnyRulesMachine, StoredMachine])


@MACHINES
def test_moderator_and_naive_model_agree_step_by_step(machine: type[ModeratorMachine]) -> None:
    few = settings(max_examples=6 if machine is StoredMachine else 16, stateful_step_count=30)
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.soak
@MACHINES
def test_moderator_and_naive_model_agree_for_long(machine: type[ModeratorMachine]) -> None:
    run_state_machine_as_test(machine, settings=settings(stateful_step_count=60))
