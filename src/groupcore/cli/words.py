"""Events as people say them: what happened or was decided, and why. Nothing of it can steer a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from groupcore.clock import format_duration, format_instant
from groupcore.events import ErasureOrdered, Event, Opaque, TextErased, data_of, facts, verdicts
from groupcore.events.verdicts import Span
from groupcore.ladder import Rung, Term

OPEN, CLOSE = "⟦", "⟧"
"""What stands around the spans of a finding."""

_SCOPES = {"group": "group", "org": "organisation"}

AROUND = 60  # characters shown on each side of a span, where a text is long


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
    flags = [name for name in ("exempt", "late", "coarse") if getattr(event, name)]
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


def until(at: int | None) -> str:
    """When something ends."""
    return "for ever" if at is None else f"until {format_instant(at)}"


def _by(event: Any) -> str:
    return f" (by {plain(event.by)})" if event.by else ""


def _because(event: Any) -> str:
    return f": {plain(event.reason)}" if event.reason else ""


def _kick(event: verdicts.MemberKicked) -> str:
    if event.because == "ladder":
        return f"{plain(event.member)} is removed: the ladder says so"
    how = "came back" if event.message is None else "spoke"
    return f"{plain(event.member)} {how} and is removed: they are on the blocklist"


def _message(event: facts.MessagePosted | facts.MessageEdited) -> str:
    verb = "edits" if isinstance(event, facts.MessageEdited) else "posts"
    carried = " ".join(f"[{part.kind}]" for part in event.parts)
    return " ".join(filter(None, [f"{plain(event.author)} {verb} {plain(event.message)}:", shown(event.text), carried]))


def _named(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_WORDS: dict[type[Event], Callable[[Any], str]] = {
    verdicts.RuleAbstained: lambda e: f"{plain(e.rule)} cannot judge here: {e.reason} (resolution {e.resolution})",
    verdicts.StrikeRecorded: lambda e: (
        f"a strike against {plain(e.member)} for {plain(e.rule)}, {_named(e.strikes, 'live strike')} now, "
        f"counting {until(e.expires)}"
    ),
    verdicts.MemberWarned: lambda e: f"{plain(e.member)} is warned, with {_named(e.strikes, 'live strike')}",
    verdicts.MemberMuted: lambda e: f"{plain(e.member)} is muted {until(e.until)}",
    verdicts.MemberKicked: _kick,
    verdicts.MessageDeleted: lambda e: f"the message {plain(e.message)} is deleted",
    verdicts.MemberBlocked: lambda e: f"{plain(e.member)} is put on the blocklist of the {_SCOPES[e.scope]}",
    verdicts.StatementPosted: lambda e: f"said in the group: {shown(' / '.join(e.text.splitlines()))}",
    verdicts.StrikeVoided: lambda e: f"a strike against {plain(e.member)} is void: {plain(e.strike)}",
    verdicts.SanctionVoided: lambda e: f"a sanction of {plain(e.member)} is lifted: {plain(e.sanction)}",
    verdicts.MemberUnblocked: lambda e: f"{plain(e.member)} is off the blocklist of the {_SCOPES[e.scope]}",
    verdicts.MemberUnmuted: lambda e: f"the mute of {plain(e.member)} ran out at {format_instant(e.until)}",
    facts.GroupOpened: lambda e: f"the group {plain(e.name)} is opened, owner {plain(e.owner or 'unknown')}",
    facts.GroupRenamed: lambda e: f"the group is now called {plain(e.name)}{_by(e)}",
    facts.OwnerChanged: lambda e: f"{plain(e.owner)} owns the group{_by(e)}",
    facts.RoleGranted: lambda e: f"{plain(e.member)} is now {e.role}{_by(e)}",
    facts.RoleRevoked: lambda e: f"{plain(e.member)} is no longer {e.role}{_by(e)}",
    facts.MemberJoined: lambda e: f"{plain(e.member)} joins" + (f", as {plain(e.name)}" if e.name else ""),
    facts.MemberLeft: lambda e: f"{plain(e.member)} leaves" + (", as decided" if e.effect_of else _because(e)),
    facts.MemberRemoved: lambda e: f"{plain(e.member)} is removed{_by(e)}{_because(e)}",
    facts.MemberRenamed: lambda e: f"{plain(e.member)} is now called {plain(e.name)}",
    facts.MessagePosted: _message,
    facts.MessageEdited: _message,
    facts.MessageRevoked: lambda e: f"the message {plain(e.message)} is taken back{_by(e)}",
    facts.RulebookAdopted: lambda e: f"the rulebook {plain(e.name)} ({e.digest[:12]}) is in force",
    facts.PersonBlocked: lambda e: f"{plain(e.person)} is blocked {until(e.until)}{_by(e)}{_because(e)}",
    facts.PersonUnblocked: lambda e: f"{plain(e.person)} is unblocked{_by(e)}{_because(e)}",
    facts.SanctionOrdered: lambda e: (
        f"staff orders: {e.sanction} {plain(e.member)}{' ' + until(e.until) if e.sanction == 'mute' else ''}"
        f"{_by(e)}{_because(e)}"
    ),
    facts.SanctionLifted: lambda e: f"staff pardons {plain(e.member)} ({e.sanction}){_by(e)}{_because(e)}",
    facts.AppealFiled: lambda e: f"{plain(e.member)} appeals against {plain(e.sanction)}{_because(e)}",
    facts.AppealDecided: lambda e: f"the appeal is {e.outcome}{_by(e)}{_because(e)}",
    facts.TimeAdvanced: lambda e: f"the time is {format_instant(e.now)}",
    ErasureOrdered: lambda e: (
        f"the text {f'of {plain(e.member)}' if e.member is not None else 'named'} is to be erased from "
        f"{_named(e.count, 'event')}{_by(e)}{f': {plain(e.reason)}' if e.reason else ''}"
    ),
    TextErased: lambda e: f"the text of {_named(e.count, 'event')} is erased",
    facts.ImportConflict: lambda e: f"the fact {plain(e.fact)} came again with another {', '.join(e.fields)}",
}


def rung_in_words(rung: Rung) -> str:
    """What a rung of the ladder does: ``mute 1d, the message deleted``."""
    said = rung.sanction if rung.for_ is None else f"{rung.sanction} {_term(rung.for_)}"
    more = ["the message deleted"] * rung.delete
    if rung.block is not None:
        more.append(f"blocked from the {_SCOPES[rung.block]}")
    return ", ".join([said, *more])


def _term(term: Term) -> str:
    return "for ever" if term == "forever" else format_duration(term)


_STEERING = frozenset("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain(text: str) -> str:
    """*text* with what would steer a terminal or reorder a line written out: ``\\n``, ``\\u202e``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _is_harmless(char) else _escaped(char) for char in text)


def _is_harmless(char: str) -> bool:
    return char not in _STEERING and unicodedata.category(char) not in ("Cc", "Cs")


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode()


def shown(text: str) -> str:
    """A text for one line: as it is, its middle left out where it is long."""
    return plain(text) if len(text) <= 4 * AROUND else f"{plain(text[: 3 * AROUND])}…{plain(text[-AROUND:])}"


def marked(text: str, spans: Iterable[Span]) -> str:
    """*text* with ``⟦`` and ``⟧`` around each span; what is far from any is left out.

    >>> marked("有事请加微信 abc", [(3, 6)])
    '有事请⟦加微信⟧ abc'
    """
    pieces: list[str] = []
    end = 0
    for start, stop in _merged(spans):
        pieces += [_between(text[end:start], first=not pieces), OPEN, shown(text[start:stop]), CLOSE]
        end = stop
    tail = text[end:]
    return "".join(pieces) + (plain(tail) if len(tail) <= 2 * AROUND else f"{plain(tail[:AROUND])}…")


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch made one."""
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _between(text: str, first: bool) -> str:
    """What stands before a span: where it is long, its end, and its beginning unless it is the *first*."""
    if len(text) <= 2 * AROUND:
        return plain(text)
    return f"{'' if first else plain(text[:AROUND])}…{plain(text[-AROUND:])}"
