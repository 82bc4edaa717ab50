"""How grave sanctions are beside each other."""

from __future__ import annotations

from collections.abc import Mapping

GRAVITY: Mapping[str, int] = {
    "delete": 1, "notice": 1, "warn": 2, "restrict": 3, "mute": 4, "kick": 5, "ban": 6,
}  # fmt: skip
"""From mild to severe; nothing at all is 0. Of two mutes or restrictions, the longer one is the graver."""
