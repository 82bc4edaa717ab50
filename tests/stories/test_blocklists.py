"""Stories of blocklists: kicked again on rejoining, once while they talk on, and where (DOMAIN.md 5.32, 5.33)."""

from __future__ import annotations

import pytest

from groupcore.clock import HOUR
from groupcore.commands import BlockPerson, UnblockPerson
from groupcore.events import (
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberUnblocked,
    MessageDeleted,
    StatementPosted,
    StrikeRecorded,
)
from groupcore.testing import (
    advanced,
    blocked,
    given,
    granted,
    joined,
    lifted,
    like,
    moment,
    opened,
    ordered,
    posted,
    unblocked,
)
from stories.rules import KICK_AND_BLOCK, ads, book

AD = "加微信"
OUT = book(ads(), ladder=KICK_AND_BLOCK)
OUT_OF_ALL = book(ads(), ladder={"rungs": [{"sanction": "kick", "block": "org"}]})


def test_who_is_blocked_is_kicked_again_at_once_on_joining() -> None:
    """No new strike, and before any welcome (DOMAIN 5.33)."""
    given(posted("amy", AD), rules=OUT).when(joined("amy", at="1d")).then(
        like(MemberKicked, member="amy", because="blocklist", message=None)
    )


def test_each_return_is_answered() -> None:
    """(DOMAIN 5.33)"""
    given(posted("amy", AD), joined("amy", at="1d"), rules=OUT).when(joined("amy", at="2d")).then(MemberKicked)


def test_who_is_blocked_and_talks_on_is_kicked_once() -> None:
    """Until they join again (CONTRACT)."""
    story = given(posted("amy", AD, at="1m"), rules=OUT)
    story.when(posted("amy", AD, at="2m")).then(
        FindingRecorded, like(MemberKicked, because="blocklist", message="amy@2m"), MessageDeleted
    )
    story.when(posted("amy", "hello", at="3m")).then(MessageDeleted)
    story.when(joined("amy", at="4m")).then(like(MemberKicked, because="blocklist", message=None))
    story.when(posted("amy", "hello", at="5m")).then(MessageDeleted)


def test_a_kick_for_the_blocklist_is_not_announced() -> None:
    """(decision of the team)"""
    given(posted("amy", AD), rules=OUT_OF_ALL).when(joined("amy", at="1d")).then_no(StatementPosted, StrikeRecorded)


def test_a_block_in_a_group_holds_in_that_group() -> None:
    """(DOMAIN 5.32)"""
    given(posted("amy", AD), rules=OUT).when(joined("amy", group="g2", at="1d")).then_nothing()


def test_a_block_in_the_organisation_holds_in_every_group() -> None:
    """(DOMAIN 5.32)"""
    story = given(rules=OUT_OF_ALL)
    story.when(posted("amy", AD)).then_some(like(MemberBlocked, scope="org"))
    story.when(joined("amy", group="g2", at="1d")).then(like(MemberKicked, because="blocklist", group="g2"))


def test_a_member_of_another_group_who_is_blocked_everywhere_is_kicked_at_the_next_message() -> None:
    """(DOMAIN 5.32)"""
    given(joined("amy", group="g2"), posted("amy", AD, at="1m"), rules=OUT_OF_ALL).when(
        posted("amy", "hello", group="g2", at="2m")
    ).then(like(MemberKicked, because="blocklist"), MessageDeleted)


def test_a_block_by_staff_makes_no_verdict_by_itself() -> None:
    """(decision of the team)"""
    given(joined("amy"), rules=OUT).when(blocked("amy", at="1m")).then_nothing()


@pytest.mark.parametrize("group", ["g1", None])
def test_who_staff_blocked_is_kicked_on_joining(group: str | None) -> None:
    """(decision of the team)"""
    given(blocked("amy", group=group), rules=OUT).when(joined("amy", at="1m")).then(
        like(MemberKicked, because="blocklist")
    )


def test_who_staff_blocked_is_kicked_at_the_next_message() -> None:
    """No strike for it, whatever it says (decision of the team)."""
    given(joined("amy"), blocked("amy", at="1m"), rules=OUT).when(posted("amy", AD, at="2m")).then(
        FindingRecorded, like(MemberKicked, because="blocklist"), MessageDeleted
    )


def test_a_block_with_an_end_ends_by_itself() -> None:
    """(DESIGN: by asking with a time)"""
    story = given(blocked("amy", until="1h"), rules=OUT)
    story.when(joined("amy", at=HOUR - 1)).then(MemberKicked)
    story.when(joined("amy", at="1h")).then_nothing()


def test_the_end_of_a_block_is_told_when_time_advances() -> None:
    """(DESIGN, AdvanceTime)"""
    given(blocked("amy", until="1h"), rules=OUT).when(advanced("1h")).then(like(MemberUnblocked, member="amy"))


def test_who_was_unblocked_may_come_back() -> None:
    given(posted("amy", AD), unblocked("amy", at="1m"), rules=OUT).when(joined("amy", at="2m")).then_nothing()


def test_a_pardon_from_the_block_takes_them_off_the_list_of_the_group() -> None:
    given(posted("amy", AD), lifted("amy", "block", at="1m"), rules=OUT).when(joined("amy", at="2m")).then_nothing()


def test_taking_somebody_off_the_list_of_a_group_leaves_that_of_the_organisation() -> None:
    given(posted("amy", AD), unblocked("amy", at="1m"), rules=OUT_OF_ALL).when(joined("amy", at="2m")).then(
        MemberKicked
    )


def test_who_was_unblocked_and_did_not_join_since_is_still_removed() -> None:
    """The verdicts' removal stands until they join again (CONTRACT)."""
    given(posted("amy", AD), unblocked("amy", at="1m"), rules=OUT).when(posted("amy", "hello", at="2m")).then(
        MessageDeleted
    )


def test_a_kick_without_a_block_lets_them_rejoin() -> None:
    rules = book(ads(), ladder={"rungs": [{"sanction": "kick"}]})
    given(posted("amy", AD), rules=rules).when(joined("amy", at="1m")).then_nothing()


def test_the_list_of_staff_has_the_last_word() -> None:
    """A block with an end, after one without, ends."""
    given(posted("amy", AD), blocked("amy", at="1m", until="1h"), rules=OUT).when(joined("amy", at="2h")).then_nothing()


def test_a_block_by_the_ladder_outlives_the_end_of_an_older_one() -> None:
    """Staff's block ran out; the ladder blocked anew, for good; telling the time must not lift that."""
    story = given(blocked("amy", until="10s"), posted("amy", AD, at="20s"), rules=OUT)
    story.when(advanced("30s")).then_nothing()
    story.when(joined("amy", at="40s")).then(like(MemberKicked, because="blocklist"))


def test_the_owner_cannot_be_blocked() -> None:
    wish = BlockPerson(at=moment("1m"), group="g1", person="lin", by="bo")
    given(opened(owner="lin"), rules=OUT).when(wish).then_refused("owns the group")


def test_nobody_can_be_unblocked_who_is_not_blocked() -> None:
    wish = UnblockPerson(at=moment("1m"), group="g1", person="amy", by="lin")
    given(joined("amy"), rules=OUT).when(wish).then_refused("not on the blocklist")


# --- exempt and yet sanctioned: two readings --------------------------------------------------------------------------


def test_a_mute_that_staff_ordered_holds_for_an_admin() -> None:
    """The contract exempts findings; that a muted member's message is deleted knows no exception."""
    given(granted("amy", "admin"), ordered("amy", "mute", at="1m"), rules=OUT).when(
        posted("amy", "hello", at="2m")
    ).then(MessageDeleted)


def test_somebody_whom_staff_blocked_is_kicked_whatever_their_role() -> None:
    """A stolen account of a member of staff, say: person-blocked is answered at the next join or message."""
    given(granted("amy", "staff", group=None), blocked("amy", at="1m"), rules=OUT).when(joined("amy", at="2m")).then(
        MemberKicked
    )
