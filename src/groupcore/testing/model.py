"""The naive model: the contract once more, written to be read and not to be fast.

It reads all of history for each question, and shares nothing with the decider: where the two agree, the contract
was understood twice. What a content policy objects to is the policy's own word, since each has an oracle of its
own; windows, ladder, blocklists, mutes and appeals are done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from groupcore.clock import RESOLUTIONS
from groupcore.events import Event, Fact, MemberJoined, MemberRenamed, MessageEdited, MessagePosted, to_wire
from groupcore.policies.base import SEVERITY_ORDER, ContentPolicy, Match, NamePolicy, WindowPolicy
from groupcore.rulebook import Rulebook
from groupcore.testing.history import History, Line, horizon_of, id_of, is_before, kind_of
from groupcore.testing.oracles import ORACLES, Oracle
from groupcore.text import fingerprint
from groupcore.wire import dumps, loads


class NaiveModerator:
    """A moderator of two pages. `answer` it with facts in the order of a log, and compare.

    *oracles* say how window policies of your own count, by kind: see `groupcore.testing.oracles`.
    """

    def __init__(self, rulebook: Rulebook, oracles: Mapping[str, Oracle] | None = None) -> None:
        self.rulebook = rulebook
        self.history = History(horizon_of(rulebook))
        self._oracles = {**ORACLES, **(oracles or {})}

    def answer(self, fact: Fact) -> list[Line]:
        """The verdicts about *fact*, as lines. A fact that came before gets its old answer, and adds nothing."""
        if self.history.knows(fact.id):
            return [line for line in self.history.log if line.get("cause") == fact.id]
        line = _line_of(fact)
        verdicts = self._judge(line, fact)
        self.history.add(line, *verdicts)
        if line["type"] == "rulebook-adopted":
            self.rulebook = Rulebook.from_mapping(line["data"]["rulebook"])
        return verdicts

    def _judge(self, line: Line, fact: Fact) -> list[Line]:
        if line["type"] == "time-advanced":
            return self._on_time(line)
        if line["group"] is None:
            return []
        if isinstance(fact, MessagePosted | MessageEdited):
            return self._on_message(line, fact)
        if isinstance(fact, MemberJoined | MemberRenamed):
            return self._on_name(line, fact)
        if line["type"] == "appeal-decided":
            return self._on_decision(line)
        return []

    # --- messages -----------------------------------------------------------------------------------------------

    def _on_message(self, line: Line, fact: MessagePosted | MessageEdited) -> list[Line]:
        group, author, at = line["group"], line["data"]["author"], line["at"]
        findings = [self._finding(line, match) for match in self._matches(line, fact)]
        said = findings + self._abstentions(line)
        deletion = verdict(line, "message-deleted", message=line["data"]["message"])
        if self.history.is_late(line):
            return said
        if self.history.blocks(group, author, at):
            return [*said, *self._kick_once(line), deletion]
        if self.history.is_removed(group, author) or self.history.is_muted(group, author, at):
            return [*said, deletion]
        return said + self._punish(line, [finding["data"] for finding in findings])

    def _finding(self, line: Line, match: Match) -> Line:
        policy = next(policy for policy in self.rulebook.policies if policy.id == match.rule)
        flags = {"coarse": match.coarse, "late": self.history.is_late(line), "counted": list(match.counted)}
        author, message = _who(line), line["data"].get("message")
        roles = self.history.roles(line["group"], author)
        return verdict(
            line,
            "finding-recorded",
            message=message,
            author=author,
            rule=policy.id,
            policy=policy.kind,
            category=policy.category,
            severity=policy.severity,
            exempt=not roles.isdisjoint(self.rulebook.exempt),
            spans=[list(span) for span in match.spans],
            evidence=dict(match.evidence),
            **{name: value for name, value in flags.items() if value},
        )

    def _punish(self, line: Line, findings: list[Line]) -> list[Line]:
        """One strike a message or name, for the most severe finding, and what the ladder makes of it."""
        group, author, at = line["group"], _who(line), line["at"]
        worst = self._worst(line, findings)
        if worst is None:
            return []
        live = [strike["data"]["severity"] for strike in self.history.live_strikes(group, author, at)]
        live.append(worst["severity"])
        strike = verdict(
            line,
            "strike-recorded",
            member=author,
            message=line["data"].get("message"),
            rule=worst["rule"],
            category=worst["category"],
            severity=worst["severity"],
            expires=_after(at, self.rulebook.ladder.memory),
            strikes=len(live),
        )
        return [strike, *self._sanction(line, worst, live)]

    def _worst(self, line: Line, findings: list[Line]) -> Line | None:
        """The most severe finding that deserves a strike, of equals the rule whose id comes first."""
        message = line["data"].get("message")
        strikes = [strike["data"] for strike in self.history.strikes(line["group"])]
        struck = [strike["rule"] for strike in strikes if message is not None and strike["message"] == message]
        grave = [
            finding
            for finding in findings
            if finding["severity"] != "minor" and not finding["exempt"] and finding["rule"] not in struck
        ]
        order = sorted(grave, key=lambda found: (-SEVERITY_ORDER[found["severity"]], found["rule"]))
        return order[0] if order else None

    def _sanction(self, line: Line, finding: Line, live: list[str]) -> list[Line]:
        """Sanction, deletion, block and statement of the rung that so many live strikes lead to."""
        ladder, member, message = self.rulebook.ladder, _who(line), line["data"].get("message")
        last = len(ladder.rungs)
        least = (ladder.severe_from or last) if "severe" in live else 0
        rung = ladder.rungs[min(last, max(len(live), least)) - 1]
        lines = []
        if rung.sanction == "warn":
            lines.append(verdict(line, "member-warned", member=member, message=message, strikes=len(live)))
        elif rung.sanction == "mute":
            until = _after(line["at"], rung.for_)
            lines.append(verdict(line, "member-muted", member=member, message=message, until=until))
        else:
            lines.append(verdict(line, "member-kicked", member=member, message=message, cause="ladder"))
        if rung.delete and message is not None:
            lines.append(verdict(line, "message-deleted", message=message))
        if rung.block:
            lines.append(verdict(line, "member-blocked", member=member, scope=rung.block))
        text = ladder.statement(rung, member=member, rule=finding["rule"], category=finding["category"])
        if text is not None:
            lines.append(verdict(line, "statement-posted", member=member, rule=finding["rule"], text=text))
        return lines

    # --- what the policies say ----------------------------------------------------------------------------------

    def _matches(self, line: Line, fact: MessagePosted | MessageEdited) -> list[Match]:
        """What the policies object to, in the order of the rulebook. Windows look at posts, never at edits."""
        reading = self.rulebook.reader.read(fact.text, fact.parts)
        matches: list[Match | None] = []
        for policy in self.rulebook.policies:
            if isinstance(policy, ContentPolicy):
                matches.append(policy.find(reading))
            elif isinstance(policy, WindowPolicy) and line["type"] == "message-posted":
                matches.append(self._in_window(line, policy))
        return [match for match in matches if match is not None]

    def _in_window(self, line: Line, policy: WindowPolicy) -> Match | None:
        """Whether the posts in (t - window, t] that no finding of the rule has counted are too many."""
        tick = RESOLUTIONS[line["resolution"]]
        if policy.window < tick:
            return None
        used = self.history.counted(line["group"], policy.id)
        earlier = [
            post
            for post in self.history.posts(line["group"])
            if line["at"] - policy.window < post["at"] <= line["at"] and post["data"]["message"] not in used
        ]
        counted = self._oracles[policy.kind](policy, line, earlier)
        if counted is None:
            return None
        ids = tuple(post["data"]["message"] for post in [*sorted(counted, key=_time), line])
        return Match(policy.id, counted=ids, coarse=policy.window <= 4 * tick)

    def _abstentions(self, line: Line) -> list[Line]:
        """One for each window rule finer than the clock, unless it was said since the rulebook came in force."""
        said = [old["data"] for old in self.history.abstentions(line["group"])]
        known = [(old["rule"], old["resolution"]) for old in said]
        data = {"message": line["data"]["message"], "reason": "clock-too-coarse"}
        return [
            verdict(line, "rule-abstained", **data, rule=policy.id, resolution=line["resolution"])
            for policy in self.rulebook.policies
            if isinstance(policy, WindowPolicy) and policy.window < RESOLUTIONS[line["resolution"]]
            if line["type"] == "message-posted" and (policy.id, line["resolution"]) not in known
        ]

    # --- joins, names, appeals, time ----------------------------------------------------------------------------

    def _on_name(self, line: Line, fact: MemberJoined | MemberRenamed) -> list[Line]:
        """Somebody joins or takes a name: what rules find in it, and the kick of who is on the blocklist."""
        group, member, at = line["group"], _who(line), line["at"]
        joins = isinstance(fact, MemberJoined)
        kick = self._on_join(line) if joins else []
        findings = [self._finding(line, match) for match in self._name_matches(fact)]
        if joins and self.history.is_inside(group, member):
            known = [_place(old["data"]) for old in self.history.found_in_name(group, member)]
            findings = findings if any(_place(new["data"]) not in known for new in findings) else []
        muted = self.history.is_muted(group, member, at) or self.history.blocks(group, member, at)
        if self.history.is_late(line) or muted or (not joins and self.history.is_removed(group, member)):
            return [*findings, *kick]
        return findings + self._punish(line, [finding["data"] for finding in findings])

    def _name_matches(self, fact: MemberJoined | MemberRenamed) -> list[Match]:
        reading = self.rulebook.name_reader.read(fact.name)
        found = [policy.find(reading) for policy in self.rulebook.policies if isinstance(policy, NamePolicy)]
        return [match for match in found if match is not None]

    def _on_join(self, line: Line) -> list[Line]:
        """Somebody blocked who joins is kicked again at once."""
        member = line["data"]["member"]
        if self.history.is_late(line) or not self.history.blocks(line["group"], member, line["at"]):
            return []
        return [verdict(line, "member-kicked", member=member, cause="blocklist", message=None)]

    def _kick_once(self, line: Line) -> list[Line]:
        """Somebody blocked who talks is kicked, once until they join again."""
        author, message = line["data"]["author"], line["data"]["message"]
        if self.history.is_answered(line["group"], author):
            return []
        return [verdict(line, "member-kicked", member=author, cause="blocklist", message=message)]

    def _on_decision(self, line: Line) -> list[Line]:
        """An overturned appeal voids the strike, lifts the sanction, and the block that came with it."""
        contested = line["data"]["sanction"]
        named = [old for old in self.history.sanctions(line["group"]) if id_of(old) == contested]
        filed = [old["data"] for old in self.history.all(line["group"], "appeal-filed")]
        if line["data"]["outcome"] != "overturned" or not named:
            return []
        member, cause = named[0]["data"]["member"], named[0].get("cause")
        if not any(appeal["sanction"] == contested and appeal["member"] == member for appeal in filed):
            return []
        lines = [
            verdict(line, "strike-voided", member=member, strike=id_of(strike))
            for strike in self.history.strikes(line["group"])
            if strike["cause"] == cause
        ]
        voided = {"member": member, "sanction": contested, "kind": kind_of(named[0])}
        others = [mute for mute in self.history.sanctions(line["group"], "mute") if mute["data"]["member"] == member]
        if kind_of(named[0]) == "mute" and any(
            self._holds(mute, line["at"]) for mute in others if id_of(mute) != contested
        ):
            voided["another"] = True
        lines.append(verdict(line, "sanction-voided", **voided))
        blocks = self.history.blocks(line["group"], member, line["at"]) if cause is not None else []
        scopes = [block["data"]["scope"] for block in blocks if block.get("cause") == cause]
        return lines + [verdict(line, "member-unblocked", member=member, scope=scope) for scope in scopes]

    def _was_told(self, mute: Line) -> bool:
        """Whether the time was told since that this mute ran out; nothing was said of it if another one stood then."""
        return any(
            line["type"] == "time-advanced" and line["data"]["now"] >= mute["data"]["until"]
            for line in self.history.since(mute)
        )

    def _holds(self, mute: Line, at: int) -> bool:
        return is_before(at, mute["data"].get("until")) and not self.history.is_lifted(mute)

    def due(self, group: str | None, now: int) -> list[Line]:
        """What ran out in a group (None: in the organisation) until *now* and was not told yet."""
        line = {"type": "time-advanced", "at": now, "group": group, "id": "", "data": {"now": now}}
        return self._on_time(line)

    def _on_time(self, line: Line) -> list[Line]:
        """What ran out and was not told yet, in the order of the time: mutes and blocks."""
        due = [*self._mutes_over(line), *self._blocks_over(line)]
        return [told for _, _, _, told in sorted(due, key=lambda entry: entry[:3])]

    def _mutes_over(self, line: Line) -> list[Due]:
        """The members who may speak again: the last of their mutes has run out."""
        group, now = line["group"], line["data"]["now"]
        ended: dict[str, int] = {}
        for mute in self.history.sanctions(group, "mute"):
            member, until = mute["data"]["member"], mute["data"].get("until")
            if until is None or is_before(now, until) or self.history.is_lifted(mute):
                continue
            if not self._was_told(mute) and not self.history.is_muted(group, member, now):
                ended[member] = max(until, ended.get(member, 0))
        return [
            (until, "mute", member, verdict(line, "member-unmuted", member=member, until=until))
            for member, until in ended.items()
        ]

    def _blocks_over(self, line: Line) -> list[Due]:
        """The people whom a block with an end keeps out no longer."""
        group, now = line["group"], line["data"]["now"]
        people = dict.fromkeys(old["data"]["person"] for old in self.history.all(group, "person-blocked"))
        entries = [(person, self.history.block(group, person)) for person in people]
        return [
            (entry["data"]["until"], "block", person, _unblocked(line, person, group))
            for person, entry in entries
            if entry is not None and not is_before(now, entry["data"].get("until"))
        ]


Due: TypeAlias = tuple[int, str, str, Line]
"""When something is over, what it is, whose, and the verdict that says so."""


def _unblocked(line: Line, person: str, group: str | None) -> Line:
    return verdict(line, "member-unblocked", member=person, scope="org" if group is None else "group")


def verdict(fact: Line, type_name: str, **data: Any) -> Line:
    """The line of a verdict that answers *fact*."""
    return {"type": type_name, "at": fact["at"], "group": fact["group"], "cause": fact["id"], "data": data}


def comparable(verdicts: Iterable[Event | Line], rulebook: Rulebook) -> list[Line]:
    """Verdicts of either side as lines that can be compared: without what window policies give as evidence."""
    kinds = [policy.kind for policy in rulebook.policies if isinstance(policy, WindowPolicy)]
    lines = [loads(dumps(to_wire(item) if isinstance(item, Event) else item)) for item in verdicts]
    return [_without_evidence(line) if line["data"].get("policy") in kinds else line for line in lines]


def _without_evidence(line: Line) -> Line:
    return {**line, "data": {key: value for key, value in line["data"].items() if key != "evidence"}}


def _line_of(fact: Fact) -> Line:
    line = {**to_wire(fact), "resolution": fact.resolution}
    if isinstance(fact, MessagePosted):
        line["key"] = fingerprint(fact.text, fact.parts)
    return line


def _who(line: Line) -> str:
    """The author of a message, or whoever takes a name."""
    return str(line["data"].get("author") or line["data"]["member"])


def _place(finding: Line) -> tuple[str, Any]:
    return finding["rule"], finding["spans"]


def _time(line: Line) -> int:
    return int(line["at"])


def _after(at: int, term: Any) -> int | None:
    """The end of *term* from *at* on; None is never."""
    return None if term == "forever" else at + int(term)
