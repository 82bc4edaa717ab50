"""The made-up community of ``groupcore demo``: a reading club that writes Chinese and English.

Times are fixed and no clock is read, so the demo prints the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groupcore.clock import MINUTE, duration, instant
from groupcore.engine import Moderator, Verdict
from groupcore.messages import Message, Part
from groupcore.rulebook import Rulebook

GROUP = "g1"
START = instant("2026-11-01T08:00:00Z")

RULES: dict[str, Any] = {
    "name": "reading-club",
    "ladder": {
        "memory": "30d",
        "rungs": [
            {"sanction": "warn", "delete": True},
            {"sanction": "mute", "for": "1d", "delete": True},
            {"sanction": "kick", "block": "group", "delete": True},
        ],
    },
    "policy": [
        {
            "kind": "keyword",
            "id": "ads",
            "category": "advertising",
            "words": ["加V", "加微信", "代购", "cheap watches"],
            "allow": ["微信支付"],
        },
        {"kind": "link", "id": "links", "category": "advertising", "allow": ["example.org"]},
        {"kind": "mini-program", "id": "mini"},
        {
            "kind": "keyword",
            "id": "threats",
            "category": "abuse",
            "severity": "severe",
            "words": ["砍死你", "i will hurt you"],
        },
        {"kind": "contact", "id": "contacts", "severity": "minor", "kinds": ["phone", "email"]},
        {"kind": "flood", "id": "flood", "category": "flooding", "count": 5, "window": "10s"},
        {"kind": "duplicate", "id": "repeat", "category": "flooding", "count": 3, "window": "5m"},
    ],
}


def rulebook() -> Rulebook:
    """The rules of the reading club."""
    return Rulebook.from_mapping(RULES, "demo")


class Scene:
    """The community, its clock, and what happens in it. Give its ``clock`` and ``salt`` to the moderator."""

    def __init__(self) -> None:
        self._now = START
        self._salts = 0
        self._messages = 0

    def clock(self) -> int:
        """The time of the scene."""
        return self._now

    def salt(self) -> str:
        """A salt that is no secret: nothing of this is."""
        self._salts += 1
        return f"{self._salts:032x}"

    def after(self, time: str) -> int:
        """Let some time pass; what the clock shows then."""
        self._now += duration(time)
        return self._now

    def message(self, author: str, text: str = "", *, after: str = "1m", **more: Any) -> Message:
        """The next message: m1, m2, ..."""
        self._messages += 1
        more.setdefault("at", self.after(after))
        return Message(group=GROUP, author=author, id=f"m{self._messages}", text=text, **more)

    def play(self, moderator: Moderator) -> Iterator[Verdict]:
        """What happens, each fact with what the moderator says about it."""
        for part in (_opening, _spam, _muted, _floods, _appeal, _rejoin, _report, _domino, _bad_clocks, _threat):
            yield from part(self, moderator)


def _opening(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    yield group.open_group(GROUP, at=scene.clock(), name="读书会01", owner="lin", kind="external")
    for member, name in (("amy", "Amy-上海"), ("bo", "Bo"), ("cy", "阿财"), ("dana", "Dana"), ("fei", "小飞")):
        yield group.join(GROUP, member, at=scene.after("10s"), name=name, inviter="lin")
    yield group.grant(GROUP, "bo", "admin", at=scene.after("10s"), by="lin")
    yield group.observe(scene.message("amy", "大家好，这周读《围城》，周六讨论。"))
    yield group.observe(scene.message("dana", "Thanks! 书款用微信支付可以吗?"))


def _spam(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    yield group.observe(scene.message("cy", "便宜课本，加V领红包 bit.ly/x"))
    yield group.observe(scene.message("bo", "要发票的同学加微信找我"))  # an admin: on record, and no more
    posted = scene.message("fei", "出两本二手书，八成新。")
    yield group.observe(posted)
    text = "出两本二手书，八成新。代购请私聊，电话 13812345678"
    yield group.edit(GROUP, posted.id, author="fei", at=scene.after("1m"), text=text)


def _muted(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    card = Part.of({"kind": "mini-program", "app": "wx12@app", "title": "限时秒杀"})
    yield group.observe(scene.message("cy", parts=[card]))
    yield group.observe(scene.message("cy", "Why can't I talk? Cheap watches, ask me!"))


def _floods(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    for text in ("guys", "guess what", "第三章", "我看完了", "谁要听剧透"):
        yield group.observe(scene.message("amy", text, after="2s"))
    for text in ("有人在吗？周六几点？", "有人在吗？周六几点?", "有人在吗？　周六几点？"):
        yield group.observe(scene.message("dana", text))


def _appeal(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    harsh = group.observe(scene.message("dana", "My mother was a 代购 for ten years, ask me about her book"))
    yield harsh
    assert harsh.sanction is not None, "the second strike mutes"
    muted = harsh.sanction.id
    yield group.appeal(GROUP, "dana", muted, at=scene.after("5m"), reason="I told a story and sold nothing")
    yield group.decide_appeal(GROUP, muted, "overturned", by="bo", at=scene.after("10m"), reason="she is right")
    yield group.observe(scene.message("dana", "谢谢！"))


def _rejoin(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    yield from group.advance(scene.after("1d"))
    out = group.observe(scene.message("cy", "最后一天！代购价 https://sale.example.net/?id=7"))
    yield out
    assert out.sanction is not None, "the third strike is the last"
    yield group.leave(GROUP, "cy", at=scene.after("2s"), effect_of=out.sanction.id)
    yield group.join(GROUP, "cy", at=scene.after("1h"), name="阿财2号")


def _report(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    """Members report what no rule objects to; who was kicked appeals, and stays out."""
    sneer = scene.message("amy", "Who reads Qian Zhongshu in English is no reader at all.", after="10m")
    yield group.observe(sneer)
    opened = group.report(GROUP, "amy", reporter="dana", message=sneer.id, at=scene.after("1m"), reason="rude")
    yield opened
    yield group.report(GROUP, "amy", reporter="fei", message=sneer.id, at=scene.after("1m"))
    yield group.comment_case(GROUP, opened.fact.id, "She will say sorry.", by="bo", at=scene.after("5m"))
    yield group.close_case(GROUP, opened.fact.id, "actioned", by="bo", at=scene.after("1h"))
    standing = group.standing(GROUP, "cy", at=scene.clock())
    kick = next(sanction.id for sanction in standing.sanctions if sanction.kind == "kick")
    yield group.appeal(GROUP, "cy", kick, at=scene.after("1m"), reason="I only wanted to help")
    yield group.decide_appeal(GROUP, kick, "upheld", by="lin", at=scene.after("1h"), reason="four times")


def _domino(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    """A first warning that was wrong, and all that stood on it."""
    yield group.join(GROUP, "gu", at=scene.after("1d"), name="老顾")
    first = group.observe(scene.message("gu", "公司的官网是 https://books.example.com/weicheng 不卖东西"))
    yield first
    assert first.sanction is not None, "a link that is not allowed is a strike"
    yield group.observe(scene.message("gu", "代购一本《围城》，有人要吗？"))
    yield from group.advance(scene.after("2d"))
    yield group.observe(scene.message("gu", "加微信，我把书单发给你"))
    yield group.appeal(GROUP, "gu", first.sanction.id, at=scene.after("1h"), reason="that is the publisher")
    yield group.decide_appeal(GROUP, first.sanction.id, "overturned", by="lin", at=scene.after("1h"), reason="it is")


def _bad_clocks(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    yield group.observe(scene.message("fei", "Cheap watches! (stuck in a bridge)", at=scene.clock() - 20 * MINUTE))
    yield group.observe(scene.message("lin", "从旧群转来的消息，只记到分钟", resolution="min"))


def _threat(scene: Scene, group: Moderator) -> Iterator[Verdict]:
    yield group.join(GROUP, "eve", at=scene.after("1m"), name="Eve")
    yield group.observe(scene.message("eve", "amy, I will hurt you"))
