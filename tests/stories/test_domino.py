"""Stories of an undo that undoes: what stood on an overturned strike is decided again (DOMAIN.md 5.37, M18)."""

from __future__ import annotations

from typing import Any

import pytest

from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.commands import DecideAppeal, FileAppeal
from groupcore.events import (
    MemberKicked,
    MemberMuted,
    MemberUnblocked,
    MemberWarned,
    MessagePosted,
    SanctionRecomputed,
    SanctionReduced,
    SanctionVoided,
    StrikeRecorded,
    StrikeVoided,
)
from groupcore.rulebook import Rulebook
from groupcore.testing import START, answer_to, given, granted, joined, like, opened, posted
from groupcore.testing.spec import Story

AD = "加微信"
RUNGS = [
    {"sanction": "warn"},
    {"sanction": "mute", "for": "1h"},
    {"sanction": "kick", "block": "group"},
]


def rules(**more: Any) -> Rulebook:
    policy = [{"kind": "keyword", "id": "ads", "words": [AD]}]
    return Rulebook.from_mapping({"ladder": {"memory": "30d", "rungs": RUNGS}, "policy": policy, **more})


def ad(minute: int) -> MessagePosted:
    return posted("amy", AD, at=minute * MINUTE, message=f"m{minute}")


WARNED, MUTED, KICKED = ad(0), ad(10), ad(200)


def town(book: Rulebook | None = None) -> Story:
    """amy was warned, muted for an hour, and kicked; lin owns the group, bo is an admin."""
    people = [joined("amy"), joined("bo"), joined("dan"), granted("bo", "admin")]
    return given(opened(owner="lin"), *people, WARNED, MUTED, KICKED, rules=book or rules())


def sanction(fact: MessagePosted) -> str:
    kind = {"m0": MemberWarned, "m10": MemberMuted, "m200": MemberKicked}[fact.message]
    return answer_to(fact, kind)


def file(contested: str, at: int = START + DAY, **more: Any) -> FileAppeal:
    return FileAppeal(at=at, group="g1", member="amy", sanction=contested, **more)


def decide(contested: str, outcome: Any = "overturned", at: int = START + DAY + 1, **more: Any) -> DecideAppeal:
    return DecideAppeal(at=at, group="g1", sanction=contested, outcome=outcome, by=more.pop("by", "bo"), **more)


def test_overturning_the_first_strike_turns_the_kick_into_a_mute_and_the_mute_into_a_warning() -> None:
    town().when(file(sanction(WARNED)), decide(sanction(WARNED))).then(
        like(StrikeVoided, strike=answer_to(WARNED, StrikeRecorded)),
        like(SanctionVoided, sanction=sanction(WARNED), kind="warn"),
        like(SanctionRecomputed, sanction=sanction(MUTED), kind="mute", now_kind="warn", now_until=None, lifted=True),
        like(SanctionVoided, sanction=sanction(MUTED), kind="mute"),
        like(
            SanctionRecomputed,
            sanction=sanction(KICKED),
            kind="kick",
            now_kind="mute",
            now_until=KICKED.at + HOUR,
            lifted=True,
        ),
        like(SanctionVoided, sanction=sanction(KICKED), kind="kick"),
        like(MemberUnblocked, member="amy", scope="group"),
    )


def test_who_decides_may_only_list_what_lost_its_basis() -> None:
    outcome = town().when(file(sanction(WARNED)), decide(sanction(WARNED), domino="list"))
    outcome.then_some(
        like(SanctionRecomputed, sanction=sanction(MUTED), lifted=False),
        like(SanctionRecomputed, sanction=sanction(KICKED), lifted=False),
    )
    amy = outcome.story.state.groups["g1"].members["amy"]
    assert [each.lifted for each in amy.sanctions] == [True, False, False]
    assert amy.kicked == sanction(KICKED)
    assert "amy" in outcome.story.state.groups["g1"].blocks


def test_the_last_sanction_has_nothing_standing_on_it() -> None:
    outcome = town().when(file(sanction(KICKED)), decide(sanction(KICKED)))
    outcome.then(StrikeVoided, like(SanctionVoided, sanction=sanction(KICKED)), MemberUnblocked)
    assert len(outcome.story.state.groups["g1"].members["amy"].live_strikes(START + DAY)) == 2


def test_a_sanction_that_would_be_the_same_stands_and_is_not_named() -> None:
    """Three warnings before the kick: without the first, the second is a warning still."""
    book = rules(ladder={"preset": "wecom-three-warnings"})
    story = given(opened(owner="lin"), joined("amy"), ad(0), ad(1), ad(2), rules=book)
    outcome = story.when(file(answer_to(ad(0), MemberWarned)), decide(answer_to(ad(0), MemberWarned), by="lin"))
    outcome.then(StrikeVoided, SanctionVoided)


def test_nothing_is_deleted_and_later_offences_stay_true() -> None:
    story = town()
    before = story.log
    outcome = story.when(file(sanction(WARNED)), decide(sanction(WARNED)))
    assert outcome.story.log[: len(before)] == before
    amy = outcome.story.state.groups["g1"].members["amy"]
    assert [strike.voided for strike in amy.strikes] == [True, False, False]


def test_after_overturning_everything_the_standing_is_clean() -> None:
    for order in ((WARNED, MUTED, KICKED), (KICKED, WARNED, MUTED), (MUTED, KICKED, WARNED)):
        story = town()
        for index, fact in enumerate(order):
            moment = START + DAY + index * MINUTE
            story.when(file(sanction(fact), moment), decide(sanction(fact), at=moment + 1))
        group = story.state.groups["g1"]
        amy = group.members["amy"]
        assert not amy.live_strikes(START + 2 * DAY)
        assert all(each.lifted for each in amy.sanctions)
        assert (amy.kicked, group.blocks) == (None, {})


def test_a_reduced_kick_is_a_mute_from_now_on_and_its_strike_stands() -> None:
    until = START + 2 * DAY
    outcome = town().when(file(sanction(KICKED)), decide(sanction(KICKED), "reduced", reduced_to="mute", until=until))
    outcome.then(
        like(SanctionVoided, sanction=sanction(KICKED), kind="kick"),
        like(MemberUnblocked, member="amy"),
        like(SanctionReduced, sanction=sanction(KICKED), kind="mute", until=until),
    )
    amy = outcome.story.state.groups["g1"].members["amy"]
    assert (len(amy.live_strikes(START + DAY + 2)), amy.is_muted(until - 1), amy.is_muted(until)) == (3, True, False)


def test_an_upheld_appeal_changes_nothing() -> None:
    town().when(file(sanction(KICKED)), decide(sanction(KICKED), "upheld")).then_nothing()


@pytest.mark.parametrize(
    ("wishes", "problem"),
    [
        ([file(sanction(WARNED), by="dan")], "dan has no role here; the power 'appeals' is with"),
        ([file("nothing")], "amy has no sanction nothing"),
        ([file(sanction(WARNED), START + 31 * DAY)], "the warn expired on"),
        ([file(sanction(KICKED)), decide(sanction(KICKED), by="dan")], "dan has no role here"),
        ([file(sanction(KICKED)), decide(sanction(KICKED), by="amy")], "somebody else must decide"),
        (
            [file(sanction(KICKED)), decide(sanction(KICKED)), decide(sanction(KICKED), "upheld", by="lin")],
            "was overturned before",
        ),
        ([file(sanction(KICKED)), decide(sanction(KICKED), "reduced")], "name what the sanction is reduced to"),
        ([file(sanction(KICKED)), decide(sanction(KICKED), "upheld", reduced_to="warn")], "only an appeal that is"),
        ([file(sanction(WARNED)), decide(sanction(WARNED), "reduced", reduced_to="mute")], "no milder than the warn"),
        ([file(sanction(KICKED)), decide(sanction(KICKED), "reduced", reduced_to="warn", until=1)], "has no end"),
        (
            [file(sanction(KICKED)), decide(sanction(KICKED), "reduced", reduced_to="mute", until=START)],
            "would end before it begins",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(wishes: list[Any], problem: str) -> None:
    town().when(*wishes).then_refused(problem)


def test_the_time_to_appeal_ends_and_staff_is_told_what_else_to_do() -> None:
    story = town(rules(appeal_window="7d"))
    late = KICKED.at + 7 * DAY
    story.when(file(sanction(KICKED), late)).then_refused(
        "ended on 2026-11-08T11:20:00Z; staff may still lift the kick"
    )
    assert story.when(file(sanction(KICKED), late - 1)).refused is None


def test_a_voided_warning_cannot_be_appealed_again_by_way_of_another() -> None:
    story = town()
    story.when(file(sanction(WARNED)), decide(sanction(WARNED)))
    story.when(file(sanction(WARNED), START + DAY + 5)).then_refused("was appealed before")
