"""Questions to a history about people: who is here, who may do what, who outranks whom, what was said of them."""

from __future__ import annotations

from collections.abc import Iterator

from groupcore.testing.history import History, Line
from groupcore.testing.record import Record

RANKS = {"owner": 3, "staff": 2, "admin": 1, "bot": 1}

_COMING_AND_GOING = ("member-joined", "member-left", "member-removed", "member-renamed")
_REMOVED = ("member-kicked", "member-banned")


class People(Record):
    """What the history says of people, for `NaiveProcess` to say who may do what."""

    def is_known(self, group: str, person: str) -> bool:
        """Whether a group ever saw somebody: they came, went, spoke, took a name, or had something done to them."""
        return any(
            person == line["data"].get("author" if line["type"] == "message-posted" else "member")
            for line in self.history.all(group, "message-posted", *_COMING_AND_GOING)
        ) or any(person == line["data"].get("owner") for line in self.history.all(group, "group-opened"))

    def is_here(self, group: str, person: str) -> bool:
        """Whether somebody is in a group: they came, or speak and were not removed, and did not go since."""
        here = False
        for index, line in enumerate(self.history.log):
            data = line["data"]
            if line["group"] != group:
                continue
            if line["type"] == "message-posted" and data["author"] == person:
                here = here or not self._before(index).is_removed(group, person)
            elif line["type"] == "group-opened":
                here = here or data.get("owner") == person
            elif data.get("member") == person:
                here = (here or line["type"] == "member-joined") and not _is_exit(line)
        return here

    def _before(self, index: int) -> History:
        before = History()
        before.log = self.history.log[:index]
        return before

    # --- powers -------------------------------------------------------------------------------------------------

    def roles(self, group: str | None, person: str) -> set[str]:
        """The roles of somebody in a group, or (None) in the organisation."""
        if group is not None:
            return self.history.roles(group, person)
        held = set[str]()
        for line in self.history.all(None, "role-granted", "role-revoked"):
            if line["data"]["member"] == person:
                (held.add if line["type"] == "role-granted" else held.discard)(line["data"]["role"])
        return held

    def powers_are_told(self, group: str | None) -> bool:
        """Whether anybody has a role, here or in the organisation."""
        places = [None] if group is None else [group, None]
        return any(self.roles(place, person) for place in places for person in self._named())

    def _named(self) -> Iterator[str]:
        told = (line["data"] for line in self.history.log)
        named = ({data.get(key) for data in [each] for key in ("owner", "member", "author")} for each in told)
        return iter(sorted({name for names in named for name in names if isinstance(name, str)}))

    def may(self, person: str | None, power: str, group: str | None) -> bool:
        """Whether somebody has a power here; the service itself has all."""
        if person is None or not self.powers_are_told(group):
            return True
        return any(power in self.rulebook.powers.get(role, ()) for role in self.roles(group, person))  # type: ignore[call-overload]

    def is_above(self, person: str | None, other: str, group: str | None) -> bool:
        """Whether somebody may act against another: one who has no role, or a lower one."""
        if person is None or not self.powers_are_told(group):
            return True
        mine, theirs = (max((RANKS[role] for role in self.roles(group, who)), default=0) for who in (person, other))
        return theirs == 0 or mine > theirs

    # --- what was said of them ----------------------------------------------------------------------------------

    def labels(self, group: str | None, member: str) -> set[str]:
        """The labels of somebody that were given at this place itself."""
        held = set[str]()
        for line in self.history.all(group, "label-granted", "label-removed"):
            if line["data"]["member"] == member:
                (held.add if line["type"] == "label-granted" else held.discard)(line["data"]["label"])
        return held

    def noted(self, group: str | None, on: str, off: str, **what: str | None) -> Line | None:
        """The last word about something that is noted at this place itself, if it was not taken back."""
        last = None
        for line in self.history.all(group, on, off):
            if all(line["data"].get(name) == value for name, value in what.items()):
                last = line if line["type"] == on else None
        return last

    def texts(self, person: str) -> list[Line]:
        """Where text of somebody stands that was not erased: in messages, names, and what staff wrote of their case."""
        held: list[Line] = []
        for line in self.history.log:
            if line["type"] == "erasure-ordered":
                held = [old for old in held if not self.is_erased_by(line, old)]
            elif "id" in line and self._whose(line) == person:
                held += [line] if any(line["data"].get(name) for name in ("text", "parts", "name")) else []
        return held

    def is_erased_by(self, order: Line, line: Line) -> bool:
        """Whether an order means the text of *line*: it names it, or whose it is."""
        if line["group"] != order["group"]:
            return False
        return line["id"] in order["data"].get("events", ()) or self._whose(line) == order["data"].get("member", "")

    def _whose(self, line: Line) -> str | None:
        data = line["data"]
        if line["type"] == "case-commented":
            cases = self.history.all(line["group"], "case-opened")
            return next((str(case["data"]["member"]) for case in cases if case["data"]["case"] == data["case"]), None)
        return str(data.get("author") or data.get("member"))


def _is_exit(line: Line) -> bool:
    ordered = line["type"] == "sanction-ordered" and line["data"]["sanction"] in ("kick", "ban")
    return ordered or line["type"] in ("member-left", "member-removed", *_REMOVED)
