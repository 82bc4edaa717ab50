"""Gitter rooms: one JSON object a line, with room, id, sent_at, member and text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import frozen

from groupcore.clock import instant
from groupcore.errors import InputError
from groupcore.events import MessagePosted, fact_id
from groupcore.importers.base import BadLine, Item
from groupcore.importers.sources import TOO_LONG, LogFile, Source
from groupcore.messages import scrub
from groupcore.wire import loads


@frozen
class Gitter:
    """Reads Gitter messages, each a message-posted on a clock of milliseconds; such archives hold no joins.

    ``feed`` tells two communities apart that go into one log.
    """

    name: ClassVar[str] = "gitter"

    feed: str = ""

    def facts(self, source: Source | str) -> Iterator[Item]:
        """The messages of *source*, and the lines that are none."""
        origin = f"gitter:{self.feed}" if self.feed else "gitter"
        for log in Source.of(source).logs():
            yield from _messages(log, origin)


def _messages(log: LogFile, origin: str) -> Iterator[Item]:
    for number, line in enumerate(log.lines(), 1):
        if not line or line.isspace():
            continue
        try:
            yield _message(line, origin)
        except InputError as error:
            yield BadLine(number, str(error), log.where)


def _message(line: bytes, origin: str) -> MessagePosted:
    if line is TOO_LONG:
        raise InputError("the line is longer than 16 MiB")
    given = loads(line)
    try:
        room, id, member, text = given["room"], given["id"], given["member"], given["text"]
        sent_at = given["sent_at"]
    except (KeyError, TypeError, IndexError):
        raise InputError(_missing(given)) from None
    if not (type(room) is type(id) is type(member) is type(text) is type(sent_at) is str):
        raise InputError("room, id, sent_at, member and text must be strings")
    if not (room and id and member):
        raise InputError("room, id and member must not be empty")
    room, id = scrub(room), scrub(id)
    return MessagePosted(
        id=fact_id(origin, room, "message-posted", id),
        at=instant(sent_at),
        group=room,
        resolution="ms",
        source=origin,
        message=id,
        author=scrub(member),
        text=scrub(text),
    )


def _missing(given: Any) -> str:
    if not isinstance(given, dict):
        return "expected an object with room, id, sent_at, member and text"
    keys = [key for key in ("room", "id", "sent_at", "member", "text") if key not in given]
    return f"the message has no {' and no '.join(keys)}"
