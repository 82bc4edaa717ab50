"""A small town whose clock the test turns, and a story in which every type of event happens."""

from __future__ import annotations

from itertools import count
from typing import Any

from groupcore.clock import DAY, MINUTE, SECOND
from groupcore.engine import Moderator, Verdict
from groupcore.events import Row
from groupcore.messages import Message
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, Store
from groupcore.testing import START

POLICIES = [
    {"kind": "keyword", "id": "ads", "category": "advertising", "words": ["加微信"]},
    {"kind": "keyword", "id": "scam", "severity": "severe", "words": ["wire me money"]},
    {"kind": "keyword", "id": "rude", "severity": "minor", "words": ["idiot"]},
    {"kind": "flood", "id": "flood", "count": 3, "window": "10s"},
    {"kind": "raid", "id": "raid", "authors": 3, "window": "5m"},
]
RUNGS = [
    {"sanction": "warn", "delete": True},
    {"sanction": "mute", "for": "1d", "delete": True},
    {"sanction": "kick", "block": "group", "delete": True},
]
RULES = Rulebook.from_mapping({"name": "town", "ladder": {"memory": "30d", "rungs": RUNGS}, "policy": POLICIES})
WIDER = Rulebook.from_mapping(
    {"name": "wider", "ladder": {"rungs": [{"sanction": "kick", "block": "org"}]}, "policy": POLICIES[:2]}
)
BLIND = Rulebook.from_mapping({"name": "blind", "policy": []})

ADS = "加微信 abc"
SCAM = "please wire me money"
SONG = "the same long song for everybody"


class Town:
    """A moderator with a clock at hand. ``say`` posts a message a while after what happened last."""

    def __init__(self, store: Store | None = None, rules: Rulebook | None = RULES, now: int = START) -> None:
        self.store = store or MemoryStore()
        self.now = now
        self._messages = count(1)
        salts = count(1)
        self.moderator = Moderator(self.store, rules, clock=lambda: self.now, salt=lambda: f"{next(salts):032x}")

    def wait(self, time: int) -> int:
        """Let time pass; what time it is then."""
        self.now += time
        return self.now

    def say(self, author: str, text: str = "hello", *, after: int = MINUTE, group: str = "g1", **more: Any) -> Verdict:
        """*author* posts *text*."""
        at = self.wait(after)
        fields = {"id": f"m{next(self._messages)}", "at": at, **more}
        return self.moderator.observe(Message(group=group, author=author, text=text, **fields))

    def rows(self) -> list[Row]:
        """The whole log."""
        return list(self.store.read())


def live(town: Town) -> None:
    """All that can happen, up to the adoption of other rules."""
    _gather(town)
    _break_rules(town)
    _appeal(town)
    _order(town)
    _part(town)


def _gather(town: Town) -> None:
    moderator = town.moderator
    moderator.open_group("g1", at=town.wait(MINUTE), name="读书会", owner="bo", kind="external")
    moderator.rename_group("g1", "读书会01", at=town.wait(MINUTE), by="bo")
    moderator.change_owner("g1", "lin", at=town.wait(MINUTE), by="bo")
    for member in ("amy", "bo", "cy", "dan"):
        moderator.join("g1", member, at=town.wait(MINUTE), name=f"{member}-上海", inviter="lin")
    moderator.grant("g1", "bo", "admin", at=town.wait(MINUTE), by="lin")
    moderator.grant(None, "zoe", "staff", at=town.wait(MINUTE))
    moderator.rename("g1", "amy", "Amy", at=town.wait(MINUTE))


def _break_rules(town: Town) -> None:
    town.say("amy", "good morning", id="hello", after=MINUTE)
    town.say("amy", "good evening", id="hello", at=town.now, after=0)  # an import conflict
    town.say("amy", ADS)
    town.moderator.edit("g1", "hello", author="amy", at=town.wait(MINUTE), text=f"{ADS}!")
    town.say("amy", "but why", parts=[{"kind": "link", "url": "https://example.com", "title": "why"}])
    town.moderator.advance(town.wait(2 * DAY))
    town.say("bo", f"never write {ADS}")
    town.say("cy", at=town.now // MINUTE * MINUTE, after=2 * MINUTE, resolution="min")
    for _ in range(3):
        town.say("cy", "hey", after=SECOND)
    for member in ("amy", "bo", "cy"):
        town.say(member, SONG)


def _appeal(town: Town) -> None:
    kicked = town.say("dan", SCAM).sanction
    assert kicked is not None
    town.moderator.join("g1", "dan", at=town.wait(MINUTE))
    town.moderator.appeal("g1", "dan", kicked.id, by="dan", at=town.wait(MINUTE), reason="a joke")
    town.moderator.decide_appeal("g1", kicked.id, "overturned", by="zoe", at=town.wait(MINUTE), reason="it was")


def _order(town: Town) -> None:
    moderator = town.moderator
    moderator.block("g1", "eve", by="bo", until=town.now + DAY, reason="spam elsewhere")
    moderator.block(None, "fay", by="zoe", reason="spam everywhere")
    moderator.join("g1", "fay", at=town.wait(MINUTE))
    moderator.unblock(None, "fay", by="zoe")
    moderator.advance(town.wait(2 * DAY))
    moderator.mute("g1", "cy", by="bo", until=town.now + DAY, reason="night")
    moderator.lift("g1", "cy", "mute", by="lin", reason="day")
    moderator.warn("g1", "cy", by="bo")


def _part(town: Town) -> None:
    moderator = town.moderator
    moderator.revoke("g1", "hello", at=town.wait(MINUTE), by="amy")
    moderator.remove("g1", "dan", at=town.wait(MINUTE), by="bo", reason="enough")
    moderator.revoke_role("g1", "bo", "admin", at=town.wait(MINUTE), by="lin")
    moderator.leave("g1", "bo", at=town.wait(MINUTE))


def whole_life(store: Store) -> Town:
    """A log with every type of event, under two rulebooks."""
    before = Town(store)
    live(before)
    after = Town(store, WIDER, before.now + MINUTE)
    after.say("ian", SCAM, group="g2", id="wide")
    after.say("ian", "still here", group="g3", id="still")
    after.say("bo", "quiet at last", id="last")
    return after
