"""What Hypothesis runs when it is imported (entry point ``hypothesis``): our types become known to ``from_type``."""

from __future__ import annotations

from typing import Any


def setup() -> None:
    """Register a strategy for each type that a test of rules may ask for.

    Strategies are looked up when they are drawn from: this runs in the middle of the first import of Hypothesis,
    which our own strategies may have begun.
    """
    from hypothesis.strategies import register_type_strategy

    from groupcore.events import Fact, VerdictEvent
    from groupcore.ladder import Ladder
    from groupcore.messages import Message, Part
    from groupcore.rulebook import Rulebook

    register_type_strategy(Message, lambda _: _strategies().messages())
    register_type_strategy(Part, lambda _: _strategies().parts())
    register_type_strategy(Fact, lambda _: _strategies().facts())
    register_type_strategy(VerdictEvent, lambda _: _strategies().verdicts())
    register_type_strategy(Ladder, lambda _: _strategies().ladders())
    register_type_strategy(Rulebook, lambda _: _strategies().rulebooks())


def _strategies() -> Any:
    from groupcore.testing import strategies

    return strategies
