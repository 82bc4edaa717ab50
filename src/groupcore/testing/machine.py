"""A stateful test that drives a `Moderator` and the naive model side by side, through all that a service lives through.

Subclass `ModeratorMachine` with rules of your own, and pytest runs it::

    class MyRules(ModeratorMachine):
        rulebook = load_rulebook("rules.toml")
        texts = ("hello", "buy now", "see spam.example")  # what is said: some of it is objected to
        url = "sqlite:{room}/log.db?fsync=relaxed"  # {room} is a new directory for each run

    test_my_rules = MyRules.TestCase

Hypothesis then makes up communities, and shrinks the first one over which the two disagree to a few calls.

============ =========================================================================================================
`rulebook`   the rules that the log begins with
`later`      rules that may be adopted in the middle
`oracles`    how window policies of your own count, by kind (`groupcore.testing.oracles`)
`texts`      what members say and what they are called
`url`        where the log lies; override `open_store` for a store that no URL names
============ =========================================================================================================

What it does: messages, edits, names, late ones and coarse clocks; joins, leaves, roles, owners; orders of staff,
pardons, blocklists, notes, exemptions; reports and cases; appeals upheld, reduced and overturned, with what stood on
them; erasure; time; the log closed and opened again. What must hold after each step: both give the same verdicts,
refuse the same wishes and know the same of everybody, and what is void never counts. In the end a replay gives the live
state, and the log verifies. Along the way it asks the laws of `groupcore.testing.laws`.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from groupcore.testing import laws
from groupcore.testing.contesting import Contesting
from groupcore.testing.rules import DEFAULT_RULES, LATER_RULES, PROCESS_RULES
from groupcore.testing.scenes import START, posted
from groupcore.testing.stage import GROUPS, MEMBERS
from groupcore.testing.witnessing import groups, members, offences

__all__ = ["DEFAULT_RULES", "GROUPS", "LATER_RULES", "MEMBERS", "PROCESS_RULES", "ModeratorMachine", "ProcessMachine"]


class ModeratorMachine(Contesting):
    """Drives both, and compares what they say, what they refuse and what they know."""

    @rule(keep=st.sampled_from((None, 1, 5)), most=st.sampled_from((None, 1)), data=st.data())
    def restart(self, keep: int | None, most: int | None, data: st.DataObject) -> None:
        """The service is restarted, from snapshots or from the whole log, perhaps under other rules."""
        rules = data.draw(st.sampled_from([None, None, self.rulebook, *self.later]))
        self.open_again(rules, snapshot_every=keep, most_groups=most)

    @rule()
    def what_if_everything_were_overturned(self) -> None:
        """Then everybody would be clean."""
        laws.after_overturning_everything_the_standing_is_clean(self.moderator.state, self.moderator.rules, self.now)

    @precondition(lambda self: len({line["data"]["member"] for line in self.sanctions}) > 1)
    @rule()
    def what_if_two_were_overturned(self) -> None:
        """Then it would not matter which one was first."""
        laws.the_order_of_appeals_does_not_matter(self.moderator.state, self.moderator.rules, self.now)

    @rule(author=members, group=groups, text=offences)
    def what_if_there_were_fewer_strikes(self, author: str, group: str, text: str) -> None:
        """Then an offence would lead to nothing graver."""
        offence = posted(author, text, at=self.now - START, group=group, message="if")
        laws.fewer_strikes_lead_to_nothing_graver(self.moderator.state, self.moderator.rules, offence)


class ProcessMachine(ModeratorMachine):
    """The same under rules of due process."""

    rulebook = PROCESS_RULES
    later = (LATER_RULES,)
