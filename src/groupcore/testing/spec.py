"""Given these facts, when this happens, then these are the verdicts: rules tested as stories, without a store.

>>> from groupcore.events import FindingRecorded, MemberWarned, StrikeRecorded
>>> from groupcore.rulebook import Rulebook
>>> from groupcore.testing import given, joined, like, posted
>>> rules = Rulebook.from_mapping({"policy": [{"kind": "keyword", "id": "ads", "words": ["加微信"]}]})
>>> outcome = given(joined("amy"), rules=rules).when(posted("amy", "加微信 abc", at="1m")).then(
...     like(FindingRecorded, rule="ads", spans=((0, 3),)), StrikeRecorded, like(MemberWarned, member="amy")
... )
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import ndiff
from typing import Any, TypeAlias

import attrs
from attrs import frozen

from groupcore.commands import Command
from groupcore.decider import decide, observe
from groupcore.errors import DecisionRefused
from groupcore.events import Event, Fact, VerdictEvent, to_wire
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance
from groupcore.testing.scenes import adopted
from groupcore.wire import dumps


@frozen(init=False)
class Like:
    """A verdict of a class, with some of its fields; made by `like`."""

    cls: type[VerdictEvent]
    fields: dict[str, Any]

    def __init__(self, cls: type[VerdictEvent], fields: dict[str, Any]) -> None:
        unknown = fields.keys() - {item.name for item in attrs.fields(cls)}
        if unknown:
            raise TypeError(f"{cls.__name__} has no field {', '.join(sorted(unknown))}")
        self.__attrs_init__(cls, fields)


Expected: TypeAlias = VerdictEvent | Like | type[VerdictEvent]
"""A verdict as it must be, some of its fields, or only its class."""


def like(cls: type[VerdictEvent], **fields: Any) -> Like:
    """Any verdict of class *cls* that has these values in these fields."""
    return Like(cls, fields)


def given(*events: Event, rules: Rulebook) -> Story:
    """A story in which *events* have happened under *rules*: facts are judged, and verdicts are taken as they are."""
    story = Story(rules)
    for event in events:
        story.happened(event)
    return story


class Story:
    """What has happened so far. Go on with `when`."""

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self.state = State()
        self._log: list[Event] = []
        self.happened(adopted(rules))

    def happened(self, event: Event) -> list[VerdictEvent]:
        """Take *event* in: a fact with the verdicts that answer it, a verdict as it is. The new verdicts."""
        verdicts = self._answered(event)
        self._log += [event, *verdicts]
        self.state.check()
        return verdicts

    def _answered(self, event: Event) -> list[VerdictEvent]:
        if isinstance(event, Fact):
            return list(observe(event, self.state, self.rules))
        advance(self.state, event)
        return []

    def when(self, *wishes: Fact | Command) -> Outcome:
        """What follows when this happens, or is wished for. Of several, all verdicts follow."""
        verdicts: list[VerdictEvent] = []
        facts: list[Fact] = []
        try:
            for wish in wishes:
                for fact in self._facts(wish):
                    facts.append(fact)
                    verdicts += self.happened(fact)
        except DecisionRefused as refused:
            return Outcome(self, facts, verdicts, refused)
        return Outcome(self, facts, verdicts)

    def _facts(self, wish: Fact | Command) -> Sequence[Fact]:
        return [wish] if isinstance(wish, Fact) else decide(wish, self.state, self.rules)

    @property
    def log(self) -> tuple[Event, ...]:
        """All that happened and was decided, in order, after the rulebook that is in force."""
        return tuple(self._log[1:])


class Outcome:
    """What followed. Each check returns the outcome, so that they can be chained; `when` goes on with the story."""

    def __init__(
        self,
        story: Story,
        facts: list[Fact],
        verdicts: list[VerdictEvent],
        refused: DecisionRefused | None = None,
    ) -> None:
        self.story = story
        self.facts = tuple(facts)
        self.verdicts = tuple(verdicts)
        self.refused = refused

    def when(self, *wishes: Fact | Command) -> Outcome:
        """Go on with the story."""
        return self.story.when(*wishes)

    def then(self, *expected: Expected) -> Outcome:
        """Exactly these verdicts follow, in this order."""
        __tracebackhide__ = True
        fits = [_fits(item, verdict) for item, verdict in zip(expected, self.verdicts, strict=False)]
        if len(expected) != len(self.verdicts) or not all(fits):
            self._fail("these verdicts", expected)
        return self

    def then_nothing(self) -> Outcome:
        """No verdict follows."""
        __tracebackhide__ = True
        if self.verdicts or self.refused:
            self._fail("no verdict", ())
        return self

    def then_some(self, *expected: Expected) -> Outcome:
        """These verdicts follow in this order, perhaps with others between them."""
        __tracebackhide__ = True
        rest = iter(self.verdicts)
        if not all(any(_fits(item, verdict) for verdict in rest) for item in expected):
            self._fail("these verdicts, among others", expected)
        return self

    def then_no(self, *unwanted: Expected) -> Outcome:
        """None of these verdicts follows, whatever else does."""
        __tracebackhide__ = True
        if any(_fits(item, verdict) for item in unwanted for verdict in self.verdicts):
            self._fail("none of these", unwanted)
        return self

    def then_refused(self, reason: str = "") -> Outcome:
        """The command is refused, with *reason* in the message."""
        __tracebackhide__ = True
        if self.refused is None:
            raise AssertionError("expected a refusal, but the command was carried out:\n" + _lines(self.verdicts))
        if reason not in str(self.refused):
            raise AssertionError(f"expected a refusal for {reason!r}, found: {self.refused}")
        return self

    def _fail(self, what: str, expected: Sequence[Expected]) -> None:
        __tracebackhide__ = True
        if self.refused is not None:
            raise AssertionError(f"expected {what}, but the command was refused: {self.refused}")
        wanted = [_written(item, self.verdicts) for item in expected]
        found = [_line(verdict) for verdict in self.verdicts]
        difference = "\n".join(line.rstrip("\n") for line in ndiff(wanted, found) if not line.startswith("?"))
        raise AssertionError(f"expected {what} (-), found (+):\n{difference or '  nothing'}")


def _fits(expected: Expected, verdict: VerdictEvent) -> bool:
    if isinstance(expected, Like):
        return isinstance(verdict, expected.cls) and not _differing(expected, verdict)
    if isinstance(expected, type):
        return isinstance(verdict, expected)
    return expected == verdict


def _differing(expected: Like, verdict: VerdictEvent) -> list[str]:
    return [name for name, value in expected.fields.items() if getattr(verdict, name) != value]


def _line(verdict: VerdictEvent) -> str:
    return dumps(to_wire(verdict)).decode()


def _lines(verdicts: Sequence[VerdictEvent]) -> str:
    return "\n".join(map(_line, verdicts)) or "nothing"


def _written(expected: Expected, found: Sequence[VerdictEvent]) -> str:
    """What was expected, as the line of a verdict that fits it where there is one: then the two do not differ."""
    fitting = next((verdict for verdict in found if _fits(expected, verdict)), None)
    if fitting is not None:
        return _line(fitting)
    if isinstance(expected, VerdictEvent):
        return _line(expected)
    cls, fields = (expected.cls, expected.fields) if isinstance(expected, Like) else (expected, {})
    return f"{cls.type} " + ", ".join(f"{name}={value!r}" for name, value in fields.items())
