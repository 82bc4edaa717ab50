"""What a rulebook may say and hardly means: words that cannot be found, rungs that get milder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from groupcore.clock import DAY, format_duration
from groupcore.errors import Fault
from groupcore.ladder import Ladder, Rung
from groupcore.policies.base import ContentPolicy, NamePolicy, Policy, WindowPolicy
from groupcore.text.folding import chain_of

_FOLD = chain_of()
_GRAVITY = {"warn": 0, "mute": 1, "kick": 2}


def suspicions(ladder: Ladder, policies: Iterable[Policy]) -> tuple[Fault, ...]:
    """Everything in a rulebook that deserves a second look, in the order of the file."""
    found = [_ladder(ladder)]
    for index, policy in enumerate(policies):
        path = f"policy[{index}]"
        if isinstance(policy, WindowPolicy):
            found.append(_window(policy, path))
        if isinstance(policy, ContentPolicy | NamePolicy):
            found.append(_words(policy, path))
    return tuple(chain.from_iterable(found))


def _ladder(ladder: Ladder) -> Iterator[Fault]:
    if ladder.rungs[0].sanction == "kick":
        yield Fault("ladder.rungs[0]", "the first strike removes a member", "warn or mute before")
    for index, (lower, upper) in enumerate(pairwise(ladder.rungs), 1):
        if _gravity(upper) < _gravity(lower):
            yield Fault(f"ladder.rungs[{index}]", "milder than the rung before it", "order them from mild to severe")


def _gravity(rung: Rung) -> tuple[int, float]:
    term = float("inf") if rung.for_ == "forever" else float(rung.for_ or 0)
    return _GRAVITY[rung.sanction], term


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
