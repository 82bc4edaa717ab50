"""Stories of names: what follows when somebody joins or renames with a word in the name (DOMAIN 5.8)."""

from __future__ import annotations

from typing import Any

import pytest

from groupcore import Moderator
from groupcore.events import (
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberMuted,
    MemberWarned,
    StatementPosted,
    StrikeRecorded,
)
from groupcore.replay import verify
from groupcore.stores import open_store
from groupcore.testing import blocked, given, granted, joined, left, like, posted, renamed
from stories.rules import WARN_MUTE_KICK, ads, book


def names(**more: Any) -> dict[str, Any]:
    """The rule ``names``: it objects to 代购."""
    return {"kind": "nickname", "id": "names", "words": ["代购"], **more}


RULES = book(names(), ads(), ladder=WARN_MUTE_KICK)
BAD = "小美 代购"


def test_who_joins_with_a_word_in_the_name_gets_a_strike_and_no_message_is_deleted() -> None:
    given(rules=RULES).when(joined("amy", name=BAD)).then(
        like(FindingRecorded, rule="names", policy="nickname", author="amy", message=None, spans=((3, 5),)),
        like(StrikeRecorded, member="amy", message=None, strikes=1),
        like(MemberWarned, member="amy", message=None, strikes=1),
    )


def test_who_takes_such_a_name_climbs_the_ladder_each_time() -> None:
    story = given(joined("amy", name="Amy"), renamed("amy", BAD, at="1s"), rules=RULES)
    story.when(renamed("amy", "Amy", at="2s")).then_nothing()
    story.when(renamed("amy", BAD, at="3s")).then(
        like(FindingRecorded, message=None), like(StrikeRecorded, strikes=2), like(MemberMuted, message=None)
    )


def test_the_third_time_they_are_removed_and_blocked() -> None:
    story = given(joined("amy"), posted("amy", "加微信", at="1s"), renamed("amy", BAD, at="2s"), rules=RULES)
    story.when(renamed("amy", BAD, at="2d")).then(
        like(FindingRecorded),
        like(StrikeRecorded, strikes=3),
        like(MemberKicked, because="ladder", message=None),
        like(MemberBlocked, member="amy"),
        like(StatementPosted, rule="names"),
    )


def test_a_harmless_name_and_no_name_are_fine() -> None:
    given(rules=RULES).when(joined("amy", name="小美")).then_nothing()
    given(rules=RULES).when(joined("amy")).then_nothing()


def test_a_join_of_somebody_who_is_in_already_with_the_same_name_says_nothing_new() -> None:
    story = given(joined("amy", name=BAD), rules=RULES)
    for second in ("1s", "2s", "3s"):
        story.when(joined("amy", name=BAD, at=second)).then_nothing()


def test_a_join_of_somebody_who_is_in_already_with_another_name_is_a_renaming() -> None:
    story = given(joined("amy", name="Amy"), rules=RULES)
    story.when(joined("amy", at="1s")).then_nothing()
    story.when(joined("amy", name=BAD, at="2s")).then(
        like(FindingRecorded, message=None), like(StrikeRecorded, strikes=1), like(MemberWarned, message=None)
    )
    story.when(joined("amy", name=BAD, at="3s")).then_nothing()
    story.when(joined("amy", name="代购 小美", at="4s")).then_some(like(StrikeRecorded, strikes=2))


def test_a_join_after_a_renaming_is_compared_with_the_name_that_was_taken_last() -> None:
    story = given(joined("amy", name=BAD), renamed("amy", "Amy", at="1s"), rules=RULES)
    story.when(joined("amy", name=BAD, at="2s")).then_some(like(StrikeRecorded, strikes=2))
    story = given(joined("amy"), renamed("amy", BAD, at="1s"), rules=RULES)
    story.when(joined("amy", name=BAD, at="2s")).then_nothing()


def test_a_name_that_was_known_before_they_left_is_news_again_when_they_are_back() -> None:
    story = given(joined("amy", name=BAD), left("amy", at="1s"), joined("amy", name="Amy", at="2s"), rules=RULES)
    story.when(joined("amy", name=BAD, at="3s")).then_some(like(StrikeRecorded, strikes=2))


def test_who_took_the_name_before_their_join_was_seen_is_looked_at_again_when_it_is() -> None:
    story = given(posted("amy", "hi"), renamed("amy", BAD, at="1s"), rules=RULES)
    story.when(joined("amy", name=BAD, at="2s")).then_some(like(StrikeRecorded, strikes=2))


def test_one_more_rule_that_objects_is_news() -> None:
    rules = book(names(), names(id="more", words=["小美"], severity="minor"), ladder=WARN_MUTE_KICK)
    story = given(joined("amy", name="小丽 代购"), rules=rules)
    story.when(joined("amy", name=BAD, at="1s")).then(
        like(FindingRecorded, rule="names"), like(FindingRecorded, rule="more"),
        like(StrikeRecorded, strikes=2), like(MemberMuted, message=None),
    )  # fmt: skip


def test_who_spoke_before_their_join_was_seen_is_looked_at_when_it_is() -> None:
    given(posted("amy", "hi"), rules=RULES).when(joined("amy", name=BAD, at="1s")).then_some(like(StrikeRecorded))


def test_who_comes_back_with_the_name_gets_another_strike() -> None:
    story = given(joined("amy", name=BAD), left("amy", at="1s"), rules=RULES)
    story.when(joined("amy", name=BAD, at="2s")).then_some(like(StrikeRecorded, strikes=2))


def test_the_name_of_an_admin_is_recorded_and_leads_to_nothing() -> None:
    story = given(joined("amy"), granted("amy", "admin"), rules=RULES)
    story.when(renamed("amy", BAD, at="1s")).then(like(FindingRecorded, exempt=True))


def test_a_late_name_is_recorded_and_leads_to_nothing() -> None:
    story = given(posted("bo", "hi", at="1h"), rules=RULES)
    story.when(joined("amy", name=BAD, at="1m")).then(like(FindingRecorded, late=True))


def test_somebody_muted_gets_no_strike_for_a_name() -> None:
    story = given(joined("amy"), posted("amy", "加微信", at="1s"), posted("amy", "加微信", at="2s"), rules=RULES)
    story.when(renamed("amy", BAD, at="3s")).then(like(FindingRecorded, late=False))


def test_somebody_on_the_blocklist_is_kicked_and_gets_no_strike_for_the_name() -> None:
    story = given(blocked("amy"), rules=RULES)
    story.when(joined("amy", name=BAD, at="1s")).then(
        like(FindingRecorded), like(MemberKicked, because="blocklist", message=None)
    )


def test_a_minor_rule_records_and_no_more() -> None:
    given(rules=book(names(severity="minor"))).when(joined("amy", name=BAD)).then(like(FindingRecorded))


def test_a_rule_for_messages_does_not_look_at_names_and_the_other_way_round() -> None:
    given(rules=book(ads())).when(joined("amy", name="加微信")).then_nothing()
    given(rules=book(names())).when(posted("amy", "代购")).then_nothing()


@pytest.mark.parametrize("name", [BAD, "Amy"])
def test_a_log_with_names_verifies(name: str, tmp_path: Any) -> None:
    with Moderator.open(str(tmp_path / "log.db"), RULES) as moderator:
        moderator.record(joined("amy", name=name))
        moderator.record(renamed("amy", BAD, at="1s"))
        moderator.record(renamed("amy", name, at="2s"))
    with open_store(str(tmp_path / "log.db"), read_only=True) as store:
        report = verify(store.read())
    assert report.clean
    assert report.verdicts
