"""Laws of erasure, for communities that Hypothesis makes up: whoever is erased at whatever moment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.clock import DAY
from groupcore.engine import Moderator
from groupcore.events import Fact, decode
from groupcore.events.row import Row
from groupcore.privacy import Belongings, held_of
from groupcore.replay import verify
from groupcore.rulebook import Rulebook
from groupcore.state import State, fold
from groupcore.stores import MemoryStore
from groupcore.testing import START
from groupcore.testing.strategies import communities, rulebooks
from groupcore.testing.strategies.communities import MEMBERS

END = START + 10_000 * DAY
HISTORIES = rulebooks().flatmap(lambda rules: st.tuples(st.just(rules), communities(rules, max_size=30)))


def bare(rows: list[Row]) -> list[Row]:
    return [row._replace(private=None, salt=None) for row in rows]


@settings(max_examples=40)
@given(HISTORIES, st.sampled_from(MEMBERS), st.integers(0, 30))
def test_an_erasure_at_any_moment_leaves_a_log_that_verifies_and_the_state_that_it_says(
    history: tuple[Rulebook, list[Fact]], person: str, moment: int
) -> None:
    rules, facts = history
    store = MemoryStore()
    moderator = Moderator(store, rules, clock=lambda: END, salt=lambda: "ab", snapshot_every=3)
    for fact in facts[:moment]:
        moderator.record(fact)
    before = list(store.read())
    at = facts[moment - 1].at if 0 < moment <= len(facts) else START
    erased = moderator.erase_person(person, at=at)
    assert held_of(store, person) == []
    after = list(store.read())
    assert bare(after[: len(before)]) == bare(before)
    assert erased.events == sum(row != now for row, now in zip(before, after, strict=False))
    theirs = {found.row.id for found in Belongings(person).among(before) if found.personal}
    assert all(row.private is None or row.id not in theirs for row in after)
    for fact in facts[moment:]:
        moderator.record(fact)
    report = verify(store.read())
    assert report.clean, report.divergence
    assert (report.erased, report.unsaid) == (erased.events, 0)
    assert fold(State(), (decode(row).event for row in store.read())) == moderator.state
