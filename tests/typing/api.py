"""How the public face is used, for mypy to read; nothing here runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_type

from groupcore import AsyncModerator, Message, Moderator, Rulebook, Verdict, load_rulebook
from groupcore.engine import Permission

rules: Rulebook = load_rulebook("rules.toml")
rules = load_rulebook(Path("rules.toml"))
rules = Rulebook.from_mapping({"name": "community", "policy": []})

message = Message(group="g1", author="amy", id="m1", at="2026-11-01T08:00:00Z", text="hello")
message = Message(group="g1", author="amy", id="m1", at=datetime.now(UTC))
message = Message(group="g1", author="amy", id="m1", at=0, parts=[{"kind": "link", "url": "https://example.com"}])


def serve() -> Sequence[object]:
    with Moderator.open("memory:", rules) as moderator:
        verdict = moderator.observe(message)
        assert_type(verdict, Verdict)
        assert_type(moderator.may("amy", "sanction", "g1", over="bo"), Permission)
        return [*verdict.findings, *verdict.actions, *verdict.events, verdict.sanction]


async def serve_async() -> None:
    async with await AsyncModerator.open("memory:", rules) as moderator:
        assert_type(await moderator.observe(message), Verdict)
        assert_type(await moderator.may("amy", "cases", "g1"), Permission)
