"""The history of a community as one plain list of lines, and questions to it.

Each question is answered by reading the list from the start; nothing is kept between two. Lines are events as
the contract writes them: ``{"type", "at", "group", "id" or "cause", "data"}``.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from groupcore.clock import MINUTE
from groupcore.policies.base import WindowPolicy
from groupcore.rulebook import Rulebook

Line: TypeAlias = dict[str, Any]
"""One event as the contract writes it."""

TOO_LATE = 10 * MINUTE
"""A fact further than this behind the newest one of its group leads to nothing."""

_KEYS = {
    "finding-recorded": "rule",
    "rule-abstained": "rule",
    "member-blocked": "scope",
    "strike-voided": "strike",
    "sanction-voided": "sanction",
    "sanction-reduced": "sanction",
    "sanction-recomputed": "sanction",
    "member-unblocked": "scope",
    "member-unmuted": "member",
    "aggravation-applied": "factor",
    "sanction-renewed": "sanction",
    "sanction-violated": "sanction",
    "breaker-tripped": "rule",
    "restriction-ended": "member",
}
_KINDS = {
    "member-notified": "notice",
    "member-warned": "warn",
    "member-muted": "mute",
    "member-restricted": "restrict",
    "member-kicked": "kick",
    "member-banned": "ban",
}
_PARDONED_AS = {"notice": "warn", "ban": "kick"}
_OUT = ("member-kicked", "member-banned")


def id_of(line: Line) -> str:
    """The id of an event: its own, or that of the fact it answers, with its type and key."""
    if "id" in line:
        return str(line["id"])
    key = _KEYS.get(line["type"])
    return f"{line['cause']}/{line['type']}" + (f"/{line['data'][key]}" if key else "")


def kind_of(sanction: Line) -> str:
    """``warn``, ``mute``, ``kick`` and so on, decided or ordered."""
    data = sanction["data"]
    return _KINDS.get(sanction["type"]) or str(data["kind"] if "kind" in data else data["sanction"])


def is_before(at: int, end: int | None) -> bool:
    """Whether *at* lies before *end*; None is never."""
    return end is None or at < end


def _tells_time(line: Line) -> bool:
    """Whether the clock of its group moves with it: facts do it, but not that a wish was refused."""
    return "id" in line and line["type"] != "wish-refused"


def horizon_of(rulebook: Rulebook) -> int:
    """How long the posts of a group are remembered: the longest window and ten minutes; 0 without a window."""
    windows = [policy.window for policy in rulebook.policies if isinstance(policy, WindowPolicy)]
    return max(windows) + TOO_LATE if windows else 0


class History:
    """All that happened and was decided, in order. *horizon* holds until a rulebook is adopted."""

    def __init__(self, horizon: int = 0) -> None:
        self.log: list[Line] = []
        self._horizon = horizon

    def add(self, *lines: Line) -> None:
        """This happened, or was decided."""
        self.log += lines

    def all(self, group: str | None, *types: str) -> list[Line]:
        """The lines of these types in a group."""
        return [line for line in self.log if line["type"] in types and line["group"] == group]

    def since(self, line: Line) -> list[Line]:
        """What came after *line* in its group."""
        at = next(index for index, old in enumerate(self.log) if old is line)
        return [old for old in self.log[at + 1 :] if old["group"] == line["group"]]

    def knows(self, id: str) -> bool:
        """Whether a fact of that id came before."""
        return any(line.get("id") == id for line in self.log)

    # --- time and posts -----------------------------------------------------------------------------------------

    def is_late(self, line: Line) -> bool:
        """Whether *line* lies more than ten minutes behind the greatest time in its group."""
        clock = 0
        for old in self.log:
            if old["group"] == line["group"] and _tells_time(old):
                clock = max(clock, old["at"])
        return bool(line["at"] < clock - TOO_LATE)

    def posts(self, group: str) -> list[Line]:
        """The posts of the group that are not forgotten.

        A post is forgotten once the clock of its group has moved, since the post arrived, by the horizon: the
        longest window of the rulebook in force, and ten minutes. What is forgotten never comes back.
        """
        clock, horizon = 0, self._horizon
        posts: list[tuple[int, Line]] = []
        for line in self.log:
            if line["type"] == "rulebook-adopted":
                horizon = line["data"]["horizon"]
            if line["group"] == group and _tells_time(line):
                clock = max(clock, line["at"])
            if line["group"] == group and line["type"] == "message-posted":
                posts.append((clock, line))
            posts = [(arrived, post) for arrived, post in posts if clock - arrived < horizon]
        return [post for _, post in posts]

    def counted(self, group: str, rule: str) -> set[str]:
        """The messages that findings of *rule* have counted."""
        findings = [line["data"] for line in self.all(group, "finding-recorded") if line["data"]["rule"] == rule]
        return {message for finding in findings for message in finding.get("counted", ())}

    def abstentions(self, group: str) -> list[Line]:
        """What rules could not judge, said in the group since the rulebook in force was adopted."""
        began, digest = 0, None
        for index, line in enumerate(self.log):
            if line["type"] == "rulebook-adopted" and line["data"]["digest"] != digest:
                began, digest = index, line["data"]["digest"]
        return [line for line in self.log[began:] if line["type"] == "rule-abstained" and line["group"] == group]

    # --- roles --------------------------------------------------------------------------------------------------

    def roles(self, group: str, member: str) -> set[str]:
        """The roles of somebody, given here or for all groups. Who leaves a group leaves their roles in it."""
        owner, here, everywhere = None, set[str](), set[str]()
        for line in self.log:
            if line["group"] == group:
                owner = _owner_after(line, owner)
            if line["group"] == group and _goes(line, member):
                here.clear()
            if line["group"] in (group, None) and line["data"].get("member") == member:
                _note_role(line, here if line["group"] == group else everywhere)
        return here | everywhere | ({"owner"} if owner == member else set())

    # --- strikes and sanctions ----------------------------------------------------------------------------------

    def strikes(self, group: str) -> list[Line]:
        """All strikes of the group, live or not."""
        return self.all(group, "strike-recorded")

    def live_strikes(self, group: str, member: str, at: int) -> list[Line]:
        """The strikes of somebody that count at a time."""
        mine = [strike for strike in self.strikes(group) if strike["data"]["member"] == member]
        return [strike for strike in mine if is_before(at, strike["data"]["expires"]) and not self.is_void(strike)]

    def is_void(self, strike: Line) -> bool:
        """Whether an appeal or a pardon has voided the strike; a pardon voids those that are live then."""
        member, expires = strike["data"]["member"], strike["data"]["expires"]
        for line in self.since(strike):
            if line["type"] == "strike-voided" and line["data"]["strike"] == id_of(strike):
                return True
            if pardons(line, member, "warn") and is_before(line["at"], expires):
                return True
        return False

    def sanctions(self, group: str | None, kind: str | None = None) -> list[Line]:
        """All sanctions of the group, decided or ordered."""
        lines = self.all(group, *_KINDS, "sanction-ordered", "sanction-reduced")
        return [line for line in lines if kind is None or kind_of(line) == kind]

    def is_lifted(self, sanction: Line) -> bool:
        """Whether an appeal or a pardon has lifted the sanction."""
        kind, member = _PARDONED_AS.get(kind_of(sanction), kind_of(sanction)), sanction["data"]["member"]
        for line in self.since(sanction):
            if line["type"] == "sanction-voided" and line["data"]["sanction"] == id_of(sanction):
                return True
            if pardons(line, member, kind):
                return True
        return self._answers_a_removal_taken_back(sanction)

    def _answers_a_removal_taken_back(self, sanction: Line) -> bool:
        """Whether somebody came back and was kicked while a removal by the ladder stood that was taken back since."""
        if sanction["data"].get("cause") != "blocklist":
            return False
        before = History()
        before.log = self.log[: next(index for index, old in enumerate(self.log) if old is sanction)]
        removals = [old for old in before.all(sanction["group"], *_OUT) if old["data"].get("cause") != "blocklist"]
        mine = [old for old in removals if old["data"]["member"] == sanction["data"]["member"]]
        return any(self.is_lifted(old) and not before.is_lifted(old) for old in mine)

    def is_muted(self, group: str | None, member: str, at: int) -> bool:
        """Whether a mute of somebody is in force at a time."""
        mutes = [mute for mute in self.sanctions(group, "mute") if mute["data"]["member"] == member]
        return any(is_before(at, mute["data"].get("until")) and not self.is_lifted(mute) for mute in mutes)

    # --- in and out ---------------------------------------------------------------------------------------------

    def last_turn(self, group: str, member: str) -> Line | None:
        """The last time that somebody joined, or that the verdicts removed them."""
        turns = [line for line in self.log if line["group"] == group and _turns(line, member)]
        return turns[-1] if turns else None

    def is_removed(self, group: str, member: str) -> bool:
        """Whether the verdicts have removed them, and they did not join since, and nobody took it back."""
        last = self.last_turn(group, member)
        return last is not None and last["type"] in _OUT and not self.is_lifted(last)

    def is_answered(self, group: str, member: str) -> bool:
        """Whether somebody blocked was kicked for it, and did not join since."""
        last = self.last_turn(group, member)
        return last is not None and last["type"] == "member-kicked" and last["data"]["cause"] == "blocklist"

    def is_inside(self, group: str, member: str) -> bool:
        """Whether somebody joined, or opened the group, and did not go since. Who only talks does not count."""
        turns = [line for line in self.log if line["group"] == group and (_comes(line, member) or _goes(line, member))]
        return bool(turns) and _comes(turns[-1], member)

    def found_in_name(self, group: str, member: str) -> list[Line]:
        """What rules found in the name that somebody has: at their coming, their last renaming, or a join since."""
        found: list[Line] = []
        inside = False
        for line in (line for line in self.log if line["group"] == group):
            if line["type"] == "member-renamed" and line["data"]["member"] == member:
                found = []
            elif _comes(line, member):
                found, inside = found if inside else [], True
            elif _goes(line, member):
                inside = False
            elif line["type"] == "finding-recorded" and (line["data"]["author"], line["data"]["message"]) == (
                member,
                None,
            ):
                found = [*(old for old in found if old["cause"] == line["cause"]), line]
        return found

    def blocks(self, group: str, person: str, at: int) -> list[Line]:
        """The entries that keep somebody out at a time: on the list of the group, and of the organisation."""
        entries = [self.block(group, person), self.block(None, person)]
        return [entry for entry in entries if entry and is_before(at, entry["data"].get("until"))]

    def block(self, group: str | None, person: str) -> Line | None:
        """The last entry on the blocklist of the group (None: of the organisation), if it was not taken off."""
        entry: Line | None = None
        for line in self.log:
            named = person in (line["data"].get("person"), line["data"].get("member"))
            if not named or _list_of(line) != group:
                continue
            if line["type"] in ("person-blocked", "member-blocked"):
                entry = line
            elif line["type"] in ("person-unblocked", "member-unblocked") or pardons(line, person, "block"):
                entry = None
        return entry


def pardons(line: Line, member: str, what: str) -> bool:
    """Whether staff lifted *what* from the member here."""
    if line["type"] != "sanction-lifted" or line["data"]["member"] != member:
        return False
    return line["data"]["sanction"] in (what, "all")


def _turns(line: Line, member: str) -> bool:
    return _comes(line, member) or (line["type"] in _OUT and line["data"]["member"] == member)


def _comes(line: Line, member: str) -> bool:
    if line["type"] == "group-opened":
        return bool(line["data"].get("owner") == member)
    return bool(line["type"] == "member-joined" and line["data"]["member"] == member)


def _goes(line: Line, member: str) -> bool:
    if line["data"].get("member") != member:
        return False
    ordered_out = line["type"] == "sanction-ordered" and line["data"]["sanction"] in ("kick", "ban")
    return ordered_out or line["type"] in ("member-left", "member-removed", *_OUT)


def _note_role(line: Line, roles: set[str]) -> None:
    """Of the owner of a group, `_owner_after` knows."""
    if line["group"] is not None and line["data"].get("role") == "owner":
        return
    if line["type"] == "role-granted":
        roles.add(line["data"]["role"])
    elif line["type"] == "role-revoked":
        roles.discard(line["data"]["role"])


def _owner_after(line: Line, owner: str | None) -> str | None:
    data = line["data"]
    if line["type"] in ("group-opened", "owner-changed"):
        return data.get("owner") or owner
    if data.get("role") != "owner":
        return owner
    if line["type"] == "role-granted":
        return str(data["member"])
    return None if data["member"] == owner else owner


def _list_of(line: Line) -> str | None:
    """The group whose blocklist the line is about; None for that of the organisation."""
    ours = line["type"] in ("member-blocked", "member-unblocked") and line["data"]["scope"] == "org"
    return None if ours else line["group"]
