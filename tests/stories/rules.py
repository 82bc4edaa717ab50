"""The rulebooks of the stories, made in one line each."""

from __future__ import annotations

from typing import Any

from groupcore.rulebook import Rulebook

WARN_MUTE_KICK = {
    "rungs": [
        {"sanction": "warn", "delete": True},
        {"sanction": "mute", "for": "1d", "delete": True},
        {"sanction": "kick", "block": "group", "delete": True},
    ]
}
WARN_KICK = {"rungs": [{"sanction": "warn"}, {"sanction": "kick"}]}
KICK_AND_BLOCK = {"rungs": [{"sanction": "kick", "block": "group", "delete": True, "statement": False}]}
JUST_KICK = {"rungs": [{"sanction": "kick", "statement": False}]}
JUST_MUTE = {"rungs": [{"sanction": "mute", "for": "1h"}]}


def book(*policies: dict[str, Any], ladder: dict[str, Any] | None = None, **top: Any) -> Rulebook:
    """A rulebook with these policies; without a ladder each strike is a warning."""
    more = {} if ladder is None else {"ladder": ladder}
    return Rulebook.from_mapping({"name": "story", "policy": list(policies), **more, **top})


def ads(**more: Any) -> dict[str, Any]:
    """The rule ``ads``: it objects to 加微信."""
    return {"kind": "keyword", "id": "ads", "words": ["加微信"], **more}


def flood(count: int = 3, window: str = "10s", **more: Any) -> dict[str, Any]:
    """The rule ``flood``: the third message in ten seconds."""
    return {"kind": "flood", "id": "flood", "count": count, "window": window, **more}


def repeat(count: int = 2, window: str = "5m", **more: Any) -> dict[str, Any]:
    """The rule ``repeat``: the same twice in five minutes."""
    return {"kind": "duplicate", "id": "repeat", "count": count, "window": window, **more}


def long(**more: Any) -> dict[str, Any]:
    """The rule ``long``."""
    return {"kind": "length", "id": "long", **more}
