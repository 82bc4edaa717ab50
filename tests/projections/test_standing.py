"""The projection of standings against the state, in lives with all that due process has."""

from __future__ import annotations

from hypothesis import given, settings

from groupcore import Moderator
from groupcore.clock import DAY, HOUR
from groupcore.events import Fact
from groupcore.projections import Database, Projector, Standing
from groupcore.rulebook import Rulebook
from groupcore.state.standing import standing_of
from groupcore.stores import MemoryStore
from groupcore.testing import START
from laws.test_due_process import GROUPS, MEMBERS, lives, rulebooks


@given(rulebooks(), lives(25))
@settings(max_examples=25, deadline=None)
def test_the_projection_is_the_state_at_the_end_and_later(rules: Rulebook, facts: list[Fact]) -> None:
    store = MemoryStore()
    with Moderator(store, rules, clock=lambda: START + 400 * DAY, salt=lambda: "ab") as moderator:
        for fact in facts:
            moderator.record(fact)
        with Database() as views:
            standing = Standing(views)
            Projector(views, [standing]).catch_up(store)
            for at in (facts[-1].at, facts[-1].at + HOUR, facts[-1].at + 9 * DAY):
                for group in GROUPS:
                    for member in MEMBERS:
                        found, held = standing.of(group, member, at), standing_of(moderator.state, group, member, at)
                        weights = {strike.id: strike.weight for strike in found.strikes}
                        assert weights == {strike.id: strike.weight_at(at) for strike in held.strikes}
                        assert (found.weight, found.restrictions) == (held.weight, held.restrictions)
                        assert (found.muted, found.blocked) == (held.muted, held.blocked)
                        given = [(each.id, each.kind, each.lifted) for each in held.sanctions]
                        assert [(each.id, each.kind, each.lifted) for each in found.sanctions] == given
