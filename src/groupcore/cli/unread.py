"""What nobody reads: keys in the lines of a JSON Lines log, and mistyped parts of messages."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import Any

from groupcore.cli.options import shown
from groupcore.cli.output import note
from groupcore.cli.pieces import plain
from groupcore.errors import InputError
from groupcore.events.remarks import remarks_on_parts, unread_keys
from groupcore.wire import loads

TOLD = 20
"""How many are told."""


def note_unread(log: str) -> None:
    """Tell each key of the lines of a log that nobody reads, once, with its count. Other stores have no lines.

    No digest covers such a key, and no copy has it.
    """
    keys = keys_unread(log)
    for key, count in keys.most_common(TOLD):
        lines = f"{count:,} line{'s' if count != 1 else ''}"
        note(plain(f"groupcore: {shown(log)}: {lines} with a key {key!r}, which this version does not read"))
    if len(keys) > TOLD:
        note(f"groupcore: {shown(log)}: ... and {len(keys) - TOLD:,} more such keys")


def keys_unread(log: str) -> Counter[str]:
    """The keys that nobody reads, and on how many lines each stands. O(log), a fraction of what reading it takes."""
    found: Counter[str] = Counter()
    path = file_of(log)
    if not os.path.isfile(path):
        return found
    with open(path, "rb") as file:
        if not file.read(64).lstrip().startswith(b"{"):
            return found
        file.seek(0)
        for line in file:
            found.update(_keys_of(line))
    return found


def _keys_of(line: bytes) -> set[str]:
    try:
        given = loads(line)
    except InputError:
        return set()  # whoever reads the log says what is wrong with it
    return unread_keys(given) if isinstance(given, dict) else set()


class Remarks:
    """Tells what is odd about the parts of messages, each once."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, where: str, parts: Any) -> None:
        """Tell what is odd about *parts*, plain objects, unless it was told before."""
        for remark in remarks_on_parts(parts):
            if remark not in self._told and len(self._told) < TOLD:
                self._told.add(remark)
                note(plain(f"warning: {where}: {remark}"))


def file_of(log: str) -> str:
    """The file that a log's name stands for."""
    return log if os.path.exists(log) else re.sub(r"^[A-Za-z][A-Za-z0-9+.-]+:(///)?", "", log).partition("?")[0]
