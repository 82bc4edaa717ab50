"""One of several moderators of one log: ``moderating.py URL NAME COUNT`` has COUNT messages go through four groups.

Each group hears from every process, and some of what is said is advertising, so that verdicts depend on their order.
"""

import sys

from groupcore import Message, Moderator
from groupcore.rulebook import Rulebook
from groupcore.testing.store_drafts import AT

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


def main(url: str, name: str, count: int) -> None:
    with Moderator.open(url, Rulebook.from_mapping(RULES)) as moderator:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        said = [moderator.observe(message(name, number)) for number in range(count)]
        assert not any(verdict.repeated for verdict in said)
    sys.stdout.write(f"{sum(len(verdict.events) for verdict in said)}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
