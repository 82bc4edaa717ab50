"""Naive oracles of the window policies: what each counts, in a few lines of plain lists.

A post is a line of the log (`groupcore.testing.model.Line`) with one key more, ``key``: the fingerprint of what
it says, ``""`` where there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Post: TypeAlias = dict[str, Any]

Oracle: TypeAlias = Callable[[Any, Post, list[Post]], list[Post] | None]
"""From a policy, a post and the earlier posts in its window: those it counts, or None when it does not object."""


def flood(policy: Any, post: Post, earlier: list[Post]) -> list[Post] | None:
    """The author's posts, when they are ``count`` with this one."""
    mine = [old for old in earlier if _author(old) == _author(post)]
    return mine if len(mine) + 1 >= policy.count else None


def duplicate(policy: Any, post: Post, earlier: list[Post]) -> list[Post] | None:
    """The author's posts that say the same, when they are ``count`` with this one."""
    mine = [old for old in earlier if _author(old) == _author(post) and old["key"] == post["key"]]
    return mine if len(post["key"]) >= policy.min_chars and len(mine) + 1 >= policy.count else None


def raid(policy: Any, post: Post, earlier: list[Post]) -> list[Post] | None:
    """The posts of anybody that say the same, when ``authors`` people have said it, this one's among them."""
    alike = [old for old in earlier if old["key"] == post["key"]]
    people = {_author(old) for old in [*alike, post]}
    return alike if len(post["key"]) >= policy.min_chars and len(people) >= policy.authors else None


def _author(post: Post) -> str:
    return str(post["data"]["author"])


ORACLES: dict[str, Oracle] = {"flood": flood, "duplicate": duplicate, "raid": raid}
"""The oracles of the shipped window policies, by kind."""
