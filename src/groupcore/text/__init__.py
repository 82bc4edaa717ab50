"""Reading text: words, links, contacts, and the way back from each to the original.

>>> from groupcore.text import KeywordReader, find_links
>>> [(hit.word, hit.start, hit.end) for hit in KeywordReader(["加微信"]).find("请加微\\u200b信")]
[('加微信', 1, 5)]
>>> [hit.domain for hit in find_links("看 shop.example.co.uk/x")]
['example.co.uk']
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from groupcore.text import characters, contacts, fingerprints, links, suffixes, tlds
from groupcore.text.contacts import ContactHit, ContactKind, find_contacts
from groupcore.text.fingerprints import fingerprint
from groupcore.text.folds import fold_versions as _fold_versions
from groupcore.text.lexicon import Hit, Lexicon
from groupcore.text.links import find_links
from groupcore.text.plain_links import LinkHit
from groupcore.text.reading import KeywordReader, Reader, Reading

__all__ = [
    "ContactHit",
    "ContactKind",
    "Hit",
    "KeywordReader",
    "Lexicon",
    "LinkHit",
    "Reader",
    "Reading",
    "find_contacts",
    "find_links",
    "fingerprint",
    "reader_versions",
]


def reader_versions(
    folds: Iterable[str | Iterable[str]] = ("strict", "balanced", "wide"), domains: bool = True
) -> dict[str, str]:
    """What a reading depends on beside the rulebook: two readers with equal versions read every text alike.

    *folds* are those that words are read through: where one of them asks the tables of the extra ``zh``, its packages
    are named. With *domains*, the list is named that `LinkHit.domain` is worked out from.
    """
    return {
        "unicode": unicodedata.unidata_version,
        "characters": str(characters.VERSION),
        "links": str(links.VERSION),
        "tlds": f"{tlds.VERSION}/{tlds.digest()}",
        "contacts": str(contacts.VERSION),
        "fingerprint": str(fingerprints.VERSION),
        **({"suffixes": suffixes.suffix_list()} if domains else {}),
        **_fold_versions(folds),
    }
