"""Refused wishes: they change nothing, and are counted, so that nobody fills the log with them."""

from __future__ import annotations

from groupcore.events.refusals import WishRefused
from groupcore.state.group import Group
from groupcore.state.org import Org


def _refused(home: Group | Org, event: WishRefused, _: object = None) -> None:
    hour, count = home.refusals.get(event.by, (event.hour, 0))
    home.refusals[event.by] = (event.hour, 1) if event.hour > hour else (hour, count + 1)


ON_GROUP = {WishRefused: _refused}
ON_ORG = {WishRefused: _refused}
