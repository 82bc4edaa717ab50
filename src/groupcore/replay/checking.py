"""Checking texts alone: what the content policies of a rulebook object to, with no log and no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from groupcore.errors import InputError
from groupcore.messages import Part, scrub
from groupcore.policies.base import Match
from groupcore.rulebook import Rulebook
from groupcore.text.strings import strings_of
from groupcore.wire import loads


def check_text(
    rules: Rulebook, text: str, parts: Iterable[Part] = (), *, explained: bool = False
) -> list[dict[str, Any]]:
    """What *rules* object to in one message, in the order of the rulebook, as the contract writes it.

    Window policies take no part. The evidence holds what the policies quote from the text (hosts, numbers),
    which no log ever stores. If *explained*, each finding has ``hits``: where each thing was found, what it was read
    as, the foldings and tricks that were undone (``through``), and how sure that is (``score``).
    """
    parts = tuple(parts)
    reading = rules.reader.read(text, parts)
    matches = [match for policy in rules.content if (match := policy.find(reading)) is not None]
    findings = [_finding(match, rules) for match in matches]
    if explained:
        strings = _strings(text, parts)
        for finding, match in zip(findings, matches, strict=True):
            finding["hits"] = [_hit(hit, strings) for hit in match.hits or reading.hits(match.rule)]
    return findings


def _finding(match: Match, rules: Rulebook) -> dict[str, Any]:
    policy = rules.rule(match.rule)
    return {
        "rule": policy.id,
        "policy": policy.kind,
        "category": policy.category,
        "severity": policy.severity,
        "spans": [list(span) for span in match.spans],
        "evidence": {**match.evidence, **match.quoted},
    }


def _strings(text: str, parts: Sequence[Part]) -> Mapping[str | None, str]:
    """The text, and the strings of the parts by the names of their places."""
    found: dict[str | None, str] = {None: text}
    for addresses in (False, True):
        found |= {string.field: string.text for string in strings_of(parts, quotes=True, addresses=addresses)}
    return found


def _hit(hit: Any, strings: Mapping[str | None, str]) -> dict[str, Any]:
    string = strings.get(hit.field, "")
    told: dict[str, Any] = {"field": hit.field, "span": [hit.start, hit.end], "text": string[hit.start : hit.end]}
    for name in ("word", "host", "domain", "leads_to", "value"):
        if value := getattr(hit, name, ""):
            told[name] = value
    if hit.field is not None:
        told["string"] = string
    return {**told, "through": list(hit.steps), "score": hit.score}


def read_message(line: bytes) -> tuple[str, tuple[Part, ...]]:
    """The text and parts of ``{"text": ..., "parts": [...]}``, other keys left alone. Raises InputError."""
    given = loads(line)
    if not isinstance(given, Mapping):
        raise InputError(f'expected an object such as {{"text": ...}}, found {type(given).__name__}')
    if "text" not in given and "parts" not in given:
        raise InputError('the object has neither "text" nor "parts"')
    text, parts = given.get("text", ""), given.get("parts", [])
    if not isinstance(text, str):
        raise InputError('"text" must be a string')
    if not isinstance(parts, list):
        raise InputError('"parts" must be a list')
    return scrub(text), tuple(Part.of(part, f"parts[{index}]") for index, part in enumerate(parts))
