"""One group: its members, roles, blocks, windows, and what falls due in it."""

from __future__ import annotations

from typing import Protocol

from attrs import Factory, define

from groupcore.state.agenda import Agenda
from groupcore.state.case import Case
from groupcore.state.circumstances import Circumstances
from groupcore.state.member import Member
from groupcore.state.sanction import Appeal, Block, check_blocks
from groupcore.state.window import Windows

Abstention = tuple[str, str, str]
"""The rule, the reason, and the resolution of the clock."""


class Terms(Protocol):
    """What the state of a group takes from the organisation: that of the rulebook in force. Nothing else may."""

    @property
    def horizon(self) -> int:
        """How long posts are remembered, in microseconds."""

    @property
    def changes(self) -> int:
        """How often other rules came in force."""

    @property
    def rules(self) -> str:
        """The digest of the rules in force; empty without any."""


@define
class Group:
    """What the log says of one group."""

    id: str
    kind: str = ""
    owner: str | None = None
    members: dict[str, Member] = Factory(dict)
    roles: dict[str, set[str]] = Factory(dict)
    blocks: dict[str, Block] = Factory(dict)
    appeals: dict[str, Appeal] = Factory(dict)
    cases: dict[str, Case] = Factory(dict)
    reports: dict[str, str] = Factory(dict)  # who filed each, by the id of the fact
    false_reports: dict[str, int] = Factory(dict)  # how many of somebody's reports were closed as false
    unheard: dict[str, int | None] = Factory(dict)  # until when reports of somebody change nothing; None: for ever
    circumstances: Circumstances = Factory(Circumstances)
    struck: dict[str, list[int]] = Factory(dict)  # when a rule struck lately, by rule; in order
    tripped: dict[str, int] = Factory(dict)  # when the alarm of a rule was last raised
    said: list[int] = Factory(list)  # when statements and notices were made lately, in order
    windows: Windows = Factory(Windows)
    agenda: Agenda = Factory(Agenda)
    erasures: set[str] = Factory(set)  # as in `Org`
    refusals: dict[str, tuple[int, int]] = Factory(dict)  # as in `Org`
    abstained: set[Abstention] = Factory(set)
    abstained_under: int = 0  # the rulebook that the abstentions belong to, as `Org.changes` counts

    def member(self, id: str) -> Member:
        """The member of that id; somebody unknown becomes known, not present."""
        found = self.members.get(id)
        if found is None:
            found = self.members[id] = Member(id)
        return found

    @property
    def due(self) -> int | None:
        """When something falls due here at the earliest: at once, while an erasure is open; None: nothing will."""
        return 0 if self.erasures else self.agenda.first

    def check(self) -> None:
        """Assert the invariants of a group and of all it holds."""
        self.windows.check()
        for id, member in self.members.items():
            assert id == member.id, f"{self.id}: members are filed under their id"
            member.check()
        assert all(self.roles.values()), f"{self.id}: no empty set of roles is kept"
        check_blocks(self.blocks, self.agenda)
        self.circumstances.check()
        assert all(times == sorted(times) for times in (self.said, *self.struck.values())), f"{self.id}: times in order"
        for until, kind, who in self.agenda:
            held = self.members[who].sanctions if kind != "block" else ()
            ends = [sanction.until for sanction in held if sanction.kind == kind and sanction.holds(until - 1)]
            assert kind == "block" or until in ends, f"{self.id}: what is due at {until} is a {kind} of {who}"
