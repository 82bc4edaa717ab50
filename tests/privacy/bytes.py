"""A community whose texts can be told by their bytes, and where those bytes are."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

from groupcore import Message, Moderator, Rulebook
from groupcore.messages import Part

START = 1_790_000_000_000_000
MINE = "勿忘我 forget-me-not"
OTHERS = "别人的话 somebody-else"

RULES = Rulebook.from_mapping(
    {
        "policy": [
            {"kind": "keyword", "id": "ads", "words": ["buy now"]},
            {"kind": "duplicate", "id": "again", "count": 3, "window": "5m"},
            {"kind": "flood", "id": "flood", "count": 6, "window": "10s"},
        ]
    }
)


def spellings(text: str) -> list[bytes]:
    """All the bytes that *text* may lie in a file as: a word of it each, so that half a text is found, too.

    Short words are left out: what is encrypted, in base64, may hold them by chance.
    """
    words = [text, *(word for word in text.split() if len(word.encode()) > 6)]
    found = [spelt for word in words for spelt in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be"))]
    escaped = [word.encode("ascii", "backslashreplace") for word in words]
    return sorted({*found, *escaped, *(one.upper() for one in escaped)})


def files_with(text: str, place: Path) -> list[str]:
    """The files below *place* in which any of *text* lies, in any spelling."""
    wanted = spellings(text)
    return sorted(
        str(path.relative_to(place))
        for path in place.rglob("*")
        if path.is_file() and any(spelt in path.read_bytes() for spelt in wanted)
    )


def ticks() -> Iterator[int]:
    return count(START, 1_000_000)


def live(url: str, *, rounds: int = 12, snapshot_every: int | None = 5) -> Moderator:
    """A moderator over a log in which amy and bo did all that leaves text; the caller closes it."""
    at = ticks()
    moderator = Moderator.open(url, RULES, clock=lambda: START + 10**12, snapshot_every=snapshot_every)
    moderator.open_group("g1", at=next(at), name="the reading room", owner="lin")
    moderator.open_group("g2", at=next(at), name="the garden", owner="lin")
    moderator.grant("g1", "mo", "admin", at=next(at), by="lin")
    for member, text in (("amy", MINE), ("bo", OTHERS)):
        for group in ("g1", "g2"):
            moderator.join(group, member, at=next(at), name=f"{text} nick")
            moderator.rename(group, member, f"{text} other nick", at=next(at))
    for number in range(rounds):
        for member, text in (("amy", MINE), ("bo", OTHERS)):
            group, id = f"g{number % 2 + 1}", f"{member}-{number}"
            more = [Part("link", {"url": f"https://example.com/{text}", "title": f"{text} title"})] * (number % 3 == 0)
            said = f"{text} {'buy now' if number % 4 == 0 else number % 5} {text * (number % 7)}"
            moderator.observe(Message(group=group, author=member, id=id, at=next(at), text=said, parts=more))
    for member, text in (("amy", MINE), ("bo", OTHERS)):
        forwarded = Part("forwarded", {"messages": [{"author": "cy", "text": f"{text} forwarded"}]})
        moderator.observe(Message(group="g1", author=member, id=f"{member}-f", at=next(at), parts=[forwarded]))
        moderator.edit("g1", f"{member}-0", author=member, at=next(at), text=f"{text} edited")
        warned = moderator.warn("g1", member, by="lin", at=next(at), reason=f"{text} as a reason")
        moderator.appeal("g1", member, warned.fact.id, at=next(at), reason=f"{text} in an appeal")
        moderator.decide_appeal("g1", warned.fact.id, "upheld", by="mo", at=next(at), reason=f"{text} decided")
        moderator.block(None, member, by="lin", at=next(at), reason=f"{text} blocked", until=START + 10**12)
    return moderator
