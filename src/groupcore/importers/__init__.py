"""Importers: archives of other programs, read as facts.

============ =========================================================================
`base`       what an importer is; `import_into` appends what one reads to a log
`sources`    files, directories, tars, compressed or not, and standard input, as lines
`facts`      facts as the contract writes them
`gitter`     Gitter rooms
`irc`        IRC logs of Ubuntu, irssi and ZNC
============ =========================================================================

An importer of one's own is a frozen class like these, registered under the entry point group
``groupcore.importers``; it is loaded when its name is asked for.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import attrs

from groupcore.errors import InputError
from groupcore.importers.base import (
    BadLine,
    Importer,
    ImportReport,
    Item,
    OddLine,
    SkippedLine,
    differing,
    import_into,
)
from groupcore.importers.facts import FactLines
from groupcore.importers.gitter import Gitter
from groupcore.importers.irc import Irc
from groupcore.importers.sources import LogFile, Source
from groupcore.wire import did_you_mean

__all__ = [
    "IMPORTERS",
    "BadLine",
    "FactLines",
    "Gitter",
    "ImportReport",
    "Importer",
    "Irc",
    "Item",
    "LogFile",
    "OddLine",
    "SkippedLine",
    "Source",
    "differing",
    "import_into",
    "importer",
    "importer_class",
]

ENTRY_POINTS = "groupcore.importers"

IMPORTERS: dict[str, type[Importer]] = {cls.name: cls for cls in (FactLines, Gitter, Irc)}
"""The importers that come with groupcore, by name."""


def importer(name: str, **options: Any) -> Importer:
    """The importer of that name, with these options. Raises InputError with what was probably meant.

    >>> importer("gitter", feed="camp").name
    'gitter'
    """
    cls = importer_class(name)
    fields = {field.name for field in attrs.fields(cls) if field.init}  # type: ignore[arg-type]
    for option in options:
        if option not in fields:
            raise InputError(f"{name} has no option {option!r} ({did_you_mean(option, fields)})")
    return cls(**options)


def importer_class(name: str) -> type[Importer]:
    """The class of the importer of that name: one of ours, else of an entry point."""
    cls = IMPORTERS.get(name)
    if cls is not None:
        return cls
    others = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if name not in others:
        known = did_you_mean(name, IMPORTERS.keys() | others.keys())
        raise InputError(f"unknown format {name!r} ({known})")
    loaded: type[Importer] = others[name].load()
    return loaded
