"""What staff wants: one method for each kind of wish. Each may be refused, which is DecisionRefused."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from groupcore.commands import (
    AdvanceTime,
    BlockPerson,
    Command,
    DecideAppeal,
    FileAppeal,
    LiftSanction,
    OrderSanction,
    UnblockPerson,
)
from groupcore.engine.casework import Casework
from groupcore.engine.noting import Noting
from groupcore.engine.witness import At
from groupcore.events import facts
from groupcore.events.base import Fact
from groupcore.events.identity import new_fact
from groupcore.verdict import Verdict


class Staff(Casework, Noting):
    """Carries out the wishes of people, and tells the time. Without ``at`` a wish is made now.

    A wish may be given an ``id``, of the request that it came with: again, it gets the first verdict.
    """

    @abstractmethod
    def record(self, fact: Fact) -> Verdict:
        """Take in any fact and say what follows."""

    @abstractmethod
    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it."""

    @abstractmethod
    def _moment(self, at: At) -> int:
        """The instant that *at* names; None is now."""

    def warn(self, group: str, member: str, *, by: str, at: At = None, reason: str = "", id: str = "") -> Verdict:
        """Staff warns a member."""
        return self._order(group, member, "warn", by=by, at=at, reason=reason, id=id)

    def mute(
        self, group: str, member: str, *, by: str, until: At = None, at: At = None, reason: str = "", id: str = ""
    ) -> Verdict:
        """Staff mutes a member, until a time or (None) for ever."""
        return self._order(group, member, "mute", by=by, at=at, reason=reason, id=id, until=until)

    def kick(self, group: str, member: str, *, by: str, at: At = None, reason: str = "", id: str = "") -> Verdict:
        """Staff kicks a member."""
        return self._order(group, member, "kick", by=by, at=at, reason=reason, id=id)

    def notify(self, group: str, member: str, *, by: str, at: At = None, reason: str = "", id: str = "") -> Verdict:
        """Staff tells a member something, and nothing more: the mildest sanction."""
        return self._order(group, member, "notice", by=by, at=at, reason=reason, id=id)

    def restrict(
        self,
        group: str,
        member: str,
        *restrictions: facts.Restriction,
        by: str,
        until: At = None,
        slow: Any = None,
        at: At = None,
        reason: str = "",
        id: str = "",
    ) -> Verdict:
        """Staff forbids a member links, media, or more than one message each *slow*, until a time or for ever.

        *slow* is a duration, such as ``"30s"``, and is needed for ``"slow-mode"``.
        """
        given = {"restrictions": restrictions, "slow": slow, "until": until}
        return self._order(group, member, "restrict", by=by, at=at, reason=reason, id=id, **given)

    def ban(self, group: str, member: str, *, by: str, at: At = None, reason: str = "", id: str = "") -> Verdict:
        """Staff removes a member for good, from all groups of the organisation."""
        return self._order(group, member, "ban", by=by, at=at, reason=reason, id=id)

    def _order(self, group: str, member: str, sanction: Any, *, at: At, **fields: Any) -> Verdict:
        command = OrderSanction(at=self._moment(at), group=group, member=member, sanction=sanction, **fields)
        return self.execute(command)[0]

    def lift(
        self,
        group: str,
        member: str,
        sanction: facts.LiftKind = "all",
        *,
        by: str,
        at: At = None,
        reason: str = "",
        id: str = "",
    ) -> Verdict:
        """Staff pardons a member: one kind of sanction, or all of them."""
        command = LiftSanction(
            at=self._moment(at), group=group, member=member, sanction=sanction, by=by, reason=reason, id=id
        )
        return self.execute(command)[0]

    def block(
        self,
        group: str | None,
        person: str,
        *,
        by: str | None = None,
        until: At = None,
        at: At = None,
        reason: str = "",
        id: str = "",
        owner: str | None = None,
    ) -> Verdict:
        """Staff puts somebody on the blocklist of a group, or (None) of the organisation or of an *owner*'s groups."""
        at = self._moment(at)
        given: Any = {"by": by, "until": until, "reason": reason, "id": id, "owner": owner}
        return self.execute(BlockPerson(at=at, group=group, person=person, **given))[0]

    def unblock(
        self,
        group: str | None,
        person: str,
        *,
        by: str | None = None,
        at: At = None,
        reason: str = "",
        id: str = "",
        owner: str | None = None,
    ) -> Verdict:
        """Staff takes somebody off a blocklist."""
        at = self._moment(at)
        given: Any = {"by": by, "reason": reason, "id": id, "owner": owner}
        return self.execute(UnblockPerson(at=at, group=group, person=person, **given))[0]

    def appeal(
        self,
        group: str,
        member: str,
        sanction: str,
        *,
        by: str | None = None,
        at: At = None,
        reason: str = "",
        id: str = "",
    ) -> Verdict:
        """Somebody contests a sanction, named by the id of its event."""
        command = FileAppeal(
            at=self._moment(at), group=group, member=member, sanction=sanction, by=by, reason=reason, id=id
        )
        return self.execute(command)[0]

    def decide_appeal(
        self,
        group: str,
        sanction: str,
        outcome: facts.Outcome,
        *,
        by: str,
        at: At = None,
        reason: str = "",
        id: str = "",
        reduced_to: Any = None,
        until: At = None,
        domino: facts.Domino = "lift",
    ) -> Verdict:
        """Staff decides an appeal.

        ``overturned``: the strike is void, the sanction and its block are lifted, and each later sanction that stood
        on it is decided again; *domino* says whether those that lose their basis are lifted, too, or only listed.
        ``reduced``: *reduced_to*, perhaps *until* a time, takes its place.
        """
        command = DecideAppeal(
            at=self._moment(at),
            group=group,
            sanction=sanction,
            by=by,
            outcome=outcome,
            reason=reason,
            id=id,
            reduced_to=reduced_to,
            until=until,
            domino=domino,
        )
        return self.execute(command)[0]

    def review_standing(
        self, group: str, member: str, because: str, *, by: str, at: At = None, domino: facts.Domino = "lift"
    ) -> Verdict:
        """Look again at what stands against a member in *group*, since a strike that counted there is void.

        `decide_appeal` does so by itself, in the same append. This is for logs of earlier versions, which could be cut
        off in between. *because* is the id of the fact that decided the appeal; the same again gives the same verdict.
        """
        fact = new_fact(
            facts.StandingReviewed,
            at=self._moment(at),
            group=group,
            member=member,
            because=because,
            by=by,
            domino=domino,
        )
        return self.record(fact)

    def advance(self, now: At = None) -> tuple[Verdict, ...]:
        """Tell the time: mutes and blocks that ended are answered, one verdict for each stream that has any."""
        return self.execute(AdvanceTime(at=self._moment(now)))
