"""Excusing: findings about domains and mini-programs that staff lets through."""

from __future__ import annotations

from collections.abc import Sequence

from groupcore.deciding.scene import Scene
from groupcore.policies.base import Match
from groupcore.text.hosts import ascii_host, is_under

EXCUSED = "excused"
"""What a match quotes whose text is gone: whether it was excused when the text was there."""


def is_excused(match: Match, scene: Scene) -> bool:
    """Whether all that the match is about is let through: each host of its links, or each of its mini-programs."""
    if not match.quoted:
        return False
    if EXCUSED in match.quoted:
        return bool(match.quoted[EXCUSED])
    return _domains_are(match.quoted.get("hosts"), scene) or _apps_are(match.quoted.get("apps"), scene)


def _let_through(kind: str, scene: Scene) -> frozenset[str]:
    noted = scene.state.circumstances(scene.where)
    return frozenset(value for each in noted for value in each.exempted(kind, scene.fact.at))


def _domains_are(hosts: Sequence[str] | None, scene: Scene) -> bool:
    domains = _let_through("domain", scene) if hosts else frozenset[str]()
    if not hosts or not domains:
        return False
    spelled = frozenset(map(ascii_host, domains))
    return all(is_under(ascii_host(host), spelled) for host in hosts)


def _apps_are(apps: Sequence[str] | None, scene: Scene) -> bool:
    return bool(apps) and _let_through("mini-program", scene).issuperset(apps or ())
