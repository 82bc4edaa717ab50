"""Exporting: all that is held of a person, and nothing of others that is not theirs to see."""

from typing import Any

import pytest

from groupcore import Moderator
from groupcore.events.people import SUBJECTS
from groupcore.privacy import Belongings, export
from groupcore.privacy.exporting import entries
from groupcore.wire import dumps, loads
from privacy.bytes import MINE, OTHERS, START, live

END = START + 10**12


@pytest.fixture
def moderator() -> Any:
    with live("memory:") as made:
        filed = made.report("g1", "amy", reporter="bo", reason="she is loud", at=END)
        made.comment_case("g1", filed.fact.id, "a word with amy", by="mo", at=END)
        made.report("g1", "bo", reporter="amy", reason=MINE, at=END)
        yield made


def exported(moderator: Moderator, person: str = "amy") -> dict[str, Any]:
    found: dict[str, Any] = loads(dumps(export(moderator._desk.store, person, END)))
    return found


def test_the_shape_is_the_one_in_the_docs(moderator: Moderator) -> None:
    found = exported(moderator)
    assert set(found) == {"format", "person", "at", "events", "standing", "sections"}
    assert (found["format"], found["person"], found["at"]) == (1, "amy", END)
    sections = ("messages", "membership", "findings", "sanctions", "blocks", "appeals", "reports", "erasures", "other")
    assert tuple(sorted(found["sections"])) == tuple(sorted(sections))
    assert set(found["standing"]) == {"g1", "g2"}
    assert [sanction["kind"] for sanction in found["standing"]["g1"]["sanctions"]].count("warn") >= 1
    for entry in entries(found):
        assert {"position", "recorded_at", "capacities", "type", "at", "group", "data"} <= entry.keys()


def test_every_event_about_a_person_or_by_them_is_there_once(moderator: Moderator) -> None:
    store = moderator._desk.store
    wanted = [found.row.position for found in Belongings("amy").among(store.read())]
    assert [entry["position"] for entry in entries(exported(moderator))] == wanted
    named = [row.position for row in store.read() if any(f'"{key}":"amy"'.encode() in row.data for key in SUBJECTS)]
    assert set(named) <= set(wanted)


def test_all_their_words_are_in_it_and_none_of_anybody_else(moderator: Moderator) -> None:
    text = dumps(exported(moderator)).decode()
    assert text.count(MINE) > 20
    assert OTHERS not in text
    assert "she is loud" in text  # what was said about them is theirs to read


def test_sections_hold_what_they_say(moderator: Moderator) -> None:
    sections = exported(moderator)["sections"]
    assert {entry["type"] for entry in sections["membership"]} == {"member-joined", "member-renamed"}
    assert {entry["type"] for entry in sections["messages"]} == {"message-posted", "message-edited"}
    assert {entry["type"] for entry in sections["blocks"]} == {"person-blocked"}
    assert {entry["type"] for entry in sections["appeals"]} == {"appeal-filed", "appeal-decided"}
    assert {"report-filed", "case-opened", "case-commented"} <= {entry["type"] for entry in sections["reports"]}
    assert {"sanction-ordered", "member-warned"} <= {entry["type"] for entry in sections["sanctions"]}
    assert sections["other"] == []


def test_who_reported_somebody_cannot_be_told_from_what_they_are_given(moderator: Moderator) -> None:
    found = exported(moderator)
    reports = [entry for entry in found["sections"]["reports"] if entry["data"].get("member") == "amy"]
    filed = next(entry for entry in reports if entry["type"] == "report-filed")
    assert (filed["id"], filed["hidden"]) == ("report-1", ["reporter", "report"])
    opened = next(entry for entry in reports if entry["type"] == "case-opened")
    assert (opened["cause"], opened["data"]["case"]) == ("report-1", "report-1")
    ids = [
        row.id for row in moderator._desk.store.read() if row.type == "report-filed" and b'"member":"amy"' in row.data
    ]
    assert len(ids) == 1
    assert ids[0] not in dumps(found).decode()
    assert '"bo' not in dumps(reports).decode()


def test_their_own_reports_are_theirs_to_read(moderator: Moderator) -> None:
    mine = [entry for entry in exported(moderator)["sections"]["reports"] if entry["data"].get("member") == "bo"]
    assert [(entry["type"], entry["data"].get("reporter"), "hidden" in entry) for entry in mine] == [
        ("report-filed", "amy", False)
    ]


def test_what_staff_wrote_about_others_is_withheld_from_staff(moderator: Moderator) -> None:
    found = exported(moderator, "mo")
    assert MINE not in dumps(found).decode()
    decided = found["sections"]["appeals"]
    assert [entry["type"] for entry in decided] == ["appeal-decided", "appeal-decided"]
    assert all(entry["withheld"] == ["reason"] and entry["capacities"] == ["by"] for entry in decided)


def test_what_was_erased_is_there_without_its_text(moderator: Moderator) -> None:
    before = entries(exported(moderator))
    moderator.erase_person("amy", at=END + 1)
    after = entries(exported(moderator))
    assert [entry["type"] for entry in after[: len(before)]] == [entry["type"] for entry in before]
    assert {entry["type"] for entry in after[len(before) :]} == {"erasure-ordered", "text-erased"}
    assert MINE not in dumps(after).decode()
    assert sum("erased" in entry for entry in after) > 20


def test_somebody_unknown_has_nothing(moderator: Moderator) -> None:
    found = exported(moderator, "nobody")
    assert (entries(found), found["standing"]) == ([], {})
