"""What users of other engines ask for in vain (PEERS.md, demands 3 to 8): one story each, named after the demand."""

from __future__ import annotations

from pathlib import Path

from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.commands import DecideAppeal, FileAppeal
from groupcore.engine import Moderator
from groupcore.events import (
    FindingRecorded,
    MemberKicked,
    MemberMuted,
    MemberUnblocked,
    MemberWarned,
    MessageDeleted,
    SanctionRecomputed,
    StrikeRecorded,
)
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.stores import open_store
from groupcore.testing import START, answer_to, edited, given, joined, like, opened, posted
from stories.rules import KICK_AND_BLOCK, WARN_MUTE_KICK, ads, book, flood, repeat

AD = "加微信"


def test_demand_3_windows_in_event_time_so_that_a_backlog_after_an_outage_is_no_flood() -> None:
    """Twenty messages of an hour arrive at once: what counts is when they were written."""
    rules = book(flood(count=3, window="10s"))
    backlog = [posted("amy", f"message {index}", at=index * 3 * MINUTE) for index in range(20)]
    given(*backlog[:-1], rules=rules).when(backlog[-1]).then_nothing()
    burst = [posted("bo", f"now {index}", at=index * SECOND) for index in range(3)]
    given(*burst[:-1], rules=rules).when(burst[-1]).then_some(like(FindingRecorded, rule="flood"))


def test_demand_4_why_with_evidence(tmp_path: Path) -> None:
    """From the kick back to the characters, the rule, its rulebook, and the strikes before."""
    rules = book(ads(), ladder=WARN_MUTE_KICK)
    with Moderator.open(str(tmp_path / "log.db"), rules, clock=lambda: START + 3 * DAY) as moderator:
        for index, moment in enumerate((START, START + DAY + 1, START + 3 * DAY)):
            said = Message(group="g1", author="amy", id=f"m{index}", at=moment, text="请加微信 abc")
            verdict = moderator.observe(said)
        assert isinstance(verdict.sanction, MemberKicked)
        (decision,) = moderator.explain(verdict.sanction.id).decisions
    (finding,) = decision.findings
    assert decision.text is not None
    assert [decision.text[start:end] for start, end in finding.spans] == [AD]
    assert (finding.rule, finding.evidence["words"]) == ("ads", [AD])
    assert decision.adopted is not None
    assert decision.adopted.digest == rules.digest
    assert decision.standing is not None
    assert [strike.at for strike in decision.standing.strikes] == [START, START + DAY + 1]
    assert decision.climb is not None
    assert decision.climb.number == 3


def test_demand_5_an_undo_that_undoes() -> None:
    """The first warning was wrong: the kick that stood on it is lifted, and the way back is open."""
    rules = book(ads(), ladder={"rungs": [{"sanction": "warn"}, {"sanction": "kick", "block": "group"}]})
    first, second = posted("amy", AD), posted("amy", AD, at="1h")
    warned = answer_to(first, MemberWarned)
    story = given(opened(owner="lin"), joined("amy"), first, second, rules=rules)
    appeal = FileAppeal(at=START + 2 * HOUR, group="g1", member="amy", sanction=warned)
    undo = DecideAppeal(at=START + 3 * HOUR, group="g1", sanction=warned, by="lin", outcome="overturned")
    outcome = story.when(appeal, undo)
    outcome.then_some(like(SanctionRecomputed, kind="kick", now_kind="warn", lifted=True), MemberUnblocked)
    story.when(joined("amy", at="4h")).then_nothing()
    assert story.state.groups["g1"].members["amy"].present


def test_demand_6_a_ladder_with_decay() -> None:
    """Each strike fades on its own, and nothing has to run for it: who was quiet for long is warned anew."""
    rules = book(ads(weight=2), ladder={**WARN_MUTE_KICK, "decay": "10d"})
    heavy = posted("amy", AD)
    story = given(heavy, rules=rules)
    member = story.state.groups["g1"].members["amy"]
    weights = [sum(strike.weight_at(START + days * DAY) for strike in member.strikes) for days in (0, 9, 10, 19, 20)]
    assert weights == [2, 2, 1, 1, 0]
    story.when(posted("amy", AD, at="21d")).then_some(like(StrikeRecorded, strikes=2), MemberMuted)
    given(heavy, rules=rules).when(posted("amy", AD, at="9d")).then_some(like(StrikeRecorded, strikes=4), MemberKicked)


def test_demand_7_sanctions_that_survive_rejoin_and_restart(tmp_path: Path) -> None:
    """Kicked and blocked; the service restarts; they come back, and are kicked at once."""
    rules, log = book(ads(), ladder=KICK_AND_BLOCK), str(tmp_path / "log.db")
    with Moderator.open(log, rules, clock=lambda: START) as moderator:
        moderator.observe(Message(group="g1", author="amy", id="m1", at=START, text=AD))
    with Moderator.open(log, clock=lambda: START + 30 * DAY) as moderator:
        back = moderator.join("g1", "amy", at=START + 30 * DAY)
        assert [(event.type, event.because) for event in back.verdicts if isinstance(event, MemberKicked)] == [
            ("member-kicked", "blocklist")
        ]
    with open_store(log, read_only=True) as store:
        assert verify(store.read()).clean


def test_demand_8_edits_done_right() -> None:
    """Who corrects a message is no spammer; who edits an advertisement in is one; the muted cannot talk by editing."""
    rules = book(ads(), repeat(count=2, window="5m"), ladder={"rungs": [{"sanction": "mute", "for": "1d"}]})
    said = posted("amy", "see you at seven tonight", message="m1")
    fixed = edited("amy", "see you at seven tonight!", message="m1", at="1m")
    again = edited("amy", "see you at seven tonight", message="m1", at="2m")
    given(said, fixed, rules=rules).when(again).then_nothing()
    turned = edited("amy", f"see you at seven, {AD}", message="m1", at="3m")
    story = given(said, fixed, rules=rules)
    story.when(turned).then_some(like(FindingRecorded, rule="ads", message="m1"), MemberMuted)
    story.when(edited("amy", "still here", message="m1", at="4m")).then(like(MessageDeleted, message="m1"))
