"""Events as people say them: what happened or was decided, and why. Nothing of it can steer a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groupcore.cli.pieces import SCOPES, because, by, counted, marked, plain, shown, until
from groupcore.cli.process_words import PROCESS
from groupcore.clock import format_duration, format_instant
from groupcore.events import ErasureOrdered, Event, Opaque, TextErased, data_of, facts, verdicts
from groupcore.events.sanctions import ENDED, GIVEN, SanctionEnded, SanctionGiven
from groupcore.ladder import Rung, Term
from groupcore.sanctions import SANCTIONS, TERMS


def told(event: Event, text: str | None = None) -> str:
    """An event in words; *text* is the message that it is about, if it is at hand."""
    if isinstance(event, verdicts.FindingRecorded):
        return _finding(event, text)
    if isinstance(event, Opaque):
        return f"an event of a newer version: {event.name}"
    words = _WORDS.get(event.__class__)
    said: str = words(event) if words is not None else plain(" ".join(f"{k}={v}" for k, v in data_of(event).items()))
    return said


def _finding(event: verdicts.FindingRecorded, text: str | None) -> str:
    where = f": {marked(text, event.spans)}" if text and event.spans else ""
    flags = [name for name in ("exempt", "late", "coarse", "shadow", "capped", "excused") if getattr(event, name)]
    about = ", ".join([event.policy, event.severity, *flags])
    return f"{plain(event.rule)} ({about}) objects to {plain(event.author)}: {evidence(event.evidence)}{where}"


def evidence(found: Mapping[str, Any]) -> str:
    """The evidence of a finding, in words: ``words 加微信; fields parts[0].title``."""
    return "; ".join(f"{key.replace('_', ' ')} {_value(key, value)}" for key, value in found.items())


def _value(key: str, value: Any) -> str:
    if key == "window" and isinstance(value, int):
        return format_duration(value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(str(item)) for item in value)
    return plain(str(value))


def how_read(hit: Mapping[str, Any]) -> str:
    """How one hit of a finding was read: ``hxxp://evil[.]com is evil.com through scheme, bracketed-dot; score 0.9``."""
    start, end = hit["span"]
    where = (
        f" in {plain(hit['field'])}: {marked(hit['string'], [(start, end)])}" if hit["field"] else f" at {start}-{end}"
    )
    meant = plain(str(next((hit[name] for name in ("word", "host", "value") if hit.get(name)), "")))
    more = [f", domain {plain(hit['domain'])}"] if hit.get("domain", meant) != meant else []
    more += [f", leads to {plain(hit['leads_to'])}"] if hit.get("leads_to") else []
    steps = f" through {', '.join(hit['through'])}" if hit["through"] else ""
    read = f" is {meant}" if meant and meant != hit["text"] else ""
    return f"{shown(hit['text'])}{where}{read}{''.join(more)}{steps}; score {hit['score']:g}"


def _kick(event: verdicts.MemberKicked) -> str:
    if event.because == "ladder":
        return f"{plain(event.member)} is removed: the ladder says so"
    how = "came back" if event.message is None else "spoke"
    return f"{plain(event.member)} {how} and is removed: they are on the blocklist"


def _message(event: facts.MessagePosted | facts.MessageEdited) -> str:
    verb = "edits" if isinstance(event, facts.MessageEdited) else "posts"
    carried = " ".join(f"[{part.kind}]" for part in event.parts)
    return " ".join(filter(None, [f"{plain(event.author)} {verb} {plain(event.message)}:", shown(event.text), carried]))


def _given(event: SanctionGiven) -> str:
    ends = f" {until(getattr(event, 'until', None))}" if event.kind in TERMS else ""
    return f"{plain(event.member)} gets a {SANCTIONS[event.kind].noun}{ends}"


def _ended(event: SanctionEnded) -> str:
    return f"the {SANCTIONS[event.kind].noun} of {plain(event.member)} ran out at {format_instant(event.until)}"


_WORDS: dict[type[Event], Callable[[Any], str]] = {
    **dict.fromkeys(GIVEN.values(), _given),  # the kinds that have no better words below
    **dict.fromkeys(ENDED.values(), _ended),
    verdicts.RuleAbstained: lambda e: f"{plain(e.rule)} cannot judge here: {e.reason} (resolution {e.resolution})",
    verdicts.StrikeRecorded: lambda e: (
        f"a strike against {plain(e.member)} for {plain(e.rule)}, {counted(e.strikes, 'live strike')} now, "
        f"counting {until(e.expires)}"
    ),
    verdicts.MemberWarned: lambda e: f"{plain(e.member)} is warned, with {counted(e.strikes, 'live strike')}",
    verdicts.MemberMuted: lambda e: f"{plain(e.member)} is muted {until(e.until)}",
    verdicts.MemberKicked: _kick,
    verdicts.MessageDeleted: lambda e: f"the message {plain(e.message)} is deleted",
    verdicts.MemberBlocked: lambda e: f"{plain(e.member)} is put on the blocklist of the {SCOPES[e.scope]}",
    verdicts.StatementPosted: lambda e: f"said in the group: {shown(' / '.join(e.text.splitlines()))}",
    verdicts.StrikeVoided: lambda e: f"a strike against {plain(e.member)} is void: {plain(e.strike)}",
    verdicts.SanctionVoided: lambda e: f"a sanction of {plain(e.member)} is lifted: {plain(e.sanction)}",
    verdicts.MemberUnblocked: lambda e: f"{plain(e.member)} is off the blocklist of the {SCOPES[e.scope]}",
    facts.GroupOpened: lambda e: f"the group {plain(e.name)} is opened, owner {plain(e.owner or 'unknown')}",
    facts.GroupRenamed: lambda e: f"the group is now called {plain(e.name)}{by(e)}",
    facts.OwnerChanged: lambda e: f"{plain(e.owner)} owns the group{by(e)}",
    facts.RoleGranted: lambda e: f"{plain(e.member)} is now {e.role}{by(e)}",
    facts.RoleRevoked: lambda e: f"{plain(e.member)} is no longer {e.role}{by(e)}",
    facts.MemberJoined: lambda e: f"{plain(e.member)} joins" + (f", as {plain(e.name)}" if e.name else ""),
    facts.MemberLeft: lambda e: f"{plain(e.member)} leaves" + (", as decided" if e.effect_of else because(e)),
    facts.MemberRemoved: lambda e: f"{plain(e.member)} is removed{by(e)}{because(e)}",
    facts.MemberRenamed: lambda e: f"{plain(e.member)} is now called {plain(e.name)}",
    facts.MessagePosted: _message,
    facts.MessageEdited: _message,
    facts.MessageRevoked: lambda e: f"the message {plain(e.message)} is taken back{by(e)}",
    facts.RulebookAdopted: lambda e: f"the rulebook {plain(e.name)} ({e.digest[:12]}) is in force",
    facts.PersonBlocked: lambda e: f"{plain(e.person)} is blocked {until(e.until)}{by(e)}{because(e)}",
    facts.PersonUnblocked: lambda e: f"{plain(e.person)} is unblocked{by(e)}{because(e)}",
    facts.SanctionOrdered: lambda e: (
        f"staff orders: {e.sanction} {plain(e.member)}{' ' + until(e.until) if e.sanction == 'mute' else ''}"
        f"{by(e)}{because(e)}"
    ),
    facts.SanctionLifted: lambda e: f"staff pardons {plain(e.member)} ({e.sanction}){by(e)}{because(e)}",
    facts.AppealFiled: lambda e: f"{plain(e.member)} appeals against {plain(e.sanction)}{because(e)}",
    facts.AppealDecided: lambda e: f"the appeal is {e.outcome}{by(e)}{because(e)}",
    facts.TimeAdvanced: lambda e: f"the time is {format_instant(e.now)}",
    ErasureOrdered: lambda e: (
        f"the text of {f'{plain(e.member)} in ' if e.member is not None else ''}{counted(e.count, 'event')} is to be "
        f"erased{by(e)}{f': {plain(e.reason)}' if e.reason else ''}"
    ),
    TextErased: lambda e: f"the text of {counted(e.count, 'event')} is erased",
    **PROCESS,
    facts.ImportConflict: lambda e: f"the fact {plain(e.fact)} came again with another {', '.join(e.fields)}",
}


def rung_in_words(rung: Rung) -> str:
    """What a rung of the ladder does: ``mute 1d, the message deleted``."""
    said = rung.sanction if rung.for_ is None else f"{rung.sanction} {_term(rung.for_)}"
    more = [*rung.restrict, *([f"one message each {format_duration(rung.slow)}"] if rung.slow else [])]
    more += ["the message deleted"] * rung.delete
    if rung.block is not None:
        ends = f" for {_term(rung.block_for)}" if rung.block_for not in (None, "forever") else ""
        more.append(f"blocked from the {SCOPES[rung.block]}{ends}")
    return ", ".join([said, *more])


def _term(term: Term) -> str:
    return "for ever" if term == "forever" else format_duration(term)
