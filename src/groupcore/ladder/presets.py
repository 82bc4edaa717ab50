"""Ladders that are used widely."""

from __future__ import annotations

from groupcore.clock import DAY, Duration
from groupcore.ladder.rung import Rung
from groupcore.wire import Wrong, did_you_mean

_WARN = Rung("warn", delete=True)
_OUT = Rung("kick", block="group", delete=True)

PRESETS: dict[str, tuple[Rung, ...]] = {
    "warn-then-kick": (_WARN, _OUT),
    "wecom-three-warnings": (_WARN, _WARN, _WARN, _OUT),
    "mute-ladder": (
        *(Rung("mute", Duration(days * DAY), delete=True) for days in (1, 7, 15)),
        Rung("mute", "forever", delete=True),
    ),
}
"""The rungs of ladders that are used widely, by name."""


def unknown_preset(name: object) -> Wrong:
    """What to say of a name that is none of `PRESETS`."""
    return Wrong(f"unknown preset {name!r}", did_you_mean(name, PRESETS))
