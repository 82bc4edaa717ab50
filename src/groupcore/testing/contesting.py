"""What members and staff do about sanctions in the machine: appeals, their decisions, reviews."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from groupcore import commands as wishes
from groupcore.clock import HOUR, MINUTE
from groupcore.testing.history import Line, id_of, kind_of
from groupcore.testing.staffing import Staffing, people, until
from groupcore.testing.witnessing import bursts, members, offences, places

_outcomes = st.sampled_from(("overturned", "overturned", "overturned", "upheld", "reduced"))
_milder = st.sampled_from((None, "notice", "warn", "mute", "restrict", "same"))
_ends = st.sampled_from((None, MINUTE, HOUR, 0))
_dominos = st.sampled_from(("lift", "lift", "list"))


class Contesting(Staffing):
    """The rules of appeals: each sanction may be contested once, and is decided by somebody without a part in it."""

    def latest(self) -> list[dict[str, Any]]:
        """Sanctions to contest, with their ids: those of late, and the first."""
        told = [*self.sanctions[:2], *self.sanctions[-4:]]
        return [_named(line) for line in told]

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
        told = self.latest()
        sanction = data.draw(st.sampled_from([*self._waiting() * len(told), *told]))
        self._decide(sanction, by, outcome=outcome, domino=domino, **self._instead(sanction, outcome, to, end))

    def _instead(self, sanction: dict[str, Any], outcome: str, to: str | None, end: int | None) -> dict[str, Any]:
        """What a sanction is reduced to: it may be the very same, or make no sense."""
        contested = self.model.sanction(sanction["group"], sanction["id"])
        if outcome != "reduced" or contested is None:
            return {}
        if to == "same":  # nothing is reduced to a ban
            to = kind_of(contested) if kind_of(contested) != "ban" else "kick"
            return {"reduced_to": to, "until": contested["data"].get("until")}
        return {"reduced_to": to, "until": until(self.now, end) if to in ("mute", "restrict") else None}

    def _decide(self, sanction: dict[str, Any], by: str, **more: Any) -> None:
        place: dict[str, Any] = {"at": self.now, "group": sanction["group"], "sanction": sanction["id"]}
        self.wish(wishes.DecideAppeal(**place, by=by, **more))

    @precondition(lambda self: self.sanctions)
    @rule(data=st.data(), outcome=_outcomes, to=_milder, end=_ends, domino=_dominos)
    def contest(self, data: st.DataObject, outcome: Any, to: Any, end: int | None, domino: Any) -> None:
        """A sanction is contested, and decided about at once: by somebody who may, or by who ordered it."""
        ordered = [_named(line) for line in self.sanctions[-8:] if line["type"] == "sanction-ordered"]
        sanction = data.draw(st.sampled_from([*self.latest(), *ordered]))
        contested = self.model.sanction(sanction["group"], sanction["id"]) or {"data": {}}
        by = data.draw(st.sampled_from(["zoe", contested["data"].get("by", "zoe")]))
        if self._appeal(sanction):
            self._decide(sanction, by, outcome=outcome, domino=domino, **self._instead(sanction, outcome, to, end))

    @rule(data=st.data(), author=members, where=places, text=offences, waits=bursts, outcome=_outcomes, domino=_dominos)
    def climb_and_fall(
        self, data: st.DataObject, author: str, where: tuple[str, ...], text: str, waits: list[int], **decided: Any
    ) -> None:
        """Somebody climbs the ladder, and one of the sanctions is contested at once, with all that stood on it."""
        before = len(self.sanctions)
        self.burst(author, where, text, waits)
        told = [_named(line) for line in self.sanctions[before:]]
        sanction = data.draw(st.sampled_from([*told[:1], *told])) if told else None
        if sanction is not None and self._appeal(sanction):
            self._decide(sanction, "zoe", **decided, **self._instead(sanction, decided["outcome"], "same", None))

    @precondition(lambda self: self._waiting())
    @rule(data=st.data(), by=people, what=st.sampled_from(("kick", "ban")))
    def take_down(self, data: st.DataObject, by: str, what: Any) -> None:
        """Staff removes somebody for the message over which they appeal: that settles it."""
        sanction = data.draw(st.sampled_from(self._waiting()))
        contested = self.model.sanction(sanction["group"], sanction["id"])
        message = contested["data"].get("message") if contested is not None else None
        place: dict[str, Any] = {"group": sanction["group"], "member": sanction["member"], "message": message}
        self.wish(wishes.OrderSanction(at=self.now, **place, sanction=what, by=by))
        self._decide(sanction, "zoe", outcome="upheld")

    def _waiting(self) -> list[dict[str, Any]]:
        """The sanctions of late whose appeals nobody settled."""
        told = [each for each in self.latest() if self.model.appeal(each["group"], each["id"])]
        return [each for each in told if not self.model.is_settled(each["group"], each["id"])]

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


def _named(sanction: Line) -> dict[str, Any]:
    return {"id": id_of(sanction), "group": sanction["group"], "member": sanction["data"]["member"]}
