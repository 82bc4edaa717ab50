"""The rulebooks that the machine plays under unless you give it yours: a few calls lead to everything."""

from __future__ import annotations

from groupcore.rulebook import Rulebook
from groupcore.testing.strategies.texts import WORDS

TEXTS = (
    "", "hi", "大家好", *WORDS, "加微信支付", "no spam", "https://example.com/a?b=1", "see bit.ly/x", "x" * 30,
    "buy now 代购", "「bo: 代购」\n------\n同意",
)  # fmt: skip
"""What members say and are called unless you say it: small talk, and what these rules object to or excuse."""

DEFAULT_RULES = Rulebook.from_mapping(
    {
        "name": "machine",
        "ladder": {
            "memory": "1h",
            "severe_from": 3,
            "rungs": [
                {"sanction": "warn", "delete": True},
                {"sanction": "mute", "for": "1m", "delete": True},
                {"sanction": "kick"},
                {"sanction": "kick", "block": "org", "delete": True},
            ],
        },
        "policy": [
            {"kind": "keyword", "id": "words", "words": list(WORDS), "severity": "severe"},
            {"kind": "length", "id": "long", "max_chars": 25},
            {"kind": "nickname", "id": "names", "words": list(WORDS)},
            {"kind": "flood", "id": "flood", "count": 3, "window": "10s"},
            {"kind": "duplicate", "id": "again", "count": 2, "window": "1m", "severity": "minor"},
            {"kind": "raid", "id": "raid", "authors": 2, "window": "1m", "min_chars": 2},
        ],
    }
)
"""Rules under which a few calls lead to everything that messages lead to: each rung, three windows, all severities."""

PROCESS_RULES = Rulebook.from_mapping(
    {
        "name": "due process",
        "appeal_window": "1d",
        "renew_mutes": True,
        "blocks_follow_links": True,
        "ladder": {
            "memory": "1d",
            "scope": "owner",
            "severe_from": 4,
            "aggravators": {"minor-victim": 1, "linked-accounts": 1},
            "max_steps": 1,
            "statements_per_minute": 1,
            "rungs": [
                {"sanction": "notice"},
                {"sanction": "warn", "delete": True},
                {"sanction": "restrict", "for": "6h", "restrict": ["no-links", "slow-mode"], "slow": "1m"},
                {"sanction": "mute", "for": "1h"},
                {"sanction": "kick", "block": "owner", "block_for": "6h"},
                {"sanction": "ban", "delete": True},
            ],
        },
        "ladders": {
            "fraud": {
                "scope": "org",
                "decay": "1h",
                "good_behaviour": "6h",
                "rungs": [
                    {"sanction": "warn"},
                    {"sanction": "mute", "for": "1m"},
                    {"sanction": "kick", "block": "group"},
                ],
            }
        },
        "policy": [
            {"kind": "keyword", "id": "ads", "words": ["加微信", "代购"]},
            {"kind": "keyword", "id": "tried", "words": ["大家好"], "shadow": True},
            {"kind": "keyword", "id": "scam", "category": "fraud", "weight": 2, "words": ["spam"], "max_per_hour": 2},
            {"kind": "keyword", "id": "threat", "severity": "severe", "words": ["buy now"]},
            {"kind": "link", "id": "links", "severity": "minor", "deny": ["example.com"]},
            {"kind": "link", "id": "short", "category": "fraud", "deny": ["bit.ly"], "max_per_day": 1},
            {"kind": "mini-program", "id": "mini", "allow": ["wx34@app"]},
            {"kind": "labels", "id": "toxic", "labels": {"toxic": 0.5}},
            {"kind": "nickname", "id": "names", "category": "fraud", "words": ["代购"]},
        ],
    }
)
"""Rules of due process: strikes that count beyond a group, fade, are forgotten; all sanctions, breakers, a shadow."""

LATER_RULES = Rulebook.from_mapping(
    {
        **PROCESS_RULES.to_mapping(),
        "name": "later",
        "powers": {"admin": ["sanction", "lift", "label"]},
        "ladder": {
            "scope": "group",
            "rungs": [{"sanction": "warn"}, {"sanction": "mute", "for": "1d"}, {"sanction": "kick", "block": "org"}],
        },
        "ladders": {},
    }
)
"""What may be adopted in the middle: a shorter ladder for all, strikes of their group, fewer powers for admins."""
