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


def from_within(package: types.ModuleType) -> set[str]:
    """What the package brings in from its own modules, and what it defines and does not hide."""
    found = {name: getattr(value, "__module__", "") for name, value in vars(package).items() if name[0] != "_"}
    return {name for name, home in found.items() if f"{home}.".startswith(f"{package.__name__}.")}


@pytest.mark.parametrize("name", list(public_packages()))
def test_what_a_package_offers_is_what_it_exports(name: str) -> None:
    package = importlib.import_module(name)
    exported = list(getattr(package, "__all__", ()))
    assert exported == sorted(exported, key=ruff_order)
    assert len(exported) == len(set(exported))
    for member in exported:
        assert getattr(package, member) is not None
    assert not from_within(package) - set(exported)
