"""What the machine found: each a life of a few facts over which engine and model disagreed, or that broke a law."""

from __future__ import annotations

import pytest

from engine.town import Town
from groupcore.errors import DecisionRefused


def test_a_pardon_of_a_stranger_whom_staff_blocked_makes_no_member_of_them() -> None:
    town = Town()
    town.moderator.open_group("g1", at=town.now, owner="lin")
    town.moderator.block("g1", "amy", by="lin")
    town.moderator.lift("g1", "amy", "block", by="lin")
    assert not town.moderator.standing("g1", "amy").known
    with pytest.raises(DecisionRefused, match="unknown here"):
        town.moderator.warn("g1", "amy", by="lin")
