"""Several moderators of one log: ``moderating.py URL PROCESSES COUNT`` has each of them take in COUNT messages.

They are forked from one process that has imported everything. Each group hears from each of them, and some of it is
advertising or a flood, so that verdicts depend on the order in which the processes come to write. At the end it says
how many events there were, and how often a moderator gave up and was asked again.
"""

import json
import os
import struct
import sys

from groupcore import Message, Moderator
from groupcore.errors import StoreError
from groupcore.rulebook import Rulebook
from groupcore.testing.store_drafts import AT

REPORT = struct.Struct("<qq")
RULES = {
    "name": "crowd",
    "ladder": {"preset": "warn-then-kick"},
    "policy": [
        {"kind": "keyword", "id": "ads", "words": ["buy now"]},
        {"kind": "flood", "id": "flood", "count": 6, "window": "10s"},
    ],
}


def message(name: str, number: int) -> Message:
    text = "buy now" if number % 5 == 0 else f"hello from {name}, {number}"
    author = f"member-{number % 3}"  # the same people, whichever process they talk to
    return Message(group=f"g{number % 4}", author=author, id=f"{name}-{number}", at=AT + number * 1_000_000, text=text)


def observe(moderator: Moderator, given: Message) -> tuple[int, int]:
    """How many events came of it, and how often the moderator gave up."""
    given_up = 0
    while True:
        try:
            verdict = moderator.observe(given)
        except StoreError as error:
            if "lost races" not in str(error):
                raise
            given_up += 1
        else:
            assert not verdict.repeated
            return len(verdict.events), given_up


def moderate(url: str, name: str, count: int, voice: int) -> None:
    with Moderator.open(url, Rulebook.from_mapping(RULES)) as moderator:
        seen = [observe(moderator, message(name, number)) for number in range(count)]
    os.write(voice, REPORT.pack(*map(sum, zip(*seen, strict=True))))


def start(url: str, name: str, count: int, voice: int) -> int:
    child = os.fork()
    if child == 0:
        status = 3
        try:
            moderate(url, name, count, voice)
            status = 0
        finally:
            os._exit(status)
    return child


def main(url: str, processes: int, count: int) -> None:
    ear, voice = os.pipe()
    children = [start(url, f"p{number}", count, voice) for number in range(processes)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * processes
    said = [REPORT.unpack(os.read(ear, REPORT.size)) for _ in children]
    sys.stdout.write(json.dumps({"events": sum(one for one, _ in said), "given up": sum(two for _, two in said)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
