"""A message read once: the words of all rules, links, contacts and the fingerprint, each when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from attrs import evolve

from groupcore.messages import Part
from groupcore.text.contacts import ContactHit, contacts_in
from groupcore.text.fingerprints import fingerprint_of
from groupcore.text.folding import Chain, chain_of
from groupcore.text.folds import Fold, fold_of
from groupcore.text.glance import may_hold_contact, may_hold_link, may_hold_row, may_hold_signs
from groupcore.text.lexicon import Hit, KeywordIndex, Lexicon
from groupcore.text.links import find_links, whole_link
from groupcore.text.plain_links import LinkHit
from groupcore.text.quoting import own_start
from groupcore.text.strings import strings_of

_NO_HITS: Mapping[str, tuple[Hit, ...]] = {}


class Reading:
    """One message, read for the rules of a `Reader`. Nothing is computed before it is asked for, nor twice.

    Made once a message: one pass over the text for the words of all rules, however many rules there are.
    """

    __slots__ = ("_contacts", "_folded", "_hits", "_key", "_links", "_reader", "parts", "text")

    def __init__(self, reader: Reader, text: str, parts: tuple[Part, ...] = ()) -> None:
        self._reader = reader
        self.text = text
        self.parts = parts
        self._folded: str | None = None
        self._hits: Mapping[str, tuple[Hit, ...]] | None = None
        self._links: tuple[LinkHit, ...] | None = None
        self._contacts: tuple[ContactHit, ...] | None = None
        self._key: str | None = None

    @property
    def chain(self) -> Chain:
        """The foldings that the text is read through."""
        return self._reader.chain

    @property
    def folded(self) -> str:
        """The text as words are looked up in it; its indices are not those of ``text``."""
        folded = self._folded
        if folded is None:
            folded = self._folded = self._reader.chain(self.text)
        return folded

    @property
    def own(self) -> tuple[int, int]:
        """The span of the text that its sender wrote: all of it but a quotation in front."""
        return own_start(self.text), len(self.text)

    def hits(self, rule: str) -> tuple[Hit, ...]:
        """What was found of the words of *rule*, in text and parts, allow words considered; in order of place."""
        found = self._hits
        if found is None:
            found = self._hits = self._reader.look_up(self)
        return found.get(rule, ())

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing but text here, without a word of any rule, and no link or contact can be in it."""
        if self.parts or (self._links is None and not self._is_quiet()):
            return False
        if self._hits is None:
            self._hits = self._reader.look_up(self)
        return not (self._hits or self._links or self._contacts)

    def _is_quiet(self) -> bool:
        """Whether a glance shows that no link and no contact is in the text; what it rules out is settled with that."""
        text, folded = self.text, self.folded
        if not (text.isascii() or may_hold_signs(folded.encode())):
            self._links = ()
            contacts = may_hold_row(folded)
        else:
            if not may_hold_link(text):
                self._links = ()
            contacts = may_hold_contact(folded)
        if not contacts:
            self._contacts = ()
        return not contacts and self._links is not None

    @property
    def links(self) -> tuple[LinkHit, ...]:
        """The links in the sender's own text, then those of the parts: link cards, QR codes, titles."""
        links = self._links
        if links is None:
            links = self._links = _links(self) if self.parts or may_hold_link(self.text) else ()
        return links

    @property
    def contacts(self) -> tuple[ContactHit, ...]:
        """Phone numbers, addresses and ids in the sender's own text, then those in the parts."""
        contacts = self._contacts
        if contacts is None:
            contacts = self._contacts = _contacts(self) if self.parts or may_hold_contact(self.folded) else ()
        return contacts

    @property
    def key(self) -> str:
        """The fingerprint by which duplicates are known; ``""`` when there is nothing to compare."""
        if self._key is None:
            self._key = fingerprint_of(self.folded, self.parts)
        return self._key


class Reader:
    """Reads messages for many rules at once: one automaton holds the words of all of them.

    >>> reader = Reader({"ads": Lexicon(["加微信"], allow=["加微信支付"])})
    >>> [(hit.word, hit.start, hit.end) for hit in reader.read("请 加微 信").hits("ads")]
    []
    >>> [(hit.word, hit.start, hit.end) for hit in reader.read("请加微信").hits("ads")]
    [('加微信', 1, 4)]
    """

    __slots__ = ("_indexes", "_lexicons", "chain")

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._lexicons = dict(lexicons)
        self.chain: Chain = chain_of()
        self._indexes = [
            (fold.chain is self.chain, KeywordIndex(group, fold)) for fold, group in _by_fold(self._lexicons).items()
        ]

    @property
    def glance(self) -> Callable[[str], bool] | None:
        """What tells texts in which no word can be found, where all rules are read in one way that knows such texts."""
        return self._indexes[0][1].glance if len(self._indexes) == 1 else None

    def read(self, text: str, parts: tuple[Part, ...] = ()) -> Reading:
        """The reading of one message; costs nothing until it is asked."""
        return Reading(self, text, parts)

    def look_up(self, reading: Reading) -> Mapping[str, tuple[Hit, ...]]:
        """The hits of every rule that has any; `Reading.hits` keeps them."""
        found: dict[str, list[Hit]] = {}
        for plain, index in self._indexes:
            hits = index.find(reading.text, reading.folded if plain else None)
            if hits:
                found |= hits
            for string in strings_of(reading.parts, quotes=index.quotes) if reading.parts else ():
                for rule, more in index.find(string.text, where=string.field, quoted=string.quoted).items():
                    found.setdefault(rule, []).extend(more)
        return {rule: tuple(hits) for rule, hits in found.items()} if found else _NO_HITS

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._lexicons,)


def _by_fold(lexicons: Mapping[str, Lexicon]) -> dict[Fold, dict[str, Lexicon]]:
    """The rules that are read alike, together: one pass for each way of reading."""
    groups: dict[Fold, dict[str, Lexicon]] = {}
    for rule, lexicon in lexicons.items():
        groups.setdefault(fold_of(lexicon.fold), {})[rule] = lexicon
    return groups


class KeywordReader:
    """Finds words in texts, without a rulebook.

    >>> [hit.word for hit in KeywordReader(["加V", "cs"]).find("docs：加ｖ！")]
    ['加V']
    """

    __slots__ = ("_may_find", "_reader")

    def __init__(
        self, words: Iterable[str], fold: str | Iterable[str] = "balanced", allow: Iterable[str] = (), *,
        substring: bool = False, least: float | None = None,
    ) -> None:  # fmt: skip
        self._reader = Reader({"": Lexicon(words, allow, substring, True, fold, least)})
        self._may_find: Callable[[str], bool] | None = self._first_glance

    def _first_glance(self, text: str) -> bool:
        """What glances are taken with is made when the first text is read."""
        self._may_find = self._reader.glance
        return self._may_find is None or self._may_find(text)

    def find(self, text: str) -> list[Hit]:
        """Every occurrence of a word in *text*, in order of place, quotations included."""
        if self._may_find is not None and not self._may_find(text):
            return []
        return list(self._reader.read(text).hits(""))


def _links(reading: Reading) -> tuple[LinkHit, ...]:
    text = reading.text
    found = find_links(text)
    if found and (own := own_start(text)):
        found = [hit for hit in found if hit.start >= own]
    for string in strings_of(reading.parts, addresses=True) if reading.parts else ():
        more = [whole_link(string.text)] if string.is_link else find_links(string.text)
        found.extend(evolve(hit, field=string.field) for hit in more)
    return tuple(found)


def _contacts(reading: Reading) -> tuple[ContactHit, ...]:
    text = reading.text
    chain = reading.chain
    found = contacts_in(text, reading.folded, chain)
    if found and (own := own_start(text)):
        found = [hit for hit in found if hit.start >= own]
    for string in strings_of(reading.parts, addresses=True) if reading.parts else ():
        if not string.is_link:
            hits = contacts_in(string.text, chain(string.text), chain)
            found.extend(evolve(hit, field=string.field) for hit in hits)
    return tuple(found)
