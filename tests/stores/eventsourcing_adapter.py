"""Our stores behind the recorders of the library ``eventsourcing``, so that the contract it ships can try them.

One stored event is one row: its sequence is the stream, its version (theirs count from 0, ours from 1) the version that
the append expects, its topic the type, its state the data. Nothing of theirs is an event of ours, so this also shows
that stores know rows and no events. A JSON Lines file holds JSON, so there the bytes are wrapped in it.
"""

from __future__ import annotations

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
    DCBSubscription,
)
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    Notification,
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from groupcore.errors import ConcurrencyError, DuplicateEvent
from groupcore.events import Row
from groupcore.stores import ANYTHING, Store
from groupcore.subscriptions import Subscription as News


def their_tests() -> ModuleType:
    """Their module of test cases. It wants a cipher at import, for cases that are not about stores; it gets none."""
    try:
        import eventsourcing.cipher  # noqa: F401
    except ImportError:
        nothing = ModuleType("eventsourcing.cipher")
        nothing.AESCipher = None  # type: ignore[attr-defined]
        sys.modules["eventsourcing.cipher"] = nothing
    try:
        from eventsourcing.tests import persistence
    finally:
        if getattr(sys.modules["eventsourcing.cipher"], "AESCipher", None) is None:
            del sys.modules["eventsourcing.cipher"]
    return persistence


def row_of(stream: str, id: str, type: str, data: bytes, source: str = "") -> Row:
    """A draft of opaque bytes."""
    return Row(0, stream, 0, id, type, 1, 0, None, None, "us", source, None, None, None, 0, data, None, None, None, "")


def wrapped(state: bytes) -> bytes:
    """Any bytes as JSON."""
    return json.dumps({"state": b64encode(state).decode()}).encode()


def unwrapped(data: bytes) -> bytes:
    return b64decode(json.loads(data)["state"])


def as_it_is(data: bytes) -> bytes:
    return data


class OfStore:
    """What all recorders share: a store, and how bytes lie in it."""

    def __init__(self, store: Store, *, json_only: bool = False, first: int = 0) -> None:
        self.store = store
        self._first = first  # what they call the first version of a sequence
        self._wrap: Callable[[bytes], bytes] = wrapped if json_only else as_it_is
        self._unwrap: Callable[[bytes], bytes] = unwrapped if json_only else as_it_is

    def put(self, rows: Sequence[Row], expect: dict[str, int]) -> list[Row]:
        try:
            return self.store.append(rows, expect or ANYTHING)
        except (ConcurrencyError, DuplicateEvent) as error:
            raise IntegrityError(str(error)) from error

    def drafts(self, events: Sequence[StoredEvent]) -> tuple[list[Row], dict[str, int]]:
        """Rows, and the version that each of their sequences has to have before."""
        rows, expect, next_ones = list[Row](), dict[str, int](), dict[str, int]()
        for event in events:
            stream, version = str(event.originator_id), event.originator_version
            if version != next_ones.setdefault(stream, version):
                raise IntegrityError(f"{stream}: {version} does not follow")  # ours gives numbers, and no other ones
            expect.setdefault(stream, version - self._first)
            next_ones[stream] = version + 1
            rows.append(row_of(stream, f"{stream}/{version}", event.topic, self._wrap(event.state)))
        return rows, expect

    def theirs(self, row: Row) -> dict[str, Any]:
        return {
            "originator_id": UUID(row.stream),
            "originator_version": row.version - 1 + self._first,
            "topic": row.type,
            "state": self._unwrap(row.data),
        }


class OfAggregates(OfStore, AggregateRecorder):
    """Sequences, written and read."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        self.put(*self.drafts(stored_events))
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        rows = self.store.read_stream(str(originator_id), 0 if gt is None else gt + 1 - self._first)
        found = [StoredEvent(**self.theirs(row)) for row in rows]
        found = [event for event in found if lte is None or event.originator_version <= lte]
        return (found[::-1] if desc else found)[:limit]


class OfApplication(OfAggregates, ApplicationRecorder):
    """The order of all, too."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        return [row.position for row in self.put(*self.drafts(stored_events))]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        after = 0 if start is None else start - inclusive_of_start
        rows = (row for row in self.store.read(after) if stop is None or row.position <= stop)
        return list(islice((self.notification(row) for row in rows if not topics or row.type in topics), limit))

    def notification(self, row: Row) -> Notification:
        return Notification(**self.theirs(row), id=row.position)

    def max_notification_id(self) -> int | None:
        return self.store.position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Followed:
        return Followed(self, gt, topics)


class Followed(Subscription[OfApplication]):
    """Our subscription, as theirs."""

    def __init__(self, recorder: OfApplication, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder, gt, topics)
        self._news = News(recorder.store, gt or 0, every=0.02)

    def __next__(self) -> Notification:
        for row in self._news:
            if not self._topics or row.type in self._topics:
                return self._recorder.notification(row)
        raise StopIteration

    def stop(self) -> None:
        super().stop()
        self._news.stop()


class OfTracking(OfStore, TrackingRecorder):
    """How far somebody has come with each upstream: one stream for each, of positions that only grow."""

    def insert_tracking(self, tracking: Tracking) -> None:
        self.put(*self.tracked(tracking))

    def tracked(self, tracking: Tracking) -> tuple[list[Row], dict[str, int]]:
        """The row that says so, and the version at which what it says was looked at."""
        name, number = tracking.application_name, tracking.notification_id
        stream, last = f"tracking/{name}", self._last(name)
        if last is not None and int(last.type) >= number:
            raise IntegrityError(f"{name} is at {last.type} already")
        return [row_of(stream, f"{stream}/{number}", str(number), b"{}")], {stream: last.version if last else 0}

    def _last(self, name: str) -> Row | None:
        stream = f"tracking/{name}"
        heads = self.store.heads()
        return next(self.store.read_stream(stream, heads[stream].version - 1)) if stream in heads else None

    def max_tracking_id(self, application_name: str) -> int | None:
        last = self._last(application_name)
        return int(last.type) if last else None


class OfProcess(OfTracking, OfApplication, ProcessRecorder):
    """Events and the position that they were made at, in one append."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, tracking: Tracking | None = None, **kwargs: Any
    ) -> Sequence[int] | None:
        rows, expect = self.drafts(stored_events)
        if tracking is not None:
            more, also = self.tracked(tracking)
            rows, expect = rows + more, expect | also
        return [row.position for row in self.put(rows, expect)][: len(stored_events)]


class OfDecisions(OfStore, DCBRecorder):
    """Events with tags, on one stream: a condition is looked at, and the append made on what was looked at."""

    STREAM = "decisions"

    def read(
        self, query: DCBQuery | None = None, *, after: int | None = None, limit: int | None = None
    ) -> ReadResponse:
        last = self.store.position or None
        rows = (row for row in self.store.read(after or 0) if matches(self.event(row), query))
        found = [DCBSequencedEvent(self.event(row), row.position) for row in islice(rows, limit)]
        return ReadResponse(found, last if limit is None else found[-1].position if found else None)

    def event(self, row: Row) -> DCBEvent:
        return DCBEvent(type=row.type, data=self._unwrap(row.data), tags=json.loads(row.source))

    def append(self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None) -> int:
        rows = [
            row_of(self.STREAM, uuid4().hex, event.type, self._wrap(event.data), json.dumps(event.tags))
            for event in events
        ]
        while True:
            version = self.store.position  # of the one stream, too
            if condition is not None and list(
                self.read(condition.fail_if_events_match, after=condition.after, limit=1)
            ):
                raise IntegrityError(condition)
            try:
                return self.store.append(rows, {self.STREAM: version} if condition else ANYTHING)[-1].position
            except ConcurrencyError:
                continue

    def subscribe(self, query: DCBQuery | None = None, *, after: int | None = None) -> FollowedDecisions:
        return FollowedDecisions(self, query, after)


class FollowedDecisions(DCBSubscription[OfDecisions]):
    """Our subscription, as theirs for decisions."""

    def __init__(self, recorder: OfDecisions, query: DCBQuery | None, after: int | None) -> None:
        super().__init__(recorder, query, after)
        self._news = News(recorder.store, after or 0, every=0.02)

    def __next__(self) -> DCBSequencedEvent:
        for row in self._news:
            event = self._recorder.event(row)
            if matches(event, self._query):
                return DCBSequencedEvent(event, row.position)
        raise StopIteration

    def stop(self) -> None:
        super().stop()
        self._news.stop()


class ReadResponse(DCBReadResponse):
    """What was read, and how far the log had come."""

    def __init__(self, found: Sequence[DCBSequencedEvent], head: int | None) -> None:
        self._found: Iterator[DCBSequencedEvent] = iter(found)
        self._head = head

    @property
    def head(self) -> int | None:
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        return next(self._found)


def matches(event: DCBEvent, query: DCBQuery | None) -> bool:
    """As their interface says: any item fits, by one of its types and by all of its tags."""
    items = query.items if query else []
    return not items or any(
        (not item.types or event.type in item.types) and set(item.tags) <= set(event.tags) for item in items
    )
