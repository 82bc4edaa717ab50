"""What makes two messages the same message: a digest that ignores case, width, invisibles and white space."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b

from groupcore.messages import PART_FIELDS, Part
from groupcore.text.folding import chain_of

VERSION = 1  # raised when the same message would get another fingerprint


def fingerprint(text: str, parts: Iterable[Part] = ()) -> str:
    """The digest that duplicates share: of the folded text without white space, and of the parts.

    ``""`` when there is nothing to compare, such as a lone sticker. The text cannot be read back from it.

    >>> fingerprint("Buy  NOW！") == fingerprint("buy now!")
    True
    """
    return fingerprint_of(chain_of()(text), parts)


def fingerprint_of(folded: str, parts: Iterable[Part] = ()) -> str:
    """`fingerprint` of a text that is folded already."""
    content = "".join(folded.split())
    known = [_content(part) for part in parts] if parts else []
    if not content and not any(len(part) > 1 for part in known):
        return ""
    if known:
        content = "\0".join([content, *(json.dumps(part, ensure_ascii=False, sort_keys=True, default=str) for part in known)])
    return blake2b(content.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _content(part: Part) -> list[object]:
    """The kind of a part, then those of its fields that say what it is."""
    return [part.kind, *(f for name in PART_FIELDS[part.kind] if (f := (name, part.data.get(name)))[1])]
