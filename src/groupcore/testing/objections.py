"""The naive model of refusals: every reason for which a wish is refused. A wish without one is carried out.

The words for the reasons are those of `groupcore.errors.DecisionRefused`. They stand in no order: whoever refuses may
name any one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress

from groupcore import commands as wishes
from groupcore.clock import DAY
from groupcore.testing.casework import Casework
from groupcore.testing.history import Line, is_before, kind_of
from groupcore.testing.people import People
from groupcore.testing.undoing import FROM_MILD_TO_SEVERE, Undoing

RESTRICTIONS = {"no-links", "no-media", "slow-mode"}
THOUSAND_YEARS = 1000 * 365 * DAY

Reasons = Iterable[str]


class Objections(Undoing, Casework, People):
    """Says why staff, and members, may not do what they wish."""

    def objections(self, wish: wishes.Command) -> set[str]:
        """All reasons to refuse *wish*, which was made after all that is in the history."""
        match wish:
            case wishes.OrderSanction():
                return {*self._to_order(wish), *_to_what_is_ordered(wish)}
            case wishes.LiftSanction():
                return {*self._to_lift(wish)}
            case wishes.BlockPerson():
                return {*self._to_block(wish)}
            case wishes.UnblockPerson():
                return {*self._to_unblock(wish)}
            case wishes.FileAppeal():
                return {*self._to_appeal(wish)}
            case wishes.DecideAppeal():
                return {*self._to_decide(wish)}
            case wishes.FileReport():
                return {*self._to_report(wish)}
            case wishes.CaseCommand():
                return {*self._to_work(wish)}
            case wishes.MuteReporter() | wishes.HearReporter():
                return {*self._to_hearing(wish)}
            case wishes.EraseText():
                return {*self._to_erase(wish)}
        return {*self._to_note(wish)}

    def _lacks(self, person: str | None, power: str, group: str | None) -> Reasons:
        return [] if self.may(person, power, group) else ["no-power"]

    # --- sanctions ----------------------------------------------------------------------------------------------

    def _to_order(self, wish: wishes.OrderSanction) -> Iterator[str]:
        group, member, by = wish.group, wish.member, wish.by
        yield from self._lacks(by, "sanction", group)
        if wish.sanction == "ban":
            yield from self._lacks(by, "block", None)
        removes = wish.sanction in ("kick", "ban")
        reasons = {
            "unknown": not self.is_known(group, member),
            "oneself": by == member,
            "owner": "owner" in self.roles(group, member),
            "not-below": not self.is_above(by, member, group),
            "over": removes and self.is_known(group, member) and not self.is_here(group, member),
        }
        yield from compress(reasons, reasons.values())

    def _to_lift(self, wish: wishes.LiftSanction) -> Iterator[str]:
        yield from self._lacks(wish.by, "lift", wish.group)
        if wish.by == wish.member:
            yield "own-sanction"
        kinds = ("warn", "mute", "restrict", "kick", "block") if wish.sanction == "all" else (wish.sanction,)
        if not any(self._stands(wish, kind) for kind in kinds):
            yield "unknown"

    def _stands(self, wish: wishes.LiftSanction, kind: str) -> bool:
        """Whether there is anything of a kind to pardon."""
        group, member, at = wish.group, wish.member, wish.at
        if kind == "block":
            return self.entry("group", group, member) is not None
        if kind in ("mute", "restrict"):
            return bool(self.in_force(group, member, at, kind))
        mine = [each for each in self.history.sanctions(group) if each["data"]["member"] == member]
        held = [kind_of(each) for each in mine if not self.history.is_lifted(each)]
        if kind == "warn":
            return bool(self.live(group, member, at)) or "warn" in held or "notice" in held
        return "kick" in held or "ban" in held

    def _to_block(self, wish: wishes.BlockPerson) -> Iterator[str]:
        if wish.owner is None or wish.by != wish.owner:
            yield from self._lacks(wish.by, "block", wish.group)
        reasons = {
            "unfit": (wish.owner is not None and wish.group is not None) or not _is_a_time(wish.at, wish.until),
            "owner": wish.group is not None and "owner" in self.roles(wish.group, wish.person),
            "oneself" if wish.by == wish.person else "not-below": not self.is_above(wish.by, wish.person, wish.group),
        }
        yield from compress(reasons, reasons.values())

    def _to_unblock(self, wish: wishes.UnblockPerson) -> Iterator[str]:
        if wish.owner is None or wish.by != wish.owner:
            yield from self._lacks(wish.by, "block", wish.group)
        if wish.owner is not None and wish.group is not None:
            yield "unfit"
        if wish.by == wish.person:
            yield "own-sanction"
        scope = "owner" if wish.owner is not None else "group" if wish.group is not None else "org"
        if self.entry(scope, wish.owner or wish.group, wish.person) is None:
            yield "unknown"

    # --- appeals ------------------------------------------------------------------------------------------------

    def _to_appeal(self, wish: wishes.FileAppeal) -> Iterator[str]:
        if wish.by not in (None, wish.member):
            yield from self._lacks(wish.by, "appeals", wish.group)
        contested = self.sanction(wish.group, wish.sanction)
        if contested is None or contested["data"]["member"] != wish.member:
            yield "unknown"
            return
        window = self.rulebook.appeal_window
        late = window != "forever" and wish.at >= contested["at"] + window
        if self.appeal(wish.group, wish.sanction) is not None or late or self._is_over(contested, wish.at):
            yield "over"

    def _is_over(self, sanction: Line, at: int) -> bool:
        """Whether nothing of a sanction weighs on anybody any more. What staff ordered always does."""
        strike, kind = self.strike_of(sanction), kind_of(sanction)
        live = self.live(sanction["group"], sanction["data"]["member"], at, anywhere=True)
        if strike is None or any(each is strike for each in live):
            return False
        ended = kind in ("mute", "restrict") and not is_before(at, sanction["data"].get("until"))
        return ended or kind in ("notice", "warn") or self.history.is_lifted(sanction)

    def _to_decide(self, wish: wishes.DecideAppeal) -> Iterator[str]:
        yield from self._lacks(wish.by, "appeals", wish.group)
        appeal, contested = self.appeal(wish.group, wish.sanction), self.sanction(wish.group, wish.sanction)
        if appeal is None or contested is None:
            yield "unknown"
            return
        if self.is_settled(wish.group, wish.sanction):
            yield "over"
        if wish.by in (appeal["data"]["member"], self._orderer(contested)):
            yield "own-appeal"
        yield from _to_a_milder_one(wish, contested)

    def _orderer(self, sanction: Line) -> str | None:
        """Who ordered a sanction, or the one in whose place it stands."""
        while sanction["type"] == "sanction-reduced":
            sanction = self.sanction(sanction["group"], sanction["data"]["sanction"]) or {}
        return str(sanction["data"]["by"]) if sanction["type"] == "sanction-ordered" else None

    # --- cases --------------------------------------------------------------------------------------------------

    def _to_report(self, wish: wishes.FileReport) -> Iterator[str]:
        if wish.reporter == wish.member:
            yield "oneself"
        if not self.is_known(wish.group, wish.member):
            yield "unknown"

    def _to_work(self, wish: wishes.CaseCommand) -> Iterator[str]:
        yield from self._lacks(wish.by, "cases", wish.group)
        case = self.case(wish.group, wish.case)
        if case is None:
            yield "unknown"
            return
        status, whose = self.status(case), case["data"]["member"]
        closed = status == "closed" and not isinstance(wish, wishes.CommentCase)
        escalated = status == "escalated" and isinstance(wish, wishes.EscalateCase)
        reasons = {
            "own-case": wish.by == whose,
            "over": closed or escalated,
            "unfit": isinstance(wish, wishes.AssignCase) and wish.to == whose,
        }
        yield from compress(reasons, reasons.values())

    def _to_hearing(self, wish: wishes.MuteReporter | wishes.HearReporter) -> Iterator[str]:
        yield from self._lacks(wish.by, "cases", wish.group)
        if isinstance(wish, wishes.HearReporter):
            if self.muting(wish.group, wish.reporter) is None:
                yield "unknown"
            return
        if wish.reporter == wish.by:
            yield "oneself"
        if not is_before(wish.at, wish.until):
            yield "unfit"

    # --- what is noted ------------------------------------------------------------------------------------------

    def _to_note(self, wish: wishes.Command) -> Iterator[str]:
        match wish:
            case wishes.UnlinkIdentities(group=group, person=person, other=other):
                if not self._are_linked_here(group, person, other):
                    yield "unknown"
            case wishes.WithdrawAggravation(group=group):
                what = {"person": wish.person, "factor": wish.factor, "message": wish.message}
                if self.noted(group, "aggravation-noted", "aggravation-withdrawn", **what) is None:
                    yield "unknown"
            case wishes.EndExemption(group=group):
                if self.noted(group, "exemption-granted", "exemption-ended", of=wish.of, value=wish.value) is None:
                    yield "unknown"
            case wishes.RemoveLabel(group=group):
                if wish.label not in self.labels(group, wish.member):
                    yield "unknown"
            case wishes.GrantExemption(of="person", by=str(by), value=value) if by == value:
                yield "own-exemption"
        yield from self._to_name_it(wish)

    def _to_name_it(self, wish: wishes.Command) -> Iterator[str]:
        """What holds of all that staff notes: the power, two accounts, an end after the beginning."""
        exempts = isinstance(wish, wishes.GrantExemption | wishes.EndExemption)
        yield from self._lacks(
            getattr(wish, "by", None), "exempt" if exempts else "label", getattr(wish, "group", None)
        )
        if isinstance(wish, wishes.LinkIdentities) and wish.person == wish.other:
            yield "unfit"
        if not _is_a_time(wish.at, getattr(wish, "until", None)):
            yield "unfit"

    def _are_linked_here(self, group: str | None, one: str, other: str) -> bool:
        linked = False
        for line in self.history.all(group, "identity-linked", "identity-unlinked"):
            if {line["data"]["person"], line["data"]["other"]} == {one, other} and one != other:
                linked = line["type"] == "identity-linked"
        return linked

    def _to_erase(self, wish: wishes.EraseText) -> Iterator[str]:
        """Everybody may have their own text erased, that of others who has the power where it lies."""
        for held in wish.held:
            if wish.by is None or wish.by == wish.member or held.authors == {wish.by}:
                continue
            yield from self._lacks(wish.by, "erase", held.group)


def _is_a_time(at: int, until: int | None) -> bool:
    """Whether there is time until then, and not more than anybody means."""
    return until is None or at < until <= at + THOUSAND_YEARS


def _to_what_is_ordered(wish: wishes.OrderSanction) -> Iterator[str]:
    """A mute or a restriction may end, and a restriction says what it forbids, with slow mode how slow."""
    names, restricts = wish.restrictions, wish.sanction == "restrict"
    fine = bool(names) and len(set(names)) == len(names) and RESTRICTIONS.issuperset(names)
    slow = ("slow-mode" in names) == (wish.slow is not None)
    said = fine and slow if restricts else not names and wish.slow is None
    ends = wish.until is None or wish.sanction in ("mute", "restrict")
    if not (said and ends and _is_a_time(wish.at, wish.until)):
        yield "unfit"


def _to_a_milder_one(wish: wishes.DecideAppeal, contested: Line) -> Iterator[str]:
    """Only what is reduced names something else: milder, or the same for a shorter time."""
    kind, until = wish.reduced_to, wish.until
    if wish.outcome != "reduced":
        if kind is not None or until is not None:
            yield "unfit"
        return
    was, ends = kind_of(contested), contested["data"].get("until")
    order = FROM_MILD_TO_SEVERE.index
    shorter = kind == was and kind in ("mute", "restrict") and until is not None and is_before(until, ends)
    milder = kind is not None and (order(kind) < order(was) or shorter)
    nameless = kind == "restrict" and was != "restrict"
    timely = until is None or (kind in ("mute", "restrict") and until > wish.at)
    if not milder or nameless or not timely:
        yield "unfit"
