"""Which rules are in force: those that the log adopted last, adopted when a log is opened with others."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from engine.town import ADS, BLIND, RULES, WIDER, Town
from groupcore.clock import HOUR
from groupcore.engine import Moderator
from groupcore.errors import StoreError
from groupcore.events import RulebookAdopted, decode
from groupcore.replay import verify
from groupcore.rulebook import Rulebook, book
from groupcore.stores import MemoryStore
from groupcore.testing import START


def adoptions(store: MemoryStore) -> list[RulebookAdopted]:
    events = [decode(row).event for row in store.read()]
    return [event for event in events if isinstance(event, RulebookAdopted)]


def test_the_first_event_of_a_log_adopts_its_rules() -> None:
    town = Town()
    (fact,) = adoptions(town.store)  # type: ignore[arg-type]
    assert fact.group is None
    assert (fact.name, fact.digest, fact.reader) == (RULES.name, RULES.digest, RULES.reader_digest)
    assert fact.horizon == RULES.horizon
    assert Rulebook.from_mapping(fact.rulebook) == RULES


def test_the_same_rules_are_not_adopted_twice() -> None:
    store = MemoryStore()
    for _ in range(3):
        Town(store, Rulebook.from_mapping(RULES.to_mapping()))
    assert len(adoptions(store)) == 1


def test_other_rules_are_adopted_and_are_in_force_from_then_on() -> None:
    store = MemoryStore()
    before = Town(store)
    assert before.say("amy", ADS).findings
    after = Town(store, BLIND, before.now)
    assert after.moderator.rules == BLIND
    assert not after.say("amy", ADS, id="m9").findings
    assert [fact.digest for fact in adoptions(store)] == [RULES.digest, BLIND.digest]


def test_who_has_a_log_open_follows_the_rules_that_somebody_else_adopts() -> None:
    store = MemoryStore()
    early = Town(store)
    Town(store, BLIND, START + HOUR)
    assert not early.say("amy", ADS).findings, "the race is lost, the state caught up, and the new rules judge"
    assert early.moderator.rules.digest == BLIND.digest
    assert verify(early.rows()).clean


def test_rules_go_back_and_forth_even_in_one_microsecond() -> None:
    store = MemoryStore()
    for rules in (RULES, BLIND, RULES, BLIND):
        assert Town(store, rules).moderator.rules == rules
    assert [fact.digest for fact in adoptions(store)] == [RULES.digest, BLIND.digest] * 2
    assert verify(store.read()).clean


def test_without_rules_those_of_the_log_are_in_force() -> None:
    store = MemoryStore()
    Town(store, WIDER)
    town = Town(store, None)
    assert town.moderator.rules == WIDER
    assert len(adoptions(store)) == 1


def test_without_any_rules_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the log holds no rulebook yet; open it with one"):
        Moderator.open(str(tmp_path / "log.db"))
    with Moderator.open(str(tmp_path / "log.db"), RULES) as moderator:  # and let go of the file
        assert moderator.rules == RULES


def test_a_log_that_another_version_read_is_adopted_again() -> None:
    """Our reader may find something else under the same rules, and verify must know who read what."""
    store = MemoryStore()
    Town(store)
    with patch.object(book, "reader_versions", lambda *_: {"width": 99}):
        newer = Rulebook.from_mapping(RULES.to_mapping())
        assert newer.reader_digest != RULES.reader_digest
        for rules in (newer, None):
            town = Town(store, rules, START + HOUR)
            town.say("amy", ADS, id=f"{rules is None}")
        assert len(adoptions(store)) == 2
        assert {fact.digest for fact in adoptions(store)} == {RULES.digest}
        assert adoptions(store)[-1].reader == newer.reader_digest
    report = verify(store.read())
    assert report.clean
    assert report.not_reread == 2


def test_an_abstention_is_said_again_under_other_rules_even_if_they_are_the_old_ones() -> None:
    """A rule that cannot judge says so once, and again when other rules are in force."""
    store = MemoryStore()
    for number, rules in enumerate((RULES, BLIND, RULES)):
        town = Town(store, rules, START + number * HOUR)
        for name in ("a", "b"):
            town.say("amy", id=f"{number}{name}", resolution="min", at=town.now // 60_000_000 * 60_000_000)
    assert [row.type for row in store.read()].count("rule-abstained") == 2
