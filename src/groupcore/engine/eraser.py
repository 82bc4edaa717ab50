"""Erasing: a live log loses text, and says so. First the order is in the log, then the text is gone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from contextlib import suppress

from groupcore.commands import Command, EraseText, HeldText
from groupcore.deciding.powers import Permission
from groupcore.engine.desk import Desk
from groupcore.engine.witness import At
from groupcore.errors import StoreLocked
from groupcore.privacy import Erased, finish, forget_textless, held_in_message, held_of
from groupcore.rulebook.powers import Power
from groupcore.verdict import Verdict


class Eraser(ABC):
    """Takes text out of the log: everybody may ask for their own, staff with the power ``erase`` for any."""

    _desk: Desk

    @abstractmethod
    def execute(self, command: Command) -> tuple[Verdict, ...]:
        """Carry out a wish, or raise DecisionRefused. One verdict for each fact that came of it."""

    @abstractmethod
    def may(self, person: str, power: Power, group: str | None = None) -> Permission:
        """Whether somebody may do what takes *power*."""

    @abstractmethod
    def _moment(self, at: At) -> int:
        """The instant that *at* names; None is now."""

    def erase_person(self, member: str, *, by: str | None = None, at: At = None, reason: str = "") -> Erased:
        """Erase all private text of somebody: messages, edits, names, and what others wrote in reasons about them.

        What others quoted of them is not found: erase such a message by its id. The key that their text is kept under
        is forgotten, also where there is no text under it any more. *by* None is the operator of the log; *reason* is a
        short code that stays. O(log).
        """
        with self._desk.lock:
            return self._erase(held_of(self._desk.store, member), member, by, at, reason)

    def erase_message(
        self, group: str, message: str, *, by: str | None = None, at: At = None, reason: str = ""
    ) -> Erased:
        """Erase the text of one message, and of its edits. Raises InputError where the log has no such message."""
        with self._desk.lock:
            return self._erase([held_in_message(self._desk.store, group, message)], None, by, at, reason)

    def _erase(self, held: list[HeldText], member: str | None, by: str | None, at: At, reason: str) -> Erased:
        wish = EraseText(at=self._moment(at), member=member, held=tuple(held), by=by, reason=reason)
        orders = [verdict.fact.id for verdict in self.execute(wish)]
        if not orders and member is not None and (by in (None, member) or self.may(by, "erase")):
            return Erased(forgotten=forget_textless(self._desk.store, member))
        return self._finish(orders)

    def finish_erasures(self) -> Erased:
        """Carry out the orders that the log still has open: whoever gave them was stopped in the middle."""
        with self._desk.lock:
            state = self._desk.ledger.load_all()
            return self._finish(state.org.erasures.union(*(group.erasures for group in state.groups.values())))

    def _finish(self, orders: Collection[str]) -> Erased:
        if not orders:
            return Erased()
        try:
            return finish(self._desk.store, orders, self._moment(None))
        finally:
            self._desk.catch_up()

    def _finish_if_possible(self, orders: Collection[str]) -> None:
        """Carry out *orders* that were left open, as soon as anybody comes across them: at opening, when their group is
        first asked for, when the time is told. While somebody reads what is to go they stay open.
        """
        with suppress(StoreLocked):
            self._finish(orders)
