"""The shipped projections once more, naive: the whole log folded with lists and dicts, at every question anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from groupcore.events import Recorded, Row, decode, to_wire

Line = dict[str, Any]


def lines_of(rows: Iterable[Row]) -> list[Line]:
    """Each event with all of its fields in one dict."""
    return [_line(decode(row)) for row in rows]


def _line(recorded: Recorded) -> Line:
    wire = to_wire(recorded.event)
    data = wire.pop("data")
    plain = {**data, **wire, "id": recorded.event.id, "position": recorded.position}
    if wire["type"] == "member-kicked":
        plain["because"] = data["cause"]
    return plain


def home(line: Line) -> str:
    return "org" if line["group"] is None else f"group/{line['group']}"


# --- presence -----------------------------------------------------------------------------------------------------


class Town:
    """Who is where: seats, stays, roles with their times, names; events are taken one by one."""

    def __init__(self) -> None:
        self.present: dict[tuple[str, str], bool] = {}
        self.derived: dict[tuple[str, str], bool] = {}
        self.joined: dict[tuple[str, str], int] = {}
        self.kicked: dict[tuple[str, str], str | None] = {}
        self.stays: dict[tuple[str, str], list[list[Any]]] = {}
        self.roles: list[list[Any]] = []  # home, member, role, since, until
        self.names: dict[tuple[str, str], str] = {}

    def take(self, line: Line) -> str | None:
        """How somebody came or went by this, if they did."""
        kind, group, at = line["type"], line["group"], line["at"]
        if kind == "group-opened" and line.get("owner"):
            self.grant(line, line["owner"], "owner")
            return self.enter(group, line["owner"], at, "opened")
        if kind == "owner-changed":
            self.grant(line, line["owner"], "owner")
        if kind == "role-granted":
            self.grant(line, line["member"], line["role"])
        if kind == "role-revoked":
            self.lose(line, lambda role: role[1] == line["member"] and role[2] == line["role"])
        if kind == "member-joined":
            if line.get("name"):
                self.names[group, line["member"]] = line["name"]
            return self.enter(group, line["member"], at, "joined")
        if kind == "member-renamed":
            self.names[group, line["member"]] = line.get("name", "")
        if kind in ("member-left", "member-removed"):
            return self.leave(line, kind.removeprefix("member-"))
        if kind == "member-kicked" or (kind == "sanction-ordered" and line["sanction"] == "kick"):
            how = self.leave(line, "kicked")
            if kind == "member-kicked":
                self.kicked[group, line["member"]] = line["id"]
            return how
        if kind == "sanction-lifted" and line["sanction"] in ("kick", "all"):
            self.kicked[group, line["member"]] = None
        if kind == "sanction-voided" and self.kicked.get((group, line["member"])) == line["sanction"]:
            self.kicked[group, line["member"]] = None
        if kind == "message-posted":
            return self.speak(group, line["author"], at)
        return None

    def enter(self, group: str, member: str, at: int, how: str) -> str | None:
        seat = group, member
        came = not self.present.get(seat)
        self.present[seat], self.derived[seat], self.joined[seat], self.kicked[seat] = True, False, at, None
        if came:
            self.stays.setdefault(seat, []).append([at, None, how, None])
        return how if came else None

    def speak(self, group: str, member: str, at: int) -> str | None:
        seat = group, member
        if self.present.get(seat) or self.kicked.get(seat):
            return None
        self.present[seat] = self.derived[seat] = True
        self.stays.setdefault(seat, []).append([at, None, "spoke", None])
        return "spoke"

    def leave(self, line: Line, how: str) -> str | None:
        seat = line["group"], line["member"]
        self.lose(line, lambda role: role[1] == line["member"] and role[2] != "owner")
        if not self.present.get(seat):
            return None
        self.present[seat] = False
        stay = self.stays[seat][-1]
        stay[1], stay[3] = max(stay[0], line["at"]), how
        return how

    def grant(self, line: Line, member: str, role: str) -> None:
        if role == "owner" and line["group"] is not None:
            self.lose(line, lambda held: held[2] == "owner" and held[1] != member)
        if not any(held[:3] == [home(line), member, role] and held[4] is None for held in self.roles):
            self.roles.append([home(line), member, role, line["at"], None])

    def lose(self, line: Line, which: Any) -> None:
        for role in self.roles:
            if role[0] == home(line) and role[4] is None and which(role):
                role[4] = max(role[3], line["at"])

    def held(self, group: str, member: str, at: int | None = None) -> set[str]:
        homes = ("org", f"group/{group}")
        return {
            role
            for place, who, role, since, until in self.roles
            if who == member and place in homes and (until is None if at is None else lasts(since, until, at))
        }


def lasts(since: int, until: int | None, at: int) -> bool:
    return since <= at and (until is None or at < until)


def roster(log: list[Line], group: str, at: int | None = None) -> list[tuple[Any, ...]]:
    """member, name, since, joined_at, derived, roles of all who are in, or were at a time."""
    town = Town()
    for line in log:
        town.take(line)
    found = []
    for (where, member), stays in town.stays.items():
        then = [stay for stay in stays if (stay[1] is None if at is None else lasts(stay[0], stay[1], at))]
        if where == group and then:
            seat = where, member
            roles = frozenset(town.held(group, member, at))
            name = town.names.get(seat, "")
            found.append((member, name, then[-1][0], town.joined.get(seat), town.derived[seat], roles))
    return sorted(found)


# --- standing -----------------------------------------------------------------------------------------------------

KINDS = {"member-warned": "warn", "member-muted": "mute", "member-kicked": "kick"}


def sanctions(log: list[Line]) -> list[Line]:
    return [line for line in log if line["type"] in KINDS or line["type"] == "sanction-ordered"]


def kind_of(sanction: Line) -> str:
    return KINDS.get(sanction["type"]) or str(sanction["sanction"])


def lifting(log: list[Line], sanction: Line) -> Line | None:
    """What took the sanction back, first."""
    for line in log:
        if line["position"] < sanction["position"] or line["group"] != sanction["group"]:
            continue
        lifted = line["type"] == "sanction-lifted" and line["sanction"] in (kind_of(sanction), "all")
        voided = line["type"] == "sanction-voided" and line["sanction"] == sanction["id"]
        if (lifted or voided) and line["member"] == sanction["member"]:
            return line
    return None


def voiding(log: list[Line], strike: Line) -> Line | None:
    for line in log:
        if line["position"] < strike["position"] or line["group"] != strike["group"]:
            continue
        expires = strike["expires"]
        pardoned = line["type"] == "sanction-lifted" and line["sanction"] in ("warn", "all")
        pardoned = pardoned and (expires is None or line["at"] < expires)
        voided = line["type"] == "strike-voided" and line["strike"] == strike["id"]
        if (pardoned or voided) and line["member"] == strike["member"]:
            return line
    return None


def blocks(log: list[Line]) -> list[list[Any]]:
    """home, person, at, until, ended of each entry of a blocklist."""
    found: list[list[Any]] = []
    for line in log:
        kind = line["type"]
        who = line.get("person") or line.get("member")
        where = "org" if line.get("scope") == "org" and kind.startswith("member-") else home(line)
        lifted = kind == "sanction-lifted" and line["sanction"] in ("block", "all")
        if lifted or kind in ("person-blocked", "member-blocked", "person-unblocked", "member-unblocked"):
            for block in found:
                if block[:2] == [where, who] and block[4] is None:
                    block[4] = line["at"]
        if kind in ("person-blocked", "member-blocked"):
            found.append([where, who, line["at"], line.get("until"), None])
    return found


def standing(log: list[Line], group: str, member: str, at: int) -> tuple[Any, ...]:
    """The ids of live strikes, (id, lifted) of sanctions, whether muted, how many blocks."""
    strikes, given, muted = [], [], False
    for line in log:
        if line["group"] != group or line.get("member") != member or line["at"] > at:
            continue
        if line["type"] == "strike-recorded":
            ended = voiding(log, line)
            if lasts(line["at"], line["expires"], at) and (ended is None or at < ended["at"]):
                strikes.append(line["id"])
        if line in sanctions(log):
            ended = lifting(log, line)
            lifted = ended is not None and ended["at"] <= at
            given.append((line["id"], lifted))
            muted = muted or (kind_of(line) == "mute" and not lifted and lasts(line["at"], line.get("until"), at))
    mine = [block for block in blocks(log) if block[1] == member and block[0] in ("org", f"group/{group}")]
    live = [block for block in mine if lasts(block[2], block[3], at) and (block[4] is None or at < block[4])]
    return strikes, given, muted, len(live)


# --- casebook and audit -------------------------------------------------------------------------------------------


def casebook(log: list[Line]) -> list[tuple[Any, ...]]:
    """id, rules of the findings, rule of the strike, lifted by, outcome (None: open; False: no appeal)."""
    found = []
    for case in sanctions(log):
        fact = case.get("cause", "")
        rules = sorted(
            line["rule"] for line in log if line["type"] == "finding-recorded" and is_behind(line, case, fact)
        )
        struck = [line["rule"] for line in log if line["type"] == "strike-recorded" and line["cause"] == fact]
        ended = lifting(log, case)
        found.append((case["id"], rules, (struck or [None])[0], ended and ended["id"], outcome(log, case)))
    return found


def is_behind(finding: Line, case: Line, fact: str) -> bool:
    if case["type"] == "sanction-ordered":
        return bool(finding["group"] == case["group"] and finding["message"] == case.get("message"))
    return bool(finding["cause"] == fact)


def outcome(log: list[Line], case: Line) -> Any:
    filed = False
    for line in log:
        if line["group"] == case["group"] and line.get("sanction") == case["id"]:
            filed = filed or line["type"] == "appeal-filed"
            if filed and line["type"] == "appeal-decided":
                return line["outcome"]
    return None if filed else False


def audit(log: list[Line]) -> dict[str, list[tuple[int, str]]]:
    """For each person the positions that concern them, and how."""
    trail: dict[str, list[tuple[int, str]]] = {}
    about: dict[int, set[str]] = {}
    for line in log:
        named = {line[key] for key in ("member", "author", "person", "owner") if line.get(key) is not None}
        if not named:
            named = {who for other in log if refers(line, other) for who in about.get(other["position"], ())}
        about[line["position"]] = named
        by = {line[key] for key in ("by", "inviter") if line.get(key) is not None}
        for how, people in (("about", named), ("by", by)):
            for who in people:
                trail.setdefault(who, []).append((line["position"], how))
    return trail


def refers(line: Line, other: Line) -> bool:
    """Whether *line*, which names nobody, is about whom *other* is about."""
    if line["type"] == "message-revoked":
        return other["type"] == "message-posted" and (other["group"], other["message"]) == (
            line["group"],
            line["message"],
        )
    if line["type"] == "appeal-decided":
        return bool(other["id"] == line["sanction"])
    if line["type"] == "import-conflict":
        return bool(other["id"] == line["fact"])
    return "/" in line["id"] and other["id"] == line["id"].split("/", 1)[0]


# --- activity -----------------------------------------------------------------------------------------------------

COUNTERS = ("messages", "bot_messages", "joins", "appeared", "leaves")


def day_of(at: int, hours: int = 8) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at, hours=hours)).date().isoformat()


def activity(log: list[Line]) -> dict[tuple[str, str], Line]:
    """The counters, speakers, revision of each group and day."""
    town, days, clocks = Town(), dict[tuple[str, str], Line](), dict[str, str]()
    for line in log:
        group, day = line["group"], day_of(line["at"])
        late = day < clocks.get(group, "")
        if "/" not in line["id"]:
            clocks[group] = max(day, clocks.get(group, ""))
        how, counted = town.take(line), []
        if how is not None:
            counted.append({"joined": "joins", "opened": "appeared", "spoke": "appeared"}.get(how, "leaves"))
        roles = town.held(group, line["author"]) if line["type"] == "message-posted" else set()
        if line["type"] == "message-posted":
            counted.append("bot_messages" if "bot" in roles else "messages")
        for counter in counted:
            entry = days.setdefault((group, day), dict.fromkeys(COUNTERS, 0) | {"speakers": {}, "revision": 1})
            entry[counter] += 1
            entry["revision"] += late
            if counter == "messages":
                staff = bool(roles & {"owner", "admin", "staff"})
                entry["speakers"][line["author"]] = entry["speakers"].get(line["author"], False) or staff
    for (group, day), entry in days.items():
        entry["closed"] = day < clocks[group]
    return days
