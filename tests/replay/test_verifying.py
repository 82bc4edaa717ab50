"""Verify is no formality: whatever is changed in a log is found, and named where it was changed.

Two kinds of forger are tried. One changes what is stored and leaves the digests alone: the chain finds it. The other
works all digests out again (`forging.resealed`): then only the judging can tell, and does, where a verdict does not
follow from the facts and the rules. What verify cannot see is written down at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.process import in_court
from engine.town import BLIND, SCAM, SONG, Town, live, whole_life
from groupcore.events import Row, event_types, seal
from groupcore.replay import Divergence, Report, verify
from groupcore.stores import MemoryStore, SqliteStore, open_store
from groupcore.wire import dumps, loads
from replay.forging import erased, exchanged, first, replaced, resealed, said, without, worded

ROWS = whole_life(MemoryStore()).rows()
COURT = in_court(MemoryStore()).rows()

OTHER: dict[type[Any], Any] = {int: 1, str: "x", bytes: b'{"x":1}'}
OPTIONAL: dict[str, Any] = {
    "group": "x",
    "cause": "x",
    "claimed_at": 1,
    "judged": "x",
    "org_seen": 1,
    "private": b'{"text":"x"}',
    "salt": "ab",
    "private_digest": "x",
}


def changes(row: Row, field: str) -> Iterator[Row]:
    """*row* with another value in *field*, and with none where there may be none."""
    value = getattr(row, field)
    if value is None:
        yield row._replace(**{field: OPTIONAL[field]})
        return
    yield row._replace(**{field: value + OTHER[type(value)]})
    if field in OPTIONAL:
        yield row._replace(**dict[str, Any]({field: None}))


def divergence(rows: list[Row]) -> Divergence:
    report = verify(rows)
    assert report.divergence is not None, "nothing was found"
    return report.divergence


def check_found(forged: list[Row], at: int, *words: str) -> None:
    """The forger is found at the index *at*, and the problem is told in these words."""
    found = divergence(resealed(forged))
    assert (found.position, found.stream) == (at + 1, forged[at].stream), str(found)
    for word in words:
        assert word in found.problem, found.problem


# --- who changes a log and leaves the digests alone ---------------------------------------------------------------


def test_logs_with_every_type_of_event_are_clean() -> None:
    assert {row.type for row in (*ROWS, *COURT)} == set(event_types())
    for rows, facts, unjudged, not_reread in ((ROWS, 45, 3, 0), (COURT, 69, 3, 4)):
        report = verify(rows)
        assert report.clean
        assert (report.events, report.facts, report.skipped) == (len(rows), facts, 0)
        assert report.not_reread == not_reread  # what dan wrote is erased in court
        assert report.judged == facts - unjudged  # adoptions, an import conflict, what tells of an erasure
        assert report.events == report.facts + report.verdicts


@pytest.mark.parametrize("field", Row._fields)
def test_whatever_changes_in_an_event_is_found_there(field: str) -> None:
    for index, row in enumerate(ROWS):
        for changed in changes(row, field):
            if field == "private" and changed.private is None:
                continue  # without its salt it would be an erasure; with it, see below
            found = divergence(replaced(ROWS, index, changed))
            assert found.position == index + 1, f"{row.type}: {found}"
            if field == "position":
                assert found.problem == f"expected position {index + 1}, found {changed.position}"


def test_a_private_part_that_went_without_its_salt_is_found() -> None:
    index = first(ROWS, "message-posted")
    found = divergence(replaced(ROWS, index, ROWS[index]._replace(private=None)))
    assert found.position == index + 1
    assert found.problem.endswith("message-posted has a salt, and nothing private")


@pytest.mark.parametrize("column", [name for name in Row._fields if name != "position"])
def test_what_changes_in_the_file_is_found_too(tmp_path: Path, column: str) -> None:
    path = tmp_path / "log.db"
    with SqliteStore(str(path)) as store:
        store.append(ROWS)
        assert verify(store.read()).clean
    index = len(ROWS) - 1
    changed = next(changes(ROWS[index], column))
    with sqlite3.connect(path) as db:
        db.execute(f'UPDATE events SET "{column}" = ? WHERE position = ?', (getattr(changed, column), index + 1))
    db.close()
    with open_store(str(path), read_only=True) as store:
        assert divergence(list(store.read())).position == index + 1


def test_an_event_taken_out_put_in_or_exchanged_breaks_the_chain() -> None:
    for index in range(1, len(ROWS) - 1):
        assert divergence(without(ROWS, index)).position == index + 1
        assert divergence([*ROWS[:index], ROWS[index], *ROWS[index:]]).position == index + 2
        assert divergence(exchanged(ROWS, index, index + 1)).position == index + 1


def test_renumbering_the_positions_hides_nothing() -> None:
    """The position is the one field that is in no digest: logs can be copied, so it is checked by counting."""
    rows = [row._replace(position=position) for position, row in enumerate(without(ROWS, 20), 1)]
    assert divergence(rows).problem == "group/g1: expected version 19, found 20"


# --- who works the digests out again ------------------------------------------------------------------------------


@pytest.mark.parametrize("type_name", sorted({row.type for row in ROWS if row.cause is not None}))
def test_a_verdict_taken_out_is_missing(type_name: str) -> None:
    index = first(ROWS, type_name)
    found = divergence(resealed(without(ROWS, index)))
    assert ROWS[index].type in found.problem
    assert ("is missing" in found.problem) or ("does not follow" in found.problem), found.problem


def test_all_verdicts_of_a_fact_taken_out_are_missed_at_the_fact() -> None:
    strike = first(ROWS, "strike-recorded")
    answers = [index for index, row in enumerate(ROWS) if row.cause == ROWS[strike].cause]
    fact = first(ROWS, "message-posted", lambda row: row.id == ROWS[strike].cause)
    check_found(without(ROWS, *answers), fact, "message-posted was judged, and finding-recorded", "is missing")


def test_a_verdict_put_in_does_not_follow() -> None:
    hello, warned = first(ROWS, "message-posted"), first(ROWS, "member-warned")
    cause = ROWS[hello].id
    forged = ROWS[warned]._replace(cause=cause, id=f"{cause}/member-warned", at=ROWS[hello].at)
    put_in = [*ROWS[: hello + 1], forged, *ROWS[hello + 1 :]]
    check_found(put_in, hello + 1, "member-warned", "does not follow from the facts and the rules")


def test_a_verdict_that_answers_nothing_is_named() -> None:
    check_found([ROWS[first(ROWS, "member-warned")], *ROWS], 0, "member-warned answers no fact")


def test_a_verdict_moved_behind_another_fact_is_found() -> None:
    index = first(ROWS, "rule-abstained")
    check_found(exchanged(ROWS, index, index + 1), index - 1, "rule-abstained", "is missing")


def test_a_sanction_that_does_not_follow_from_its_rungs_is_found() -> None:
    """A kick where the ladder says a warning, with block and all, just as the engine would have written it."""
    warned, kicked = first(ROWS, "member-warned"), first(ROWS, "member-kicked")
    cause = ROWS[warned].cause
    forged = said(ROWS[kicked], member="amy", message="m3")
    forged = forged._replace(cause=cause, id=f"{cause}/member-kicked", at=ROWS[warned].at)
    check_found(replaced(ROWS, warned, forged), warned, "member-kicked", 'expected member-warned {"member":"amy"')


@pytest.mark.parametrize(
    ("type_name", "change"),
    [
        ("finding-recorded", {"spans": [[0, 2]]}),
        ("finding-recorded", {"spans": []}),
        ("finding-recorded", {"severity": "severe"}),
        ("finding-recorded", {"exempt": True}),
        ("finding-recorded", {"evidence": {"words": ["代购"]}}),
        ("finding-recorded", {"author": "bo"}),
        ("finding-recorded", {"late": True}),
        ("strike-recorded", {"strikes": 2}),
        ("strike-recorded", {"expires": None}),
        ("strike-recorded", {"member": "bo"}),
        ("member-warned", {"strikes": 2}),
        ("member-muted", {"until": None}),
        ("member-kicked", {"cause": "blocklist"}),
        ("member-blocked", {"member": "bo"}),
        ("message-deleted", {"message": "hello"}),
        ("statement-posted", {"text": "amy left"}),
        ("rule-abstained", {"resolution": "s"}),
        ("strike-voided", {"member": "amy"}),
        ("sanction-voided", {"member": "amy"}),
        ("member-unmuted", {"until": 5}),
    ],
)
def test_a_verdict_that_says_something_else_is_found(type_name: str, change: dict[str, Any]) -> None:
    index = first(ROWS, type_name)
    check_found(replaced(ROWS, index, said(ROWS[index], **change)), index, "does not follow; expected")


def test_a_verdict_about_somebody_else_is_found_by_its_name() -> None:
    index = first(ROWS, "member-unblocked")
    check_found(replaced(ROWS, index, said(ROWS[index], member="amy")), index, "has the id")


def test_what_python_takes_for_the_same_is_not_the_same() -> None:
    """``2.0 == 2`` and ``False == 0``: the engine never wrote those bytes, so they do not follow."""
    warned, found = first(ROWS, "member-warned"), first(ROWS, "finding-recorded")
    check_found(replaced(ROWS, warned, said(ROWS[warned], strikes=1.0)), warned, "does not follow")
    check_found(replaced(ROWS, found, said(ROWS[found], exempt=0)), found, "does not follow")
    check_found(replaced(ROWS, found, ROWS[found]._replace(judged="x", org_seen=1)), found)


def test_two_verdicts_exchanged_are_found() -> None:
    index = first(ROWS, "strike-recorded")
    check_found(exchanged(ROWS, index, index + 1), index, "member-warned", "expected strike-recorded")


def test_two_facts_exchanged_are_found_where_their_order_matters() -> None:
    """Before dan was kicked nobody had a reason to kick him again: his join does not come first."""
    posted, joined = first(ROWS, "message-posted", lambda row: loads(row.data)["author"] == "dan"), 49
    assert ROWS[joined].type == "member-joined"
    moved = [*ROWS[:posted], *ROWS[joined : joined + 2], *ROWS[posted:joined], *ROWS[joined + 2 :]]
    check_found(moved, posted + 1, "member-kicked", "does not follow from the facts and the rules")


def test_two_messages_exchanged_are_found_by_the_flood_they_made() -> None:
    flood = first(ROWS, "finding-recorded", lambda row: loads(row.data)["rule"] == "flood")
    early, late = ROWS[flood - 3], ROWS[flood - 2]
    swapped = exchanged(ROWS, flood - 3, flood - 2)
    swapped[flood - 3], swapped[flood - 2] = late._replace(at=early.at), early._replace(at=late.at)
    check_found(swapped, flood, '"counted":["m7","m8","m9"]', "expected finding-recorded", '"counted":["m8","m7","m9"]')


def test_a_fact_with_other_text_is_found() -> None:
    spam = first(ROWS, "message-posted", lambda row: loads(row.data)["message"] == "m3")
    check_found(replaced(ROWS, spam, worded(ROWS[spam], text="good morning")), spam + 1, "finding-recorded")
    hello = first(ROWS, "message-posted")
    check_found(replaced(ROWS, hello, worded(ROWS[hello], text=SCAM)), hello, "is missing")


def test_a_fact_of_another_author_is_found() -> None:
    spam = first(ROWS, "message-posted", lambda row: loads(row.data)["message"] == "m3")
    check_found(replaced(ROWS, spam, said(ROWS[spam], author="cy")), spam + 1, '"author":"amy"', '"author":"cy"')


def test_a_fact_at_another_time_is_found() -> None:
    flood = first(ROWS, "finding-recorded", lambda row: loads(row.data)["rule"] == "flood")
    early = ROWS[flood - 3]
    check_found(replaced(ROWS, flood - 3, early._replace(at=early.at - 60_000_000)), flood, "finding-recorded")


def test_a_fact_that_took_part_in_no_decision_any_more_is_found_by_those_it_took_part_in() -> None:
    granted = first(ROWS, "role-granted")
    exempt = first(ROWS, "finding-recorded", lambda row: loads(row.data)["exempt"])
    check_found(without(ROWS, granted), exempt - 1, '"exempt":true', '"exempt":false')


def test_a_fact_put_in_is_found_where_it_changes_what_follows() -> None:
    joined, warned = ROWS[first(ROWS, "member-joined")], first(ROWS, "member-kicked")
    lifted = ROWS[first(ROWS, "sanction-lifted")]
    pardon = said(lifted._replace(at=joined.at), member="dan", sanction="block")
    again = first(ROWS, "member-kicked", lambda row: loads(row.data)["cause"] == "blocklist")
    put_in = [*ROWS[: again - 1], pardon._replace(id="f" * 32), *ROWS[again - 1 :]]
    assert warned < again
    check_found(put_in, again + 1, "member-kicked", "does not follow from the facts and the rules")


def test_a_fact_that_is_judged_no_more_cannot_hide_its_verdicts() -> None:
    """``judged`` taken away: the verdicts still stand there. And without them, it says what it was decided on."""
    strike = first(ROWS, "strike-recorded")
    fact = first(ROWS, "message-posted", lambda row: row.id == ROWS[strike].cause)
    unjudged = ROWS[fact]._replace(judged=None)
    check_found(replaced(ROWS, fact, unjudged), fact, "message-posted was decided on version", "no rulebook judged it")
    bare = ROWS[fact]._replace(judged=None, org_seen=None)
    check_found(replaced(ROWS, fact, bare), fact + 1, "finding-recorded", "does not follow")
    answers = [index for index, row in enumerate(ROWS) if row.cause == ROWS[strike].cause]
    hidden = resealed(without(replaced(ROWS, fact, unjudged), *answers))
    assert divergence(hidden).position == fact + 1


def test_hiding_a_strike_behind_an_import_is_found_by_the_next_strike() -> None:
    """A fact made to look imported has no verdicts, and is counted; the member's second strike says that it was one."""
    strike = first(ROWS, "strike-recorded")
    fact = first(ROWS, "message-posted", lambda row: row.id == ROWS[strike].cause)
    answers = [index for index, row in enumerate(ROWS) if row.cause == ROWS[strike].cause]
    imported = without(replaced(ROWS, fact, ROWS[fact]._replace(judged=None, org_seen=None)), *answers)
    second = first(imported, "strike-recorded")
    check_found(imported, second, '"strikes":2', '"strikes":1')
    report = verify(resealed(imported[: fact + 1]))
    assert report.clean
    assert report.judged == verify(ROWS[: fact + 1]).judged - 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"digest": "0" * 64}, "the rulebook has the digest"),
        ({"horizon": 5}, "the rulebook reaches back"),
        ({"rulebook": {"policy": [{"kind": "flood", "id": "x"}]}}, "the rulebook cannot be read"),
        ({"rulebook": BLIND.to_mapping()}, "the rulebook has the digest"),
        ({"rulebook": BLIND.to_mapping(), "digest": BLIND.digest}, "the rulebook reaches back"),
    ],
)
def test_a_changed_rulebook_is_found(change: dict[str, Any], words: str) -> None:
    check_found(replaced(ROWS, 0, said(ROWS[0], **change)), 0, words)


def test_a_milder_rulebook_is_found_at_the_first_fact_that_it_did_not_judge() -> None:
    milder = said(ROWS[0], rulebook=BLIND.to_mapping(), digest=BLIND.digest, horizon=BLIND.horizon)
    check_found(replaced(ROWS, 0, milder), 1, "was judged by the rulebook", f"and {BLIND.digest[:12]} is in force")


def test_a_rulebook_taken_out_is_found() -> None:
    check_found(without(ROWS, 0), 0, "was judged by the rulebook", "and none is in force")
    second = first(ROWS, "rulebook-adopted", lambda row: row.version > 1)
    check_found(without(ROWS, second), second, "was judged by the rulebook")


def test_a_decision_on_another_state_of_the_organisation_is_found() -> None:
    index = first(ROWS, "message-posted")
    rows = resealed(ROWS)
    heads = rows[index]._replace(org_seen=1)
    forged = seal(heads, index + 1, _head_before(rows, index))
    found = divergence(replaced(rows, index, forged))
    assert found.position == index + 1
    assert found.problem == "message-posted was decided on version 1 of org, and version 2 stood then"


def _head_before(rows: list[Row], index: int) -> Any:
    return verify(rows[:index]).heads[rows[index].stream]


@pytest.mark.parametrize(
    ("type_name", "data"),
    [
        ("message-posted", b"{}"),
        ("message-posted", b"[]"),
        ("message-posted", b"no json"),
        ("message-posted", b'{"message":"m1","author":["amy"]}'),
        ("message-posted", b'{"message":"m1","author":"amy","at":5}'),
        ("member-joined", b'{"member":["amy"]}'),
        ("time-advanced", b'{"now":"late"}'),
        ("rulebook-adopted", b'{"name":1,"digest":2,"reader":3,"horizon":4,"rulebook":5}'),
        ("strike-recorded", b'{"member":"amy"}'),
        ("finding-recorded", b'{"spans":5}'),
    ],
)
def test_forged_nonsense_is_a_divergence_and_no_crash(type_name: str, data: bytes) -> None:
    index = first(ROWS, type_name)
    found = divergence(resealed(replaced(ROWS, index, ROWS[index]._replace(data=data))))
    assert index <= found.position <= index + 2


def test_a_fact_under_the_name_of_a_verdict_and_the_other_way_round() -> None:
    posted, warned = first(ROWS, "message-posted"), first(ROWS, "member-warned")
    check_found(replaced(ROWS, posted, ROWS[posted]._replace(cause="x")), posted, "message-posted")
    check_found(replaced(ROWS, warned, ROWS[warned]._replace(cause=None)), warned, "has the id")
    check_found(replaced(ROWS, warned, ROWS[warned]._replace(id="x")), warned, "has the id x, expected")
    check_found(replaced(ROWS, warned, ROWS[warned]._replace(stream="group/g2")), warned, "it belongs on group/g1")
    check_found(replaced(ROWS, posted, ROWS[posted]._replace(group="g9")), posted, "it belongs on group/g9")


# --- erased, opaque, unjudged -------------------------------------------------------------------------------------


def test_erasing_leaves_the_chain_and_the_verdicts_as_they_were() -> None:
    forgotten = [erased(row) for row in ROWS]
    report = verify(forgotten)
    assert report.clean, report.divergence
    messages = [row for row in ROWS if row.type in ("message-posted", "message-edited")]
    assert report.not_reread == len([row for row in messages if row.private is not None])
    assert report.heads == verify(ROWS).heads


def test_any_one_message_can_be_erased() -> None:
    """Its own findings are kept as they were recorded, and so are those of window rules that compared with it."""
    for index, row in enumerate(ROWS):
        if row.private is not None:
            report = verify(replaced(ROWS, index, erased(row)))
            assert report.clean, f"{row.type} at {row.position}: {report.divergence}"


def test_an_erased_message_that_a_raid_was_found_by_leaves_the_finding_standing() -> None:
    index = first(ROWS, "message-posted", lambda row: SONG in (row.private or b"").decode())
    report = verify(replaced(ROWS, index, erased(ROWS[index])))
    assert report.clean
    assert report.not_reread >= 3, "the two that sang after it cannot be compared with it"


def test_an_erased_message_is_judged_all_the_same() -> None:
    spam = first(ROWS, "message-posted", lambda row: loads(row.data)["message"] == "m3")
    forgotten = replaced(ROWS, spam, erased(ROWS[spam]))
    warned = first(ROWS, "member-warned")
    check_found(without(forgotten, warned), warned, "message-deleted", "expected member-warned")


def test_findings_of_another_reader_are_kept_and_counted() -> None:
    """Who read with other tables may have found something else. What followed from it is judged all the same."""
    rows = resealed(replaced(ROWS, 0, said(ROWS[0], reader="another")))
    report = verify(rows)
    assert report.clean, report.divergence
    assert report.not_reread > 10
    warned = first(rows, "member-warned")
    check_found(replaced(rows, warned, said(rows[warned], strikes=3)), warned, "does not follow")


def newer(row: Row, **data: Any) -> Row:
    return row._replace(type="vote-cast", id=f"{row.id}/vote-cast" if row.cause else "v" * 32, data=dumps(data))


def test_events_of_a_newer_version_are_skipped_and_counted() -> None:
    posted, strike = first(ROWS, "message-posted"), first(ROWS, "strike-recorded")
    fact = newer(ROWS[posted], votes=5)._replace(private=None, private_digest=None, salt=None)
    between = newer(ROWS[strike], votes=6)
    rows = resealed([*ROWS[:posted], fact, *ROWS[posted:strike], between, *ROWS[strike:]])
    report = verify(rows)
    assert report.clean, report.divergence
    assert (report.skipped, report.events) == (2, len(ROWS) + 2)
    assert report.facts == verify(ROWS).facts


def test_a_known_verdict_that_pretends_to_be_newer_is_missing() -> None:
    index = first(ROWS, "member-warned")
    found = divergence(resealed(replaced(ROWS, index, ROWS[index]._replace(schema=99))))
    assert "expected member-warned" in found.problem


def test_an_empty_log_is_clean() -> None:
    assert verify([]) == Report()


# --- what verify cannot see ---------------------------------------------------------------------------------------


def test_what_verify_cannot_see_the_heads_tell() -> None:
    """Cut off the newest events, or write all anew: nothing in the log speaks against it. Heads kept elsewhere do."""
    true = verify(ROWS).heads
    cut = verify(ROWS[:40])
    assert cut.clean
    assert cut.heads != true
    silent = Town(rules=BLIND)  # the same life, under rules that object to nothing
    silent.moderator.catch_up()
    for row in ROWS:
        if row.type == "message-posted":
            silent.say(loads(row.data)["author"], group=row.group or "")
    rewritten = verify(silent.rows())
    assert rewritten.clean
    assert rewritten.heads != true


def test_what_leads_to_nothing_can_be_changed_by_who_works_out_digests() -> None:
    """A name that no rule looked at, or when an event was recorded: the heads are the only witness."""
    index = first(ROWS, "member-renamed")
    forged = worded(ROWS[index], name="Eve")._replace(recorded_at=5)
    report = verify(resealed(replaced(ROWS, index, forged)))
    assert report.clean
    assert report.heads["group/g1"] != verify(ROWS).heads["group/g1"]


def test_what_was_cut_in_the_midst_of_an_answer_is_seen() -> None:
    index = first(ROWS, "member-warned")
    assert "is missing" in divergence(ROWS[:index]).problem


def test_the_town_lives_the_same_life_twice() -> None:
    """What is tried above is tried on the same log every time."""
    town = Town()
    live(town)
    assert town.rows() == ROWS[: len(town.rows())]
