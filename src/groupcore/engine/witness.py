"""What bots saw: one method for each kind of fact, in the words of a platform."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from groupcore.clock import instant
from groupcore.errors import InputError
from groupcore.events import facts
from groupcore.events.base import Fact
from groupcore.events.casework import ContentLabelled
from groupcore.events.circumstances import ActionReported, ReportedOutcome
from groupcore.events.identity import fact_id, new_fact
from groupcore.messages import Message, Part
from groupcore.verdict import Verdict

At = int | str | Any
"""An instant: microseconds since the epoch, an RFC 3339 string or an aware datetime."""


class Witness(ABC):
    """Takes in what happened in the groups, and says what follows from it."""

    @abstractmethod
    def record(self, fact: Fact) -> Verdict:
        """Take in any fact and say what follows."""

    def _tell(self, cls: type[Fact], at: At, group: str | None, **fields: Any) -> Verdict:
        return self.record(new_fact(cls, at=instant(at), group=group, **fields))

    def observe(self, message: Message) -> Verdict:
        """Take in a message and say what follows. The same message again gives the same verdict."""
        if not isinstance(message, Message):
            raise InputError(
                f"observe takes a Message(group=..., author=..., id=..., at=..., text=...), not {message!r}"
            )
        id = fact_id(message.source, message.group, facts.MessagePosted.type, message.id)
        fact = facts.MessagePosted(
            id=id,
            at=message.at,
            group=message.group,
            resolution=message.resolution,
            source=message.source,
            message=message.id,
            author=message.author,
            text=message.text,
            parts=message.parts,
        )
        return self.record(fact)

    def edit(
        self, group: str, message: str, *, author: str, at: At, text: str = "", parts: Iterable[Part] = ()
    ) -> Verdict:
        """Take in the new version of a message. Content policies look at it again; floods ignore edits."""
        given = Message(group=group, author=author, id=message, at=at, text=text, parts=parts)  # checked alike
        return self._tell(
            facts.MessageEdited, at, group, message=message, author=author, text=given.text, parts=given.parts
        )

    def revoke(self, group: str, message: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in that a message was taken back. What was found in it stands."""
        return self._tell(facts.MessageRevoked, at, group, message=message, by=by)

    def classify(
        self, group: str, message: str, labels: Mapping[str, float], *, author: str, at: At, model: str = ""
    ) -> Verdict:
        """Take in what a classifier said of a message: scores by label. Rules of the kind ``labels`` judge them."""
        try:
            given = {name: float(score) for name, score in labels.items()}
        except (AttributeError, TypeError, ValueError):
            raise InputError(f'labels are scores by name, such as {{"toxic": 0.9}}, not {labels!r}') from None
        return self._tell(ContentLabelled, at, group, message=message, author=author, labels=given, model=model)

    def report_action(
        self, action: str, outcome: ReportedOutcome, *, at: At, group: str | None = None, detail: str = ""
    ) -> Verdict:
        """Take in what became of an action, named by its key: done, failed, or that the platform cannot do it.

        From then on messages within a mute that cannot be enforced are taken away, and said to break it.
        """
        return self._tell(ActionReported, at, group, action=action, outcome=outcome, detail=detail)

    def open_group(self, group: str, *, at: At, name: str = "", owner: str | None = None, kind: str = "") -> Verdict:
        """Take in a group: its name, its owner, what the platform calls its kind."""
        return self._tell(facts.GroupOpened, at, group, name=name, owner=owner, group_kind=kind)

    def rename_group(self, group: str, name: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in the new name of a group."""
        return self._tell(facts.GroupRenamed, at, group, name=name, by=by)

    def change_owner(self, group: str, owner: str, *, at: At, by: str | None = None) -> Verdict:
        """Take in the new owner of a group."""
        return self._tell(facts.OwnerChanged, at, group, owner=owner, by=by)

    def grant(self, group: str | None, member: str, role: facts.Role, *, at: At, by: str | None = None) -> Verdict:
        """Take in a role: in *group*, or (None) in all groups."""
        return self._tell(facts.RoleGranted, at, group, member=member, role=role, by=by)

    def revoke_role(
        self, group: str | None, member: str, role: facts.Role, *, at: At, by: str | None = None
    ) -> Verdict:
        """Take in that somebody lost a role."""
        return self._tell(facts.RoleRevoked, at, group, member=member, role=role, by=by)

    def join(self, group: str, member: str, *, at: At, name: str = "", inviter: str | None = None) -> Verdict:
        """Take in that somebody joined. Who is blocked is kicked again at once."""
        return self._tell(facts.MemberJoined, at, group, member=member, name=name, inviter=inviter)

    def leave(self, group: str, member: str, *, at: At, effect_of: str | None = None) -> Verdict:
        """Take in that somebody left; *effect_of* names our own verdict where this is only its echo."""
        return self._tell(facts.MemberLeft, at, group, member=member, effect_of=effect_of)

    def remove(
        self,
        group: str,
        member: str,
        *,
        at: At,
        by: str | None = None,
        reason: str = "",
        effect_of: str | None = None,
    ) -> Verdict:
        """Take in that a person removed somebody; *effect_of* as in `leave`."""
        return self._tell(facts.MemberRemoved, at, group, member=member, by=by, reason=reason, effect_of=effect_of)

    def rename(self, group: str, member: str, name: str, *, at: At) -> Verdict:
        """Take in the new name of a member."""
        return self._tell(facts.MemberRenamed, at, group, member=member, name=name)
