"""A group of messages as an aggregate of the library ``eventsourcing``. It finds classes by their place: a module."""

from __future__ import annotations

from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Room(Aggregate):
    """What happens in it is counted, by author."""

    def __init__(self, number: UUID) -> None:
        self.authors: dict[str, int] = {}

    @staticmethod
    def create_id(number: UUID) -> UUID:
        return number

    @event("Posted")
    def post(self, message: str, author: str, text: str) -> None:
        self.authors[author] = self.authors.get(author, 0) + 1


class Rooms(Application[UUID]):
    """The application that keeps rooms."""

    def new(self, number: UUID) -> Room:
        return Room(number)
