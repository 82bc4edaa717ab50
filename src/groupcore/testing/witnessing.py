"""What the machine sees happen: messages, names, people who come and go, roles, what a classifier says, time."""

from __future__ import annotations

from itertools import cycle, product
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.decider import observe
from groupcore.events import StrikeRecorded
from groupcore.messages import Message
from groupcore.state import State
from groupcore.testing.history import TOO_LATE
from groupcore.testing.scenes import START, posted
from groupcore.testing.stage import GROUPS, MEMBERS, Stage
from groupcore.testing.strategies.events import parts

members = st.sampled_from(MEMBERS)
groups = st.sampled_from(GROUPS)
wide = st.sampled_from((*GROUPS, None))
texts = st.runner().flatmap(lambda machine: st.sampled_from(machine.texts))
offences = st.runner().flatmap(lambda machine: st.sampled_from(machine.offending()))

_lags = st.sampled_from((0, 0, 0, 0, 0, 1, SECOND, TOO_LATE, TOO_LATE + 1, HOUR))
_resolutions = st.sampled_from(("us", "us", "us", "s", "min"))
_waits = st.sampled_from((1, SECOND, 10 * SECOND - 1, 10 * SECOND, MINUTE, TOO_LATE, HOUR, 6 * HOUR, DAY))
bursts = st.lists(st.sampled_from((HOUR, 10 * SECOND, 1)), min_size=1, max_size=5)
places = st.sampled_from((*((group,) for group in GROUPS), GROUPS, GROUPS[::-1]))
_roles = st.sampled_from(("admin", "staff", "bot", "owner"))


class Witnessing(Stage):
    """The rules of what happens. Whatever it is, it is taken in."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self._offences: tuple[str, list[str]] | None = None

    @initialize(told=st.sampled_from((True, True, True, False)), come=st.booleans())
    def begin(self, told: bool, come: bool) -> None:
        """Who owns the groups and who is staff is told, or (in an archive) nobody is; members may be there already."""
        if told:
            for group in GROUPS:
                self.agree(self.moderator.open_group(group, at=self.now, owner="lin"))
            self.agree(self.moderator.grant(None, "zoe", "staff", at=self.now))
            self.agree(self.moderator.grant("g1", "bo", "admin", at=self.now))
        for group, member in product(GROUPS, (*MEMBERS, "zoe") if come else ()):
            self.agree(self.moderator.join(group, member, at=self.now))

    @rule(wait=_waits)
    def wait(self, wait: int) -> None:
        """Time passes."""
        self.now += wait

    @rule(author=members, group=groups, text=texts, part=st.none() | parts(), lag=_lags, resolution=_resolutions)
    def post(self, author: str, group: str, text: str, part: Any, lag: int, resolution: Any) -> None:
        """Somebody posts a message, perhaps with something beside text, perhaps late."""
        given = (part,) if part is not None else ()
        self.say(author, group, text=text, parts=given, at=max(START, self.now - lag), resolution=resolution)

    def offending(self) -> list[str]:
        """What brings a strike under the rules in force; all texts where none does."""
        rules = self.moderator.rules
        if self._offences is None or self._offences[0] != rules.digest:
            said = [posted("amy", text, message=f"{number}") for number, text in enumerate(self.texts)]
            found = [
                fact.text for fact in said if any(isinstance(v, StrikeRecorded) for v in observe(fact, State(), rules))
            ]
            self._offences = rules.digest, found or list(self.texts)
        return self._offences[1]

    @rule(author=members, where=places, text=offences, waits=bursts)
    def burst(self, author: str, where: tuple[str, ...], text: str, waits: list[int]) -> None:
        """Somebody posts the same again and again, around the edge of a window or up the ladder, here or everywhere."""
        for wait, group in zip(waits, cycle(where), strict=False):
            self.now += wait
            self.say(author, group, text=text)

    def say(self, author: str, group: str, **more: Any) -> None:
        """One message."""
        given = {"at": self.now, "text": "", **more}
        self.messages.append(Message(group=group, author=author, id=f"m{len(self.messages)}", **given))
        self.agree(self.moderator.observe(self.messages[-1]))

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
    @rule(data=st.data(), text=st.none() | texts)
    def change(self, data: st.DataObject, text: str | None) -> None:
        """Somebody edits a message, or takes it back."""
        old = data.draw(st.sampled_from(self.messages))
        if text is None:
            self.agree(self.moderator.revoke(old.group, old.id, by=old.author, at=self.now))
        else:
            self.agree(self.moderator.edit(old.group, old.id, author=old.author, at=self.now, text=text))

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), score=st.sampled_from((0.1, 0.9)))
    def classify(self, data: st.DataObject, score: float) -> None:
        """A classifier says what it thinks of a message."""
        old = data.draw(st.sampled_from(self.messages))
        self.agree(self.moderator.classify(old.group, old.id, {"toxic": score}, author=old.author, at=self.now))

    @rule(group=groups, member=members, name=st.just("") | texts)
    def join(self, group: str, member: str, name: str) -> None:
        """Somebody joins, perhaps again, perhaps with a name that rules object to."""
        self.agree(self.moderator.join(group, member, at=self.now, name=name))

    def outside(self) -> list[tuple[str, str]]:
        """Who is kept out of a group, or was removed from it."""
        places = list(product(GROUPS, MEMBERS))
        kept = [(group, who) for group, who in places if self.model.is_blocked(group, who, self.now)]
        return kept + [(group, who) for group, who in places if self.model.history.is_removed(group, who)]

    @precondition(lambda self: self.outside())
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """Somebody who is kept out, or was removed, joins again."""
        group, member = data.draw(st.sampled_from(self.outside()))
        self.agree(self.moderator.join(group, member, at=self.now))

    @rule(group=groups, member=members, name=texts)
    def rename(self, group: str, member: str, name: str) -> None:
        """Somebody takes another name."""
        self.agree(self.moderator.rename(group, member, name, at=self.now))

    @rule(group=groups, member=members, by=st.none() | st.just("lin"))
    def go(self, group: str, member: str, by: str | None) -> None:
        """Somebody leaves, perhaps without having joined, or a person removes them."""
        if by is None:
            self.agree(self.moderator.leave(group, member, at=self.now))
        else:
            self.agree(self.moderator.remove(group, member, by=by, at=self.now))

    @rule(group=wide, member=members, role=_roles, gets=st.booleans())
    def empower(self, group: str | None, member: str, role: Any, gets: bool) -> None:
        """Somebody gets a role, or loses it."""
        if gets:
            self.agree(self.moderator.grant(group, member, role, at=self.now))
        else:
            self.agree(self.moderator.revoke_role(group, member, role, at=self.now))

    @rule(group=groups, owner=st.sampled_from(("lin", "lin", "max", "amy")))
    def hand_over(self, group: str, owner: str) -> None:
        """A group gets another owner."""
        self.agree(self.moderator.change_owner(group, owner, at=self.now))

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), group=wide)
    def cannot(self, data: st.DataObject, group: str | None) -> None:
        """The platform cannot do what a sanction asks for."""
        sanction = data.draw(st.sampled_from(self.latest()))
        self.agree(self.moderator.report_action(sanction["id"], "not-enforceable", at=self.now, group=group))

    def latest(self) -> list[dict[str, Any]]:
        """The sanctions of late, with their ids, groups and members."""
        return self.sanctions[-4:]

    @rule()
    def tell_the_time(self) -> None:
        """What ran out is told, in each stream where something did, and nowhere else."""
        due = {group for group in (*GROUPS, None) if self.model.due(group, self.now)}
        told = self.moderator.advance(self.now)
        assert due <= {verdict.fact.group for verdict in told}
        self.agree(*told)
        assert not any(self.model.due(group, self.now) for group in (*GROUPS, None))
