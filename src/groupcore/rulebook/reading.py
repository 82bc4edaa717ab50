"""From a mapping to the parts of a rulebook, every fault named at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from attrs import evolve, frozen

from groupcore.errors import Fault, RulebookError
from groupcore.events.facts import Role
from groupcore.ladder import Ladder, Term, read_ladder
from groupcore.policies.base import ContentPolicy, Policy, policy_class, policy_kinds
from groupcore.rulebook.powers import read_powers
from groupcore.wire import Faulty, did_you_mean, faults_of, found, join, keys, read

EXEMPT: frozenset[Role] = frozenset({"owner", "admin", "staff", "bot"})
"""Whose findings lead to nothing, unless a rulebook says otherwise."""

_ID = re.compile(r"[^\s/\x00-\x1f]{1,64}")  # it becomes a part of the ids of verdicts, between slashes


@frozen(kw_only=True)
class Parts:
    """What a rulebook is made of. What it holds of ladders, powers and policies is as written until it is read."""

    name: str = "rulebook"
    exempt: frozenset[Role] = EXEMPT
    ladder: Any = None
    policy: Any = ()
    ladders: Any = ()
    powers: Any = ()
    appeal_window: Term = "forever"
    blocks_follow_links: bool = False
    renew_mutes: bool = False


def read_parts(mapping: object, where: str) -> Parts:
    """The parts of a rulebook, read. Raises RulebookError with every fault."""
    faults: list[Fault] = []
    parts = _kept(faults, partial(read, Parts, mapping, where)) or Parts()
    written = mapping if isinstance(mapping, Mapping) else {}
    ladder = _kept(faults, partial(_ladder, written.get("ladder"), join(where, "ladder")))
    ladders = _kept(faults, partial(_ladders, written.get("ladders", {}), join(where, "ladders")))
    powers = _kept(faults, partial(read_powers, written.get("powers", {}), join(where, "powers")))
    policies, more = _policies(written.get("policy", ()), join(where, "policy"))
    faults += more
    if faults:
        raise RulebookError(faults, where)
    return evolve(parts, ladder=ladder, policy=policies, ladders=ladders, powers=powers)


def _kept(faults: list[Fault], read_part: Callable[[], Any]) -> Any:
    """What *read_part* gives, or None with its faults added to the list."""
    try:
        return read_part()
    except Faulty as error:
        faults.extend(error.faults)
        return None


def _ladder(written: object, path: str) -> Ladder:
    return Ladder() if written is None else read_ladder(written, path)


def _ladders(written: object, path: str) -> dict[str, Ladder]:
    if not isinstance(written, Mapping):
        hint = "write [ladders.advertising], with the name of the category"
        raise Faulty([Fault(path, f"expected a table, found {found(written)}", hint)])
    faults: list[Fault] = []
    ladders = {
        category: _kept(faults, partial(read_ladder, ladder, join(path, category)))
        for category, ladder in written.items()
    }
    if faults:
        raise Faulty(faults)
    return ladders


def _policies(items: object, path: str) -> tuple[tuple[Policy, ...], list[Fault]]:
    if not isinstance(items, list | tuple):
        hint = "write [[policy]], in two pairs of brackets" if isinstance(items, Mapping) else ""
        return (), [Fault(path, f"expected a list of tables, found {found(items)}", hint)]
    faults: list[Fault] = []
    policies = [_kept(faults, partial(_policy, item, f"{path}[{i}]")) for i, item in enumerate(items)]
    return tuple(policies), faults + _id_faults([_id_of(item) for item in items], path)


def _id_of(item: object) -> object:
    return item.get("id") if isinstance(item, Mapping) else None


def _policy(item: object, path: str) -> Policy:
    if not isinstance(item, Mapping):
        raise Faulty([Fault(path, f"expected a table, found {found(item)}")])
    cls = _class(item.get("kind"), path)
    settings = {key: value for key, value in item.items() if key != "kind"}
    faults = _file_faults(cls, settings, path)
    try:
        policy = read(cls, settings, path)
    except Faulty as error:
        raise Faulty([*faults, *error.faults]) from None
    faults += _lexicon_faults(policy, path)
    if faults:
        raise Faulty(faults)
    return policy


def _class(kind: object, path: str) -> type[Policy]:
    if kind is None:
        raise Faulty([Fault(path, "missing key 'kind'", f"known kinds: {', '.join(sorted(policy_kinds()))}")])
    path = join(path, "kind")
    if not isinstance(kind, str):
        raise Faulty([Fault(path, f"expected a string, found {found(kind)}")])
    try:
        cls = policy_class(kind)
    except Exception as error:  # an installed package that does not load is a fault like any other
        raise Faulty([Fault(path, f"the policy {kind!r} cannot be loaded: {error}")]) from None
    if cls is None:
        raise Faulty([Fault(path, f"unknown kind {kind!r}", did_you_mean(kind, policy_kinds()))])
    return cls


def _file_faults(cls: type[Policy], settings: dict[str, Any], path: str) -> list[Fault]:
    """A fault where a file of words is named: it takes a file to find another. The name goes away."""
    if "words_file" not in settings or "words" not in keys(cls):
        return []
    settings.setdefault("words", [str(settings.pop("words_file"))])  # else the words would be missing, too
    settings.pop("words_file", None)
    hint = "load the rulebook from its file, or write the words here"
    return [Fault(join(path, "words_file"), "only a rulebook in a file can name a file of words", hint)]


def _lexicon_faults(policy: Policy, path: str) -> list[Fault]:
    """Words are judged where they are read, and not by every policy that has some."""
    try:
        _ = policy.lexicon if isinstance(policy, ContentPolicy) else None
    except (TypeError, ValueError) as error:
        return faults_of(error, path)
    return []


def _id_faults(ids: list[object], path: str) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for index, id in enumerate(ids):
        if not isinstance(id, str):
            continue  # missing, or told of already
        where = f"{path}[{index}].id"
        if not _ID.fullmatch(id):
            faults.append(Fault(where, f"{id!r} cannot be an id", "1 to 64 characters, no white space, no slash"))
        elif first.setdefault(id, index) != index:
            faults.append(Fault(where, f"the id {id!r} is taken by policy[{first[id]}]", "choose another"))
    return faults


def check_policies(policies: tuple[Policy, ...]) -> None:
    """Raises RulebookError when policies that were made in Python cannot stand in one rulebook."""
    faults = _id_faults([policy.id for policy in policies], "policy")
    if faults:
        raise RulebookError(faults)
