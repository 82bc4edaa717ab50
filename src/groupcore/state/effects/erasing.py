"""Erasure: the state holds nothing of the text from the order on.

So it is the same whether the log was read before the text was gone or afterwards. An order concerns its own stream.
"""

from __future__ import annotations

from groupcore.events.erasure import ErasureOrdered, TextErased
from groupcore.state.group import Group, Terms
from groupcore.state.org import Org
from groupcore.state.window import Post


def _ordered(group: Group, event: ErasureOrdered, terms: Terms) -> None:
    group.erasures.add(event.id)
    named = frozenset(event.events)

    def is_meant(post: Post) -> bool:
        return post.author == event.member or post.fact.id in named

    group.windows.scrub(is_meant)


def _erased(group: Group, event: TextErased, terms: Terms) -> None:
    group.erasures.discard(event.order)


def _org_ordered(org: Org, event: ErasureOrdered) -> None:
    org.erasures.add(event.id)


def _org_erased(org: Org, event: TextErased) -> None:
    org.erasures.discard(event.order)


ON_GROUP = {ErasureOrdered: _ordered, TextErased: _erased}
ON_ORG = {ErasureOrdered: _org_ordered, TextErased: _org_erased}
