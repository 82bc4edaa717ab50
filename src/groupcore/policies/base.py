"""What a policy is: a frozen attrs class whose fields are its settings.

Subclass `ContentPolicy` to judge a message by what it says, `WindowPolicy` to judge it by what was posted before it,
`NamePolicy` to judge the names of members, or `LabelPolicy` to judge what a classifier said. Give the class a
``kind``, decorate it with `register`, and a rulebook can name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

from attrs import Factory, field, frozen, validators

from groupcore.clock import Duration
from groupcore.policies.settings import flag, limit

if TYPE_CHECKING:
    from groupcore.state.window import Post, Windows
    from groupcore.text import Lexicon, Reading

Severity = Literal["minor", "normal", "severe"]
"""``minor`` is recorded and leads to nothing, ``normal`` is a strike, ``severe`` skips rungs of the ladder."""

SEVERITY_ORDER: dict[str, int] = {"minor": 0, "normal": 1, "severe": 2}

ENTRY_POINTS = "groupcore.policies"


@frozen
class Match:
    """What a policy objects to.

    ``spans`` are ``(start, end)`` pairs in code points of the original text, end exclusive. ``evidence`` holds
    counts and words of the rulebook, never an excerpt of the message: it is stored for ever. What was taken from
    the text (a host, a number) goes into ``quoted``, which is shown and never stored. ``counted`` are the ids of
    the messages that a window rule counted, this one included; ``coarse`` says that the clock was hardly fine enough.
    ``hits`` are what it was found in, each with ``start``, ``end``, ``field``, ``steps`` and ``score``: for who asks
    how it was read (`groupcore check --explain`); they are no part of the match. Those of words are in the reading.
    """

    rule: str
    spans: tuple[tuple[int, int], ...] = ()
    evidence: Mapping[str, Any] = Factory(dict)
    counted: tuple[str, ...] = ()
    coarse: bool = False
    quoted: Mapping[str, Any] = Factory(dict)
    hits: tuple[Any, ...] = field(default=(), eq=False, repr=False)


@frozen
class Threshold:
    """A setting that something counted was held against: the value it ``was``, and the ``least`` that spares it.

    ``setting`` is the name of the field, ``labels.toxic`` where the field holds several.
    """

    setting: str
    was: float
    least: float


def one_more(setting: str, was: int, count: int | None) -> tuple[Threshold, ...]:
    """The threshold of a *setting* that is reached by as many: one more than were counted; none where nothing was."""
    return () if count is None else (Threshold(setting, was, count + 1),)


_AT_LEAST_ONE: dict[str, Any] = {"schema": {"minimum": 1}}


@frozen(kw_only=True)
class Policy:
    """The settings that every policy has: its id in the rulebook, what it is about, how grave it is.

    A strike for it counts ``weight``. With ``shadow`` its findings are recorded and bring no strike, so that it can run
    beside the rules in force. Beyond ``max_per_hour`` or ``max_per_day`` strikes in a group, it only records findings,
    and an alarm.
    """

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1  # raised when the same settings would find something else

    id: str
    category: str = field(default=Factory(lambda self: self.id, takes_self=True))
    severity: Severity = "normal"
    weight: int = field(default=1, validator=validators.ge(1))
    shadow: bool = field(default=False, validator=flag)
    max_per_hour: int | None = field(default=None, validator=limit, metadata=_AT_LEAST_ONE)
    max_per_day: int | None = field(default=None, validator=limit, metadata=_AT_LEAST_ONE)

    def thresholds(self, evidence: Mapping[str, Any]) -> Iterable[Threshold]:
        """The settings each of which, had it been so alone, would have made this a finding no more; none unless said.

        *evidence* is that of a finding of this policy as the log has it, perhaps of an earlier version. Explanations
        tell of these what would have been otherwise: ``had flood.count been 6 and not 5: nothing``.
        """
        return ()


@frozen(kw_only=True)
class ContentPolicy(Policy):
    """A policy that looks at one message alone. Edited messages are shown to it again.

    Set ``spares_bare`` where nothing but a word of a lexicon, a link, a contact or a part can make it object: then it
    is not even asked about the many messages that are bare of all these. Clear ``reads_domains`` where it never reads
    the `domain` of a link: then a log can be verified whatever public suffix list is installed.
    """

    spares_bare: ClassVar[bool] = False
    reads_domains: ClassVar[bool] = True

    @property
    def lexicon(self) -> Lexicon | None:
        """The words that this policy wants looked up while the text is read, or None."""
        return None

    def find(self, reading: Reading) -> Match | None:
        """What this policy objects to in the message, or None. Pure; called once a message."""
        raise NotImplementedError


@frozen(kw_only=True)
class NamePolicy(Policy):
    """A policy that looks at the name of a member, when they join and when they take another one."""

    reads_domains: ClassVar[bool] = True  # as for a `ContentPolicy`

    @property
    def lexicon(self) -> Lexicon | None:
        """The words that this policy wants looked up in names, or None."""
        return None

    def find(self, reading: Reading) -> Match | None:
        """What this policy objects to in the name, or None. Pure; called once a join and once a renaming."""
        raise NotImplementedError


@frozen(kw_only=True)
class LabelPolicy(Policy):
    """A policy that looks at what a classifier outside the engine said of a message."""

    def find(self, labels: Mapping[str, float], model: str) -> Match | None:
        """What this policy objects to, or None. Pure; called once for each time that a message is labelled."""
        raise NotImplementedError


@frozen(kw_only=True)
class WindowPolicy(Policy):
    """A policy that looks at what was posted within ``window`` before the message, in the time of the events."""

    window: Duration

    def find(self, post: Post, windows: Windows) -> Match | None:
        """What this policy objects to, or None. *post* is the message; *windows* holds what came before it."""
        raise NotImplementedError


P = TypeVar("P", bound=type[Policy])

_registry: dict[str, type[Policy]] = {}


def register(cls: P) -> P:
    """Make a policy known under its ``kind``, so that a rulebook can name it. A decorator."""
    if not cls.kind:
        raise TypeError(f"{cls.__name__} has no kind; write kind: ClassVar[str] = 'my-kind'")
    other = _registry.get(cls.kind)
    if other is not None and other.__qualname__ != cls.__qualname__:
        raise TypeError(f"the kind {cls.kind!r} is taken by {other.__module__}.{other.__qualname__}")
    _registry[cls.kind] = cls
    return cls


def policy_kinds() -> Mapping[str, type[Policy]]:
    """The policies that are known, by kind, those of installed packages not looked up."""
    return _registry


def policy_class(kind: str) -> type[Policy] | None:
    """The policy of this kind; asks the installed packages (entry point ``groupcore.policies``) when unknown."""
    if kind not in _registry:
        from importlib.metadata import entry_points  # ten milliseconds that most imports can spare

        for point in entry_points(group=ENTRY_POINTS, name=kind):
            register(point.load())
    return _registry.get(kind)
