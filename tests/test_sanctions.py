"""Each kind of sanction is known wherever it must be; what fails names the place that was forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

import groupcore.events
from groupcore import AsyncModerator, Message, Moderator, Rulebook
from groupcore.actions import Deed, actions_for
from groupcore.cli.words import told
from groupcore.clock import DAY
from groupcore.commands import DecideAppeal, LiftSanction, OrderSanction
from groupcore.events.sanctions import ENDED, GIVEN
from groupcore.projections.presence import OUT
from groupcore.sanctions import (
    GRAVITY,
    REMOVALS,
    SANCTIONS,
    TERMS,
    LiftKind,
    OrderKind,
    ReducedKind,
    RungKind,
    SanctionDeed,
)
from groupcore.testing import START, posted
from groupcore.testing.history import kind_of
from groupcore.testing.process import NaiveProcess

PAGES = {path.name: path.read_text(encoding="utf-8") for path in (Path(__file__).parent.parent / "docs").glob("*.md")}
EACH = pytest.mark.parametrize("kind", SANCTIONS)
EACH_TERM = pytest.mark.parametrize("kind", sorted(TERMS))

SPAM = Message(group="g1", author="amy", id="m1", at=START, text="buy")
"""Observed again, it gets the same verdict."""

PARTICULARS: dict[str, dict[str, Any]] = {"restrict": {"restrictions": ("no-links",)}}
"""What an order of a kind must say beside its end."""

RUNG: dict[str, dict[str, Any]] = {"restrict": {"restrict": ["no-links"]}}
"""The same, as a rung says it."""


FORBIDDEN: dict[str, str] = {"mute": "hello", "restrict": "see a.org"}
"""What somebody may not say while a term lasts: of what it forbids, a message."""


def rules(kind: OrderKind) -> Rulebook:
    """A ladder with this kind alone, for a day where it ends."""
    rung = {"sanction": kind, **({"for": "1d"} if kind in TERMS else {}), **RUNG.get(kind, {})}
    return Rulebook.from_mapping(
        {"ladder": {"rungs": [rung]}, "policy": [{"kind": "keyword", "id": "ads", "words": ["buy"]}]}
    )


def given(kind: OrderKind) -> Moderator:
    """A group in which the ladder gave amy a sanction of this kind."""
    moderator = Moderator.open("memory:", rules(kind), clock=lambda: START + 2 * DAY)
    moderator.observe(Message(group="g1", author="bo", id="m0", at=START, text="hello"))
    moderator.observe(SPAM)
    return moderator


# --- the table ----------------------------------------------------------------------------------------------------


def test_the_literals_and_the_table_have_the_same_kinds() -> None:
    kinds = set(get_args(OrderKind))
    assert set(SANCTIONS) == kinds, "sanctions.py: SANCTIONS or OrderKind"
    assert set(get_args(RungKind)) == kinds | {"delete"} == set(GRAVITY), "sanctions.py: RungKind"
    assert set(get_args(LiftKind)) == {known.pardon for known in SANCTIONS.values()} | {"block", "all"}, "LiftKind"
    gravest = max(SANCTIONS, key=lambda kind: SANCTIONS[kind].gravity)
    assert set(get_args(ReducedKind)) == kinds - {gravest}, "sanctions.py: ReducedKind"
    deeds = {deed for known in SANCTIONS.values() for deed in (known.deed, known.undo) if deed is not None}
    assert set(get_args(SanctionDeed)) == deeds <= set(get_args(Deed)), "sanctions.py: SanctionDeed"


def test_the_table_goes_from_mild_to_severe_and_no_two_kinds_are_as_grave() -> None:
    graveness = [known.gravity for known in SANCTIONS.values()]
    assert graveness == sorted(set(graveness))


def test_only_what_a_platform_goes_on_doing_is_to_be_undone() -> None:
    assert {kind for kind, known in SANCTIONS.items() if known.undo is not None} == TERMS


# --- places of their own ------------------------------------------------------------------------------------------


@EACH
def test_there_is_a_verdict_that_gives_it_and_it_is_public(kind: OrderKind) -> None:
    assert kind in GIVEN, f"events/sanctions.py: no SanctionGiven has the kind {kind!r}"
    assert GIVEN[kind].__name__ in groupcore.events.__all__, "events/__init__.py"


@EACH_TERM
def test_there_is_a_verdict_that_says_that_a_term_is_over_and_it_is_public(kind: OrderKind) -> None:
    assert kind in ENDED, f"events/sanctions.py: no SanctionEnded has the kind {kind!r}"
    assert ENDED[kind].__name__ in groupcore.events.__all__, "events/__init__.py"


def test_each_removal_is_a_way_out_of_the_group() -> None:
    assert set(OUT) == REMOVALS, "projections/presence.py: How and OUT"


@EACH
def test_staff_has_a_method_for_it(kind: OrderKind) -> None:
    names = {word.replace("-", "_") for word in (kind, SANCTIONS[kind].deed)}
    assert any(hasattr(Moderator, name) for name in names), f"engine/staff.py: none of {names}"
    assert any(hasattr(AsyncModerator, name) for name in names), f"aio.py: none of {names}"


@EACH
def test_people_are_told_of_it_in_words(kind: OrderKind) -> None:
    events = [GIVEN[kind], ENDED[kind]] if kind in TERMS else [GIVEN[kind]]
    with given(kind) as moderator:
        said = moderator.observe(SPAM)
        found = {
            type(event): event for verdict in (said, *moderator.advance(START + 2 * DAY)) for event in verdict.events
        }
    for cls in events:
        assert "member=" not in told(found[cls]), f"cli/words.py or cli/process_words.py: {cls.__name__}"


def test_each_term_forbids_something() -> None:
    assert set(FORBIDDEN) == TERMS, "deciding/restraining.py: what does it forbid? And here: a message that says so"


@EACH_TERM
def test_what_a_term_forbids_is_answered_while_it_lasts(kind: OrderKind) -> None:
    with given(kind) as moderator:
        for at, forbidden in ((START + 1, True), (START + DAY, False)):
            message = Message(group="g1", author="amy", id=f"{at}", at=at, text=FORBIDDEN[kind])
            types = [event.type for event in moderator.observe(message).verdicts]
            assert ("message-deleted" in types) == forbidden, "deciding/restraining.py"


@EACH
def test_the_naive_model_knows_it(kind: OrderKind) -> None:
    line = {"type": GIVEN[kind].type, "data": {"sanction": "of no kind"}}
    assert kind_of(line) == kind, "testing/history.py: _KINDS"
    fact, model = posted("amy", "buy"), NaiveProcess(rules(kind))
    types = [line["type"] for line in model.answer(fact)]
    assert GIVEN[kind].type in types, "testing/process.py: what a rung leads to"


@EACH
@pytest.mark.parametrize(("page", "what"), [("rulebook.md", "a rung"), ("events.md", "an order")])
def test_the_pages_name_it(kind: OrderKind, page: str, what: str) -> None:
    assert f"`{kind}`" in PAGES[page], f"docs/{page}: {what} may say {kind!r}"


# --- what follows by itself ---------------------------------------------------------------------------------------


@EACH
def test_the_ladder_gives_it_the_fold_remembers_it_and_the_platform_is_told(kind: OrderKind) -> None:
    with given(kind) as moderator:
        (sanction,) = moderator.standing("g1", "amy", START).sanctions
        verdict = moderator.observe(SPAM)
        until = START + DAY if kind in TERMS else None
        assert (sanction.kind, sanction.until, sanction.holds(START)) == (kind, until, kind in TERMS)
        assert isinstance(verdict.sanction, GIVEN[kind])
        assert SANCTIONS[kind].deed in [action.do for action in verdict.actions]
        moderator.state.check()


@EACH
def test_staff_may_order_it_and_pardon_it(kind: OrderKind) -> None:
    known = SANCTIONS[kind]
    wish: dict[str, Any] = {"group": "g1", "member": "bo", "by": "lin", "at": START}
    with given("warn") as moderator:
        (ordered,) = moderator.execute(OrderSanction(sanction=kind, **wish, **PARTICULARS.get(kind, {})))
        (sanction,) = moderator.standing("g1", "bo", START).sanctions
        assert (sanction.kind, ordered.actions[0].do) == (kind, known.deed)
        (lifted,) = moderator.execute(LiftSanction(sanction=known.pardon, **wish))
        assert [action.do for action in lifted.actions] == ([known.undo] if known.undo is not None else [])
        assert moderator.standing("g1", "bo", START).sanctions[0].lifted


@EACH_TERM
def test_its_time_runs_out_once_and_the_platform_is_told(kind: OrderKind) -> None:
    with given(kind) as moderator:
        assert moderator.advance(START + DAY - 1) == ()
        (over,) = moderator.advance(START + DAY)
        assert [type(event) for event in over.verdicts] == [ENDED[kind]]
        assert [action.do for action in over.actions] == [SANCTIONS[kind].undo]
        assert moderator.advance(START + 2 * DAY) == ()


@EACH
def test_an_appeal_takes_it_back_or_puts_something_milder_in_its_place(kind: OrderKind) -> None:
    known = SANCTIONS[kind]
    wish: dict[str, Any] = {"group": "g1", "by": "lin", "at": START}
    words = [word for word in ("notice", "warn") if SANCTIONS[word].gravity < known.gravity]
    decisions: list[dict[str, Any]] = [{"outcome": "reduced", "reduced_to": word} for word in words]
    for decision in ({"outcome": "overturned"}, *decisions):
        with given(kind) as moderator:
            (sanction,) = moderator.standing("g1", "amy", START).sanctions
            moderator.appeal("g1", "amy", sanction.id, at=START)
            (decided,) = moderator.execute(DecideAppeal(sanction=sanction.id, **wish, **decision))
            undone = [action.do for action in decided.actions]
            assert (known.undo in undone) == (known.undo is not None)
            assert moderator.standing("g1", "amy", START).sanctions[0].lifted


@EACH
def test_actions_for_an_order_say_whom_and_until_when(kind: OrderKind) -> None:
    order: Any = groupcore.events.new_fact(
        groupcore.events.SanctionOrdered, at=START, group="g1", member="bo", sanction=kind, by="lin", until=START + DAY
    )
    (action,) = actions_for([order])
    assert (action.do, action.member) == (SANCTIONS[kind].deed, "bo")
    assert action.until == (START + DAY if kind in TERMS else None)
