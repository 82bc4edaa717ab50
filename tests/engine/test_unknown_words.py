"""A word that a field does not know is refused before anything is written: a typo must not overturn a sanction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from groupcore import InputError, Message, Moderator, Rulebook

RULES = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "ads", "words": ["buy now"]}]})
T = "2026-11-01T08:0{}:00Z".format


@pytest.fixture
def moderator() -> Iterator[Moderator]:
    with Moderator.open("memory:", RULES) as opened:
        opened.open_group("g1", at=T(0), owner="lin")
        opened.join("g1", "amy", at=T(0))
        opened.join("g1", "bo", at=T(0))
        yield opened


def warning(moderator: Moderator) -> str:
    said = moderator.observe(Message(group="g1", author="amy", id="m1", at=T(1), text="buy now"))
    assert said.sanction is not None
    return said.sanction.id


def test_the_outcome_of_an_appeal(moderator: Moderator) -> None:
    sanction = warning(moderator)
    moderator.appeal("g1", "amy", sanction, at=T(2))
    outcome: Any = "overturn"
    with pytest.raises(InputError, match=r"outcome: unknown value 'overturn' \(did you mean 'overturned'\?\)"):
        moderator.decide_appeal("g1", sanction, outcome, by="lin", at=T(3))
    decided = moderator.decide_appeal("g1", sanction, "upheld", by="lin", at=T(3))  # it is open still
    assert [event.type for event in decided.events] == ["appeal-decided"]


@pytest.mark.parametrize(
    "wish",
    [
        lambda moderator, word: moderator.grant("g1", "amy", word, at=T(2), by="lin"),
        lambda moderator, word: moderator.revoke_role("g1", "amy", word, at=T(2), by="lin"),
        lambda moderator, word: moderator.lift("g1", "amy", word, by="lin", at=T(2)),
        lambda moderator, word: moderator.report_action("key", word, at=T(2)),
    ],
)
def test_any_other(moderator: Moderator, wish: Callable[[Moderator, str], object]) -> None:
    end = moderator._desk.store.position
    with pytest.raises(InputError, match="unknown value 'king'"):
        wish(moderator, "king")
    assert moderator._desk.store.position == end


def test_how_a_case_is_closed(moderator: Moderator) -> None:
    case = moderator.report("g1", "amy", reporter="bo", at=T(2)).fact.id
    outcome: Any = "falsereport"
    with pytest.raises(InputError, match="did you mean 'false-report'"):
        moderator.close_case("g1", case, outcome, by="lin", at=T(3))


@pytest.mark.parametrize(
    "told",
    [
        lambda moderator, wrong: moderator.join("g1", wrong, at=T(2)),
        lambda moderator, wrong: moderator.join(wrong, "cy", at=T(2)),
        lambda moderator, wrong: moderator.join("g1", "cy", at=T(2), name=wrong),
        lambda moderator, wrong: moderator.revoke("g1", wrong, at=T(2)),
        lambda moderator, wrong: moderator.report("g1", "amy", reporter=wrong, at=T(2)),
    ],
)
def test_an_id_or_a_name_that_is_a_number(moderator: Moderator, told: Callable[[Moderator, Any], object]) -> None:
    end = moderator._desk.store.position
    with pytest.raises(InputError, match="expected a string, found the number 5"):
        told(moderator, 5)
    assert moderator._desk.store.position == end


def test_nobody_is_called_nothing(moderator: Moderator) -> None:
    for group, member in (("", "cy"), ("g1", "")):
        with pytest.raises(InputError, match="must not be empty"):
            moderator.join(group, member, at=T(2))
