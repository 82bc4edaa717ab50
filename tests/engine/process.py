"""A story of due process in which every type of its events happens."""

from __future__ import annotations

from contextlib import suppress

from engine.town import Town
from groupcore.clock import DAY, HOUR, MINUTE, SECOND
from groupcore.errors import DecisionRefused
from groupcore.rulebook import Rulebook
from groupcore.stores import Store

AD, TRY, LINK = "加微信 abc", "a free trial", "see https://evil.example.net/x"

RULES = Rulebook.from_mapping(
    {
        "name": "process",
        "appeal_window": "90d",
        "blocks_follow_links": True,
        "renew_mutes": True,
        "ladder": {
            "memory": "60d",
            "scope": "org",
            "decay": "40d",
            "good_behaviour": "50d",
            "aggravators": {"minor-victim": 1, "linked-accounts": 1},
            "statements_per_minute": 5,
            "rungs": [
                {"sanction": "notice"},
                {"sanction": "warn", "delete": True},
                {"sanction": "restrict", "for": "1d", "restrict": ["no-links", "slow-mode"], "slow": "30s"},
                {"sanction": "mute", "for": "2d"},
                {"sanction": "kick", "block": "owner", "block_for": "30d"},
                {"sanction": "ban"},
            ],
        },
        "ladders": {"scam": {"rungs": [{"sanction": "ban"}]}},
        "policy": [
            {"kind": "keyword", "id": "ads", "words": ["加微信"], "weight": 1},
            {"kind": "keyword", "id": "trial", "words": ["free trial"], "shadow": True},
            {"kind": "keyword", "id": "caps", "category": "tone", "words": ["SHOUT"], "max_per_hour": 1},
            {"kind": "keyword", "id": "scam", "category": "scam", "words": ["wire me money"]},
            {"kind": "link", "id": "links", "deny": ["evil.example.net"]},
            {"kind": "labels", "id": "model", "labels": {"toxic": 0.8}},
        ],
    }
)


def in_court(store: Store) -> Town:
    """A town under these rules, and all that happens there."""
    town = Town(store, RULES)
    moderator = town.moderator
    for group in ("g1", "g2"):
        moderator.open_group(group, at=town.wait(MINUTE), owner="lin")
        for member in ("amy", "bo", "cy", "dan"):
            moderator.join(group, member, at=town.wait(MINUTE), name=f"{member}-上海")
    moderator.grant(None, "zoe", "staff", at=town.wait(MINUTE))
    _circumstances(town)
    _climb(town)
    _cases(town)
    _appeals(town)
    _machines(town)
    _abuse(town)
    return town


def _circumstances(town: Town) -> None:
    moderator = town.moderator
    moderator.link_identities("bo", "bob", by="zoe")
    moderator.link_identities("cy", "dan", by="zoe")
    moderator.unlink_identities("cy", "dan", by="zoe", at=town.wait(MINUTE))
    moderator.note_aggravation("g1", "amy", "minor-victim", message="m3", by="lin", at=town.wait(MINUTE), reason="14")
    moderator.note_aggravation(None, "cy", "fraudulent-account", by="zoe", until=town.now + DAY, reason="sold")
    moderator.withdraw_aggravation(None, "cy", "fraudulent-account", by="zoe", at=town.wait(MINUTE), reason="no")
    moderator.exempt("g1", "domain", "good.example.net", by="lin", until=town.now + DAY, reason="our shop")
    moderator.end_exemption("g1", "domain", "good.example.net", by="lin", at=town.wait(MINUTE), reason="closed")
    moderator.label("g1", "amy", "regular", by="lin", at=town.wait(MINUTE))
    moderator.remove_label("g1", "amy", "regular", by="lin", at=town.wait(MINUTE))


def _climb(town: Town) -> None:
    """amy goes up the ladder, in two groups; others try what is on trial and what is capped."""
    moderator = town.moderator
    town.say("amy", AD, id="m1")
    town.say("amy", AD, id="m2", group="g2")
    town.say("amy", AD, id="m3")  # graver
    moderator.leave("g1", "amy", at=town.wait(MINUTE))
    moderator.join("g1", "amy", at=town.wait(MINUTE))
    town.say("amy", "hello again", after=SECOND)
    town.say("amy", LINK, after=2 * MINUTE)
    moderator.advance(town.wait(3 * DAY))
    town.say("dan", TRY)
    for author in ("dan", "cy"):
        town.say(author, "SHOUT")
    for _ in range(3):
        town.say("bo", AD)
    town.say("bo", LINK)
    town.say("cy", "wire me money")


def _cases(town: Town) -> None:
    moderator = town.moderator
    case = moderator.report("g1", "dan", reporter="amy", message="m9", at=town.wait(MINUTE), reason="rude").fact.id
    moderator.report("g1", "dan", reporter="bo", message="m9", at=town.wait(MINUTE), category="abuse")
    moderator.report("g1", "dan", reporter="bo", message="m9", at=town.wait(MINUTE))
    moderator.mute_reporter(None, "bo", by="zoe", at=town.wait(MINUTE), until=town.now + DAY)
    moderator.hear_reporter(None, "bo", by="zoe", at=town.wait(MINUTE))
    moderator.acknowledge_case("g1", case, by="lin", at=town.wait(MINUTE))
    moderator.assign_case("g1", case, "zoe", by="lin", at=town.wait(MINUTE))
    moderator.comment_case("g1", case, "he always does", by="zoe", at=town.wait(MINUTE))
    moderator.escalate_case("g1", case, by="zoe", reason="legal", at=town.wait(MINUTE))
    moderator.close_case("g1", case, "false-report", by="lin", reason="a quarrel", at=town.wait(MINUTE))


def _appeals(town: Town) -> None:
    """The first strike of amy goes, and what stood on it in both groups; a mute is reduced."""
    moderator = town.moderator
    first = moderator.standing("g1", "amy").sanctions[0].id
    moderator.appeal("g1", "amy", first, at=town.wait(HOUR), reason="a quote")
    moderator.decide_appeal("g1", first, "overturned", by="zoe", at=town.wait(HOUR), reason="it was")
    moderator.mute("g1", "dan", by="lin", until=town.now + 9 * DAY, at=town.now)
    muted = moderator.standing("g1", "dan").sanctions[-1].id
    moderator.appeal("g1", "dan", muted, at=town.wait(HOUR))
    moderator.decide_appeal("g1", muted, "reduced", by="zoe", reduced_to="warn", at=town.wait(HOUR))


def _machines(town: Town) -> None:
    """A classifier, a platform that cannot mute, and text that goes."""
    moderator = town.moderator
    said = town.say("dan", "you fool")
    moderator.classify("g1", said.fact.message, {"toxic": 0.9, "spam": 0.1}, author="dan", at=town.wait(MINUTE))  # type: ignore[attr-defined]
    moderator.mute("g1", "dan", by="lin", until=town.now + DAY)
    key = moderator.standing("g1", "dan").sanctions[-1].id
    moderator.report_action(key, "not-enforceable", at=town.wait(MINUTE), group="g1", detail="no mutes here")
    town.say("dan", "can you hear me")
    moderator.restrict("g2", "dan", "no-media", by="lin", until=town.now + HOUR)
    moderator.advance(town.wait(DAY))
    moderator.erase_person("dan", by="zoe", at=town.wait(MINUTE), reason="asked")


def _abuse(town: Town) -> None:
    """dan wants what is not for him, here and everywhere."""
    moderator = town.moderator
    with suppress(DecisionRefused):
        moderator.kick("g1", "lin", by="dan", at=town.wait(MINUTE))
    with suppress(DecisionRefused):
        moderator.link_identities("amy", "bo", by="dan", at=town.wait(MINUTE))
    with suppress(DecisionRefused):
        moderator.mute_reporter("g1", "amy", by="dan", at=town.wait(MINUTE))
