"""Checking texts alone: what the content policies of a rulebook object to, with no log and no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from groupcore.errors import InputError
from groupcore.messages import Part, scrub
from groupcore.policies.base import Match
from groupcore.rulebook import Rulebook
from groupcore.wire import loads


def check_text(rules: Rulebook, text: str, parts: Iterable[Part] = ()) -> list[dict[str, Any]]:
    """What *rules* object to in one message, in the order of the rulebook, as the contract writes it.

    Window policies take no part. The evidence holds what the policies quote from the text (hosts, numbers),
    which no log ever stores.
    """
    reading = rules.reader.read(text, tuple(parts))
    matches = (policy.find(reading) for policy in rules.content)
    return [_finding(match, rules) for match in matches if match is not None]


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
