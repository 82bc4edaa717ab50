"""Old payloads, read for ever: each step lifts the data of one event type from one schema to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]
Step = Callable[[Data], Data]

_steps: dict[tuple[str, int], Step] = {}


def upcaster(type_name: str, schema: int) -> Callable[[Step], Step]:
    """Make a function known that lifts the data of *type_name* from *schema* to ``schema + 1``. A decorator."""

    def enrol(step: Step) -> Step:
        _steps[type_name, schema] = step
        return step

    return enrol


def upcast(type_name: str, schema: int, data: Data, target: int) -> Data:
    """*data* as schema *target* has it."""
    for number in range(schema, target):
        step = _steps.get((type_name, number))
        data = step(data) if step is not None else data
    return data


@upcaster("group-opened", 1)
def _kind_says_of_what(data: Data) -> Data:
    """Schema 1 called the platform's kind of group ``kind``, which parts of messages have too."""
    lifted = {key: value for key, value in data.items() if key != "kind"}
    return {**lifted, "group_kind": data.get("kind", "")}
