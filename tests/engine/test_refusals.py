"""A wish for what is not for somebody is refused as ever, and is on record; a mere mistake is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from engine.town import ADS, Town
from groupcore import Moderator
from groupcore.aio import AsyncModerator
from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.commands import OrderSanction
from groupcore.deciding.refusing import MOST_REFUSALS, OUT_OF_PLACE
from groupcore.engine import AHEAD
from groupcore.errors import CommandConflict, DecisionRefused, StoreError
from groupcore.events import Row, WishRefused, decode, read_fact
from groupcore.events.base import ORG
from groupcore.replay import replay, verify
from groupcore.state import State, advance
from groupcore.stores import MemoryStore, Store
from groupcore.stores.base import ANYTHING


@pytest.fixture
def town() -> Town:
    """lin owns g1, bo and di are admins, amy was muted for the second time, the warning before is under appeal."""
    made = Town()
    moderator = made.moderator
    moderator.open_group("g1", at=made.now, owner="lin")
    for member in ("amy", "bo", "cy", "di"):
        moderator.join("g1", member, at=made.now)
    for admin in ("bo", "di"):
        moderator.grant("g1", admin, "admin", at=made.now, by="lin")
    moderator.grant(None, "zoe", "staff", at=made.now)
    return made


def refusals(store: Store) -> list[WishRefused]:
    found = [decode(row).event for row in store.read() if row.type == "wish-refused"]
    return [event for event in found if isinstance(event, WishRefused)]


def refused(wish: Callable[[], Any]) -> DecisionRefused:
    with pytest.raises(DecisionRefused) as caught:
        wish()
    return caught.value


def warned(town: Town, member: str = "amy") -> str:
    sanction = town.say(member, ADS).sanction
    assert sanction is not None
    return sanction.id


def test_who_has_no_power_is_refused_as_ever_and_it_is_on_record(town: Town) -> None:
    error = refused(lambda: town.moderator.mute("g1", "amy", by="cy", until=town.now + DAY))
    assert str(error) == "g1: cy has no role here; the power 'sanction' is with: admin, bot, owner, staff"
    (fact,) = refusals(town.store)
    assert (error.code, error.fact) == ("no-power", fact.id)
    assert (fact.group, fact.by, fact.wish, fact.why) == ("g1", "cy", "sanction-ordered", "no-power")
    assert (fact.member, fact.what, fact.at) == ("amy", "mute", town.now)
    assert verify(town.rows()).clean


def appealed(town: Town, member: str = "amy") -> str:
    sanction = warned(town, member)
    town.moderator.appeal("g1", member, sanction)
    return sanction


def ordered(town: Town) -> str:
    """A warning that bo ordered, under appeal."""
    sanction = town.moderator.warn("g1", "amy", by="bo").fact.id
    town.moderator.appeal("g1", "amy", sanction)
    return sanction


def reported(town: Town, member: str) -> str:
    return town.moderator.report("g1", member, reporter="cy").fact.id


OUT: list[tuple[Callable[[Town], Any], dict[str, Any]]] = [
    (lambda t: t.moderator.kick("g1", "lin", by="bo"), {"why": "owner", "member": "lin", "what": "kick"}),
    (lambda t: t.moderator.warn("g1", "di", by="bo"), {"why": "not-below", "member": "di", "what": "warn"}),
    (lambda t: t.moderator.ban("g1", "amy", by="bo"), {"why": "no-power", "member": "amy", "what": "ban"}),
    (lambda t: t.moderator.lift("g1", "bo", "mute", by="bo"), {"why": "own-sanction", "member": "bo", "what": "mute"}),
    (lambda t: t.moderator.block("g1", "lin", by="bo"), {"why": "owner", "wish": "person-blocked", "member": "lin"}),
    (lambda t: t.moderator.unblock("g1", "cy", by="cy"), {"why": "own-sanction", "wish": "person-unblocked"}),
    (lambda t: t.moderator.block(None, "amy", by="bo"), {"why": "no-power", "group": None, "member": "amy"}),
    (
        lambda t: t.moderator.appeal("g1", "amy", warned(t), by="cy"),
        {"why": "no-power", "wish": "appeal-filed", "member": "amy"},
    ),
    (
        lambda t: t.moderator.decide_appeal("g1", appealed(t, "bo2"), "overturned", by="bo2"),
        {"why": "own-appeal", "wish": "appeal-decided", "member": "bo2"},
    ),
    (
        lambda t: t.moderator.decide_appeal("g1", ordered(t), "upheld", by="bo"),
        {"why": "own-appeal", "wish": "appeal-decided", "member": "amy"},
    ),
    (
        lambda t: t.moderator.close_case("g1", reported(t, "bo"), "dismissed", by="bo"),
        {"why": "own-case", "wish": "case-closed", "member": "bo"},
    ),
    (
        lambda t: t.moderator.close_case("g1", reported(t, "bo"), "dismissed", by="amy"),
        {"why": "no-power", "wish": "case-closed", "member": "bo"},
    ),
    (
        lambda t: t.moderator.mute_reporter("g1", "amy", by="cy"),
        {"why": "no-power", "wish": "reporter-muted", "reporter": "amy", "member": None},
    ),
    (
        lambda t: t.moderator.exempt("g1", "person", "bo", by="bo"),
        {"why": "own-exemption", "wish": "exemption-granted", "member": "bo", "what": ""},
    ),
    (
        lambda t: t.moderator.exempt("g1", "domain", "spam.com", by="cy"),
        {"why": "no-power", "wish": "exemption-granted", "member": None, "what": "spam.com"},
    ),
    (lambda t: t.moderator.label("g1", "cy", "regular", by="cy"), {"wish": "label-granted", "what": "regular"}),
    (
        lambda t: t.moderator.link_identities("amy", "di", group="g1", by="cy"),
        {"wish": "identity-linked", "member": "amy", "other": "di"},
    ),
    (
        lambda t: t.moderator.note_aggravation("g1", "amy", "fraud", by="cy"),
        {"wish": "aggravation-noted", "member": "amy", "what": "fraud"},
    ),
    (
        lambda t: t.moderator.erase_message("g1", t.say("amy", id="her").fact.message, by="cy"),  # type: ignore[attr-defined]
        {"wish": "erasure-ordered", "why": "no-power", "group": "g1", "member": "amy"},
    ),
]


@pytest.mark.parametrize(("wish", "told"), OUT)
def test_what_is_not_for_somebody_is_on_record(
    town: Town, wish: Callable[[Town], Any], told: Mapping[str, Any]
) -> None:
    error = refused(lambda: wish(town))
    (fact,) = refusals(town.store)
    assert {name: getattr(fact, name) for name in told} == told
    assert (fact.why, fact.id) == (error.code, error.fact)
    assert verify(town.rows()).clean


def test_each_code_is_met_above() -> None:
    assert {told.get("why", "no-power") for _, told in OUT} == set(OUT_OF_PLACE)


def test_erasing_a_person_in_several_groups_is_a_matter_of_the_organisation(town: Town) -> None:
    for group in ("g1", "g2"):
        town.say("amy", group=group)
    refused(lambda: town.moderator.erase_person("amy", by="cy"))
    (fact,) = refusals(town.store)
    assert (fact.group, fact.wish, fact.member, fact.what) == (None, "erasure-ordered", "amy", "")


MISTAKES: list[tuple[Callable[[Town], Any], str]] = [
    (lambda t: t.moderator.warn("g1", "nobody", by="cy"), "unknown"),
    (lambda t: t.moderator.warn("g1", "cy", by="cy"), "oneself"),
    (lambda t: t.moderator.warn("nowhere", "amy", by="bo"), "unknown"),
    (lambda t: t.moderator.block("g1", "bo", by="bo"), "oneself"),
    (lambda t: t.moderator.block("nowhere", "amy", by="cy"), "no-power"),  # the log knows no such group
    (lambda t: t.moderator.block("g1", "lin"), "owner"),  # by nobody: the service itself
    (lambda t: t.moderator.mute("g1", "amy", by="bo", until=t.now), "unfit"),
    (lambda t: t.moderator.lift("g1", "amy", by="bo"), "unknown"),
    (lambda t: t.moderator.unblock("g1", "amy", by="bo"), "unknown"),
    (lambda t: t.moderator.appeal("g1", "amy", "no such thing"), "unknown"),
    (lambda t: t.moderator.appeal("g1", "amy", appealed(t)), "over"),
    (lambda t: t.moderator.decide_appeal("g1", "no such thing", "upheld", by="cy"), "unknown"),
    (lambda t: t.moderator.close_case("g1", "no such thing", "dismissed", by="bo"), "unknown"),
    (lambda t: t.moderator.report("g1", "cy", reporter="cy"), "oneself"),
    (lambda t: t.moderator.report("g1", "nobody", reporter="cy"), "unknown"),
    (lambda t: t.moderator.mute_reporter("g1", "bo", by="bo"), "oneself"),
    (lambda t: t.moderator.hear_reporter("g1", "amy", by="bo"), "unknown"),
    (lambda t: t.moderator.end_exemption("g1", "person", "amy", by="bo"), "unknown"),
    (lambda t: t.moderator.label("g1", "amy", " ", by="bo"), "unfit"),
    (lambda t: t.moderator.remove_label("g1", "amy", "regular", by="bo"), "unknown"),
    (lambda t: t.moderator.unlink_identities("amy", "di", group="g1", by="bo"), "unknown"),
    (lambda t: t.moderator.withdraw_aggravation("g1", "amy", "fraud", by="bo"), "unknown"),
]


@pytest.mark.parametrize(("wish", "code"), MISTAKES)
def test_a_mistake_is_no_abuse_and_leaves_no_trace(town: Town, wish: Callable[[Town], Any], code: str) -> None:
    error = refused(lambda: wish(town))
    assert (error.code, error.fact) == (code, None)
    assert not refusals(town.store)
    assert "nowhere" not in {row.group for row in town.rows()}


def test_a_command_under_a_used_id_is_no_abuse_either(town: Town) -> None:
    town.moderator.warn("g1", "amy", by="bo", id="button")
    with pytest.raises(CommandConflict) as caught:
        town.moderator.kick("g1", "amy", by="bo", id="button")
    assert (caught.value.code, caught.value.fact) == ("conflict", None)
    assert not refusals(town.store)


# --- once -------------------------------------------------------------------------------------------------------


def test_the_same_within_an_hour_is_one_fact(town: Town) -> None:
    town.now = town.now // HOUR * HOUR
    ids = []
    for wait, id in ((0, "first"), (30, "second"), (29, ""), (1, "third")):
        at = town.wait(wait * MINUTE)
        wish = OrderSanction(at=at, id=id, group="g1", member="amy", sanction="mute", by="cy")
        ids.append(refused(lambda wish=wish: town.moderator.execute(wish)).fact)  # type: ignore[misc]
    first, later = refusals(town.store)
    assert ids == [first.id, first.id, first.id, later.id]
    assert (first.request, later.request) == ("first", "third")
    assert not {"import-conflict"} & {row.type for row in town.rows()}


@pytest.mark.parametrize(
    "other",
    [
        lambda t: t.moderator.kick("g1", "amy", by="cy"),
        lambda t: t.moderator.mute("g1", "bo", by="cy"),
        lambda t: t.moderator.mute("g1", "amy", by="amy2"),
        lambda t: t.moderator.lift("g1", "amy", "mute", by="cy"),
    ],
)
def test_another_wish_target_or_person_is_another_fact(town: Town, other: Callable[[Town], Any]) -> None:
    refused(lambda: town.moderator.mute("g1", "amy", by="cy"))
    refused(lambda: other(town))
    assert len(refusals(town.store)) == 2


def test_two_who_race_make_one_fact(town: Town) -> None:
    """The second has not read what the first wrote; the identity of the fact tells."""
    other = Moderator(town.store, clock=lambda: town.now)
    other.standing("g1", "amy")
    really = town.store.known

    def late(ids: Any) -> set[str]:
        """Between the look and the append, the other one writes the same."""
        town.store.known = really  # type: ignore[method-assign]
        found = really(ids)
        refused(lambda: other.mute("g1", "amy", by="cy", id="other"))
        return found

    town.store.known = late  # type: ignore[method-assign]
    error = refused(lambda: town.moderator.mute("g1", "amy", by="cy", id="mine"))
    (fact,) = refusals(town.store)
    assert (error.fact, fact.request) == (fact.id, "other")
    assert "import-conflict" not in {row.type for row in town.rows()}
    town.moderator.mute("g1", "amy", by="bo")
    assert verify(town.rows()).clean


def test_nobody_fills_the_log_with_refused_wishes(town: Town) -> None:
    town.now = town.now // HOUR * HOUR
    errors = [
        refused(lambda n=n: town.moderator.exempt("g1", "domain", f"{n}.com", by="cy"))  # type: ignore[misc]
        for n in range(MOST_REFUSALS + 5)
    ]
    assert len(refusals(town.store)) == MOST_REFUSALS
    assert [error.fact is None for error in errors] == [False] * MOST_REFUSALS + [True] * 5
    again = refused(lambda: town.moderator.exempt("g1", "domain", "0.com", by="cy"))
    assert again.fact == errors[0].fact  # what is on record is on record
    refused(lambda: town.moderator.exempt("g1", "domain", "0.com", by="amy"))
    refused(lambda: town.moderator.exempt(None, "domain", "0.com", by="cy"))
    assert len(refusals(town.store)) == MOST_REFUSALS + 2  # another person, another stream
    town.wait(HOUR)
    refused(lambda: town.moderator.exempt("g1", "domain", "0.com", by="cy"))
    assert len(refusals(town.store)) == MOST_REFUSALS + 3
    with Moderator(town.store, clock=lambda: town.now) as anew:
        assert anew.state.groups["g1"].refusals == town.moderator.state.groups["g1"].refusals


def test_a_wish_from_a_clock_that_is_ahead_is_clamped(town: Town) -> None:
    ahead = town.now + AHEAD + DAY
    refused(lambda: town.moderator.mute("g1", "amy", by="cy", at=ahead))
    (fact,) = refusals(town.store)
    assert (fact.at, fact.claimed_at) == (town.now, ahead)


# --- the error comes first --------------------------------------------------------------------------------------


class Broken(MemoryStore):
    """A log whose disk is full once ``full`` is set."""

    full: Exception | None = None

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        if self.full is not None:
            raise self.full
        return super().append(drafts, expect)


@pytest.mark.parametrize("problem", [StoreError("disk full"), OSError("disk full")])
def test_a_log_that_cannot_take_it_does_not_hide_the_refusal(problem: Exception) -> None:
    store = Broken()
    town = Town(store)
    town.moderator.open_group("g1", at=town.now, owner="lin")
    town.moderator.join("g1", "amy", at=town.now)
    store.full = problem
    error = refused(lambda: town.moderator.mute("g1", "amy", by="cy"))
    assert str(error) == "g1: cy has no role here; the power 'sanction' is with: admin, bot, owner, staff"
    assert (error.code, error.fact) == ("no-power", None)
    assert error.__notes__ == ["That it was refused is not on record: disk full"]
    store.full = None
    assert not refusals(store)
    assert refused(lambda: town.moderator.mute("g1", "amy", by="cy")).fact is not None


def test_asyncio_records_it_too() -> None:
    async def scene() -> None:
        store = MemoryStore()
        async with AsyncModerator(Town(store).moderator) as moderator:
            await moderator.open_group("g1", at=0, owner="lin")
            await moderator.join("g1", "amy", at=0)
            with pytest.raises(DecisionRefused) as caught:
                await moderator.warn("g1", "amy", by="cy", at=1)
            assert [fact.id for fact in refusals(store)] == [caught.value.fact]
            assert not await moderator.may("cy", "sanction", "g1")

    asyncio.run(scene())


# --- what it is to the rest -------------------------------------------------------------------------------------


def test_it_changes_nothing_that_is_decided(town: Town) -> None:
    town.say("amy", ADS)
    before = town.moderator.standing("g1", "amy", town.now)
    refused(lambda: town.moderator.kick("g1", "amy", by="cy"))
    assert town.moderator.standing("g1", "amy", town.now) == before
    assert not town.moderator.explain(refusals(town.store)[0].id).decisions[0].verdicts
    state = State()
    for row in town.rows():
        advance(state, decode(row).event)
    assert state == town.moderator.state
    again = [event for run in replay(town.store) for event in run.verdicts]
    assert [event.id for event in again] == [row.id for row in town.rows() if row.cause is not None]


def test_it_may_be_imported_and_told_from_outside(town: Town) -> None:
    line = b'{"type": "wish-refused", "at": 7, "group": "g1", "data": {"by": "cy", "wish": "x", "why": "no-power"}}'
    fact = read_fact(line)
    assert isinstance(fact, WishRefused)
    assert not town.moderator.record(fact).repeated
    assert town.moderator.record(fact).repeated


def test_the_row_lies_where_the_wish_was_made(town: Town) -> None:
    refused(lambda: town.moderator.kick("g1", "amy", by="cy"))
    refused(lambda: town.moderator.block(None, "amy", by="cy"))
    assert [row.stream for row in town.rows() if row.type == "wish-refused"] == ["group/g1", ORG]


# --- asking before ----------------------------------------------------------------------------------------------

ASKED: list[tuple[tuple[str, Any, str | None], str | None, str]] = [
    (("bo", "sanction", "g1"), "amy", ""),
    (("cy", "cases", "g1"), None, "no-power"),
    (("bo", "erase", "g1"), None, "no-power"),
    (("zoe", "erase", "g1"), None, ""),
    (("bo", "block", None), None, "no-power"),
    (("bo", "sanction", "g1"), "di", "not-below"),
    (("bo", "sanction", "g1"), "lin", "owner"),
]


@pytest.mark.parametrize(("asked", "over", "code"), ASKED)
def test_may_says_what_a_wish_would_meet(town: Town, asked: tuple[Any, ...], over: str | None, code: str) -> None:
    found = town.moderator.may(*asked, over=over)
    assert (bool(found), found.code, found.told) == (code == "", code, True)
    assert not refusals(town.store)


def test_may_gives_the_words_of_the_refusal(town: Town) -> None:
    error = refused(lambda: town.moderator.warn("g1", "di", by="bo"))
    assert town.moderator.may("bo", "sanction", "g1", over="di").reason == str(error)
    assert town.moderator.may("bo", "sanction", "g1").reason == "g1: bo is admin, with the power 'sanction'"


def test_may_says_where_powers_cannot_be_told() -> None:
    town = Town()
    town.moderator.join("g1", "amy", at=town.now)
    found = town.moderator.may("amy", "cases", "g1")
    assert (bool(found), found.told) == (True, False)


def test_may_asks_what_others_changed_since(town: Town) -> None:
    other = Moderator(town.store, clock=lambda: town.now)
    assert town.moderator.may("bo", "cases", "g1")
    other.revoke_role("g1", "bo", "admin", at=town.now)
    assert not town.moderator.may("bo", "cases", "g1")


def test_may_of_an_unknown_power_says_which_there_are(town: Town) -> None:
    with pytest.raises(ValueError, match=r"unknown power .sanktion.*sanction"):
        town.moderator.may("bo", "sanktion", "g1")  # type: ignore[arg-type]


def test_a_refused_wish_makes_nobody_late() -> None:
    """Messages come in behind their time: who has no power cannot move the clock that they are measured by."""
    town = Town()
    town.moderator.open_group("g1", at=town.now, owner="lin")
    town.moderator.join("g1", "amy", at=town.now)
    then = town.now
    town.wait(HOUR)
    refused(lambda: town.moderator.kick("g1", "amy", by="cy"))
    assert refusals(town.store)[0].at == town.now
    assert town.say("amy", ADS, at=then + MINUTE).sanction is not None
    assert verify(town.rows()).clean


def test_groups_of_refused_wishes_are_let_go_of_too(town: Town) -> None:
    town.moderator.open_group("g2", at=town.now, owner="lin")
    small = Moderator(town.store, clock=lambda: town.now, most_groups=1)
    for group in ("g1", "g2"):
        refused(lambda group=group: small.warn(group, "nobody", by="cy"))  # type: ignore[misc]
        assert list(small._desk.ledger.state.groups) == [group]
    for group in ("g1", "g2"):
        refused(lambda group=group: small.block(group, "lin", by="cy"))  # type: ignore[misc]
        assert list(small._desk.ledger.state.groups) == [group]
