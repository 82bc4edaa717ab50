"""What makes two messages the same message: case, width, invisible characters and white space do not count."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from groupcore.messages import PART_FIELDS, Part
from groupcore.text.folding import chain_of

VERSION = 1  # raised when the same message would get another fingerprint


def fingerprint(text: str, parts: Iterable[Part] = ()) -> str:
    """What equal messages share: the folded text without white space, then what the parts say of themselves.

    ``""`` when there is nothing to compare, such as a lone sticker. It holds the text, so it is no thing to store.

    >>> fingerprint("Buy  NOW！")
    'buynow!'
    """
    return fingerprint_of(chain_of()(text), parts)


def fingerprint_of(folded: str, parts: Iterable[Part] = ()) -> str:
    """`fingerprint` of a text that is folded already."""
    content = "".join(folded.split())
    if not parts:
        return content
    known = [_content(part) for part in parts]
    if not content and all(len(part) == 1 for part in known):
        return ""
    return "\0".join([content, *(json.dumps(part, ensure_ascii=False, sort_keys=True, default=str) for part in known)])


def _content(part: Part) -> list[Any]:
    """The kind of a part, then those of its fields that say what it is."""
    return [part.kind, *([name, value] for name in PART_FIELDS[part.kind] if (value := part.data.get(name)))]
