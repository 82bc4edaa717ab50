"""From a mapping to a ladder and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groupcore.errors import Fault
from groupcore.ladder.ladder import Ladder
from groupcore.ladder.presets import PRESETS, unknown_preset
from groupcore.ladder.rung import Rung
from groupcore.wire import Faulty, explain, faults_of, read, unstructurer


def read_ladder(mapping: object, path: str = "ladder") -> Ladder:
    """The ladder of a mapping, its preset expanded. Raises `groupcore.wire.Faulty` with every fault."""
    if not isinstance(mapping, Mapping) or "preset" not in mapping:
        return read(Ladder, mapping, path)
    settings, faults = _expanded(mapping, path)
    faults += explain(Ladder, settings, path)
    if faults:
        raise Faulty(faults)
    return read(Ladder, settings, path)


def _expanded(mapping: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[Fault]]:
    """The settings with the rungs of the preset in its place, and what is wrong with that."""
    settings, name = dict(mapping), mapping["preset"]
    del settings["preset"]
    if "rungs" in settings:
        return settings, [Fault(path, "a preset and rungs exclude each other", "take one of them away")]
    if not isinstance(name, str) or name not in PRESETS:
        settings.pop("severe_from", None)  # cannot be judged without the rungs
        return settings, faults_of(unknown_preset(name), f"{path}.preset")
    settings["rungs"] = [unstructurer(Rung, omit_defaults=True)(rung) for rung in PRESETS[name]]
    return settings, []


def to_mapping(ladder: Ladder) -> dict[str, Any]:
    """The mapping that `read_ladder` reads back; what equals its default is left out."""
    return unstructurer(Ladder, omit_defaults=True)(ladder)
