"""Questions to a history about standing: which strikes count, which sanctions hold, who is kept out, who is whom.

Each is answered by reading all of it, as everything here is.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import pairwise
from typing import Any

from groupcore.testing.history import Line, id_of, is_before, kind_of, pardons
from groupcore.testing.model import NaiveModerator


class Record(NaiveModerator):
    """What the history says of persons and things, for `NaiveProcess` to judge by."""

    def owner(self, group: str) -> str | None:
        """Who owns the group: whoever was said to last."""
        owner = None
        for line in self.history.all(group, "group-opened", "owner-changed", "role-granted", "role-revoked"):
            data = line["data"]
            if line["type"] in ("group-opened", "owner-changed"):
                owner = data.get("owner") or owner
            elif data["role"] == "owner":
                granted = line["type"] == "role-granted"
                owner = data["member"] if granted else None if data["member"] == owner else owner
        return owner

    # --- strikes ------------------------------------------------------------------------------------------------

    def sight(self, group: str, member: str, anywhere: bool = False) -> list[Line]:
        """The strikes of somebody that a group sees: its own, those of its owner's groups, those of all groups.

        *anywhere* is those of other owners' groups, too.
        """
        owner, seen = self.owner(group), []
        for line in self.history.log:
            if line["type"] == "strike-recorded" and line["data"]["member"] == member:
                scope = scope_of(line)
                of_the_owner = scope == "owner" and owner is not None and line["data"].get("owner") == owner
                if (
                    scope == "org"
                    or of_the_owner
                    or (anywhere and scope == "owner")
                    or (scope == "group" and line["group"] == group)
                ):
                    seen.append(line)
        return seen

    def is_void(self, strike: Line) -> bool:
        """Whether a verdict voided the strike, or a pardon in the group that alone sees it."""
        at = next(index for index, old in enumerate(self.history.log) if old is strike)
        later = self.history.log[at + 1 :]
        if any(line["type"] == "strike-voided" and line["data"]["strike"] == id_of(strike) for line in later):
            return True
        own = [line for line in later if line["group"] == strike["group"] and scope_of(strike) == "group"]
        pardoned = [line for line in own if pardons(line, strike["data"]["member"], "warn")]
        return any(is_before(line["at"], strike["data"]["expires"]) for line in pardoned)

    def live(
        self, group: str, member: str, at: int, without: Container[str] = (), anywhere: bool = False
    ) -> list[Line]:
        """The strikes that count at a time: none that is void, over, worn off, or forgotten for good behaviour.

        *without* are strikes that are taken for void, too.
        """
        seen = [strike for strike in self.sight(group, member, anywhere) if id_of(strike) not in without]
        valid = [strike for strike in seen if not self.is_void(strike)]
        live = []
        for strike in valid:
            later = sorted(other["at"] for other in valid if other["at"] > strike["at"])
            gaps = [after - before for before, after in pairwise([strike["at"], *later, at])]
            clean = strike["data"].get("clean")
            forgotten = clean is not None and any(gap >= clean for gap in gaps)
            if not forgotten and weight_of(strike, at) and is_before(at, strike["data"]["expires"]):
                live.append(strike)
        return live

    # --- sanctions and blocks -----------------------------------------------------------------------------------

    def in_force(self, group: str, member: str, at: int, *kinds: str) -> list[Line]:
        """The sanctions of some kinds that hold at a time."""
        mine = [line for line in self.history.sanctions(group) if line["data"]["member"] == member]
        mine = [line for line in mine if kind_of(line) in kinds and not self.history.is_lifted(line)]
        return [line for line in mine if is_before(at, line["data"].get("until"))]

    def terms(self, sanction: Line) -> dict[str, Any]:
        """What a sanction says; one in the place of another restricts what that one did."""
        data = sanction["data"]
        if sanction["type"] != "sanction-reduced":
            return dict(data)
        before = next(old for old in self.history.sanctions(sanction["group"]) if id_of(old) == data["sanction"])
        kept = {name: value for name, value in self.terms(before).items() if name in ("restrictions", "slow")}
        return {**data, **kept}

    def restrictions(self, group: str, member: str, at: int) -> list[Line]:
        """The restrictions that hold at a time."""
        return self.in_force(group, member, at, "restrict")

    def blocks(self, group: str, person: str, at: int) -> list[Line]:
        """The entries that keep somebody out of a group."""
        lists: list[tuple[str, str | None]] = [("group", group), ("owner", self.owner(group)), ("org", None)]
        entries = [self.entry(scope, whose, person) for scope, whose in lists if scope != "owner" or whose is not None]
        return [entry for entry in entries if entry and is_before(at, entry["data"].get("until"))]

    def entry(self, scope: str, whose: str | None, person: str) -> Line | None:
        """The last entry of somebody on a blocklist, if it was not taken off."""
        entry = None
        for line in self.history.log:
            if scope == "group" and line["group"] == whose and pardons(line, person, "block"):
                entry = None
            if list_of(line) == (scope, whose) and person in (line["data"].get("person"), line["data"].get("member")):
                entry = line if line["type"] in ("person-blocked", "member-blocked") else None
        return entry

    def linked(self, group: str, person: str) -> set[str]:
        """The other accounts of somebody."""
        pairs: set[tuple[Any, frozenset[str]]] = set()
        for line in self.history.log:
            if line["type"] in ("identity-linked", "identity-unlinked") and line["group"] in (group, None):
                pair = (line["group"], frozenset((line["data"]["person"], line["data"]["other"])))
                pairs = pairs | {pair} if line["type"] == "identity-linked" else pairs - {pair}
        found = {person}
        for _ in pairs:
            found |= {each for _, pair in pairs if pair & found for each in pair}
        return found - {person}

    def factors(self, line: Line, author: str) -> set[str]:
        """What makes graver what somebody does with this message, at the time and place of *line*."""
        message, last = line["data"].get("message"), dict[Any, Line]()
        for old in self.history.log:
            if old["type"] in ("aggravation-noted", "aggravation-withdrawn") and old["group"] in (line["group"], None):
                data = old["data"]
                if data["person"] == author and data.get("message") in (None, message):
                    last[old["group"], data["factor"], data.get("message")] = old
        held = [old["data"] for old in last.values() if old["type"] == "aggravation-noted"]
        there = {data["factor"] for data in held if is_before(line["at"], data.get("until"))}
        others = self.linked(line["group"], author)
        return there | ({"linked-accounts"} if any(self._is_in_trouble(line, other) for other in others) else set())

    def _is_in_trouble(self, line: Line, other: str) -> bool:
        group, at, history = line["group"], line["at"], self.history
        sanctioned = history.is_removed(group, other) or history.is_muted(group, other, at)
        return bool(
            sanctioned
            or self.restrictions(group, other, at)
            or self.live(group, other, at)
            or self.blocks(group, other, at)
        )

    def spoke(self, line: Line) -> float:
        """When the author last posted something that no slow mode took away."""
        history, group = self.history, line["group"]
        slowed = [old for old in history.all(group, "sanction-violated") if old["data"].get("what") == "slow-mode"]
        gone = [old["cause"] for old in slowed]
        posts = history.all(group, "message-posted")
        mine = [old["at"] for old in posts if old["data"]["author"] == line["data"]["author"] and old["id"] not in gone]
        return max(mine, default=float("-inf"))

    def exempts(self, line: Line, kind: str, value: str) -> bool:
        """Whether somebody or something is let through, at the time and place of *line*."""
        return value in self._exempted(line, kind)

    def exempts_host(self, line: Line, host: str) -> bool:
        """Whether a domain that is let through covers the host."""
        return any(host == domain or host.endswith(f".{domain}") for domain in self._exempted(line, "domain"))

    def _exempted(self, line: Line, kind: str) -> list[str]:
        """What is let through, by the last word about each, here and in the organisation."""
        last: dict[Any, Line] = {}
        for old in self.history.log:
            about = old["type"] in ("exemption-granted", "exemption-ended") and old["data"]["of"] == kind
            if about and old["group"] in (line["group"], None):
                last[old["group"], old["data"]["value"]] = old
        return [
            old["data"]["value"]
            for old in last.values()
            if old["type"] == "exemption-granted" and is_before(line["at"], old["data"].get("until"))
        ]


def scope_of(strike: Line) -> str:
    """Where a strike counts."""
    return str(strike["data"].get("scope", "group"))


def weight_of(strike: Line, at: int) -> int:
    """What a strike weighs at a time."""
    weight, decay = strike["data"].get("weight", 1), strike["data"].get("decay")
    worn = max(0, at - strike["at"]) // decay if decay else 0
    return int(max(0, weight - worn))


def list_of(line: Line) -> tuple[str, str | None] | None:
    """The blocklist that a line is about, by its scope and whose it is."""
    data = line["data"]
    if line["type"] in ("member-blocked", "member-unblocked"):
        return data["scope"], {"group": line["group"], "owner": data.get("owner")}.get(data["scope"])
    if line["type"] not in ("person-blocked", "person-unblocked"):
        return None
    if line["group"] is not None:
        return "group", line["group"]
    return ("owner", data.get("owner") or "") if data.get("scope") == "owner" else ("org", None)
