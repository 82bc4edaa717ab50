"""What strikes lead to: the rungs from a first warning to the door.

A ladder is a frozen value. It turns a count of live strikes into one rung, and knows no member and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from groupcore.clock import DAY, Duration
from groupcore.errors import Fault
from groupcore.wire import Faulty, Wrong, did_you_mean, explain, faults_of, read, unstructurer

Sanction = Literal["warn", "mute", "kick"]
"""What happens to the member, from mild to severe."""

Block = Literal["group", "org"]
"""Where somebody who was kicked may not come back."""

Language = Literal["zh", "en", "both"]
"""The language of the statements that come with the library."""

Term: TypeAlias = Duration | Literal["forever"]
"""How long: a duration, or for ever."""

PLACEHOLDERS = ("member", "rule", "category")
"""What a statement may name, in braces."""

STATEMENTS: dict[str, str] = {
    "zh": "{member} 违反群规「{rule}」（{category}），已被移出本群。如有异议，可以向管理员申诉。",
    "en": "{member} was removed for breaking the rule {rule} ({category}). Objections go to the admins.",
}


def _needs_time(rung: Rung, _: Any, term: Term | None) -> None:
    if rung.sanction == "mute" and term is None:
        raise Wrong("a mute needs a time", "write for = '1d', or 'forever'")
    if rung.sanction != "mute" and term is not None:
        raise Wrong(f"a {rung.sanction} takes no time", "only a mute ends; take 'for' away")


def _only_kicks_block(rung: Rung, _: Any, block: Block | None) -> None:
    if block is not None and rung.sanction != "kick":
        raise Wrong(f"a {rung.sanction} cannot block", "only somebody who is kicked can be kept out")


def _template(rung: Rung, _: Any, statement: str | bool) -> None:
    if isinstance(statement, bool):
        return
    if rung.sanction != "kick":
        raise Wrong(f"a {rung.sanction} posts no statement", "only a kick is announced in the group")
    _check_template(statement)


def _check_template(text: str) -> None:
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise Wrong(f"the statement cannot be read: {error}", "write a brace as {{ or }}") from None
    for _, name, style, conversion in pieces:
        if name is not None and name not in PLACEHOLDERS:
            raise Wrong(f"unknown placeholder {{{name}}}", did_you_mean(name, PLACEHOLDERS))
        if style or conversion:
            raise Wrong(f"the placeholder {{{name}}} takes no format", f"write {{{name}}}")


@frozen
class Rung:
    """One step of a ladder: a sanction, and what goes with it.

    ``for_`` (written ``for``) is the time of a mute, ``block`` keeps who is kicked from coming back,
    ``delete`` takes the message away. ``statement`` is posted in the group at a kick: true for the text we
    ship, false for none, or a text of your own with ``{member}``, ``{rule}`` and ``{category}``.
    """

    sanction: Sanction
    for_: Term | None = field(default=None, validator=_needs_time)
    block: Block | None = field(default=None, validator=_only_kicks_block)
    delete: bool = False
    statement: str | bool = field(default=True, validator=_template)


def _rungs(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(rungs)


def _at_least_one(_: Any, __: Any, rungs: tuple[Rung, ...]) -> None:
    if not rungs:
        raise Wrong("a ladder needs a rung", "write rungs = [{ sanction = 'warn' }], or a preset")


def _within(ladder: Ladder, _: Any, number: int | None) -> None:
    if number is not None and not 1 <= number <= len(ladder.rungs):
        raise Wrong(f"there is no rung {number}", f"the rungs count from 1 to {len(ladder.rungs)}")


@frozen
class Ladder:
    """The rungs, how long a strike counts, and where a severe one begins.

    ``memory`` is how long a strike stays live, ``severe_from`` the rung (from 1, by default the last) that a
    live severe strike counts as at least. Without rungs of its own a ladder only warns.

    >>> Ladder.preset("mute-ladder").rung(2).for_ == 7 * DAY
    True
    """

    rungs: tuple[Rung, ...] = field(default=(Rung("warn"),), converter=_rungs, validator=_at_least_one)
    memory: Term = "forever"
    severe_from: int | None = field(default=None, validator=_within)
    language: Language = "both"

    def __attrs_post_init__(self) -> None:
        """Put the shipped statement in its place: a log carries the words that were said, not a reference to ours."""
        spelled = tuple(self._spelled(rung) for rung in self.rungs)
        object.__setattr__(self, "rungs", spelled)

    def _spelled(self, rung: Rung) -> Rung:
        return evolve(rung, statement=self._shipped()) if rung.sanction == "kick" and rung.statement is True else rung

    @classmethod
    def preset(cls, name: str, **settings: Any) -> Ladder:
        """The ladder of that name in `PRESETS`, with other settings when given."""
        if name not in PRESETS:
            raise _unknown_preset(name)
        return cls(PRESETS[name], **settings)

    def rung_number(self, live: int, severe: bool = False) -> int:
        """The rung, from 1, of a member with that many live strikes, one of them perhaps severe."""
        if live < 1:
            raise ValueError(f"{live} live strikes lead to no rung; the strike that is answered counts")
        last = len(self.rungs)
        return min(last, max(live, self.severe_from or last)) if severe else min(last, live)

    def rung(self, live: int, severe: bool = False) -> Rung:
        """What happens to a member with that many live strikes, the one that is answered included."""
        return self.rungs[self.rung_number(live, severe) - 1]

    def statement(self, rung: Rung, *, member: str, rule: str, category: str) -> str | None:
        """The text to post in the group at *rung*, or None."""
        if rung.sanction != "kick" or rung.statement is False:
            return None
        template = rung.statement if isinstance(rung.statement, str) else self._shipped()
        return template.format(member=member, rule=rule, category=category)

    def _shipped(self) -> str:
        return "\n".join(STATEMENTS.values()) if self.language == "both" else STATEMENTS[self.language]


_WARN = Rung("warn", delete=True)
_OUT = Rung("kick", block="group", delete=True)

PRESETS: dict[str, tuple[Rung, ...]] = {
    "warn-then-kick": (_WARN, _OUT),
    "wecom-three-warnings": (_WARN, _WARN, _WARN, _OUT),
    "mute-ladder": (
        *(Rung("mute", Duration(days * DAY), delete=True) for days in (1, 7, 15)),
        Rung("mute", "forever", delete=True),
    ),
}
"""The rungs of ladders that are used widely, by name."""


def _unknown_preset(name: object) -> Wrong:
    return Wrong(f"unknown preset {name!r}", did_you_mean(name, PRESETS))


def read_ladder(mapping: object, path: str = "ladder") -> Ladder:
    """The ladder of a mapping, its preset expanded. Raises `groupcore.wire.Faulty` with every fault."""
    if not isinstance(mapping, Mapping) or "preset" not in mapping:
        return read(Ladder, mapping, path)
    settings, faults = _expanded(mapping, path)
    faults += explain(Ladder, settings, path)
    if faults:
        raise Faulty(faults)
    return read(Ladder, settings, path)


def _expanded(mapping: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[Fault]]:
    """The settings with the rungs of the preset in its place, and what is wrong with that."""
    settings, name = dict(mapping), mapping["preset"]
    del settings["preset"]
    if "rungs" in settings:
        return settings, [Fault(path, "a preset and rungs exclude each other", "take one of them away")]
    if not isinstance(name, str) or name not in PRESETS:
        settings.pop("severe_from", None)  # cannot be judged without the rungs
        return settings, faults_of(_unknown_preset(name), f"{path}.preset")
    settings["rungs"] = [unstructurer(Rung, omit_defaults=True)(rung) for rung in PRESETS[name]]
    return settings, []


def to_mapping(ladder: Ladder) -> dict[str, Any]:
    """The mapping that `read_ladder` reads back; what equals its default is left out."""
    return unstructurer(Ladder, omit_defaults=True)(ladder)
