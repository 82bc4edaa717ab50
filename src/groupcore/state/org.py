"""The organisation: what holds in all its groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import Factory, define, frozen

from groupcore.state.agenda import Agenda
from groupcore.state.circumstances import Circumstances
from groupcore.state.sanction import OWNED, Block, Strike, check_blocks, check_owned


@frozen
class InForce:
    """The rulebook in force, as it was adopted: its digests, the horizon of its windows in microseconds, all of it."""

    digest: str
    reader: str
    horizon: int
    rulebook: Mapping[str, Any]


@define
class Org:
    """The organisation: the rulebook in force, roles and blocks that hold in every group."""

    rulebook: InForce | None = None
    changes: int = 0  # how often other rules came in force; rules that come back are other rules, too
    horizon: int = 0  # how long posts are remembered, in microseconds: that of the rulebook
    roles: dict[str, set[str]] = Factory(dict)
    blocks: dict[str, Block] = Factory(dict)
    owned: dict[str, dict[str, Block]] = Factory(dict)  # who is kept out of all groups of an owner, by owner
    strikes: dict[str, list[Strike]] = Factory(dict)  # those that count beyond their group, by member
    struck: dict[str, dict[str, list[int]]] = Factory(dict)  # when those were recorded lately, by group and rule
    rulebooks: dict[str, Mapping[str, Any]] = Factory(dict)  # all that were adopted, by digest
    circumstances: Circumstances = Factory(Circumstances)
    agenda: Agenda = Factory(Agenda)
    unheard: dict[str, int | None] = Factory(dict)  # as in `Group`
    erasures: set[str] = Factory(set)  # the orders that were not carried out to the end yet
    refusals: dict[str, tuple[int, int]] = Factory(dict)  # the last hour with refused wishes of somebody, how many

    @property
    def digest(self) -> str | None:
        """The digest of the rulebook in force, or None."""
        return self.rulebook.digest if self.rulebook is not None else None

    @property
    def rules(self) -> str:
        """The same, empty where there is none; a strike notes it."""
        return self.digest or ""

    def check(self) -> None:
        """Assert the invariants of an organisation."""
        assert self.horizon == (self.rulebook.horizon if self.rulebook else 0), "the horizon is the rulebook's"
        assert all(self.roles.values()), "no empty set of roles is kept"
        check_blocks(self.blocks, self.agenda)
        for owner, blocks in self.owned.items():
            check_blocks(blocks, self.agenda, OWNED + owner)
        check_owned(self.owned, self.agenda)
        self.circumstances.check()
        for strikes in self.strikes.values():
            assert len({strike.id for strike in strikes}) == len(strikes), "a strike counts once"
