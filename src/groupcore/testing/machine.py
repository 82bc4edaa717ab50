"""A stateful test that drives a `Moderator` and the naive model side by side.

Subclass `ModeratorMachine` with rules of your own, and pytest runs it::

    class MyRules(ModeratorMachine):
        rulebook = load_rulebook("rules.toml")

    test_my_rules = MyRules.TestCase

Hypothesis then makes up communities, and shrinks the first one over which the two disagree to a few calls. Window
policies of your own need an oracle each (``oracles``, see `groupcore.testing.oracles`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.engine import Moderator, Verdict
from groupcore.errors import DecisionRefused
from groupcore.events import Event, MemberKicked, MemberMuted, MemberWarned, SanctionOrdered
from groupcore.messages import Message
from groupcore.rulebook import Rulebook
from groupcore.testing.history import TOO_LATE, id_of
from groupcore.testing.model import NaiveModerator, comparable
from groupcore.testing.oracles import Oracle
from groupcore.testing.scenes import START
from groupcore.testing.strategies.events import parts
from groupcore.testing.strategies.texts import WORDS, sayings

MEMBERS = ("amy", "bo", "cy")
GROUPS = ("g1", "g2")

_members = st.sampled_from(MEMBERS)
_groups = st.sampled_from(GROUPS)
_wide = st.sampled_from((*GROUPS, None))
_lags = st.sampled_from((0, 0, 0, 0, 0, 1, SECOND, TOO_LATE, TOO_LATE + 1, HOUR))
_resolutions = st.sampled_from(("us", "us", "us", "s", "min"))
_ends = st.sampled_from((None, SECOND, MINUTE))

DEFAULT_RULES = Rulebook.from_mapping(
    {
        "name": "machine",
        "ladder": {
            "memory": "1h",
            "severe_from": 3,
            "rungs": [
                {"sanction": "warn", "delete": True},
                {"sanction": "mute", "for": "1m", "delete": True},
                {"sanction": "kick"},
                {"sanction": "kick", "block": "org", "delete": True},
            ],
        },
        "policy": [
            {"kind": "keyword", "id": "words", "words": list(WORDS), "severity": "severe"},
            {"kind": "length", "id": "long", "max_chars": 25},
            {"kind": "nickname", "id": "names", "words": list(WORDS)},
            {"kind": "flood", "id": "flood", "count": 3, "window": "10s"},
            {"kind": "duplicate", "id": "again", "count": 2, "window": "1m", "severity": "minor"},
            {"kind": "raid", "id": "raid", "authors": 2, "window": "1m", "min_chars": 2},
        ],
    }
)
"""Rules under which a few calls lead to everything: each rung, windows of three kinds, all severities."""


class ModeratorMachine(RuleBasedStateMachine):
    """Drives both, and compares what they say and what they know. ``url`` opens another store."""

    rulebook: ClassVar[Rulebook] = DEFAULT_RULES
    oracles: ClassVar[Mapping[str, Oracle]] = {}
    url: ClassVar[str] = "memory:"

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        far = START + 1000 * DAY
        self.moderator = Moderator.open(self.url, self.rulebook, clock=lambda: far, salt=lambda: "ab")
        self.model = NaiveModerator(self.rulebook, self.oracles)
        self.messages: list[Message] = []
        self.sanctions: list[Event] = []

    def teardown(self) -> None:
        """Close the log."""
        self.moderator.close()

    def agree(self, *verdicts: Verdict) -> None:
        """Assert that the model says the same about these facts."""
        for verdict in verdicts:
            said = comparable(verdict.verdicts, self.rulebook)
            assert said == comparable(self.model.answer(verdict.fact), self.rulebook)
            if not verdict.repeated:
                self.sanctions += [event for event in verdict.events if isinstance(event, _SANCTIONS)]

    def wish(self, carry_out: Callable[..., Verdict], *args: Any, **fields: Any) -> None:
        """Carry out a wish and compare. A refusal must leave no trace."""
        before = self.moderator.state.fork()
        try:
            verdict = carry_out(*args, at=self.now, **fields)
        except DecisionRefused:
            assert self.moderator.state == before, "a refusal leaves no trace"
        else:
            self.agree(verdict)

    # --- what happens ---------------------------------------------------------------------------------------

    @rule(wait=st.sampled_from((1, SECOND, 10 * SECOND - 1, 10 * SECOND, MINUTE, TOO_LATE, HOUR, DAY)))
    def wait(self, wait: int) -> None:
        """Time passes."""
        self.now += wait

    @rule(author=_members, group=_groups, text=sayings(), lag=_lags, resolution=_resolutions)
    def post(self, author: str, group: str, text: str, lag: int, resolution: Any) -> None:
        """Somebody posts a message."""
        message = Message(
            group=group,
            author=author,
            id=f"m{len(self.messages)}",
            at=max(START, self.now - lag),
            text=text,
            resolution=resolution,
        )
        self.messages.append(message)
        self.agree(self.moderator.observe(message))

    @rule(author=_members, text=sayings(), waits=st.lists(st.sampled_from((10 * SECOND, 5 * SECOND, 1)), max_size=4))
    def burst(self, author: str, text: str, waits: list[int]) -> None:
        """Somebody posts the same again and again, around the edge of a window."""
        for wait in waits:
            self.now += wait
            self.post_one(author, GROUPS[0], text)

    def post_one(self, author: str, group: str, text: str) -> None:
        """One message now."""
        message = Message(group=group, author=author, id=f"m{len(self.messages)}", at=self.now, text=text)
        self.messages.append(message)
        self.agree(self.moderator.observe(message))

    @rule(author=_members, group=_groups, part=parts())
    def share(self, author: str, group: str, part: Any) -> None:
        """Somebody posts something beside text."""
        message = Message(group=group, author=author, id=f"m{len(self.messages)}", at=self.now, parts=(part,))
        self.messages.append(message)
        self.agree(self.moderator.observe(message))

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        """The platform hands a message over twice: the answer is the same."""
        length = len(self.model.history.log)
        again = self.moderator.observe(data.draw(st.sampled_from(self.messages)))
        assert again.repeated
        self.agree(again)
        assert len(self.model.history.log) == length

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), text=sayings())
    def edit(self, data: st.DataObject, text: str) -> None:
        """Somebody changes a message."""
        old = data.draw(st.sampled_from(self.messages))
        self.agree(self.moderator.edit(old.group, old.id, author=old.author, at=self.now, text=text))

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """Somebody takes a message back."""
        old = data.draw(st.sampled_from(self.messages))
        self.agree(self.moderator.revoke(old.group, old.id, by=old.author, at=self.now))

    @rule(group=_groups, member=_members, name=st.just("") | sayings())
    def join(self, group: str, member: str, name: str) -> None:
        """Somebody joins, perhaps again, perhaps with a name that rules object to."""
        self.agree(self.moderator.join(group, member, at=self.now, name=name))

    @rule(group=_groups, member=_members, name=sayings())
    def rename(self, group: str, member: str, name: str) -> None:
        """Somebody takes another name."""
        self.agree(self.moderator.rename(group, member, name, at=self.now))

    @rule(group=_groups, member=_members)
    def leave(self, group: str, member: str) -> None:
        """Somebody leaves, perhaps without having joined."""
        self.agree(self.moderator.leave(group, member, at=self.now))

    @rule(group=_groups, member=_members)
    def remove(self, group: str, member: str) -> None:
        """A person removes somebody."""
        self.agree(self.moderator.remove(group, member, by="lin", at=self.now))

    # --- what staff wants -----------------------------------------------------------------------------------

    @rule(group=_groups, member=_members, end=_ends)
    def mute(self, group: str, member: str, end: int | None) -> None:
        """Staff mutes somebody."""
        until = None if end is None else self.now + end
        self.wish(self.moderator.mute, group, member, by="lin", until=until)

    @rule(group=_groups, member=_members, order=st.sampled_from(("warn", "kick")))
    def order(self, group: str, member: str, order: str) -> None:
        """Staff warns or kicks somebody."""
        self.wish(getattr(self.moderator, order), group, member, by="lin")

    @rule(group=_groups, member=_members, what=st.sampled_from(("warn", "mute", "kick", "block", "all")))
    def lift(self, group: str, member: str, what: str) -> None:
        """Staff pardons somebody."""
        self.wish(self.moderator.lift, group, member, what, by="lin")

    @rule(group=_wide, member=_members, end=_ends)
    def block(self, group: str | None, member: str, end: int | None) -> None:
        """Staff puts somebody on a blocklist."""
        until = None if end is None else self.now + end
        self.wish(self.moderator.block, group, member, by="lin", until=until)

    @rule(group=_wide, member=_members)
    def unblock(self, group: str | None, member: str) -> None:
        """Staff takes somebody off a blocklist."""
        self.wish(self.moderator.unblock, group, member, by="lin")

    @rule(group=_wide, member=_members, role=st.sampled_from(("admin", "staff", "bot")))
    def grant(self, group: str | None, member: str, role: Any) -> None:
        """Somebody gets a role."""
        self.agree(self.moderator.grant(group, member, role, at=self.now))

    @rule(group=_wide, member=_members, role=st.sampled_from(("admin", "staff", "bot")))
    def take(self, group: str | None, member: str, role: Any) -> None:
        """Somebody loses a role."""
        self.agree(self.moderator.revoke_role(group, member, role, at=self.now))

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data())
    def appeal(self, data: st.DataObject) -> None:
        """A member contests a sanction."""
        sanction: Any = data.draw(st.sampled_from(self.sanctions[-3:]))
        self.wish(self.moderator.appeal, sanction.group, sanction.member, sanction.id)

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), outcome=st.sampled_from(("overturned", "overturned", "upheld")))
    def decide(self, data: st.DataObject, outcome: Any) -> None:
        """Staff decides about a sanction, if somebody contested it."""
        sanction: Any = data.draw(st.sampled_from(self.sanctions[-3:]))
        self.wish(self.moderator.decide_appeal, sanction.group, sanction.id, outcome, by="zoe")

    @rule()
    def tell_the_time(self) -> None:
        """What ran out is told, in each stream where something did, and nowhere else."""
        told = self.moderator.advance(self.now)
        due = {group for group in (*GROUPS, None) if self.model.due(group, self.now)}
        assert due <= {verdict.fact.group for verdict in told}
        self.agree(*told)
        assert not any(self.model.due(group, self.now) for group in (*GROUPS, None))

    # --- what must hold -------------------------------------------------------------------------------------

    @invariant()
    def state_is_sound(self) -> None:
        """The invariants of the state hold."""
        self.moderator.state.check()

    @invariant()
    def both_know_the_same(self) -> None:
        """Everybody stands with the engine as with the model."""
        for group in GROUPS:
            for member in MEMBERS:
                self._compare_standing(group, member)

    def _compare_standing(self, group: str, member: str) -> None:
        history, standing = self.model.history, self.moderator.standing(group, member, at=self.now)
        assert standing.muted == history.is_muted(group, member, self.now)
        assert standing.blocked == bool(history.blocks(group, member, self.now))
        assert standing.kicked == history.is_removed(group, member)
        assert standing.roles == history.roles(group, member)
        live = [id_of(strike) for strike in history.live_strikes(group, member, self.now)]
        assert [strike.id for strike in standing.strikes] == live


_SANCTIONS = (MemberWarned, MemberMuted, MemberKicked, SanctionOrdered)
