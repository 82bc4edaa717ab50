"""What staff wishes for in the machine: sanctions and pardons, blocks, notes about people, cases, erasure."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from groupcore import commands as wishes
from groupcore.clock import HOUR, MINUTE, SECOND
from groupcore.messages import Message
from groupcore.rulebook.powers import POWERS
from groupcore.testing.stage import GROUPS, MEMBERS
from groupcore.testing.witnessing import Witnessing, groups, members, wide

STAFF = ("lin", "zoe", "zoe", "bo", "amy")
"""Who wishes for something: the owner and the staff, an admin, and somebody without a role."""

people = st.sampled_from(STAFF)
targets = st.sampled_from((*MEMBERS, *MEMBERS, "lin", "zoe"))
_ends = st.sampled_from((None, SECOND, MINUTE, 6 * HOUR, 0))
_orders = st.sampled_from(("notice", "warn", "mute", "mute", "restrict", "restrict", "kick", "ban"))
_restrictions = st.lists(st.sampled_from(("no-links", "no-media", "slow-mode")), max_size=2)
_lifts = st.sampled_from(("warn", "mute", "restrict", "kick", "block", "all"))
_notes = st.sampled_from(("link", "link", "graver", "graver", "person", "domain", "mini-program", "label"))
_work = st.sampled_from(("acknowledge", "assign", "comment", "escalate", "close", "close"))
_outcomes = st.sampled_from(("actioned", "dismissed", "false-report"))


def until(now: int, end: int | None) -> int | None:
    """When something ends that lasts for *end*; None is never."""
    return None if end is None else now + end


class Staffing(Witnessing):
    """The rules of what staff does. Each wish is refused just where the model has an objection."""

    @rule(group=groups, member=targets, what=_orders, by=people, end=_ends, names=_restrictions, data=st.data())
    def order(
        self, group: str, member: str, what: Any, by: str, end: int | None, names: list[str], data: st.DataObject
    ) -> None:
        """Somebody orders a sanction, which may make no sense; perhaps for a message that brought one already."""
        about = [old["data"].get("message") for old in self.sanctions[-4:] if old["data"]["member"] == member]
        message = data.draw(st.sampled_from([None, *dict.fromkeys(each for each in about if each)]))
        ends = end if what in ("mute", "restrict") or end == 0 else None
        given = tuple(names) if what == "restrict" else ()
        slow = MINUTE if "slow-mode" in given else None
        more: dict[str, Any] = {"until": until(self.now, ends), "restrictions": given, "slow": slow, "message": message}
        self.wish(wishes.OrderSanction(at=self.now, group=group, member=member, sanction=what, by=by, **more))

    @rule(group=groups, member=targets, what=_lifts, by=people)
    def lift(self, group: str, member: str, what: Any, by: str) -> None:
        """Somebody pardons somebody."""
        self.wish(wishes.LiftSanction(at=self.now, group=group, member=member, sanction=what, by=by))

    @rule(group=wide, person=targets, by=people | st.none(), end=_ends, owner=st.sampled_from((None, None, "lin")))
    def block(self, group: str | None, person: str, by: str | None, end: int | None, owner: str | None) -> None:
        """Somebody puts somebody on a blocklist: of a group, of an owner's groups, or of the organisation."""
        more: dict[str, Any] = {"until": until(self.now, end), "owner": owner}
        self.wish(wishes.BlockPerson(at=self.now, group=group, person=person, by=by, **more))

    @rule(group=wide, person=members, by=people, owner=st.sampled_from((None, None, "lin")))
    def unblock(self, group: str | None, person: str, by: str, owner: str | None) -> None:
        """Somebody takes somebody off a blocklist."""
        self.wish(wishes.UnblockPerson(at=self.now, group=group, person=person, by=by, owner=owner))

    @rule(group=wide, person=members, other=members, what=_notes, by=people, end=_ends, off=st.booleans())
    def note(self, group: str | None, person: str, other: str, what: Any, by: str, end: int | None, off: bool) -> None:
        """Staff notes something, or takes it back: an account, what is graver, what is let through, a label."""
        place: dict[str, Any] = {"at": self.now, "group": group, "by": by}
        ends: dict[str, Any] = {} if off else {"until": until(self.now, end)}
        if what == "link":
            link = wishes.UnlinkIdentities if off else wishes.LinkIdentities
            self.wish(link(**place, person=person, other=other))
        elif what == "graver":
            graver = wishes.WithdrawAggravation if off else wishes.NoteAggravation
            self.wish(graver(**place, person=person, factor="minor-victim", **ends))
        elif what == "label":
            self.wish((wishes.RemoveLabel if off else wishes.GrantLabel)(**place, member=person, label="regular"))
        else:
            value = {"person": person, "domain": "bit.ly", "mini-program": "wx12@app"}[what]
            exempt = wishes.EndExemption if off else wishes.GrantExemption
            self.wish(exempt(**place, of=what, value=value, **ends))

    @rule(group=wide, by=people, power=st.sampled_from(POWERS), over=st.none() | targets)
    def ask(self, group: str | None, by: str, power: Any, over: str | None) -> None:
        """Somebody asks whether they may do something: the answer is that which a wish would get."""
        expected = self.model.may(by, power, group)
        if over is not None:
            owns = group is not None and "owner" in self.model.roles(group, over)
            expected = expected and not owns and self.model.is_above(by, over, group)
        assert bool(self.moderator.may(by, power, group, over=over)) == expected

    # --- reports and cases --------------------------------------------------------------------------------------

    @rule(group=groups, member=members, reporter=members, about=st.sampled_from((None, None, "m0", "m1")))
    def report(self, group: str, member: str, reporter: str, about: str | None) -> None:
        """A member reports somebody, for a message or at large."""
        self.wish(wishes.FileReport(at=self.now, group=group, member=member, reporter=reporter, message=about))

    @precondition(lambda self: any(self.model.cases(group) for group in GROUPS))
    @rule(data=st.data(), work=_work, by=people, outcome=_outcomes, to=st.none() | members)
    def work(self, data: st.DataObject, work: str, by: str, outcome: Any, to: str | None) -> None:
        """Staff works on a case; a false report counts against who filed it."""
        case = data.draw(st.sampled_from([case for group in GROUPS for case in self.model.cases(group)][-3:]))
        place: dict[str, Any] = {"at": self.now, "group": case["group"], "case": case["data"]["case"], "by": by}
        made: dict[str, wishes.CaseCommand] = {
            "acknowledge": wishes.AcknowledgeCase(**place),
            "assign": wishes.AssignCase(**place, to=to),
            "comment": wishes.CommentCase(**place, text="noted"),
            "escalate": wishes.EscalateCase(**place),
            "close": wishes.CloseCase(**place, outcome=outcome),
        }
        self.wish(made[work])
        known = self.moderator.state.groups[case["group"]]
        assert known.cases[case["data"]["case"]].status == self.model.status(case)
        for reporter in ("amy", "bo", "cy"):
            assert known.false_reports.get(reporter, 0) == self.model.false_reports(case["group"], reporter)

    @rule(group=wide, reporter=members, by=people, end=_ends, again=st.booleans())
    def hear(self, group: str | None, reporter: str, by: str, end: int | None, again: bool) -> None:
        """Reports of somebody change nothing any more, or are heard again."""
        place: dict[str, Any] = {"at": self.now, "group": group, "reporter": reporter, "by": by}
        self.wish(wishes.HearReporter(**place) if again else wishes.MuteReporter(**place, until=until(self.now, end)))

    # --- erasure ------------------------------------------------------------------------------------------------

    @rule(member=members, by=people | st.none(), data=st.data())
    def forget(self, member: str, by: str | None, data: st.DataObject) -> None:
        """Somebody asks for text to be erased, of a person or of one message: their own, or that of others."""
        message = data.draw(st.sampled_from([None, *self.messages[-3:]]))
        if message is None:
            self._forget_person(member, by)
        else:
            self._forget_message(message, by)

    def _forget_person(self, member: str, by: str | None) -> None:
        lies = {line["group"] for line in self.model.texts(member)}
        held = tuple(wishes.HeldText(group=group) for group in lies)
        objections = self.model.objections(wishes.EraseText(at=self.now, member=member, held=held, by=by))
        erased = self.refusable(lambda: self.moderator.erase_person(member, by=by, at=self.now), objections)
        assert erased is None or {order.group for order in erased.orders} == lies

    def _forget_message(self, old: Message, by: str | None) -> None:
        held = (wishes.HeldText(group=old.group, authors=frozenset({old.author})),)
        objections = self.model.objections(wishes.EraseText(at=self.now, held=held, by=by))
        self.refusable(lambda: self.moderator.erase_message(old.group, old.id, by=by, at=self.now), objections)
