"""What an erasure does to the state: it holds nothing of the text from the order on.

So the state is the same whether the log was read before the text was gone or afterwards.
"""

from __future__ import annotations

from groupcore.events.erasure import ErasureOrdered, TextErased
from groupcore.state.community import State
from groupcore.state.group import Group
from groupcore.state.window import Post


def order_in_group(_: State, group: Group, event: ErasureOrdered) -> None:
    """Let go of the text that is to go in this group; the order stands open until it is gone from the log."""
    group.erasures.add(event.id)
    _scrub(group, event)


def order_everywhere(state: State, event: ErasureOrdered) -> None:
    """Let go of the text that is to go in any group."""
    state.org.erasures.add(event.id)
    for group in state.groups.values():
        _scrub(group, event)


def _scrub(group: Group, event: ErasureOrdered) -> None:
    named = frozenset(event.events)

    def is_meant(post: Post) -> bool:
        return post.author == event.member or post.fact.id in named

    group.windows.scrub(is_meant)
    member = group.members.get(event.member or "")
    if member is not None:
        member.name = ""


def erased_in_group(_: State, group: Group, event: TextErased) -> None:
    """The order was carried out."""
    group.erasures.discard(event.order)


def erased_everywhere(state: State, event: TextErased) -> None:
    """The order was carried out."""
    state.org.erasures.discard(event.order)
