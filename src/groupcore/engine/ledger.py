"""The ledger: the state that a log amounts to, as far as it was asked for.

The organisation is read when the log is opened, a group when it is first asked for: from its snapshot and what was
appended since, or from its beginning. All of it is as of one ``position``. What others appended behind it counts once
`catch_up` has read it; rows of groups that are not loaded are passed over then, and found when the group is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from attrs import frozen

from groupcore.engine.eras import Eras
from groupcore.engine.snapshots import Mark, Snapshots, stream_of
from groupcore.errors import InputError, NewerLog
from groupcore.events.base import ORG, Event
from groupcore.events.codec import Opaque, event_of
from groupcore.events.row import Row
from groupcore.state import Group, State
from groupcore.state.fold import advance_group, advance_org, follow
from groupcore.stores import Store
from groupcore.stores.shelf import Snapshot


@frozen
class Keeping:
    """What is kept where: a snapshot ``every`` so many events (None: none), ``most`` groups in memory (None: all)."""

    every: int | None
    most: int | None

    def __attrs_post_init__(self) -> None:
        for number, name in ((self.every, "snapshot_every"), (self.most, "most_groups")):
            if number is not None and number < 1:
                raise InputError(f"{name} is a number from 1 on, or None, not {number}")

    def is_due(self, since: int, size: int = 0) -> bool:
        """Whether a snapshot is due, *since* events after the last. What is large is kept less often: O(1) an event."""
        return self.every is not None and since >= max(self.every, size)

    def is_worth(self, since: int) -> bool:
        """Whether a snapshot is worth its while where nothing more will come."""
        return self.every is not None and since >= max(self.every // 10, 1)


class Ledger:
    """The state of one log. ``state`` holds the groups that are loaded; `load` one before you look for it."""

    def __init__(self, store: Store, keeping: Keeping) -> None:
        self.state = State()
        self.position = 0
        self._store = store
        self._keeping = keeping
        self._snapshots = Snapshots(store)
        self._eras = Eras()
        self._marks: dict[str, Mark] = {}  # how far the organisation and each loaded group were folded
        self._kept: dict[str, int] = {}  # the version of the last snapshot of each
        self._due: dict[str, int | None] | None = None  # of groups not loaded, the earliest; None: nobody asked yet
        self._unknown: set[str] = set()  # groups not loaded of which that is not known
        self._open()

    def version(self, stream: str) -> int:
        """The version of a stream, 0 where there is none. The stream of a group that is not loaded has none here."""
        mark = self._marks.get(stream)
        return mark.version if mark is not None else 0

    # --- the organisation -----------------------------------------------------------------------------------

    def _open(self) -> None:
        self.position = self._store.position
        taken = self._snapshots.org()
        rows = self._store.read_stream(ORG)
        if taken is not None and taken.mark.position <= self.position:
            (self.state.org, self._eras), self._marks[ORG], rows = taken
            self._kept[ORG] = taken.mark.version
        for row in self._until_here(rows):
            self._fold_org(_event_of(row), row)
        self._keep_org(self._keeping.is_worth)

    def _until_here(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            if row.position > self.position:
                return
            yield row

    def _fold_org(self, event: Event, row: Row) -> bool:
        """Whether other terms are in force now."""
        advance_org(self.state.org, event)
        self._marks[ORG] = Mark(row.version, row.position, row.digest)
        return self._eras.note(row.position, self.state.org)

    # --- groups ---------------------------------------------------------------------------------------------

    def is_loaded(self, group: str) -> bool:
        """Whether the group is in ``state``."""
        return group in self.state.groups

    def load(self, id: str) -> None:
        """See to it that the group is in ``state``, if the log knows it."""
        groups = self.state.groups
        if id in groups:
            if self._keeping.most is not None:
                groups[id] = groups.pop(id)  # who was asked for last goes last
            return
        group, mark = self._read(id)
        self._unknown.discard(id)
        if group is not None and mark is not None:
            groups[id] = group
            self._marks[stream_of(id)] = mark
            self._keep_groups([group], self._keeping.is_worth)

    def _read(self, id: str) -> tuple[Group | None, Mark | None]:
        group, mark, rows = self._begun(id)
        start = mark.position if mark is not None else 0
        terms, coming = self._eras.at(start + 1), self._eras.after(start)
        for row in self._until_here(rows):
            group = Group(id) if group is None else group
            while coming and coming[0].position < row.position:
                terms = coming.pop(0)
                follow(group, terms)
            advance_group(group, _event_of(row), terms)
            mark = Mark(row.version, row.position, row.digest)
        if group is not None:
            for era in coming:
                follow(group, era)
        return group, mark

    def _begun(self, id: str) -> tuple[Group | None, Mark | None, Iterator[Row]]:
        """What is kept of a group, and the rows behind that."""
        stream = stream_of(id)
        taken = self._snapshots.group(id, self._eras)
        if taken is None or taken.mark.position > self.position:
            self._kept.pop(stream, None)
            return None, None, self._store.read_stream(stream)
        self._kept[stream] = taken.mark.version
        return taken

    def load_all(self) -> State:
        """The whole state: every group that the log knows is loaded, however many that are."""
        for id in self._all_groups():
            self.load(id)
        return self.state

    def _all_groups(self) -> set[str]:
        return {stream.removeprefix("group/") for stream in self._store.heads() if stream != ORG}

    def trim(self) -> None:
        """Let go of the groups that nobody asked for the longest, where they are more than the most."""
        groups, most = self.state.groups, self._keeping.most
        if most is None or len(groups) <= most:
            return
        leaving = [groups.pop(id) for id in list(groups)[: len(groups) - most]]
        self._keep_groups(leaving, self._keeping.is_worth)
        for group in leaving:
            del self._marks[stream_of(group.id)]
            if self._due is not None:
                self._due[group.id] = group.due

    # --- going on -------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Fold what others appended since."""
        for row in self._store.read(after=self.position):
            if row.stream in self._marks or row.stream == ORG:
                self.fold(_event_of(row), row)
            else:
                self._pass_over(row)

    def _pass_over(self, row: Row) -> None:
        self.position = row.position
        if self._due is not None:
            self._unknown.add(row.stream.removeprefix("group/"))

    def fold(self, event: Event, row: Row) -> None:
        """Fold the event behind ``position``; its group is loaded, or begins with it."""
        if row.stream == ORG:
            if self._fold_org(event, row):
                for group in self.state.groups.values():
                    follow(group, self.state.org)
        else:
            assert event.group is not None, "what lies on the stream of a group happened in it"
            advance_group(self.state.group(event.group), event, self.state.org)
            self._marks[row.stream] = Mark(row.version, row.position, row.digest)
        self.position = row.position

    # --- what falls due -------------------------------------------------------------------------------------

    def load_due(self, now: int) -> None:
        """See to it that every group is loaded in which something is due at *now*.

        The first time, and for groups that others wrote to, that takes a look at their snapshots, or loads them.
        """
        self._learn_due()
        assert self._due is not None, "it was learnt"
        for id in [id for id, due in self._due.items() if due is not None and due <= now]:
            self.load(id)

    def _learn_due(self) -> None:
        if self._due is None:
            self._due, self._unknown = {}, self._all_groups() - self.state.groups.keys()
        if not self._unknown:
            return
        labels, heads = self._snapshots.labels(), self._store.heads()
        for id in sorted(self._unknown):
            label, head = labels.get(stream_of(id)), heads.get(stream_of(id))
            if label is not None and head == (label.version, label.digest):
                self._due[id] = label.due
            else:
                self.load(id)
                self.trim()
        self._unknown.clear()

    # --- snapshots ------------------------------------------------------------------------------------------

    def settle(self, stream: str) -> None:
        """Keep a snapshot of *stream* where one is due, after something was appended to it."""
        if stream == ORG:
            org = self.state.org
            self._keep_org(partial(self._keeping.is_due, size=len(org.blocks) + len(org.strikes)))
            return
        group = self.state.groups.get(stream.removeprefix("group/"))
        if group is not None:
            self._keep_groups([group], partial(self._keeping.is_due, size=_size(group)))

    def close(self) -> None:
        """Keep what is worth it."""
        self._keep_org(self._keeping.is_worth)
        self._keep_groups(self.state.groups.values(), self._keeping.is_worth)

    def _keep_org(self, is_time: Callable[[int], bool]) -> None:
        if is_time(self._since(ORG)):
            self._kept[ORG] = self.version(ORG)
            self._snapshots.keep([partial(self._snapshots.of_org, self.state.org, self._eras, self._marks[ORG])])

    def _keep_groups(self, groups: Iterable[Group], is_time: Callable[[int], bool]) -> None:
        taken: list[Callable[[], Snapshot]] = []
        for group in groups:
            stream = stream_of(group.id)
            if is_time(self._since(stream)):
                self._kept[stream] = self.version(stream)
                taken.append(partial(self._snapshots.of_group, group, self._eras, self._marks[stream]))
        if taken:
            self._snapshots.keep(taken)

    def _since(self, stream: str) -> int:
        """How many events lie behind the last snapshot."""
        return self.version(stream) - self._kept.get(stream, 0)


def _event_of(row: Row) -> Event:
    """The event of *row*. Raises NewerLog where it is of a newer version: readers skip it, who decides must not."""
    event = event_of(row)
    if isinstance(event, Opaque):
        raise NewerLog(row.position, row.type, row.schema)
    return event


def _size(group: Group) -> int:
    return len(group.members) + len(group.windows)
