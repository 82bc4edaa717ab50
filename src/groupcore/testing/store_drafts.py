"""Rows to try a store with, and what holds for every log: the ground of `store_contract`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, TypeVar
from unittest import SkipTest

from groupcore.events import NO_HEAD, Head, MemberWarned, MessagePosted, Row, encode, new_fact, problem_with
from groupcore.stores import Store

AT = 1_790_000_000_000_000
E = TypeVar("E", bound=Exception)


def draft(message: str = "m1", group: str = "g1", text: str = "大家好 hello", *, id: str | None = None) -> Row:
    """The draft of a message, its id derived from group and message unless one is given."""
    fact = new_fact(MessagePosted, at=AT, group=group, message=message, author="amy", text=text)
    row = encode(fact, recorded_at=AT + 7, judged="f" * 64, org_seen=3, salt="ab" * 16)
    return row if id is None else row._replace(id=id)


def drafts(count: int, group: str = "g1", start: int = 0) -> list[Row]:
    """The drafts of *count* messages in one group."""
    return [draft(f"m{number}", group) for number in range(start, start + count)]


def answer(fact: Row, rule: str = "ads") -> Row:
    """The draft of a verdict that answers *fact*."""
    verdict = MemberWarned(at=fact.at, group=fact.group, cause=fact.id, member="amy", message="m1", strikes=1)
    row = encode(verdict, recorded_at=AT + 8, salt="cd" * 16)
    return row._replace(id=f"{fact.id}/member-warned/{rule}")


@contextmanager
def refused(kind: type[E]) -> Iterator[list[E]]:
    """The block has to raise exactly *kind*; the list holds it afterwards."""
    caught: list[E] = []
    try:
        yield caught
    except Exception as error:
        if type(error) is not kind:
            raise
        caught.append(error)
    assert caught, f"{kind.__name__} was not raised"


def unplaced(rows: Sequence[Row]) -> list[Row]:
    """The rows without what a store gives them, to compare with drafts."""
    return [row._replace(position=0, version=0, digest="") for row in rows]


def check_log(store: Store) -> None:
    """Assert what holds for every log at every time."""
    rows = list(store.read())
    heads: dict[str, Head] = {}
    for position, row in enumerate(rows, 1):
        assert row.position == position
        assert problem_with(row, heads.get(row.stream, NO_HEAD)) is None
        heads[row.stream] = Head(row.version, row.digest)
    assert store.heads() == heads
    assert store.position == len(rows)
    assert len({row.id for row in rows}) == len(rows)


class StoreCase:
    """A store under test. ``make`` opens the log of the test: first a new one, later the same again."""

    lasting: ClassVar[bool] = True
    """Whether the log is still there after it was closed."""

    def make(self) -> Store:
        """Open the log of this test."""
        raise NotImplementedError

    def make_reader(self) -> Store:
        """Open the log of this test for reading only, beside a store that `make` opened."""
        raise SkipTest("this store has no reading mode")

    def needs_lasting(self) -> None:
        """Skip the test where the log is gone when it is closed."""
        if not self.lasting:
            raise SkipTest("this store does not outlive its closing")
