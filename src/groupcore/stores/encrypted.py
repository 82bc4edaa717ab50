"""Any store, with the private parts of its log under keys: each person's text under a key of their own.

The chain goes over the digest of what was sealed, so a log verifies as it did before; where a key was forgotten, its
events are erased for every reader, in every copy of the log. Names of groups, and what is about nobody, lie under the
key of the organisation, which is called "".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice

from groupcore.errors import StoreError
from groupcore.events.people import REFERENCES, subjects_of
from groupcore.events.row import Head, Row
from groupcore.stores.base import ANYTHING, Store, check_storable
from groupcore.stores.keys import KeyStore, NoKeys
from groupcore.stores.sealing import key_id, opened, sealed
from groupcore.stores.shelf import Shelf
from groupcore.wire import loads

ORGANISATION = ""
"""Whose key it is that belongs to no person."""

_OFTEN = 500  # rows between two looks at what other processes forgot


class EncryptedStore(Store):
    """The log in *inner*, its private parts under the keys of *keys*. It does all that *inner* does.

    What was written in clear before stays readable, and stays in clear. Closing it closes both.
    """

    def __init__(self, inner: Store, keys: KeyStore) -> None:
        self._inner = inner
        self._keys = keys

    @property
    def keeps_heads(self) -> bool:
        """Whether the heads are kept beside the events."""
        return self._inner.keeps_heads

    @property
    def repaired(self) -> str | None:
        """What was found behind the last whole append, and what was done about it; None: nothing."""
        return self._inner.repaired

    @property
    def shelf(self) -> Shelf:
        """Where snapshots are kept beside the log; they hold no text."""
        return self._inner.shelf

    @property
    def withholds(self) -> bool:
        """Whether texts read as erased here that nobody erased, since the keys of the log are not at hand."""
        return isinstance(self._keys, NoKeys)

    def turn(self) -> AbstractContextManager[None]:
        """Wait until those who asked before have had theirs."""
        return self._inner.turn()

    # -- writing

    def append(self, drafts: Sequence[Row], expect: Mapping[str, int] = ANYTHING) -> list[Row]:
        """Add *drafts*, all or none, their private parts sealed; return them numbered, chained, and open."""
        check_storable(drafts)
        self._keys.refresh()
        rows = self._inner.append([self._sealed(draft) for draft in drafts], expect)
        return [row._replace(private=draft.private, salt=draft.salt) for row, draft in zip(rows, drafts, strict=True)]

    def _sealed(self, draft: Row) -> Row:
        if draft.private is None or draft.is_sealed:
            return draft
        return sealed(draft, self._keys.key_of(self._owner(draft)))

    def _owner(self, draft: Row) -> str:
        """Whose text it is: that of who reported, else of whom it is about, else of whom what it refers to is about."""
        data = loads(draft.data)
        if isinstance(data.get("reporter"), str):
            return str(data["reporter"])
        for named in subjects_of(data):
            return named
        for key in REFERENCES:
            meant = self._inner.get(data[key]) if isinstance(data.get(key), str) else None
            for named in subjects_of(loads(meant.data)) if meant is not None else ():
                return named
        return ORGANISATION

    def erase(self, ids: Collection[str]) -> int:
        """Take the private part of these events away; how many had one, under a key or not."""
        return self._inner.erase(ids)

    def forget(self, person: str) -> bool:
        """Throw away the keys of *person*; whether there was one. Their text is gone from every copy of the log."""
        return self._keys.forget(person)

    # -- reading

    def known(self, ids: Collection[str]) -> set[str]:
        """Which of these ids the log holds."""
        return self._inner.known(ids)

    def read(self, after: int = 0) -> Iterator[Row]:
        """The rows behind position *after*, in order, opened."""
        return self._opened(self._inner.read(after))

    def read_stream(self, stream: str, after: int = 0) -> Iterator[Row]:
        """The rows of *stream* behind its version *after*, in order, opened."""
        return self._opened(self._inner.read_stream(stream, after))

    def _opened(self, rows: Iterator[Row]) -> Iterator[Row]:
        while page := list(islice(rows, _OFTEN)):
            self._keys.refresh()
            yield from map(self._open, page)

    def _open(self, row: Row) -> Row:
        if not row.is_sealed:
            return row
        try:
            secret = self._keys.secret(key_id(row))
        except KeyError:
            raise StoreError(
                f"the key store {self._keys.name} does not know the key of event {row.position}: "
                "it is not the one of this log, or an older copy of it"
            ) from None
        return row._replace(private=None) if secret is None else opened(row, secret)

    def get(self, id: str) -> Row | None:
        """The row of this id, opened, or None."""
        self._keys.refresh()
        row = self._inner.get(id)
        return self._open(row) if row is not None else None

    def concerning(self, stream: str, subjects: Collection[str]) -> Iterator[Row]:
        """The rows of *stream* about one of *subjects* or about nobody, in order, opened."""
        return self._opened(self._inner.concerning(stream, subjects))

    def about(self, fact_id: str) -> list[Row]:
        """The fact and the verdicts that answer it, in order, opened."""
        self._keys.refresh()
        return [self._open(row) for row in self._inner.about(fact_id)]

    def heads(self) -> dict[str, Head]:
        """Where each stream ends."""
        return self._inner.heads()

    @property
    def position(self) -> int:
        """The position of the last event; 0 when there is none."""
        return self._inner.position

    def close(self) -> None:
        """Let go of the log and of its keys."""
        self._inner.close()
        self._keys.close()
