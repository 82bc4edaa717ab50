"""What the tests of the command line share: a rulebook, a story as facts, and processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

from attrs import frozen

RULES = """
name = "community"

[ladder]
memory = "30d"
rungs = [
  { sanction = "warn", delete = true },
  { sanction = "mute", for = "1d", delete = true },
  { sanction = "kick", block = "group", delete = true },
]

[[policy]]
kind = "keyword"
id = "ads"
category = "advertising"
words = ["加微信", "代购"]
allow = ["微信支付"]

[[policy]]
kind = "link"
id = "links"
allow = ["example.com"]

[[policy]]
kind = "mini-program"
id = "mini"

[[policy]]
kind = "flood"
id = "flood"
count = 3
window = "10s"
"""


@frozen
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Cli: TypeAlias = Callable[..., Done]


INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from groupcore.cli import main; main()"
)
"""A test run in the background ignores Ctrl-C, and its children inherit that."""


def process(*args: object) -> subprocess.Popen[bytes]:
    """A command in a process of its own, with its three streams, which are buffered as they are for users."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([sys.executable, "-c", INTERRUPTIBLE, *map(str, args)], env=environ, **streams)


def fact(type: str, at: str, group: str | None = "g1", **data: Any) -> dict[str, Any]:
    return {"type": type, "at": f"2026-11-01T{at}Z", "group": group, "data": data}


STORY = [
    fact("group-opened", "08:00:00", name="读书会01", owner="lin", group_kind="external"),
    fact("member-joined", "08:01:00", member="amy", name="Amy-上海", inviter="lin"),
    fact("role-granted", "08:02:00", member="bo", role="admin"),
    fact("message-posted", "08:03:00.250", message="m1", author="amy", text="大家好"),
    fact("message-posted", "08:04:00", message="m2", author="amy", text="有事请加微信 abc"),
    fact("message-posted", "08:05:00", message="m3", author="bo", text="代购?"),
    fact("message-edited", "08:06:00", message="m1", author="amy", text="大家好 代购 bit.ly/x"),
    fact("message-posted", "08:07:00", message="m4", author="amy", text="为什么我不能说话，代购啊"),
    fact("message-posted", "08:08:00", "g2", message="m1", author="cy", text="1"),
    fact("message-posted", "08:08:01", "g2", message="m2", author="cy", text="2"),
    fact("message-posted", "08:08:02", "g2", message="m3", author="cy", text="3"),
]
"""Two groups: an advertiser who edits and then talks while muted, an admin who may, somebody who talks too fast."""


def lines(*facts: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in facts)
