"""What a rulebook may say and hardly means: words that cannot be found, rungs that get milder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain, pairwise

import attrs

from groupcore.clock import DAY, format_duration
from groupcore.errors import Fault
from groupcore.ladder import FACTORS, Ladder, Rung
from groupcore.policies.base import ContentPolicy, NamePolicy, Policy, WindowPolicy
from groupcore.sanctions import GRAVITY, REMOVALS
from groupcore.text.folding import chain_of

_FOLD = chain_of()


def suspicions(ladder: Ladder, ladders: Mapping[str, Ladder], policies: Iterable[Policy]) -> tuple[Fault, ...]:
    """Everything in a rulebook that deserves a second look, in the order of the file."""
    policies = tuple(policies)
    found = [_ladder(ladder, "ladder")]
    found += [_ladder(other, f"ladders.{category}") for category, other in ladders.items()]
    found.append(_climbed_by_nobody(ladders, policies))
    for index, policy in enumerate(policies):
        path = f"policy[{index}]"
        found.append(_limits(policy, ladders.get(policy.category, ladder), path))
        if isinstance(policy, WindowPolicy):
            found.append(_window(policy, path))
        if isinstance(policy, ContentPolicy | NamePolicy):
            found.append(_words(policy, path))
    return tuple(chain.from_iterable(found))


def _ladder(ladder: Ladder, path: str) -> Iterator[Fault]:
    if ladder.rungs[0].sanction in REMOVALS:
        yield Fault(f"{path}.rungs[0]", "the first strike removes a member", "warn or mute before")
    for index, (lower, upper) in enumerate(pairwise(ladder.rungs), 1):
        if _gravity(upper) < _gravity(lower):
            yield Fault(f"{path}.rungs[{index}]", "milder than the rung before it", "order them from mild to severe")
    yield from _factors(ladder, path)
    if ladder.memory != "forever" and ladder.good_behaviour is not None and ladder.good_behaviour >= ladder.memory:
        problem = "good behaviour forgets nothing that the memory has not forgotten"
        yield Fault(f"{path}.good_behaviour", problem, "make it shorter than the memory")


def _factors(ladder: Ladder, path: str) -> Iterator[Fault]:
    for name, steps in ladder.aggravators.items():
        near = get_close_matches(name, FACTORS, 1) if name not in FACTORS else []
        if near:
            problem = f"the factor {name!r} is none that we know; somebody has to note it"
            yield Fault(f"{path}.aggravators.{name}", problem, f"did you mean {near[0]!r}?")
        if steps > ladder.max_steps:
            problem = f"{steps} steps are more than max_steps allows"
            yield Fault(f"{path}.aggravators.{name}", problem, f"at most {ladder.max_steps} count")


def _climbed_by_nobody(ladders: Mapping[str, Ladder], policies: Iterable[Policy]) -> Iterator[Fault]:
    categories = {policy.category for policy in policies}
    for category in ladders:
        if category not in categories:
            near = get_close_matches(category, categories, 1)
            hint = f"did you mean {near[0]!r}?" if near else "take it away, or give a policy this category"
            yield Fault(f"ladders.{category}", f"no policy has the category {category!r}", hint)


def _limits(policy: Policy, ladder: Ladder, path: str) -> Iterator[Fault]:
    if policy.severity == "minor":
        for name in ("weight", "max_per_hour", "max_per_day"):
            if getattr(policy, name) != attrs.fields_dict(Policy)[name].default:
                yield Fault(f"{path}.{name}", "a minor rule brings no strike, so this says nothing", "take it away")
    if policy.max_per_hour is not None and policy.max_per_day is not None and policy.max_per_day < policy.max_per_hour:
        yield Fault(f"{path}.max_per_hour", "the day is over before the hour is", "make it at most max_per_day")
    if policy.severity == "normal" and policy.weight >= len(ladder.rungs) > 1:
        problem = f"a strike of the weight {policy.weight} leads to the last rung at once"
        yield Fault(f"{path}.weight", problem, "rungs count what live strikes weigh")


def _gravity(rung: Rung) -> tuple[int, float]:
    term = float("inf") if rung.for_ == "forever" else float(rung.for_ or 0)
    return GRAVITY[rung.sanction], term


def _window(policy: WindowPolicy, path: str) -> Iterator[Fault]:
    if policy.window > DAY:
        problem = f"every message is kept in memory for {format_duration(policy.window)}"
        yield Fault(f"{path}.window", problem, "windows of minutes find floods and repetitions")


def _words(policy: ContentPolicy | NamePolicy, path: str) -> Iterator[Fault]:
    lexicon = policy.lexicon
    if lexicon is None:
        return
    allow = {_folded(word): word for word in lexicon.allow}
    yield from _short(lexicon.words, path)
    yield from _twice(lexicon.words, f"{path}.words")
    yield from _twice(lexicon.allow, f"{path}.allow")
    yield from _never_found(lexicon.words, allow, path)
    yield from _idle(lexicon.allow, lexicon.words, path)


def _folded(word: str) -> str:
    return _FOLD(word).strip()


def _short(words: Iterable[str], path: str) -> Iterator[Fault]:
    for index, word in enumerate(words):
        if len(word) == 1:
            problem = f"the word {word!r} is a single character"
            yield Fault(f"{path}.words[{index}]", problem, "it is found in many harmless messages")
        elif not any(char.isalnum() for char in word):
            problem = f"the word {word!r} has neither letter nor digit"
            yield Fault(f"{path}.words[{index}]", problem, "it is found in many harmless messages")


def _twice(words: Iterable[str], path: str) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for index, word in enumerate(words):
        key = _folded(word)
        if key in seen:
            yield Fault(f"{path}[{index}]", f"{word!r} reads the same as {seen[key]!r} before it", "take one away")
        seen.setdefault(key, word)


def _never_found(words: Iterable[str], allow: dict[str, str], path: str) -> Iterator[Fault]:
    for index, word in enumerate(words):
        if _folded(word) in allow:
            problem = f"the word {word!r} is never found, since it is allowed too"
            yield Fault(f"{path}.words[{index}]", problem, "take it away from words or from allow")


def _idle(allow: Iterable[str], words: Iterable[str], path: str) -> Iterator[Fault]:
    denied = [_folded(word) for word in words]
    for index, word in enumerate(allow):
        if not any(other in _folded(word) for other in denied):
            problem = f"the allowed word {word!r} excuses nothing"
            yield Fault(
                f"{path}.allow[{index}]",
                problem,
                "an allowed word holds a denied one, as 微信支付 holds 微信",
            )
