"""The naive model of appeals: what a decision takes back, and what no longer stands without the strike that it voids.

Each sanction that may have stood on the strike is decided again by going back in the history to the moment of its own.
"""

from __future__ import annotations

from typing import Any

from groupcore.commands import DecideAppeal
from groupcore.ladder import Ladder, read_ladder
from groupcore.testing.history import Line, id_of, kind_of
from groupcore.testing.model import verdict
from groupcore.testing.record import Record, list_of, scope_of, weight_of

FROM_MILD_TO_SEVERE = (None, "notice", "warn", "restrict", "mute", "kick", "ban")
"""None is what does nothing to the member: a rung that only deletes, too."""

Sentence = tuple[str | None, int | None]
"""A sanction and when it ends; None is never, or that there is none."""


class Undoing(Record):
    """What follows from the decision of an appeal, and from a review of what it means elsewhere."""

    # --- appeals ------------------------------------------------------------------------------------------------

    def appeal(self, group: str, sanction: str) -> Line | None:
        """The appeal against a sanction; it is made once."""
        filed = [line for line in self.history.all(group, "appeal-filed") if line["data"]["sanction"] == sanction]
        return filed[0] if filed else None

    def is_settled(self, group: str, sanction: str) -> bool:
        """Whether the appeal was decided, or staff removed the member for the same message meanwhile."""
        appeal = self.appeal(group, sanction)
        since = self.history.since(appeal) if appeal is not None else []
        contested = self.sanction(group, sanction)
        message = contested["data"].get("message") if contested is not None else None
        for line in since:
            data = line["data"]
            if line["type"] == "appeal-decided" and data["sanction"] == sanction:
                return True
            removal = line["type"] == "sanction-ordered" and data["sanction"] in ("kick", "ban")
            same = contested is not None and data.get("member") == contested["data"]["member"]
            if removal and same and message is not None and data.get("message") == message:
                return True
        return False

    def sanction(self, group: str, id: str) -> Line | None:
        """The sanction of that id."""
        return next((line for line in self.history.sanctions(group) if id_of(line) == id), None)

    def strike_of(self, sanction: Line) -> Line | None:
        """The strike that a sanction answers, or that the one did in whose place it stands."""
        while sanction["type"] == "sanction-reduced":
            before = self.sanction(sanction["group"], sanction["data"]["sanction"])
            assert before is not None, "what was reduced was there"
            sanction = before
        strikes = [line for line in self.history.log if line["type"] == "strike-recorded"]
        return next((line for line in strikes if line["cause"] == sanction.get("cause")), None)

    def _on_decision(self, line: Line) -> list[Line]:
        """Upheld, or moot: nothing. Reduced: something milder. Overturned: all that stood on the strike."""
        group, data = line["group"], line["data"]
        appeal, contested = self.appeal(group, data["sanction"]), self.sanction(group, data["sanction"])
        if data["outcome"] == "upheld" or appeal is None or contested is None:
            return []
        if self.is_settled(group, data["sanction"]) or appeal["data"]["member"] != contested["data"]["member"]:
            return []
        if data["outcome"] == "reduced":
            return [*self._taken_back(line, contested), self._reduced(line, contested)]
        strike = self.strike_of(contested)
        if strike is None:
            return self._taken_back(line, contested)
        member = contested["data"]["member"]
        voided = verdict(line, "strike-voided", member=member, strike=id_of(strike), **_said(scope=scope_of(strike)))
        return [voided, *self._taken_back(line, contested), *self._domino(line, member, [strike])]

    def _reduced(self, line: Line, contested: Line) -> Line:
        data, old = line["data"], contested["data"]
        more = _said(until=data.get("until"), message=old.get("message"))
        who = {"member": old["member"], "sanction": id_of(contested)}
        return verdict(line, "sanction-reduced", **who, kind=data["reduced_to"], **more)

    def _taken_back(self, line: Line, sanction: Line) -> list[Line]:
        """The sanction is void, and so are the blocks that came with it."""
        group, member, kind = line["group"], sanction["data"]["member"], kind_of(sanction)
        others = [each for each in self.in_force(group, member, line["at"], kind) if each is not sanction]
        another = kind in ("mute", "restrict") and bool(others)
        lines = [
            verdict(
                line, "sanction-voided", member=member, sanction=id_of(sanction), kind=kind, **_said(another=another)
            )
        ]
        came_of = sanction.get("cause") or sanction.get("id")
        owners = dict.fromkeys(
            str(found[1]) for old in self.history.log if (found := list_of(old)) and found[0] == "owner"
        )
        for scope, whose in (("group", group), *(("owner", owner) for owner in owners), ("org", None)):
            entry = self.entry(scope, whose, member)
            if entry is not None and entry.get("cause") == came_of:
                more = {"owner": whose} if scope == "owner" else {}
                lines.append(verdict(line, "member-unblocked", member=member, scope=scope, **more))
        return lines

    def reviewed(self, wish: DecideAppeal) -> list[str]:
        """The other groups that a decision makes staff look at again.

        Those where the member was struck since by what counts beyond a group, and others where anything changes.
        """
        contested = self.sanction(wish.group, wish.sanction)
        strike = self.strike_of(contested) if contested is not None else None
        if wish.outcome != "overturned" or strike is None or scope_of(strike) == "group":
            return []
        member = strike["data"]["member"]
        mine = [old for old in self.history.log if _is_strike(old) and old["data"]["member"] == member]
        wide = [old for old in mine if scope_of(old) != "group"]
        since = {old["group"] for old in wide[wide.index(strike) :]} - {wish.group}
        if not self._groups_may_count(strike):
            return sorted(since)
        others = {old["group"] for old in mine} - since - {wish.group}
        look = {"at": wish.at, "id": "", "data": {"domino": "list"}}
        return sorted(since) + sorted(
            each for each in others if self._domino({**look, "group": each}, member, [strike])
        )

    def _groups_may_count(self, strike: Line) -> bool:
        """Whether rules of this log, of any time, had a ladder of single groups for what the strike was about."""
        books = [line["data"]["rulebook"] for line in self.history.all(None, "rulebook-adopted")]
        return any(_of(strike, _ladders_in(book)).scope == "group" for book in books)

    # --- what stood on it ---------------------------------------------------------------------------------------

    def _on_review(self, line: Line) -> list[Line]:
        """What is void by now means here, whichever appeal made somebody look."""
        return self._domino(line, line["data"]["member"], [])

    def _domino(self, line: Line, member: str, gone: list[Line]) -> list[Line]:
        """Each sanction of a member in the group, decided again without what is void; those that would be milder."""
        lines = []
        lift = line["data"].get("domino", "lift") == "lift"
        for sanction in self.history.sanctions(line["group"]):
            strike = self.strike_of(sanction)
            if sanction["data"]["member"] != member or strike is None or self.history.is_lifted(sanction):
                continue
            if strike in gone or self.is_void(strike):
                continue
            was, now = (kind_of(sanction), sanction["data"].get("until")), self._without(strike, gone)
            if _gravity(now) < _gravity(was):
                data = {"member": member, "sanction": id_of(sanction), "kind": was[0], "until": was[1]}
                more = {"now_kind": now[0], **_said(now_until=now[1], lifted=lift)}
                lines += [verdict(line, "sanction-recomputed", **data, **more)]
                lines += self._taken_back(line, sanction) if lift else []
        return lines

    def _then(self, strike: Line) -> Undoing:
        """The model as it was when the strike was recorded."""
        index = next(index for index, old in enumerate(self.history.log) if old is strike)
        then = Undoing(self.rulebook)
        then.history.log = self.history.log[:index]
        return then

    def _peers(self, strike: Line, gone: tuple[str, ...] = ()) -> list[Line]:
        """The strikes that count beside this one on its ladder, if those *gone* had not been."""
        ladders = self._ladders()
        live = self.live(strike["group"], strike["data"]["member"], strike["at"], gone)
        return [each for each in live if _track(each, ladders) == _track(strike, ladders)]

    def _without(self, strike: Line, gone: list[Line]) -> Sentence:
        """What would have followed at the time, if strikes that are void now had not been."""
        then, ladders = self._then(strike), self._then(strike)._ladders()
        void = tuple(id_of(old) for old in then.history.log if _is_strike(old) and (old in gone or self.is_void(old)))
        peers = then._peers(strike, void)
        count = strike["data"].get("weight", 1) + sum(weight_of(each, strike["at"]) for each in peers)
        ladder = _of(strike, ladders)
        last = len(ladder.rungs)
        severe = "severe" in [each["data"]["severity"] for each in (strike, *peers)]
        base = max(count, (ladder.severe_from or last) if severe else 0)
        rung = ladder.rungs[min(last, base + strike["data"].get("steps", 0)) - 1]
        if rung.sanction == "delete":
            return None, None
        return rung.sanction, None if rung.for_ in (None, "forever") else strike["at"] + rung.for_

    def _ladders(self) -> dict[str, Ladder]:
        """The ladders in force, by category; "" is the one that all others share."""
        adopted = self.history.all(None, "rulebook-adopted")
        if not adopted:
            return {**self.rulebook.ladders, "": self.rulebook.ladder}
        return _ladders_in(adopted[-1]["data"]["rulebook"])


def _ladders_in(book: Any) -> dict[str, Ladder]:
    ladders = {category: read_ladder(written) for category, written in book.get("ladders", {}).items()}
    return {**ladders, "": read_ladder(book["ladder"]) if "ladder" in book else Ladder()}


def _of(strike: Line, ladders: dict[str, Ladder]) -> Ladder:
    return ladders[_track(strike, ladders)]


def _is_strike(line: Line) -> bool:
    return bool(line["type"] == "strike-recorded")


def _track(strike: Line, ladders: dict[str, Ladder]) -> str:
    return strike["data"]["category"] if strike["data"]["category"] in ladders else ""


def _gravity(sentence: Sentence) -> tuple[int, float]:
    """Of two mutes or restrictions, the longer one is the graver."""
    kind, until = sentence
    ends = float("inf") if until is None else until
    return FROM_MILD_TO_SEVERE.index(kind), ends if kind in ("mute", "restrict") else 0


def _said(**data: Any) -> dict[str, Any]:
    """What is written of these: not what is none, no, or the group."""
    return {name: value for name, value in data.items() if value not in (None, False, "group")}
