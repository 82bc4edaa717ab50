"""The shipped projections once more, naive: the whole log folded with lists and dicts, at every question anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
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
        self.seen: list[Line] = []

    def take(self, line: Line) -> str | None:
        """How somebody came or went by this, if they did."""
        kind, group, at = line["type"], line["group"], line["at"]
        self.seen.append(line)
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
        if kind in KINDS or kind == "sanction-ordered":
            return self.remove(line)
        if kind in ("sanction-lifted", "sanction-voided", "sanction-reduced"):
            self.forgive(group, line["member"])
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

    def remove(self, line: Line) -> str | None:
        how = {"kick": "kicked", "ban": "banned"}.get(kind_of(line))
        if how is None:
            return None
        if line["type"] in KINDS:
            self.kicked[line["group"], line["member"]] = line["id"]
        return self.leave(line, how)

    def forgive(self, group: str, member: str) -> None:
        """The removal that they are out for may be taken back by now."""
        last = self.kicked.get((group, member))
        removal = next((line for line in sanctions(self.seen) if line["id"] == last), None)
        if removal is not None and lifting(self.seen, removal) is not None:
            self.kicked[group, member] = None

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


# --- sanctions ----------------------------------------------------------------------------------------------------

KINDS = {
    "member-notified": "notice",
    "member-warned": "warn",
    "member-muted": "mute",
    "member-restricted": "restrict",
    "member-kicked": "kick",
    "member-banned": "ban",
}
PARDONED_AS = {"notice": "warn", "ban": "kick"}


def sanctions(log: list[Line]) -> list[Line]:
    return [line for line in log if line["type"] in (*KINDS, "sanction-ordered", "sanction-reduced")]


def kind_of(sanction: Line) -> str:
    return str(
        KINDS.get(sanction["type"]) or sanction["sanction" if sanction["type"] == "sanction-ordered" else "kind"]
    )


def before(log: list[Line], sanction: Line) -> Line | None:
    """The one in whose place an appeal put this sanction, or None."""
    if sanction["type"] != "sanction-reduced":
        return None
    return next((line for line in sanctions(log) if line["id"] == sanction["sanction"]), None)


def answers_a_strike(log: list[Line], sanction: Line) -> bool:
    other = before(log, sanction)
    if other is not None:
        return answers_a_strike(log, other)
    return sanction["type"] in KINDS and not answers_a_block(sanction)


def answers_a_block(sanction: Line) -> bool:
    return sanction["type"] == "member-kicked" and sanction["because"] == "blocklist"


def lifting(log: list[Line], sanction: Line) -> Line | None:
    """What took the sanction back, first. A kick for a block goes with the removal that brought the block."""
    found = []
    for line in log:
        if line["position"] < sanction["position"] or not same(line, sanction, "group", "member"):
            continue
        word = PARDONED_AS.get(kind_of(sanction), kind_of(sanction))
        pardoned = line["type"] == "sanction-lifted" and line["sanction"] in (word, "all")
        if pardoned or (is_about(line, sanction["id"])):
            found.append(line)
    if answers_a_block(sanction):
        for other in sanctions(log):
            removal = kind_of(other) in ("kick", "ban") and answers_a_strike(log, other)
            if removal and same(other, sanction, "group", "member") and other["at"] <= sanction["at"]:
                ended = lifting(log, other)
                if ended is not None and is_about(ended, other["id"]) and ended["position"] > sanction["position"]:
                    found.append(ended)
    return min(found, key=lambda line: line["position"], default=None)


def is_about(line: Line, sanction: str) -> bool:
    return line["type"] in ("sanction-voided", "sanction-reduced") and line["sanction"] == sanction


def same(one: Line, other: Line, *keys: str) -> bool:
    return all(one.get(key) == other.get(key) for key in keys)


# --- standing -----------------------------------------------------------------------------------------------------


def scope_of(line: Line) -> str:
    return str(line.get("scope", "group"))


def voiding(log: list[Line], strike: Line) -> Line | None:
    for line in log:
        if line["position"] < strike["position"] or line.get("member") != strike["member"]:
            continue
        here, own = line["group"] == strike["group"], scope_of(strike) == "group"
        pardoned = line["type"] == "sanction-lifted" and line["sanction"] in ("warn", "all") and here and own
        pardoned = pardoned and (strike["expires"] is None or line["at"] < strike["expires"])
        voided = line["type"] == "strike-voided" and line["strike"] == strike["id"] and (here or not own)
        if pardoned or voided:
            return line
    return None


def listed(line: Line) -> str:
    """The blocklist that a line is about."""
    told = scope_of(line) if line["type"].startswith("member-") or line["group"] is None else "group"
    if told == "owner":
        return f"owner/{line.get('owner') or ''}"
    return "org" if told == "org" else home(line)


def blocks(log: list[Line]) -> list[list[Any]]:
    """home, person, at, until, ended of each entry of a blocklist."""
    found: list[list[Any]] = []
    for line in log:
        kind = line["type"]
        who = line.get("person") or line.get("member")
        lifted = kind == "sanction-lifted" and line["sanction"] in ("block", "all")
        where = home(line) if lifted else listed(line)
        if lifted or kind in ("person-blocked", "member-blocked", "person-unblocked", "member-unblocked"):
            for block in found:
                if block[:2] == [where, who] and block[4] is None:
                    block[4] = line["at"]
        if kind in ("person-blocked", "member-blocked"):
            found.append([where, who, line["at"], line.get("until"), None])
    return found


class Court:
    """What stands against whom; the log is gone through once, and each question looks at all of it."""

    def __init__(self, log: list[Line]) -> None:
        self.log, self.town, self.blocks = log, Town(), blocks(log)
        for line in log:
            self.town.take(line)
        self.given = [(line, lifting(log, line)) for line in sanctions(log)]
        self.strikes = [(line, voiding(log, line)) for line in log if line["type"] == "strike-recorded"]

    def owner(self, group: str, at: int) -> str | None:
        owners = [role for role in self.town.roles if role[0] == f"group/{group}" and role[2] == "owner"]
        return next((role[1] for role in reversed(owners) if lasts(role[3], role[4], at)), None)

    def live(self, group: str, member: str, at: int) -> list[tuple[str, int]]:
        """The strikes that count, and what each weighs."""
        owner, valid = self.owner(group, at), []
        for strike, ended in self.strikes:
            scope = scope_of(strike)
            seen = scope == "org" or (scope == "group" and strike["group"] == group)
            seen = seen or (scope == "owner" and owner is not None and strike["owner"] == owner)
            held = strike["at"] <= at and (ended is None or at < ended["at"])
            if seen and held and strike["member"] == member:
                valid.append(strike)
        found = []
        for strike in sorted(valid, key=lambda strike: strike["at"]):
            times = [strike["at"], *sorted(each["at"] for each in valid if each["at"] > strike["at"]), at]
            good = max(after - before for before, after in pairwise(times))
            decay, clean = strike.get("decay"), strike.get("clean")
            weight = strike.get("weight", 1) - ((at - strike["at"]) // decay if decay else 0)
            if weight > 0 and lasts(strike["at"], strike["expires"], at) and (clean is None or good < clean):
                found.append((strike["id"], weight))
        return found

    def sentences(self, group: str, member: str, at: int) -> list[tuple[Any, ...]]:
        """id, kind, whether lifted, until, in whose place, how often renewed and violated, of each sanction by then."""
        found = []
        for line, ended in self.given:
            if (line["group"], line["member"]) == (group, member) and line["at"] <= at:
                marks = [old["type"] for old in self.log if old["at"] <= at and old.get("sanction") == line["id"]]
                instead = line["sanction"] if line["type"] == "sanction-reduced" else None
                counts = marks.count("sanction-renewed"), marks.count("sanction-violated")
                lifted = ended is not None and ended["at"] <= at
                found.append((line["id"], kind_of(line), lifted, line.get("until"), instead, *counts))
        return found

    def restrictions(self, group: str, member: str, at: int) -> frozenset[str]:
        by_id = {line["id"]: line for line, _ in self.given}
        words = set()
        for id, kind, lifted, until, *_ in self.sentences(group, member, at):
            source = by_id[id]
            while source["type"] == "sanction-reduced":
                source = by_id[source["sanction"]]
            if kind == "restrict" and not lifted and (until is None or at < until):
                words |= set(source["restrictions"])
        return frozenset(words)

    def kept_out(self, group: str, member: str, at: int) -> list[str]:
        """The blocklists that they are on: of the group, of its owner's groups, of the organisation."""
        owner = self.owner(group, at)
        homes = [f"group/{group}", *([f"owner/{owner}"] if owner is not None else []), "org"]
        live = [block for block in self.blocks if block[1] == member and lasts(block[2], block[3], at)]
        return [home for home in homes for block in live if block[0] == home and (block[4] is None or at < block[4])]


# --- casebook and audit -------------------------------------------------------------------------------------------


def casebook(log: list[Line]) -> list[Line]:
    """Each sanction, with what it stands on and what became of it. ``outcome``: None is open, False no appeal."""
    found = []
    for case in sanctions(log):
        root, origin = case, "appeal" if case["type"] == "sanction-reduced" else "ladder"
        while (other := before(log, root)) is not None:
            root = other
        if case["type"] == "sanction-ordered" or answers_a_block(case):
            origin = "staff" if case["type"] == "sanction-ordered" else "blocklist"
        rules = [line["rule"] for line in log if line["type"] == "finding-recorded" and is_behind(line, root)]
        struck = [line["rule"] for line in log if line["type"] == "strike-recorded" and is_cause(line, root)]
        ended, about = lifting(log, case), [line for line in log if line.get("sanction") == case["id"]]
        again = [line for line in about if line["type"] == "sanction-recomputed"]
        found.append(
            {
                "id": case["id"],
                "kind": kind_of(case),
                "origin": origin,
                "by": root.get("by"),
                "rules": sorted(rules),
                "rule": (struck or [None])[0],
                "lifted_by": ended and ended["id"],
                "outcome": outcome(log, case),
                "instead_of": case["sanction"] if origin == "appeal" else None,
                "violations": sum(line["type"] == "sanction-violated" for line in about),
                "reviews": [(line["now_kind"], line.get("now_until"), line.get("lifted", False)) for line in again],
            }
        )
    return found


def is_cause(line: Line, case: Line) -> bool:
    return case["type"] != "sanction-ordered" and bool(line["cause"] == case["cause"])


def is_behind(finding: Line, case: Line) -> bool:
    if case["type"] == "sanction-ordered":
        about = case.get("message")
        return bool(about is not None and finding["group"] == case["group"] and finding["message"] == about)
    return is_cause(finding, case)


def outcome(log: list[Line], case: Line) -> Any:
    filed = False
    for line in log:
        if line["group"] != case["group"]:
            continue
        about = line.get("sanction") == case["id"]
        filed = filed or (about and line["type"] == "appeal-filed")
        if filed and about and line["type"] == "appeal-decided":
            return line["outcome"]
        taken_down = line["type"] == "sanction-ordered" and line["sanction"] in ("kick", "ban")
        if filed and taken_down and line.get("message") is not None and same(line, case, "member", "message"):
            return "superseded"
    return None if filed else False


def precision(log: list[Line]) -> dict[str, Line]:
    """What became of the findings of each rule."""
    counts: dict[str, Line] = {}
    names = ("findings", "idle", "sanctions", "appealed", "milder", *OUTCOMES)
    for line in log:
        if line["type"] == "finding-recorded":
            row = counts.setdefault(line["rule"], dict.fromkeys(names, 0))
            row["findings"] += 1
            row["idle"] += any(line.get(flag) for flag in ("shadow", "capped", "excused"))
    for strike in log:
        for case in sanctions(log) if strike["type"] == "strike-recorded" else ():
            if case.get("cause") == strike["cause"] and case["member"] == strike["member"]:
                row, said = counts[strike["rule"]], outcome(log, case)
                row["sanctions"] += 1
                row["appealed"] += said is not False
                if said:
                    row[said] += 1
                row["milder"] += any(
                    line["type"] == "sanction-recomputed" and line["sanction"] == case["id"] for line in log
                )
    return counts


OUTCOMES = ("upheld", "reduced", "overturned", "superseded")


def audit(log: list[Line]) -> dict[str, list[tuple[int, str]]]:
    """For each person the positions that concern them, and how."""
    trail: dict[str, list[tuple[int, str]]] = {}
    about: dict[int, set[str]] = {}
    ids = {line["id"] for line in log}
    for line in log:
        named = {line[key] for key in ("member", "author", "person", "other") if line.get(key) is not None}
        if line.get("of") == "person":
            named.add(line["value"])
        elif not named and line.get("owner") is not None:
            named.add(line["owner"])
        if not named:
            named = {who for other in log if refers(line, other, ids) for who in about.get(other["position"], ())}
        about[line["position"]] = named
        by = {line[key] for key in ("by", "inviter", "to") if line.get(key) is not None}
        for how, people in (("about", named), ("by", by)):
            for who in people:
                trail.setdefault(who, []).append((line["position"], how))
    return trail


REFERENCES = {"appeal-decided": "sanction", "import-conflict": "fact", "text-erased": "order"}
REFERENCES |= dict.fromkeys(
    ("case-acknowledged", "case-assigned", "case-commented", "case-escalated", "case-closed"), "case"
)


def refers(line: Line, other: Line, ids: set[str]) -> bool:
    """Whether *line*, which names nobody, is about whom *other* is about."""
    if line["type"] == "message-revoked":
        return other["type"] == "message-posted" and same(line, other, "group", "message")
    if line["type"] in REFERENCES:
        return bool(other["id"] == line[REFERENCES[line["type"]]])
    if line["type"] == "action-reported":
        key = line["action"]
        return bool(other["id"] == (key if key in ids else key.rpartition("/")[0]))
    if line["type"] == "erasure-ordered":
        return other["id"] in line.get("events", ())
    return bool(other["id"] == line.get("cause"))


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
