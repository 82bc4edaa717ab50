"""Circumstances: what people noted about persons and things, in a group or in the organisation."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import Factory, define

Until = int | None
"""When something ends; None is never."""


def _holds(until: Until, at: int) -> bool:
    return until is None or at < until


@define
class Aggravation:
    """Something that makes what a person does graver, or (with a ``message``) what one message of theirs brings."""

    factor: str
    message: str | None = None
    until: Until = None


@define
class Circumstances:
    """Who is whom, who is graver, who and what is let through, what the platform cannot do."""

    links: dict[str, set[str]] = Factory(dict)  # both ways
    aggravations: dict[str, list[Aggravation]] = Factory(dict)
    exemptions: dict[str, dict[str, Until]] = Factory(dict)  # by kind, then by person, domain or mini-program
    labels: dict[str, set[str]] = Factory(dict)
    unenforced: set[str] = Factory(set)  # the sanctions that the platform cannot enforce

    def link(self, one: str, other: str) -> None:
        """Two accounts are one person. Whoever is linked to themselves is linked to nobody."""
        if one != other:
            self.links.setdefault(one, set()).add(other)
            self.links.setdefault(other, set()).add(one)

    def unlink(self, one: str, other: str) -> None:
        """Two accounts are not one person, as far as this link said so."""
        for near, far in ((one, other), (other, one)):
            self.links.get(near, set()).discard(far)
            if not self.links.get(near, True):
                del self.links[near]

    def aggravate(self, person: str, noted: Aggravation) -> None:
        """Something is graver; noted again, the later word counts."""
        self.relieve(person, noted.factor, noted.message)
        self.aggravations.setdefault(person, []).append(noted)

    def relieve(self, person: str, factor: str, message: str | None) -> None:
        """What was noted does not hold any more; no error where nothing was."""
        held = self.aggravations.pop(person, [])
        kept = [noted for noted in held if (noted.factor, noted.message) != (factor, message)]
        if kept:
            self.aggravations[person] = kept

    def factors(self, person: str, message: str | None, at: int) -> Iterator[str]:
        """What makes graver what *person* does at the time *at*, with this message."""
        for noted in self.aggravations.get(person, ()):
            if noted.message in (None, message) and _holds(noted.until, at):
                yield noted.factor

    def exempt(self, kind: str, value: str, until: Until) -> None:
        """Let somebody or something through; said again, the later word counts."""
        self.exemptions.setdefault(kind, {})[value] = until

    def end_exemption(self, kind: str, value: str) -> None:
        """Let it through no longer; no error where it was not."""
        held = self.exemptions.get(kind, {})
        held.pop(value, None)
        if not held:
            self.exemptions.pop(kind, None)

    def exempts(self, kind: str, value: str, at: int) -> bool:
        """Whether somebody or something is let through at the time *at*."""
        held = self.exemptions.get(kind)
        return held is not None and value in held and _holds(held[value], at)

    def exempted(self, kind: str, at: int) -> Iterator[str]:
        """All of this kind that is let through at the time *at*."""
        for value, until in self.exemptions.get(kind, {}).items():
            if _holds(until, at):
                yield value

    def check(self) -> None:
        """Assert that links go both ways, and that nothing empty is kept."""
        assert all(one in self.links.get(far, ()) for one, all_far in self.links.items() for far in all_far)
        for kept in (self.links, self.aggravations, self.exemptions, self.labels):
            assert all(kept.values()), "nothing empty is kept"
