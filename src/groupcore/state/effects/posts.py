"""What was posted, and what was found in it."""

from __future__ import annotations

from groupcore.events import facts, verdicts
from groupcore.state.group import Group, Terms
from groupcore.state.member import Member


def _posted(group: Group, event: facts.MessagePosted, terms: Terms) -> None:
    member = group.members.get(event.author)
    if member is None:
        member = group.members[event.author] = Member(event.author)
    if not member.present and member.kicked is None:
        member.present = member.derived = True
    if member.sanctions:
        member.spoke_before = member.spoke_at
    if member.spoke_at is None or event.at > member.spoke_at:
        member.spoke_at = event.at
    group.windows.remember(event, terms.horizon)


def _found(group: Group, event: verdicts.FindingRecorded, _: Terms) -> None:
    if event.counted:
        group.windows.consume(event.rule, event.author, event.counted)
    if event.message is None:
        member = group.member(event.author)
        same = [found for found in member.named if found[0] == event.cause]
        member.named = (*same, (event.cause, event.rule, event.spans))


def _abstained(group: Group, event: verdicts.RuleAbstained, terms: Terms) -> None:
    if group.abstained_under != terms.changes:
        group.abstained.clear()
        group.abstained_under = terms.changes
    group.abstained.add((event.rule, event.reason, event.resolution))


ON_GROUP = {
    facts.MessagePosted: _posted,
    verdicts.FindingRecorded: _found,
    verdicts.RuleAbstained: _abstained,
}
