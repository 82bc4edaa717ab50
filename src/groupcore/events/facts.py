"""The facts: what was observed in a community, and what people did there.

A replay keeps them all, whatever the rules. What a person decided (a removal, an order, an appeal) is a fact too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import Factory, field, frozen

from groupcore.events.base import Fact, event
from groupcore.messages import Part
from groupcore.sanctions import LiftKind as LiftKind
from groupcore.sanctions import OrderKind as OrderKind

Role = Literal["owner", "admin", "staff", "bot"]
Scope = Literal["group", "owner", "org"]
Outcome = Literal["upheld", "reduced", "overturned"]
Restriction = Literal["no-links", "no-media", "slow-mode"]
Domino = Literal["lift", "list"]

Parts = tuple[Part, ...]


@event("group-opened", schema=2, private=("name",))
@frozen(kw_only=True)
class GroupOpened(Fact):
    """A group came to be, or came under moderation. ``group_kind`` is the platform's word for it."""

    name: str = ""
    owner: str | None = None
    group_kind: str = ""


@event("group-renamed", private=("name",), natural=("at",))
@frozen(kw_only=True)
class GroupRenamed(Fact):
    """Somebody gave the group another name."""

    name: str = ""
    by: str | None = None


@event("owner-changed", natural=("owner", "at"))
@frozen(kw_only=True)
class OwnerChanged(Fact):
    """The group has another owner; the one before is an ordinary member from now on."""

    owner: str
    by: str | None = None


@event("role-granted", natural=("member", "role", "at"), wide=True)
@frozen(kw_only=True)
class RoleGranted(Fact):
    """A member got a role: in the group, or with no group named, in all groups of the organisation."""

    member: str
    role: Role
    by: str | None = None


@event("role-revoked", natural=("member", "role", "at"), wide=True)
@frozen(kw_only=True)
class RoleRevoked(Fact):
    """A member lost a role."""

    member: str
    role: Role
    by: str | None = None


@event("member-joined", private=("name",), natural=("member", "at"))
@frozen(kw_only=True)
class MemberJoined(Fact):
    """Somebody joined the group. Joining twice is no error: archives lose leaves."""

    member: str
    name: str = ""
    inviter: str | None = None


@event("member-left", private=("reason",), natural=("member", "at"))
@frozen(kw_only=True)
class MemberLeft(Fact):
    """Somebody left. ``effect_of`` names our own verdict when this is the platform's echo of it."""

    member: str
    reason: str = ""
    effect_of: str | None = None


@event("member-removed", private=("reason",), natural=("member", "at"))
@frozen(kw_only=True)
class MemberRemoved(Fact):
    """A person removed somebody from the group; with ``effect_of``, a bot did, carrying out our verdict."""

    member: str
    by: str | None = None
    reason: str = ""
    effect_of: str | None = None


@event("member-renamed", private=("name",), natural=("member", "at"))
@frozen(kw_only=True)
class MemberRenamed(Fact):
    """A member took another name."""

    member: str
    name: str = ""


@event("message-posted", private=("text", "parts"), natural=("message",))
@frozen(kw_only=True)
class MessagePosted(Fact):
    """Somebody posted a message. ``message`` is the platform's id of it, unique in the group."""

    message: str
    author: str
    text: str = ""
    parts: Parts = ()


@event("message-edited", private=("text", "parts"), natural=("message", "at"))
@frozen(kw_only=True)
class MessageEdited(Fact):
    """A message was changed; text and parts are those of the new version."""

    message: str
    author: str
    text: str = ""
    parts: Parts = ()


@event("message-revoked", natural=("message",))
@frozen(kw_only=True)
class MessageRevoked(Fact):
    """A person took a message back: its author, or staff. What was found in it stands."""

    message: str
    by: str | None = None


@event("rulebook-adopted", natural=("digest", "at"), wide=True)
@frozen(kw_only=True)
class RulebookAdopted(Fact):
    """From here on this rulebook is in force.

    ``rulebook`` is the whole of it, word files inlined. ``reader`` is the digest of what read the text (versions of
    policies and tables). ``horizon`` is how long posts must be remembered for its windows, in microseconds.
    """

    name: str
    digest: str
    reader: str
    horizon: int
    rulebook: Mapping[str, Any]


@event("person-blocked", private=("reason",), natural=("person", "scope", "at"), wide=True)
@frozen(kw_only=True)
class PersonBlocked(Fact):
    """Staff put a person on the blocklist of the group, or (no group named) of the organisation.

    Scope ``owner`` keeps them out of all groups of ``owner``; it is said in no group, too.
    """

    person: str
    scope: Scope = "group"
    by: str | None = None
    until: int | None = None
    reason: str = ""
    owner: str | None = None


@event("person-unblocked", private=("reason",), natural=("person", "scope", "at"), wide=True)
@frozen(kw_only=True)
class PersonUnblocked(Fact):
    """Staff took a person off the blocklist of the group, of an ``owner``'s groups, or of the organisation."""

    person: str
    scope: Scope = "group"
    by: str | None = None
    reason: str = ""
    owner: str | None = None


@event("sanction-ordered", private=("reason",), natural=("member", "sanction", "at"))
@frozen(kw_only=True)
class SanctionOrdered(Fact):
    """Staff ordered a sanction. ``until`` ends a mute or a restriction; None is for ever.

    A restriction says what is forbidden in ``restrictions``; ``slow`` is the time between messages in slow mode.
    """

    member: str
    sanction: OrderKind
    by: str
    until: int | None = None
    message: str | None = None
    reason: str = ""
    restrictions: tuple[Restriction, ...] = ()
    slow: int | None = None


@event("sanction-lifted", private=("reason",), natural=("member", "sanction", "at"))
@frozen(kw_only=True)
class SanctionLifted(Fact):
    """Staff pardoned a member.

    ``warn`` voids the live strikes, ``mute`` ends the mutes, ``restrict`` the restrictions, ``kick`` forgets that
    the engine removed them, ``block`` takes them off the group's blocklist, ``all`` does all of it.
    """

    member: str
    sanction: LiftKind
    by: str
    reason: str = ""


@event("appeal-filed", private=("reason",), natural=("sanction",))
@frozen(kw_only=True)
class AppealFiled(Fact):
    """A member, or somebody for them, contests a sanction: the id of the verdict, or of the order."""

    member: str
    sanction: str
    by: str | None = None
    reason: str = ""


@event("appeal-decided", private=("reason",), natural=("sanction",))
@frozen(kw_only=True)
class AppealDecided(Fact):
    """Staff decided the appeal against a sanction. Overturned: its strike is void and the sanction lifted.

    Later sanctions that stood on it are decided again; ``domino`` says whether those that lose their basis are
    lifted, too, or only listed. ``reduced``: ``reduced_to`` (a milder kind, or the same with a nearer ``until``) takes
    the place of the sanction, and the strike stands.
    """

    sanction: str
    by: str
    outcome: Outcome
    reason: str = ""
    reduced_to: OrderKind | None = None
    until: int | None = None
    domino: Domino = "lift"


@event("standing-reviewed", natural=("member", "because"))
@frozen(kw_only=True)
class StandingReviewed(Fact):
    """What stands against a member here is looked at again, since an appeal in another group voided a strike.

    ``because`` is the fact that decided that appeal; ``domino`` as there.
    """

    member: str
    because: str
    by: str
    domino: Domino = "lift"


@event("time-advanced", natural=("now",), wide=True)
@frozen(kw_only=True)
class TimeAdvanced(Fact):
    """The engine was told the time, and something fell due in this stream."""

    now: int


@event("import-conflict", natural=("fact",), wide=True)
@frozen(kw_only=True)
class ImportConflict(Fact):
    """A fact came again with other content. The first one stands; ``fields`` names what differed."""

    fact: str
    fields: tuple[str, ...] = field(default=Factory(tuple))
