"""Wishes about what is noted of people and things: links, aggravations, exemptions, labels."""

from __future__ import annotations

from typing import ClassVar, Literal

from attrs import field, frozen

from groupcore.commands.base import Command, instant_or_never


@frozen(kw_only=True)
class LinkIdentities(Command):
    """Staff notes that two accounts are one person; in a group, or (``group`` None) everywhere."""

    leads_to: ClassVar[str] = "identity-linked"

    group: str | None
    person: str
    other: str
    by: str | None = None


@frozen(kw_only=True)
class UnlinkIdentities(LinkIdentities):
    """Staff notes that two accounts are not one person after all."""

    leads_to: ClassVar[str] = "identity-unlinked"


@frozen(kw_only=True)
class NoteAggravation(Command):
    """Staff notes what makes graver what a person does, or what one ``message`` brings."""

    leads_to: ClassVar[str] = "aggravation-noted"

    group: str | None
    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    until: int | None = field(default=None, converter=instant_or_never)
    reason: str = ""


@frozen(kw_only=True)
class WithdrawAggravation(Command):
    """Staff takes back what was noted of a person, or of a message."""

    leads_to: ClassVar[str] = "aggravation-withdrawn"

    group: str | None
    person: str
    factor: str
    message: str | None = None
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class GrantExemption(Command):
    """Staff lets a person, a domain or a mini-program through, for a time or for ever."""

    leads_to: ClassVar[str] = "exemption-granted"

    group: str | None
    of: Literal["person", "domain", "mini-program"]
    value: str
    by: str | None = None
    until: int | None = field(default=None, converter=instant_or_never)
    reason: str = ""


@frozen(kw_only=True)
class EndExemption(Command):
    """Staff lets a person, a domain or a mini-program through no longer."""

    leads_to: ClassVar[str] = "exemption-ended"

    group: str | None
    of: Literal["person", "domain", "mini-program"]
    value: str
    by: str | None = None
    reason: str = ""


@frozen(kw_only=True)
class GrantLabel(Command):
    """Staff gives a member a label, in a group or (``group`` None) everywhere. It gives no power."""

    leads_to: ClassVar[str] = "label-granted"

    group: str | None
    member: str
    label: str
    by: str | None = None


@frozen(kw_only=True)
class RemoveLabel(GrantLabel):
    """Staff takes a label from a member."""

    leads_to: ClassVar[str] = "label-removed"
