"""Nothing is public by accident: ``__all__`` is there, sorted, and complete."""

from __future__ import annotations

import importlib
import pkgutil
import types
from collections.abc import Iterator

import pytest

import groupcore


def public_packages() -> Iterator[str]:
    yield "groupcore"
    for info in pkgutil.walk_packages(groupcore.__path__, "groupcore."):
        if info.ispkg and not any(part.startswith("_") for part in info.name.split(".")):
            yield info.name


def ruff_order(name: str) -> tuple[int, str]:
    """CONSTANTS, then Classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def is_public(name: str, value: object) -> bool:
    """Whether *value* was brought into the package to be used from there."""
    home = getattr(value, "__module__", None) or ""
    of_ours = home.startswith("groupcore") and not isinstance(value, types.ModuleType)
    return of_ours and not name.startswith("_")


@pytest.mark.parametrize("name", list(public_packages()))
def test_what_a_package_brings_in_is_what_it_exports(name: str) -> None:
    package = importlib.import_module(name)
    exported = list(getattr(package, "__all__", ()))
    assert exported == sorted(exported, key=ruff_order)
    assert len(exported) == len(set(exported))
    for member in exported:
        assert getattr(package, member) is not None
    forgotten = {key for key, value in vars(package).items() if is_public(key, value)} - set(exported)
    assert not forgotten
