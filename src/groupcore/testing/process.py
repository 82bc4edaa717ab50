"""The naive model of due process: strikes that fade and count beyond a group, all the rungs, whitelists, alarms.

Like `NaiveModerator`, whose answers it gives where a rulebook asks for nothing of this, it reads all of history for
each question and shares nothing with the decider.
"""

from __future__ import annotations

from typing import Any

from groupcore.clock import DAY, HOUR, MINUTE
from groupcore.events import ContentLabelled, Fact, MemberJoined, MemberRenamed, MessageEdited, MessagePosted
from groupcore.policies.base import LabelPolicy, Match
from groupcore.testing.history import Line, id_of, is_before, kind_of
from groupcore.testing.model import Due, verdict
from groupcore.testing.objections import Objections
from groupcore.testing.record import list_of, scope_of, weight_of

MEDIA = ("image", "video", "voice", "file", "sticker")
TOTAL_REMOVALS = ("kick", "ban")


class NaiveProcess(Objections):
    """A moderator who knows all settings of a rulebook. `answer` it with facts in the order of a log, and compare.

    Ask for its `objections` to a wish before: it has none exactly where the engine carries the wish out.
    """

    def _judge(self, line: Line, fact: Fact) -> list[Line]:
        group, data = line["group"], line["data"]
        if isinstance(fact, ContentLabelled):
            found = [policy.find(fact.labels, fact.model) for policy in self._policies(LabelPolicy)]
            matches = [match for match in found if match is not None]
            return self._on_content(line, matches, []) if matches else []
        if line["type"] == "standing-reviewed":
            return self._on_review(line)
        if line["type"] == "report-filed":
            return self._on_report(line)
        if line["type"] == "erasure-ordered":
            self._scrub(line)
        if line["type"] == "sanction-ordered" and data["sanction"] == "ban":
            return [verdict(line, "member-blocked", member=data["member"], scope="org")]
        if line["type"] == "sanction-lifted" and data["sanction"] in ("warn", "all"):
            wide = [strike for strike in self.sight(group, data["member"]) if scope_of(strike) != "group"]
            return [
                verdict(line, "strike-voided", scope=scope_of(strike), member=data["member"], strike=id_of(strike))
                for strike in wide
                if not self.is_void(strike) and is_before(line["at"], strike["data"]["expires"])
            ]
        return super()._judge(line, fact)

    def _scrub(self, order: Line) -> None:
        """Whose text is gone posted the same as nobody, though they posted."""
        for line in self.history.all(order["group"], "message-posted"):
            if self.is_erased_by(order, line):
                line["key"] = None

    def _policies(self, kind: type[Any]) -> list[Any]:
        return [policy for policy in self.rulebook.policies if isinstance(policy, kind)]

    # --- messages and names -------------------------------------------------------------------------------------

    def _on_message(self, line: Line, fact: MessagePosted | MessageEdited) -> list[Line]:
        return self._on_content(line, self._matches(line, fact), self._abstentions(line), fact)

    def _on_content(
        self,
        line: Line,
        matches: list[Match],
        abstentions: list[Line],
        fact: MessagePosted | MessageEdited | None = None,
    ) -> list[Line]:
        group, author, at = line["group"], line["data"]["author"], line["at"]
        blocked, muted = self.is_blocked(group, author, at), self.history.is_muted(group, author, at)
        held = blocked or muted or self.history.is_removed(group, author)
        findings = [self._flagged(line, match, held) for match in matches]
        said = findings + abstentions
        deletion = verdict(line, "message-deleted", message=line["data"]["message"])
        if self.history.is_late(line):
            return said
        if held:
            return [*said, *(self._kick_once(line) if blocked else []), *self._muted_in_vain(line), deletion]
        broken = self._broken(line, fact) if fact is not None else []
        return said + self._follow(line, findings, broken)

    def _on_name(self, line: Line, fact: MemberJoined | MemberRenamed) -> list[Line]:
        group, member, at = line["group"], line["data"]["member"], line["at"]
        joins = isinstance(fact, MemberJoined)
        late, blocked = self.history.is_late(line), self.is_blocked(group, member, at)
        kicked = joins and blocked and not late
        kick = [verdict(line, "member-kicked", member=member, cause="blocklist", message=None)] if kicked else []
        still = self._renewed(line) if joins and not kicked and not late else []
        held = blocked or self.history.is_muted(group, member, at)
        held = held or (not joins and self.history.is_removed(group, member))
        findings = [self._flagged(line, match, held) for match in self._name_matches(fact)]
        if joins and self.history.is_inside(group, member):
            known = [(old["data"]["rule"], old["data"]["spans"]) for old in self.history.found_in_name(group, member)]
            news = [each for each in findings if (each["data"]["rule"], each["data"]["spans"]) not in known]
            findings = findings if news else []
        if not findings or late or held:
            return [*findings, *kick, *still]
        return findings + self._follow(line, findings, still)

    def _flagged(self, line: Line, match: Match, held: bool) -> Line:
        """The finding of a match, and whether it is excused, in the shadow, or one too many."""
        finding = self._finding(line, match)
        data, policy = finding["data"], self._policy(match.rule)
        person = self.exempts(line, "person", data["author"])
        data["exempt"] = data["exempt"] or person
        hosts, apps = match.quoted.get("hosts"), match.quoted.get("apps")
        excused = bool(hosts) and all(self.exempts_host(line, host) for host in hosts or ())
        excused = excused or (bool(apps) and all(self.exempts(line, "mini-program", app) for app in apps or ()))
        spared = data["exempt"] or held or data.get("late") or data["message"] in self._struck_for(line, match.rule)
        capped = not (spared or policy.shadow or excused or policy.severity == "minor") and self._limit(line, policy)
        flags = {"shadow": policy.shadow, "excused": excused, "capped": bool(capped)}
        data |= {name: True for name, value in flags.items() if value}
        return finding

    def _policy(self, rule: str) -> Any:
        return next(policy for policy in self.rulebook.policies if policy.id == rule)

    def _struck_for(self, line: Line, rule: str) -> list[str]:
        """The messages of the group that brought a strike by this rule."""
        old = [strike["data"] for strike in self.history.strikes(line["group"])]
        return [each["message"] for each in old if each["rule"] == rule and each["message"] is not None]

    def _limit(self, line: Line, policy: Any) -> tuple[int, int] | None:
        """How many strikes within how long are as many as the rule may bring; None when they are not reached."""
        mine = [old["at"] for old in self.history.strikes(line["group"]) if old["data"]["rule"] == policy.id]
        for limit, window in ((policy.max_per_hour, HOUR), (policy.max_per_day, DAY)):
            if limit is not None and len([at for at in mine if line["at"] - window < at <= line["at"]]) >= limit:
                return limit, window
        return None

    # --- what follows -------------------------------------------------------------------------------------------

    def _follow(self, line: Line, findings: list[Line], broken: list[Line]) -> list[Line]:
        """Alarms, the strike with what it leads to, and what was broken; the message goes once."""
        alarms = [alarm for each in findings if each["data"].get("capped") for alarm in self._alarm(line, each)]
        led = self._punish(line, [each["data"] for each in findings])
        cut = [index for index, each in enumerate(led) if each["type"] in _BEHIND]
        first = cut[0] if cut else len(led)
        before, behind = led[:first], [each for each in led[first:] if each["type"] != "message-deleted"]
        message = line["data"].get("message")
        goes = len(behind) < len(led) - first or (bool(broken) and message is not None)
        deletion = [verdict(line, "message-deleted", message=message)] if goes else []
        return [*alarms, *before, *broken, *deletion, *behind]

    def _alarm(self, line: Line, finding: Line) -> list[Line]:
        """The alarm, unless it was raised since the last strike of the rule."""
        rule, limit = finding["data"]["rule"], self._limit(line, self._policy(finding["data"]["rule"]))
        assert limit is not None
        struck = [old["at"] for old in self.history.strikes(line["group"]) if old["data"]["rule"] == rule]
        raised = [
            old["at"] for old in self.history.all(line["group"], "breaker-tripped") if old["data"]["rule"] == rule
        ]
        if raised and max(raised) >= max(struck):
            return []
        data = {"message": finding["data"]["message"], "rule": rule, "limit": limit[0], "window": limit[1]}
        return [verdict(line, "breaker-tripped", **data)]

    def _punish(self, line: Line, findings: list[Line]) -> list[Line]:
        group, at, message = line["group"], line["at"], line["data"].get("message")
        worst = self._worst(line, [each for each in findings if not _leads_nowhere(each)])
        if worst is None:
            return []
        author, policy = worst["author"], self._policy(worst["rule"])
        ladder = self.rulebook.ladders.get(worst["category"], self.rulebook.ladder)
        peers = [
            strike
            for strike in self.live(group, author, at)
            if self.rulebook.ladders.get(strike["data"]["category"], self.rulebook.ladder) is ladder
        ]
        count = policy.weight + sum(weight_of(strike, at) for strike in peers)
        severe = "severe" in (worst["severity"], *(strike["data"]["severity"] for strike in peers))
        last = len(ladder.rungs)
        base = min(last, max(count, (ladder.severe_from or last) if severe else 0))
        raised = self._aggravations(line, worst, ladder, base)
        steps = sum(each["data"]["steps"] for each in raised)
        scope, owner = self._reach(ladder.scope, group)
        more: dict[str, Any] = {
            "weight": (policy.weight, 1),
            "decay": (ladder.decay, None),
            "clean": (ladder.good_behaviour, None),
        }
        more |= {"scope": (scope, "group"), "owner": (owner, None), "steps": (steps, 0)}
        strike = verdict(
            line,
            "strike-recorded",
            member=author,
            message=message,
            rule=worst["rule"],
            category=worst["category"],
            severity=worst["severity"],
            expires=None if ladder.memory == "forever" else at + ladder.memory,
            strikes=count,
            **{name: value for name, (value, default) in more.items() if value != default},
        )
        return [strike, *raised, *self._rung(line, worst, ladder, ladder.rungs[base + steps - 1], count)]

    def _aggravations(self, line: Line, worst: Line, ladder: Any, base: int) -> list[Line]:
        there = self.factors(line, worst["author"])
        room, lines = min(ladder.max_steps, len(ladder.rungs) - base), []
        for factor in sorted(ladder.aggravators):
            added = min(room, ladder.aggravators[factor])
            if factor in there and added:
                room -= added
                data = {"member": worst["author"], "message": worst["message"], "factor": factor, "steps": added}
                lines.append(verdict(line, "aggravation-applied", **data))
        return lines

    def _rung(self, line: Line, worst: Line, ladder: Any, rung: Any, count: int) -> list[Line]:
        member, message, at = worst["author"], worst["message"], line["at"]
        said = self.history.all(line["group"], "statement-posted", "member-notified")
        lately = [old for old in said if at - MINUTE < old["at"] <= at]
        quiet = ladder.statements_per_minute is not None and len(lately) >= ladder.statements_per_minute
        until = None if rung.for_ in (None, "forever") else at + rung.for_
        slow = {"slow": rung.slow} if rung.slow else {}
        made: dict[str, tuple[str, dict[str, Any]]] = {
            "notice": ("member-notified", {"rule": worst["rule"]}),
            "warn": ("member-warned", {"strikes": count}),
            "mute": ("member-muted", {"until": until}),
            "restrict": ("member-restricted", {"until": until, "restrictions": list(rung.restrict), **slow}),
            "kick": ("member-kicked", {"cause": "ladder"}),
            "ban": ("member-banned", {}),
        }
        lines = []
        if rung.sanction in made and not (rung.sanction == "notice" and quiet):
            name, data = made[rung.sanction]
            lines.append(verdict(line, name, member=member, message=message, **data))
        if message is not None and (rung.delete or rung.sanction == "delete"):
            lines.append(verdict(line, "message-deleted", message=message))
        wanted = "org" if rung.sanction == "ban" else rung.block
        if wanted:
            scope, owner = self._reach(wanted, line["group"])
            more = {"owner": owner, "until": None if rung.block_for in (None, "forever") else at + rung.block_for}
            kept = {name: value for name, value in more.items() if value is not None}
            lines.append(verdict(line, "member-blocked", member=member, scope=scope, **kept))
        if rung.sanction in TOTAL_REMOVALS and rung.statement and not quiet:
            text = rung.statement.format(member=member, rule=worst["rule"], category=worst["category"])
            lines.append(verdict(line, "statement-posted", member=member, rule=worst["rule"], text=text))
        return lines

    def _reach(self, scope: str, group: str) -> tuple[str, str | None]:
        owner = self.owner(group)
        return ("group" if owner is None else "owner", owner) if scope == "owner" else (scope, None)

    # --- sanctions in force -------------------------------------------------------------------------------------

    def _broken(self, line: Line, fact: MessagePosted | MessageEdited) -> list[Line]:
        """The restrictions that a message passes over."""
        author, at, lines = line["data"]["author"], line["at"], []
        links = self.rulebook.reader.read(fact.text, fact.parts).links
        shown = {"no-links": any("mini-program" not in link.steps for link in links)}
        shown["no-media"] = any(part.kind in MEDIA for part in fact.parts)
        for sanction in self.restrictions(line["group"], author, at):
            terms = self.terms(sanction)
            names, slow = terms.get("restrictions", ()), terms.get("slow")
            too_soon = slow and line["type"] == "message-posted" and self.spoke(line) > at - slow
            words = [word for word in ("no-links", "no-media") if word in names and shown[word]]
            what = words[0] if words else "slow-mode" if too_soon else None
            if what:
                lines.append(_violated(line, sanction, what=what))
        return lines

    def _muted_in_vain(self, line: Line) -> list[Line]:
        reports = self.history.all(line["group"], "action-reported") + self.history.all(None, "action-reported")
        keys = [old["data"]["action"] for old in reports if old["data"]["outcome"] == "not-enforceable"]
        mutes = self.in_force(line["group"], line["data"]["author"], line["at"], "mute")
        named = [mute for mute in mutes if any(key == id_of(mute) or key.endswith(f"/{id_of(mute)}") for key in keys)]
        return [_violated(line, mute) for mute in named]

    def _renewed(self, line: Line) -> list[Line]:
        kinds = ("mute", "restrict") if self.rulebook.renew_mutes else ("restrict",)
        lines = []
        for sanction in self.in_force(line["group"], line["data"]["member"], line["at"], *kinds):
            data = self.terms(sanction)
            more = {name: data[name] for name in ("restrictions", "slow") if data.get(name)}
            more |= {"sanction": id_of(sanction), "kind": kind_of(sanction), "until": data.get("until")}
            lines.append(verdict(line, "sanction-renewed", member=data["member"], **more))
        return lines

    # --- blocklists and links -----------------------------------------------------------------------------------

    def is_blocked(self, group: str, person: str, at: int) -> bool:
        """Whether a blocklist keeps somebody out, or an account of theirs where the rules look at those, too."""
        accounts = [person, *(self.linked(group, person) if self.rulebook.blocks_follow_links else ())]
        return any(self.blocks(group, account, at) for account in accounts)

    # --- time ---------------------------------------------------------------------------------------------------

    def _on_time(self, line: Line) -> list[Line]:
        due = [*self._mutes_over(line), *self._restrictions_over(line), *self._blocks_ended(line)]
        return [told for _, _, _, told in sorted(due, key=lambda entry: entry[:3])]

    def _restrictions_over(self, line: Line) -> list[Due]:
        """What members may do again: what ended since the time was told last, and nothing else forbids."""
        group, now = line["group"], line["data"]["now"]
        over: dict[str, list[Line]] = {}
        for sanction in self.history.sanctions(group, "restrict"):
            until = sanction["data"].get("until")
            told = [old for old in self.history.since(sanction) if old["type"] == "time-advanced"]
            fresh = until is not None and not any(old["data"]["now"] >= until for old in told)
            if fresh and until <= now and not self.history.is_lifted(sanction):
                over.setdefault(sanction["data"]["member"], []).append(sanction)
        due: list[Due] = []
        for member, ended in over.items():
            held = {word for each in self.restrictions(group, member, now) for word in self.terms(each)["restrictions"]}
            words = sorted({word for each in ended for word in self.terms(each)["restrictions"]} - held)
            until = max(each["data"]["until"] for each in ended)
            if words:
                allowed = verdict(line, "restriction-ended", member=member, until=until, restrictions=words)
                due.append((until, "restrict", member, allowed))
        return due

    def _blocks_ended(self, line: Line) -> list[Due]:
        group, now = line["group"], line["data"]["now"]
        lists = dict.fromkeys(
            (list_of(old), old["data"].get("person") or old["data"].get("member")) for old in self.history.log
        )
        due: list[Due] = []
        for listed, person in lists:
            if (
                listed is None
                or (listed[0] == "group") != (group is not None)
                or (group is not None and listed[1] != group)
            ):
                continue
            entry = self.entry(*listed, person)
            until = entry["data"].get("until") if entry is not None else None
            if until is not None and until <= now:
                more = {"owner": listed[1]} if listed[0] == "owner" else {}
                told = verdict(line, "member-unblocked", member=person, scope=listed[0], **more)
                due.append((until, "block" if listed[0] != "owner" else f"block:{listed[1]}", person, told))
        return due


_BEHIND = ("message-deleted", "member-blocked", "statement-posted")


def _leads_nowhere(finding: Line) -> bool:
    return any(finding.get(flag) for flag in ("shadow", "capped", "excused"))


def _violated(line: Line, sanction: Line, **more: Any) -> Line:
    data = {"member": line["data"]["author"], "message": line["data"]["message"]}
    return verdict(line, "sanction-violated", **data, sanction=id_of(sanction), kind=kind_of(sanction), **more)
