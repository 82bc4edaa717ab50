"""Rulebook files: TOML, the files of words they name, and the rulebook that comes with the library."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groupcore.errors import Fault, InputError, RulebookError
from groupcore.policies.base import policy_class
from groupcore.rulebook import Rulebook
from groupcore.wire import keys

SHIPPED = Path(__file__).with_name("rulebooks") / "community.toml"
"""The rulebook that comes with the library, a good start for your own."""


def load_rulebook(path: str | Path) -> Rulebook:
    """The rulebook of a TOML file, the files of words that it names read in.

    Raises RulebookError with all its faults at once, and InputError when it is no TOML or cannot be read.
    """
    path = Path(path)
    mapping, faults = _read(path)
    try:
        rulebook = Rulebook.from_mapping(mapping, path.name)
    except RulebookError as error:
        raise RulebookError([*faults, *error.faults], path.name) from None
    if faults:
        raise RulebookError(faults, path.name)
    return rulebook


def shipped_rulebook() -> Rulebook:
    """The rulebook that comes with the library: Chinese and English, made for a community group."""
    return load_rulebook(SHIPPED)


def check_rulebook(path: str | Path) -> list[Fault]:
    """The faults of a rulebook file, all of them; empty when there are none.

    Raises InputError when the file is no TOML or cannot be read.
    """
    try:
        load_rulebook(path)
    except RulebookError as error:
        return list(error.faults)
    return []


def _read(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    try:
        mapping = tomllib.loads(_text(path).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"invalid TOML: {error}", str(path)) from None
    faults: list[Fault] = []
    policies = mapping.get("policy")
    for index, policy in enumerate(policies if isinstance(policies, list) else ()):
        if _takes_words(policy):
            faults += _inline(policy, path.parent, f"{path.name}.policy[{index}].words_file")
    return mapping, faults


def _takes_words(policy: object) -> bool:
    """Whether it names a file of words and is of a kind that has words. Faults of the kind are told later."""
    if not isinstance(policy, Mapping) or "words_file" not in policy:
        return False
    try:
        cls = policy_class(str(policy.get("kind")))
    except Exception:
        return False
    return cls is not None and "words" in keys(cls)


def _inline(policy: dict[str, Any], folder: Path, where: str) -> list[Fault]:
    """Puts the words of the files into the policy; the faults of the files."""
    names = policy.pop("words_file")
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        policy.setdefault("words", ["?"])  # so that no second fault says that there are none
        return [Fault(where, "expected the name of a file, or a list of names")]
    words: list[str] = []
    faults = []
    for name in names:
        try:
            words += read_words(folder / name)
        except InputError as error:
            faults.append(Fault(where, f"{name}: {error.what}"))
    given = policy.get("words", [])
    if isinstance(given, list):  # else it is a fault of its own
        policy["words"] = given + words or (["?"] if faults else [])
    return faults


def read_words(path: str | Path) -> list[str]:
    r"""The words of a file, one a line. Blank lines and comments (``#``) are skipped; ``\#tag`` is a word."""
    return [word for _, word in numbered_words(path)]


def numbered_words(path: str | Path) -> list[tuple[int, str]]:
    """The words of a file, each with the number of its line."""
    lines = enumerate((line.strip() for line in _text(Path(path)).splitlines()), 1)
    return [
        (number, line.removeprefix("\\") if line.startswith("\\#") else line)
        for number, line in lines
        if _is_word(line)
    ]


def files_of_words(path: str | Path, index: int) -> list[Path]:
    """The files of words that the policy of that *index* names in the rulebook at *path*, in order."""
    policy = tomllib.loads(_text(Path(path)).replace("\r\n", "\n"))["policy"][index]
    names = policy.get("words_file", [])
    return [Path(path).parent / name for name in ([names] if isinstance(names, str) else names)]


def _is_word(line: str) -> bool:
    return bool(line) and not line.startswith("#")


def _text(path: Path) -> str:
    try:
        return (raw := path.read_bytes()).decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({(error.strerror or str(error)).lower()})", str(path)) from None
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise InputError(f"invalid UTF-8 at line {line}, byte {column}; save it as UTF-8", str(path)) from None
