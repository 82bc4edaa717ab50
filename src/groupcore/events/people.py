"""Whom an event names, told from its data alone: so that events of newer versions are told as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SUBJECTS = ("author", "member", "person", "other")
"""The fields that say whom an event is about. A reporter is who it is about where it names nobody else."""

ACTORS = ("by", "inviter", "owner", "to", "reporter")
"""The fields that say who did it, or had a part in it."""

REFERENCES = ("sanction", "strike", "case", "fact", "action", "order")
"""The fields that hold the id of another event, which tells whom this one is about where it names nobody."""


def subjects_of(data: Mapping[str, Any]) -> list[str]:
    """Whom an event with this data is about, by its own word."""
    named = [data[key] for key in SUBJECTS if isinstance(data.get(key), str)]
    if data.get("of") == "person" and isinstance(data.get("value"), str):
        named.append(data["value"])
    return named or [who for who in [data.get("reporter")] if isinstance(who, str) and who]
