"""Appeals: who may contest what, until when, and what an overturned one takes back: all that stood on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groupcore.clock import format_duration, format_instant
from groupcore.commands import DecideAppeal, FileAppeal
from groupcore.deciding.powers import require
from groupcore.deciding.recomputing import Sentence, recompute, take_back, tracks_under
from groupcore.errors import DecisionRefused
from groupcore.events.base import Fact, VerdictEvent
from groupcore.events.facts import AppealDecided, AppealFiled, StandingReviewed
from groupcore.events.identity import new_fact
from groupcore.events.verdicts import SanctionReduced, StrikeVoided
from groupcore.rulebook import Rulebook
from groupcore.sanctions import TERMS, WORDS, has_no_end
from groupcore.state import Group, Member, State
from groupcore.state.sanction import Sanction, Strike, live


def file_appeal(command: FileAppeal, state: State, rules: Rulebook | None = None) -> AppealFiled:
    """The appeal as a fact.

    Refused where there is no such sanction, where nothing of it stands any more, when it comes too late, when it was
    appealed before, and to whom it does not concern.
    """
    group, where = state.groups.get(command.group), command.group
    found = _sanction(group, command.member, command.sanction)
    if found is None:
        raise DecisionRefused(f"{where}: {command.member} has no sanction {command.sanction}", "unknown")
    if command.by is not None and command.by != command.member:
        require("appeals", command.by, where, state, rules)
    if group is not None and command.sanction in group.appeals:
        raise DecisionRefused(f"{where}: the sanction {command.sanction} was appealed before", "over")
    _refuse_what_is_over(command, found, state)
    _refuse_what_is_late(command, found, rules)
    return new_fact(
        AppealFiled,
        at=command.at,
        group=where,
        member=command.member,
        sanction=command.sanction,
        by=command.by,
        reason=command.reason,
    )


def _refuse_what_is_over(command: FileAppeal, sanction: Sanction, state: State) -> None:
    """A sanction that is over, and whose strike counts no more, weighs on nobody. What people ordered always does."""
    strike = _strike(command.group, command.member, sanction, state)
    over = sanction.lifted or sanction.kind in WORDS or sanction.is_past(command.at)
    if strike is None or not over:
        return
    if strike in live(state.strikes_anywhere(command.group, command.member), command.at):
        return
    if strike.voided:
        raise DecisionRefused(f"{command.group}: the {sanction.kind} {sanction.id} was taken back before", "over")
    past = strike.expires if strike.is_over(command.at) else None
    ended = f"on {format_instant(past)}" if past is not None else "by good behaviour or decay"
    told = f"{command.group}: the {sanction.kind} expired {ended}; nothing stands on it any more"
    raise DecisionRefused(told, "over")


def _refuse_what_is_late(command: FileAppeal, sanction: Sanction, rules: Rulebook | None) -> None:
    window = rules.appeal_window if rules is not None else "forever"
    if window != "forever" and command.at >= sanction.at + window:
        ended = format_instant(sanction.at + window)
        told = f"the time to appeal, {format_duration(window)}, ended on {ended}"
        raise DecisionRefused(f"{command.group}: {told}; staff may still lift the {sanction.kind}", "over")


def decide_appeal(command: DecideAppeal, state: State, rules: Rulebook | None = None) -> Sequence[Fact]:
    """The decision as a fact, and a review of each other group where the voided strike counted.

    Where it `weighs_in_groups`, *state* has to hold all of them.
    Refused without an open appeal, without the power, to whoever ordered the sanction or is under it, and where
    it would be reduced to something that is not milder.
    """
    group = state.groups.get(command.group)
    appeal = group.appeals.get(command.sanction) if group is not None else None
    if group is None or appeal is None:
        told = f"{command.group}: nobody appealed against {command.sanction}; file an appeal first"
        raise DecisionRefused(told, "unknown")
    if appeal.outcome is not None:
        told = f"{command.group}: the appeal against {command.sanction} was {appeal.outcome} before"
        raise DecisionRefused(told, "over")
    sanction = _sanction(group, appeal.member, command.sanction)
    if command.by == appeal.member or (sanction is not None and sanction.by == command.by):
        told = f"{command.group}: {command.by} has a part in it; somebody else must decide the appeal"
        raise DecisionRefused(told, "own-appeal")
    require("appeals", command.by, command.group, state, rules)
    _refuse_what_is_not_milder(command, sanction)
    decided = new_fact(
        AppealDecided,
        at=command.at,
        group=command.group,
        sanction=command.sanction,
        by=command.by,
        outcome=command.outcome,
        reason=command.reason,
        reduced_to=command.reduced_to,
        until=command.until,
        domino=command.domino,
    )
    strike = _strike(command.group, appeal.member, sanction, state) if sanction is not None else None
    if command.outcome != "overturned" or strike is None or strike.scope == "group":
        return [decided]
    wide = state.org.strikes[appeal.member]  # in the order of the log: a message that came late counted it, too
    since = {each.group for each in wide[wide.index(strike) :]}
    seen = [_review(decided, group, appeal.member) for group in sorted(since - {command.group})]
    return [decided, *seen, *_unseen(decided, seen, strike, appeal.member, state, rules)]


def _refuse_what_is_not_milder(command: DecideAppeal, sanction: Sanction | None) -> None:
    where, kind = command.group, command.reduced_to
    if command.outcome != "reduced":
        if kind is not None or command.until is not None:
            raise DecisionRefused(f"{where}: only an appeal that is 'reduced' names what it is reduced to")
        return
    if kind is None:
        raise DecisionRefused(f"{where}: name what the sanction is reduced to, such as 'warn' or a shorter 'mute'")
    if kind in TERMS and command.until is not None and command.until <= command.at:
        raise DecisionRefused(f"{where}: the {kind} would end before it begins; choose a later time, or 'warn'")
    if kind not in TERMS and command.until is not None:
        raise DecisionRefused(f"{where}: {has_no_end(kind)}")
    if sanction is None:
        return
    before, after = Sentence(sanction.kind, sanction.until), Sentence(kind, command.until)
    if kind == "restrict" and sanction.kind != "restrict":
        raise DecisionRefused(
            f"{where}: a {sanction.kind} says nothing of what would be restricted; reduce it to a mute"
        )
    if after.gravity >= before.gravity:
        raise DecisionRefused(f"{where}: that is no milder than the {sanction.kind} it would replace")


def _review(decided: AppealDecided, group: str, member: str) -> StandingReviewed:
    return new_fact(
        StandingReviewed,
        at=decided.at,
        group=group,
        member=member,
        because=decided.id,
        by=decided.by,
        domino=decided.domino,
    )


def _unseen(
    decided: AppealDecided,
    seen: Sequence[StandingReviewed],
    strike: Strike,
    member: str,
    state: State,
    rules: Rulebook | None,
) -> Iterator[StandingReviewed]:
    """Reviews of groups where it weighed on strikes that count nowhere else, as far as anything changes there."""
    if rules is None or not _weighs_in_groups(strike, state, rules):
        return
    for group in sorted(state.groups.keys() - {decided.group, *(review.group for review in seen)}):
        review, known = _review(decided, group, member), state.standing(group, member)
        if known is not None and any(recompute(review, known, state, rules, {strike.id}, "list")):
            yield review


def weighs_in_groups(command: DecideAppeal, state: State, rules: Rulebook) -> bool:
    """Whether *command* may void a strike that weighed on strikes of other groups which count nowhere else."""
    group = state.groups.get(command.group)
    appeal = group.appeals.get(command.sanction) if group is not None else None
    sanction = _sanction(group, appeal.member, command.sanction) if appeal is not None else None
    if appeal is None or appeal.outcome is not None or sanction is None or command.outcome != "overturned":
        return False
    strike = _strike(command.group, appeal.member, sanction, state)
    return strike is not None and strike.scope != "group" and _weighs_in_groups(strike, state, rules)


def _weighs_in_groups(strike: Strike, state: State, rules: Rulebook) -> bool:
    """A ladder of each group counts what reaches beyond one only where another rulebook made the strike reach so."""
    tracks = (tracks_under(digest, state, rules) for digest in state.org.rulebooks)
    return any(each.ladder(strike.category).scope == "group" for each in tracks)


def answer_decision(fact: AppealDecided, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """What an appeal takes back. A decision about a sanction that is not there is moot."""
    group = state.groups.get(fact.group or "")
    appeal = group.appeals.get(fact.sanction) if group is not None else None
    if group is None or appeal is None or appeal.outcome is not None or fact.outcome == "upheld":
        return []
    sanction = _sanction(group, appeal.member, fact.sanction)
    if sanction is None:
        return []
    answer = _reduced if fact.outcome == "reduced" else _overturned
    return list(answer(fact, group.members[appeal.member], sanction, state, rules))


def _overturned(
    fact: AppealDecided, member: Member, sanction: Sanction, state: State, rules: Rulebook
) -> Iterator[VerdictEvent]:
    at, group, cause = fact.at, fact.group, fact.id
    strike = _strike(group or "", member.id, sanction, state)
    if strike is not None:
        yield StrikeVoided(at=at, group=group, cause=cause, member=member.id, strike=strike.id, scope=strike.scope)
    yield from take_back(fact, member, sanction, state)
    if strike is not None:
        yield from recompute(fact, member, state, rules, {strike.id}, fact.domino)


def _reduced(
    fact: AppealDecided, member: Member, sanction: Sanction, state: State, rules: Rulebook
) -> Iterator[VerdictEvent]:
    yield from take_back(fact, member, sanction, state)
    if fact.reduced_to is not None:
        yield SanctionReduced(
            at=fact.at,
            group=fact.group,
            cause=fact.id,
            member=member.id,
            sanction=sanction.id,
            kind=fact.reduced_to,
            until=fact.until,
            message=sanction.message,
        )


def answer_review(fact: StandingReviewed, state: State, rules: Rulebook) -> list[VerdictEvent]:
    """What the sanctions of a member in this group come to, now that a strike of another group is void."""
    member = state.standing(fact.group or "", fact.member)
    return list(recompute(fact, member, state, rules, (), fact.domino)) if member is not None else []


def _sanction(group: Group | None, member: str, id: str) -> Sanction | None:
    known = group.members.get(member) if group is not None else None
    return known.sanction(id) if known is not None else None


def _strike(group: str, member: str, sanction: Sanction, state: State) -> Strike | None:
    """The strike that a sanction answers, in sight or not: the group may have another owner by now."""
    return next((strike for strike in state.strikes_anywhere(group, member) if strike.id == sanction.strike), None)
