"""The rulebook itself: what was read, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

from attrs import Factory, field, frozen

from groupcore.clock import Duration, format_duration
from groupcore.errors import Fault
from groupcore.events.facts import Role
from groupcore.ladder import Ladder, Term, Tracks
from groupcore.ladder import to_mapping as ladder_to_mapping
from groupcore.policies.base import ContentPolicy, LabelPolicy, NamePolicy, Policy, WindowPolicy
from groupcore.rulebook.powers import Powers, all_powers, powers_to_mapping
from groupcore.rulebook.reading import EXEMPT, check_policies, read_parts
from groupcore.rulebook.suspicions import suspicions
from groupcore.state.window import LATENESS
from groupcore.text import Reader, reader_versions
from groupcore.wire import dumps, unstructurer


def _distinct(_: Any, __: Any, policies: tuple[Policy, ...]) -> None:
    check_policies(policies)


def _policies(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    return tuple(policies)


def _ladders(ladders: Mapping[str, Ladder]) -> dict[str, Ladder]:
    return dict(ladders)


def _roles(roles: Iterable[Role]) -> frozenset[Role]:
    return frozenset(roles)


@frozen
class Rulebook:
    """The rules of a community: what is looked for, what a strike leads to, who is exempt.

    Rulebooks are values: equal when they say the same, told apart by their ``digest``.
    """

    name: str = "rulebook"
    ladder: Ladder = field(factory=Ladder)
    policies: tuple[Policy, ...] = field(default=(), converter=_policies, validator=_distinct)
    exempt: frozenset[Role] = field(default=EXEMPT, converter=_roles)
    ladders: Mapping[str, Ladder] = field(default=Factory(dict), converter=_ladders, hash=False)
    powers: Powers = field(default=Factory(dict), converter=all_powers, hash=False)
    appeal_window: Term = "forever"
    blocks_follow_links: bool = False
    renew_mutes: bool = False

    @classmethod
    def from_mapping(cls, mapping: object, where: str = "rulebook") -> Rulebook:
        """The rulebook of what a TOML or JSON file holds. Raises RulebookError with all faults at once.

        *where* begins the path of each fault; the name of the file is a good one.
        """
        parts = read_parts(mapping, where)
        return cls(
            parts.name,
            parts.ladder,
            parts.policy,
            parts.exempt,
            parts.ladders,
            parts.powers,
            parts.appeal_window,
            parts.blocks_follow_links,
            parts.renew_mutes,
        )

    def to_mapping(self) -> dict[str, Any]:
        """The mapping that `from_mapping` reads back; what equals its default is left out."""
        ladder = ladder_to_mapping(self.ladder)
        return {
            "name": self.name,
            **({"exempt": sorted(self.exempt)} if self.exempt != EXEMPT else {}),
            **self._settings(),
            **({"ladder": ladder} if ladder else {}),
            "policy": [_policy_to_mapping(policy) for policy in self.policies],
        }

    def _settings(self) -> dict[str, Any]:
        """Those that came later, where they say other than the default."""
        window = self.appeal_window
        settings: dict[str, Any] = {
            "appeal_window": format_duration(window) if window != "forever" else None,
            "blocks_follow_links": self.blocks_follow_links,
            "renew_mutes": self.renew_mutes,
            "powers": powers_to_mapping(self.powers),
            "ladders": {category: ladder_to_mapping(ladder) for category, ladder in self.ladders.items()},
        }
        return {key: value for key, value in settings.items() if value}

    @cached_property
    def digest(self) -> str:
        """What names this rulebook in a log: the SHA-256 of its mapping, written canonically."""
        return sha256(dumps(self.to_mapping())).hexdigest()

    @cached_property
    def reader_digest(self) -> str:
        """What names the way texts are read: foldings, versions of the policies, and Python's Unicode.

        Under another reader digest, the same rules may find something else. The packages of the extras count where
        these rules ask them, and only there: who reads plainly can verify a log where they are not installed.
        """
        policies = {policy.kind: policy.version for policy in self.policies}
        readers: list[ContentPolicy | NamePolicy] = [*self.content, *self.names]
        folds = {policy.lexicon.fold for policy in readers if policy.lexicon is not None}
        versions = reader_versions(folds, any(policy.reads_domains for policy in readers))
        return sha256(dumps({"policies": policies, "text": versions})).hexdigest()

    @cached_property
    def reader(self) -> Reader:
        """What reads messages for these policies: one automaton for the words of all of them. Made once."""
        lexicons = {policy.id: policy.lexicon for policy in self.content}
        return Reader({rule: lexicon for rule, lexicon in lexicons.items() if lexicon is not None})

    @cached_property
    def content(self) -> tuple[ContentPolicy, ...]:
        """The policies that look at one message alone, in the order of the rulebook."""
        return tuple(policy for policy in self.policies if isinstance(policy, ContentPolicy))

    @cached_property
    def names(self) -> tuple[NamePolicy, ...]:
        """The policies that look at the names of members, in the order of the rulebook."""
        return tuple(policy for policy in self.policies if isinstance(policy, NamePolicy))

    @cached_property
    def labels(self) -> tuple[LabelPolicy, ...]:
        """The policies that look at what a classifier said, in the order of the rulebook."""
        return tuple(policy for policy in self.policies if isinstance(policy, LabelPolicy))

    @cached_property
    def name_reader(self) -> Reader:
        """What reads names for ``names``. Made once."""
        lexicons = {policy.id: policy.lexicon for policy in self.names}
        return Reader({rule: lexicon for rule, lexicon in lexicons.items() if lexicon is not None})

    @cached_property
    def for_bare(self) -> tuple[ContentPolicy, ...]:
        """Those of ``content`` that may object to a message without words looked for, links, contacts and parts."""
        return tuple(policy for policy in self.content if not policy.spares_bare)

    @cached_property
    def windows(self) -> tuple[WindowPolicy, ...]:
        """The policies that look at what was posted before, in the order of the rulebook."""
        return tuple(policy for policy in self.policies if isinstance(policy, WindowPolicy))

    @cached_property
    def horizon(self) -> Duration:
        """How long a post must be remembered: the longest window and the lateness, or 0 without windows."""
        longest = max((policy.window for policy in self.windows), default=0)
        return Duration(longest + LATENESS if longest else 0)

    @cached_property
    def finest(self) -> int:
        """The shortest window of a policy, in microseconds; 0 without windows."""
        return min((policy.window for policy in self.windows), default=0)

    @cached_property
    def warnings(self) -> tuple[Fault, ...]:
        """What is allowed and yet probably not meant, such as a word that can never be found."""
        return suspicions(self.ladder, self.ladders, self.policies)

    @cached_property
    def tracks(self) -> Tracks:
        """The ladders side by side: which one a strike climbs, and what weighs on it there."""
        return Tracks(self.ladder, self.ladders)

    def track(self, category: str) -> str:
        """The ladder that strikes of this category climb: its category, or "" for the one that all others share."""
        return self.tracks.track(category)

    def ladder_of(self, category: str) -> Ladder:
        """What strikes of this category lead to."""
        return self.tracks.ladder(category)

    def policy(self, id: str) -> Policy | None:
        """The policy of that id, or None."""
        return self._by_id.get(id)

    def rule(self, id: str) -> Policy:
        """The policy of that id. Raises KeyError where there is none."""
        return self._by_id[id]

    def rank(self, id: str) -> int:
        """The place of a policy in the rulebook, from 0. Raises KeyError where there is none."""
        return self._ranks[id]

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {policy.id: rank for rank, policy in enumerate(self.policies)}

    @cached_property
    def _by_id(self) -> dict[str, Policy]:
        return {policy.id: policy for policy in self.policies}


def _policy_to_mapping(policy: Policy) -> dict[str, Any]:
    return {"kind": policy.kind, **unstructurer(type(policy), omit_defaults=True)(policy)}
