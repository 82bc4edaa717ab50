"""What members and staff do about sanctions in the machine: appeals, their decisions, reviews."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from groupcore import commands as wishes
from groupcore.clock import HOUR, MINUTE
from groupcore.testing.history import Line, id_of
from groupcore.testing.staffing import Staffing, people, until

_outcomes = st.sampled_from(("overturned", "overturned", "overturned", "upheld", "reduced"))
_milder = st.sampled_from((None, "notice", "warn", "mute", "restrict"))
_ends = st.sampled_from((None, MINUTE, HOUR, 0))
_dominos = st.sampled_from(("lift", "lift", "list"))


class Contesting(Staffing):
    """The rules of appeals: each sanction may be contested once, and is decided by somebody without a part in it."""

    def latest(self) -> list[dict[str, Any]]:
        """Sanctions to contest, with their ids: those of late, and the first."""
        told = [*self.sanctions[:2], *self.sanctions[-4:]]
        return [{"id": id_of(line), "group": line["group"], "member": line["data"]["member"]} for line in told]

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), by=st.none() | people)
    def appeal(self, data: st.DataObject, by: str | None) -> None:
        """A member contests a sanction, or somebody does it for them."""
        self._appeal(data.draw(st.sampled_from(self.latest())), by)

    def _appeal(self, sanction: dict[str, Any], by: str | None = None) -> bool:
        place: dict[str, Any] = {"group": sanction["group"], "member": sanction["member"]}
        return self.wish(wishes.FileAppeal(at=self.now, **place, sanction=sanction["id"], by=by))

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), by=people, outcome=_outcomes, to=_milder, end=_ends, domino=_dominos)
    def decide(self, data: st.DataObject, by: str, outcome: Any, to: Any, end: int | None, domino: Any) -> None:
        """Somebody decides about a sanction, if anybody contested it."""
        sanction = data.draw(st.sampled_from(self.latest()))
        more: dict[str, Any] = {}
        if outcome == "reduced":
            more = {"reduced_to": to, "until": until(self.now, end) if to in ("mute", "restrict") else None}
        self._decide(sanction, by, outcome=outcome, domino=domino, **more)

    def _decide(self, sanction: dict[str, Any], by: str, **more: Any) -> None:
        place: dict[str, Any] = {"at": self.now, "group": sanction["group"], "sanction": sanction["id"]}
        self.wish(wishes.DecideAppeal(**place, by=by, **more))

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), domino=_dominos)
    def undo(self, data: st.DataObject, domino: Any) -> None:
        """A sanction is contested and overturned at once."""
        sanction = data.draw(st.sampled_from(self.latest()))
        if self._appeal(sanction):
            self._decide(sanction, "zoe", outcome="overturned", domino=domino)

    @precondition(lambda self: self._overturned())
    @rule(data=st.data(), group=st.sampled_from(("g1", "g2")), domino=_dominos)
    def review(self, data: st.DataObject, group: str, domino: Any) -> None:
        """Staff has another group looked at, since a strike that counted there is void."""
        because, member = data.draw(st.sampled_from(self._overturned()))
        self.agree(self.moderator.review_standing(group, member, because, by="zoe", at=self.now, domino=domino))

    def _overturned(self) -> list[tuple[str, str]]:
        """The decisions that voided a strike, and whose."""
        void: list[Line] = [line for line in self.model.history.log if line["type"] == "strike-voided"]
        return [(line["cause"], line["data"]["member"]) for line in void]
