"""Refused wishes: in the audit trail, in exports and in words, and never with the name of who reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.town import Town
from groupcore.cli.words import told
from groupcore.clock import HOUR
from groupcore.errors import DecisionRefused
from groupcore.events import decode
from groupcore.privacy import export
from groupcore.projections import AuditTrail, Database, Projector, RefusedWish
from groupcore.stores import Store


def refuse(wish: Callable[..., Any], *args: Any, **more: Any) -> None:
    with pytest.raises(DecisionRefused):
        wish(*args, **more)


@pytest.fixture
def town() -> Town:
    """lin owns g1 and bo is an admin; cy, who is nobody, tries this and that."""
    made = Town()
    moderator = made.moderator
    moderator.open_group("g1", at=made.now, owner="lin")
    for member in ("amy", "bo", "cy"):
        moderator.join("g1", member, at=made.now)
    moderator.grant("g1", "bo", "admin", at=made.now, by="lin")
    moderator.grant(None, "zoe", "staff", at=made.now)
    refuse(moderator.mute, "g1", "amy", by="cy", id="button")
    refuse(moderator.link_identities, "amy", "bo", by="cy")
    refuse(moderator.kick, "g1", "lin", by="bo")
    made.wait(HOUR)
    refuse(moderator.mute, "g1", "amy", by="cy")
    case = moderator.report("g1", "bo", reporter="ear", report="r1").fact.id
    refuse(moderator.close_case, "g1", case, "dismissed", by="bo")
    refuse(moderator.mute_reporter, "g1", "ear", by="cy")
    return made


def trail_of(store: Store) -> AuditTrail:
    views = Database("memory:")
    trail = AuditTrail(views)
    Projector(views, [trail]).catch_up(store)
    return trail


def short(found: tuple[RefusedWish, ...]) -> list[tuple[Any, ...]]:
    return [(each.by, each.wish, each.why, each.member) for each in found]


MUTE = ("cy", "sanction-ordered", "no-power", "amy")
LINK = ("cy", "identity-linked", "no-power", "amy")
KICK = ("bo", "sanction-ordered", "owner", "lin")
CASE = ("bo", "case-closed", "own-case", "bo")
HEAR = ("cy", "reporter-muted", "no-power", None)


def test_the_audit_trail_tells_who_tried_what(town: Town) -> None:
    trail = trail_of(town.store)
    assert short(trail.refusals()) == [MUTE, LINK, KICK, MUTE, CASE, HEAR]
    assert short(trail.refusals("cy")) == [MUTE, LINK, MUTE, HEAR]
    assert short(trail.refusals("cy", group="g1")) == [MUTE, MUTE, HEAR]
    assert short(trail.refusals(about="bo")) == [LINK, CASE]
    first, *others = trail.refusals("cy", limit=2)
    assert (first.what, first.request, first.group) == ("mute", "button", "g1")
    assert trail.refusals("cy", after=first.position, limit=1) == tuple(others)
    assert trail.refusals("nobody") == ()


def test_it_is_an_entry_about_who_was_meant_and_by_who_tried(town: Town) -> None:
    trail = trail_of(town.store)
    assert [entry.type for entry in trail.of("cy", capacity="by")] == ["wish-refused"] * 4
    assert [entry.type for entry in trail.of("lin", capacity="about")] == ["group-opened", "wish-refused"]
    assert trail.of("ear") == ()


def test_words_say_who_wanted_what_and_not_who_reported(town: Town) -> None:
    said = [told(decode(row).event) for row in town.rows() if row.type == "wish-refused"]
    assert said[0] == "refused to cy: sanction-ordered (amy, mute); they have not the power"
    assert said[1] == "refused to cy: identity-linked (amy, bo); they have not the power"
    assert said[2] == "refused to bo: sanction-ordered (lin, kick); nobody acts against the owner"
    assert said[5] == "refused to cy: reporter-muted; they have not the power"


def test_both_find_it_in_what_is_handed_out_to_them(town: Town) -> None:
    def found(person: str) -> list[dict[str, Any]]:
        return list(export(town.store, person, town.now)["sections"]["other"])

    assert [entry["capacities"] for entry in found("amy")] == [["about"]] * 3
    assert [entry["data"]["why"] for entry in found("cy")] == ["no-power"] * 4
    (linked, kick, own) = found("bo")
    assert (linked["data"]["other"], kick["data"]["member"]) == ("bo", "lin")
    assert own["data"]["what"] == "report-1"  # the id of the case was made of who reported
    assert [entry["data"]["reporter"] for entry in found("ear")] == ["ear"]


def test_there_is_no_text_in_it_to_erase(town: Town) -> None:
    rows = [row for row in town.rows() if row.type == "wish-refused"]
    assert all(row.private is None for row in rows)
    town.moderator.erase_person("cy")
    assert [row for row in town.rows() if row.type == "wish-refused"] == rows
