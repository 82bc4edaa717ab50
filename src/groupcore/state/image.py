"""Images: the state of a group, or of the organisation, as plain values, to be kept and to be taken up again.

An image holds nothing private. Of a post, and of a report, it holds the id of the fact, and whoever takes it up reads
the fact in the log again: so what is erased there, or kept under a key that is gone, is in no image either.

`stamp` names what an image was made by. It follows from the classes of the state and of the events; an image with
another stamp is worth nothing, and nobody tries to understand it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, get_args

import attrs
from attrs import frozen

from groupcore.events.base import event_types
from groupcore.events.digests import sha256_of
from groupcore.events.facts import MessagePosted
from groupcore.state.group import Group
from groupcore.state.org import Org
from groupcore.state.window import Post
from groupcore.version import __version__
from groupcore.wire import dumps_plain, structurer, unstructurer

FOLD = 1
"""Raised where the fold makes another state of the same events, and no class and no version tells."""

T = TypeVar("T")
Image = dict[str, Any]


@frozen
class Note:
    """What an image holds of a post: which fact it is, and what is not in the fact."""

    id: str
    seen: int
    consumed: tuple[str, ...] = ()
    bare: bool = False  # without its text, which the log may still have: its erasure was ordered

    @classmethod
    def on(cls, post: Post) -> Note:
        """The note on a post."""
        fact = post.fact
        return cls(fact.id, post.seen, tuple(sorted(post.consumed)), not fact.text and not fact.parts)

    def post(self, fact: MessagePosted) -> Post:
        """The post again, given its fact."""
        made = Post(attrs.evolve(fact, text="", parts=()) if self.bare else fact)
        made.seen, made.consumed = self.seen, frozenset(self.consumed)
        return made


def image_of_group(group: Group) -> Image:
    """The image of a group; `group_of`, `notes_in` and `reports_in` take it up."""
    whole = _writer(Group)(group)
    for name in _PRIVATE:
        whole.pop(name, None)
    return {
        "group": whole,
        "posts": [attrs.astuple(Note.on(post)) for post in group.windows],
        "reports": [(id, bool(reporter)) for id, reporter in group.reports.items()],
    }


_PRIVATE = ("reports", "false_reports")  # who reported is for staff to know


def group_of(image: Mapping[str, Any]) -> Group:
    """The group of an image, without its posts and without who reported. Raises whatever comes up."""
    return _reader(Group)(image["group"])


def reports_in(image: Mapping[str, Any]) -> dict[str, bool]:
    """The facts that reported something, and whether it is known who did."""
    return dict(image["reports"])


def put_reporters(group: Group, reporters: Mapping[str, str]) -> None:
    """Put back who reported, by the ids of the facts ("" where nobody knows), and whose reports were false."""
    group.reports = dict(reporters)
    for case in group.cases.values():
        for report in case.reports if case.outcome == "false-report" else ():
            reporter = reporters.get(report)
            if reporter:
                group.false_reports[reporter] = group.false_reports.get(reporter, 0) + 1


def notes_in(image: Mapping[str, Any]) -> list[Note]:
    """The notes on the posts of an image, in the order of their arrival."""
    return [Note(id, seen, tuple(consumed), bare) for id, seen, consumed, bare in image["posts"]]


def image_of_org(org: Org) -> Image:
    """The image of the organisation."""
    return _writer(Org)(org)


def org_of(image: Mapping[str, Any]) -> Org:
    """The organisation of an image. Raises whatever comes up."""
    return _reader(Org)(image)


_writers: dict[type[Any], Callable[[Any], Image]] = {}
_readers: dict[type[Any], Callable[[Any], Any]] = {}


def _writer(cls: type[T]) -> Callable[[T], Image]:
    if cls not in _writers:
        _writers[cls] = unstructurer(cls, omit_defaults=True)
    return _writers[cls]


def _reader(cls: type[T]) -> Callable[[Mapping[str, Any]], T]:
    if cls not in _readers:
        _readers[cls] = structurer(cls)
    return _readers[cls]


# --- what made it -----------------------------------------------------------------------------------------------


def shapes_of(*roots: type[Any]) -> dict[str, list[list[str]]]:
    """The fields of these attrs classes, and of all that their fields hold: names, types as written, defaults."""
    found: dict[str, list[list[str]]] = {}
    waiting = list(roots)
    while waiting:
        cls = waiting.pop()
        if cls.__name__ not in found:
            fields = attrs.fields(attrs.resolve_types(cls))
            found[cls.__name__] = [[field.name, repr(field.type), _default(field.default)] for field in fields]
            waiting += [inner for field in fields for inner in _classes_in(field.type)]
    return found


def _default(default: Any) -> str:
    return default.factory.__name__ if hasattr(default, "factory") else repr(default)


def _classes_in(kind: Any) -> Iterator[type[Any]]:
    if isinstance(kind, type) and attrs.has(kind):
        yield kind
    for inner in get_args(kind):
        yield from _classes_in(inner)


def _schemas() -> Iterable[tuple[str, int]]:
    return sorted((name, cls.schema) for name, cls in event_types().items())


def stamp() -> str:
    """What images are made by: this version, the shapes of the state, and the schemas of the events."""
    made = [__version__, FOLD, shapes_of(Group, Org, Note), list(_schemas())]
    return sha256_of(dumps_plain(made))
