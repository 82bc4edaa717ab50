"""Due process: the decider against the naive model, and the invariants of standing, under random rules and lives."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from groupcore.clock import HOUR, MINUTE
from groupcore.decider import answer, observe
from groupcore.events import (
    ActionReported,
    AggravationNoted,
    AggravationWithdrawn,
    ContentLabelled,
    Event,
    ExemptionEnded,
    ExemptionGranted,
    Fact,
    IdentityLinked,
    IdentityUnlinked,
    MessagePosted,
    OwnerChanged,
    PersonBlocked,
    SanctionLifted,
    SanctionOrdered,
)
from groupcore.events.identity import new_fact
from groupcore.messages import Part
from groupcore.rulebook import Rulebook
from groupcore.state import State, advance, fold
from groupcore.testing import START, adopted, advanced, joined, left, posted
from groupcore.testing.model import comparable
from groupcore.testing.process import NaiveProcess

MEMBERS, GROUPS = ("amy", "bo", "cy"), ("g1", "g2")
TEXTS = ("hello", "buy now", "see spam.example", "scam", "buy now scam", "wx.spam.example and a.org")
WAITS = (0, 1, 20_000_000, MINUTE, HOUR, 5 * HOUR, 26 * HOUR)

RUNGS = (
    {"sanction": "notice"},
    {"sanction": "warn", "delete": True},
    {"sanction": "delete"},
    {"sanction": "mute", "for": "2h", "delete": True},
    {"sanction": "restrict", "for": "6h", "restrict": ["no-links", "no-media"]},
    {"sanction": "restrict", "for": "1d", "restrict": ["slow-mode"], "slow": "1m"},
    {"sanction": "kick", "block": "group", "block_for": "6h"},
    {"sanction": "kick", "block": "owner", "block_for": "1d"},
    {"sanction": "kick"},
    {"sanction": "ban", "statement": False},
)
MILD = RUNGS[:6]


def optional(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, None, *values])


@st.composite
def ladders(draw: st.DrawFn) -> dict[str, Any]:
    rungs = draw(st.lists(st.sampled_from(MILD), max_size=4)) + draw(
        st.lists(st.sampled_from(RUNGS), min_size=1, max_size=2)
    )
    settings = {
        "rungs": rungs,
        "memory": draw(optional(["10h", "2d"])),
        "severe_from": draw(optional([1, len(rungs)])),
        "scope": draw(st.sampled_from(["group", "owner", "org"])),
        "decay": draw(optional(["1h", "1d"])),
        "good_behaviour": draw(optional(["5h", "1d"])),
        "aggravators": draw(
            st.dictionaries(st.sampled_from(["minor-victim", "linked-accounts", "other"]), st.integers(1, 2))
        ),
        "max_steps": draw(optional([1, 3])),
        "statements_per_minute": draw(optional([1, 2])),
    }
    return {name: value for name, value in settings.items() if value is not None}


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    def policy(kind: str, id: str, **more: Any) -> dict[str, Any]:
        common = {
            "category": draw(st.sampled_from(["a", "b"])),
            "severity": draw(st.sampled_from(["normal", "normal", "normal", "severe", "minor"])),
            "weight": draw(st.sampled_from([1, 1, 2])),
            "shadow": draw(st.sampled_from([False] * 5 + [True])),
            "max_per_hour": draw(optional([1, 2])),
            "max_per_day": draw(optional([2, 3])),
        }
        return {"kind": kind, "id": id, **more, **{name: value for name, value in common.items() if value is not None}}

    policies = [
        policy("keyword", "ads", words=["buy"]),
        policy("keyword", "fraud", words=["scam"]),
        policy("link", "links", deny=["spam.example"]),
        policy("mini-program", "mini"),
        policy("labels", "toxic", labels={"toxic": 0.5}),
        policy("nickname", "names", words=["shop"]),
    ]
    return Rulebook.from_mapping(
        {
            "ladder": draw(ladders()),
            "ladders": draw(st.dictionaries(st.just("b"), ladders())),
            "blocks_follow_links": draw(st.booleans()),
            "renew_mutes": draw(st.booleans()),
            "policy": policies,
        }
    )


@st.composite
def lives(draw: st.DrawFn, most: int = 40) -> list[Fact]:
    """What happened to three people in two groups, in order of time."""
    now, facts = START, list[Fact]()
    for group in draw(st.sampled_from([GROUPS, GROUPS[:1], ()])):
        facts.append(new_fact(OwnerChanged, at=now, group=group, owner="lin"))
    for index in range(draw(st.integers(12, most))):
        now += draw(st.sampled_from(WAITS))
        fact = draw(steps(now, index, facts))
        if fact is not None and all(fact.id != old.id for old in facts):
            facts.append(fact)
    return facts


@st.composite
def steps(draw: st.DrawFn, now: int, index: int, before: list[Fact]) -> Fact | None:
    group, member = draw(st.sampled_from(GROUPS)), draw(st.sampled_from(MEMBERS))
    other, wide = draw(st.sampled_from(MEMBERS)), draw(st.sampled_from((group, None)))
    until = draw(optional([now + HOUR, now + 26 * HOUR]))
    kind = draw(st.sampled_from(KINDS))
    posts = [fact for fact in before if isinstance(fact, MessagePosted)]
    place: dict[str, Any] = {"at": now, "group": group}
    broad: dict[str, Any] = {"at": now, "group": wide}
    if kind == "post":
        text = draw(st.sampled_from(TEXTS))
        parts = draw(
            st.sampled_from([(), (), (Part.of({"kind": "image"}),), (Part.of({"kind": "mini-program", "app": "wx1"}),)])
        )
        return posted(member, text, parts=parts, at=now - START, group=group, message=f"m{index}")
    if kind == "join":
        return joined(member, name=draw(st.sampled_from(["", "amy", "my shop"])), at=now - START, group=group)
    if kind == "leave":
        return left(member, at=now - START, group=group)
    if kind == "owner":
        return new_fact(OwnerChanged, **place, owner=draw(st.sampled_from(["lin", "zoe"])))
    if kind == "label" and posts:
        post = draw(st.sampled_from(posts))
        labels = {"toxic": draw(st.sampled_from([0.1, 0.9]))}
        return new_fact(
            ContentLabelled, at=now, group=post.group, message=post.message, author=post.author, labels=labels
        )
    if kind == "order":
        sanction = draw(st.sampled_from(["notice", "warn", "mute", "restrict", "kick", "ban"]))
        more: dict[str, Any] = {"until": until} if sanction in ("mute", "restrict") else {}
        if sanction == "restrict":
            more |= {"restrictions": ("no-links", "slow-mode"), "slow": MINUTE}
        return new_fact(SanctionOrdered, **place, member=member, sanction=sanction, by="lin", **more)
    if kind == "lift":
        what = draw(st.sampled_from(["warn", "mute", "restrict", "kick", "block", "all"]))
        return new_fact(SanctionLifted, **place, member=member, sanction=what, by="lin")
    if kind == "block":
        owner = draw(st.sampled_from(["lin", "zoe"])) if wide is None and draw(st.booleans()) else None
        scope = "group" if wide else "owner" if owner else "org"
        return new_fact(PersonBlocked, **broad, person=member, scope=scope, owner=owner, until=until)
    if kind == "link" and member != other:
        cls: type[Fact] = draw(st.sampled_from([IdentityLinked, IdentityLinked, IdentityUnlinked]))
        return new_fact(cls, **broad, person=member, other=other)
    if kind == "graver":
        factor = draw(st.sampled_from(["minor-victim", "other"]))
        if draw(st.booleans()):
            return new_fact(AggravationNoted, **broad, person=member, factor=factor, until=until)
        return new_fact(AggravationWithdrawn, **broad, person=member, factor=factor)
    if kind == "exempt":
        of, value = draw(
            st.sampled_from(
                [("person", member), ("domain", "spam.example"), ("domain", "org"), ("mini-program", "wx1")]
            )
        )
        if draw(st.booleans()):
            return new_fact(ExemptionGranted, **broad, of=of, value=value, until=until)
        return new_fact(ExemptionEnded, **broad, of=of, value=value)
    if kind == "report":
        orders = [fact for fact in before if isinstance(fact, SanctionOrdered)]
        mutes = [f"{post.id}/member-muted" for post in posts] + [order.id for order in orders]
        return new_fact(ActionReported, **broad, action=mutes[-1] if mutes else "x", outcome="not-enforceable")
    if kind == "time":
        return advanced(now - START, group=wide)
    return None


KINDS = (*["post"] * 14, *["join"] * 3, "leave", "owner", *["label"] * 2, *["order"] * 2, "lift", "block", "block")
KINDS += ("link", "link", "graver", "graver", "exempt", "exempt", "report", *["time"] * 3)


@given(rulebooks(), lives())
@settings(max_examples=80, deadline=None)
def test_the_decider_and_the_naive_model_give_the_same_verdicts(rules: Rulebook, facts: list[Fact]) -> None:
    state, model = State(), NaiveProcess(rules)
    for fact in [adopted(rules), *facts]:
        expected = comparable(model.answer(fact), rules)
        assert comparable(observe(fact, state, rules), rules) == expected
        state.check()


@given(rulebooks(), lives())
@settings(max_examples=25, deadline=None)
def test_standing_at_any_time_is_a_recount_of_the_events(rules: Rulebook, facts: list[Fact]) -> None:
    state, model = State(), NaiveProcess(rules)
    for fact in [adopted(rules), *facts]:
        model.answer(fact)
        observe(fact, state, rules)
    end = facts[-1].at if facts else START
    for at in (end, end + HOUR, end + 30 * HOUR):
        for group in GROUPS:
            for member in MEMBERS:
                live = {strike.id for strike in state.live_strikes(group, member, at)}
                assert live == {f"{line['cause']}/strike-recorded" for line in model.live(group, member, at)}
                assert bool(state.block(group, member, at)) == bool(model.blocks(group, member, at))
                assert state.linked(group, member) == sorted(model.linked(group, member))


@given(rulebooks(), lives())
@settings(max_examples=25, deadline=None)
def test_answering_leaves_the_state_and_the_live_state_is_the_fold(rules: Rulebook, facts: list[Fact]) -> None:
    state, log = State(), list[Event]()
    for fact in [adopted(rules), *facts]:
        before = state.fork()
        verdicts = answer(fact, state, rules)
        assert state == before
        for event in (fact, *verdicts):
            advance(state, event)
            log.append(event)
    assert fold(State(), log) == state


@given(rulebooks(), lives())
@settings(max_examples=80, deadline=None)
def test_nobody_is_removed_without_the_rungs_before_unless_it_is_grave(rules: Rulebook, facts: list[Fact]) -> None:
    """A removal by the ladder answers as much live weight as its rung asks for, or something severe or aggravated."""
    state = State()
    for fact in [adopted(rules), *facts]:
        for verdict in observe(fact, state, rules):
            if verdict.type not in ("member-kicked", "member-banned") or getattr(verdict, "because", "") == "blocklist":
                continue
            strike = next(each for each in _strikes(state) if each.id == f"{verdict.cause}/strike-recorded")
            ladder = rules.ladder_of(strike.category)
            removing = [
                n for n, rung in enumerate(ladder.rungs, 1) if f"member-{rung.sanction}" in _removal(verdict.type)
            ]
            live = state.live_strikes(verdict.group or "", verdict.member, verdict.at)  # type: ignore[attr-defined]
            peers = [each for each in live if rules.track(each.category) == rules.track(strike.category)]
            weight = sum(each.weight_at(verdict.at) for each in peers)
            grave = strike.steps or any(each.severity == "severe" for each in peers)
            assert grave or weight >= min(removing)


def _removal(type_name: str) -> tuple[str, ...]:
    return ("member-kick",) if type_name == "member-kicked" else ("member-ban",)


def _strikes(state: State) -> list[Any]:
    own = [strike for group in state.groups.values() for member in group.members.values() for strike in member.strikes]
    return own + [strike for strikes in state.org.strikes.values() for strike in strikes]


@given(rulebooks(), lives(), st.integers(0, 20))
@settings(max_examples=25, deadline=None)
def test_a_voided_strike_never_counts(rules: Rulebook, facts: list[Fact], number: int) -> None:
    state = State()
    for fact in [adopted(rules), *facts]:
        observe(fact, state, rules)
    strikes = _strikes(state)
    if not strikes:
        return
    chosen = strikes[number % len(strikes)]
    before = {member: _weights(state, facts[-1].at, member) for member in MEMBERS}
    chosen.voided = True
    for member in MEMBERS:
        after = _weights(state, facts[-1].at, member)
        assert all(new <= old for new, old in zip(after, before[member], strict=True))
    assert all(chosen not in state.live_strikes(group, member, chosen.at) for group in GROUPS for member in MEMBERS)


def _weights(state: State, at: int, member: str) -> list[int]:
    return [sum(each.weight_at(at) for each in state.live_strikes(group, member, at)) for group in GROUPS]


@given(rulebooks(), st.integers(1, 9), st.integers(0, 9), st.booleans(), st.integers(0, 3))
def test_rungs_are_monotone_in_strikes(rules: Rulebook, count: int, more: int, severe: bool, steps: int) -> None:
    ladder = rules.ladder
    assert ladder.rung_number(count, severe, steps) <= ladder.rung_number(count + more, severe, steps)
    assert ladder.rung_number(count, False, steps) <= ladder.rung_number(count, True, steps)
    assert ladder.rung_number(count, severe) <= ladder.rung_number(count, severe, steps)


@given(rulebooks(), lives())
@settings(max_examples=30, deadline=None)
def test_a_shadow_rule_changes_nothing_but_its_own_findings(rules: Rulebook, facts: list[Fact]) -> None:
    shadowed = attrs.evolve(
        rules, policies=[attrs.evolve(each, shadow=each.shadow or each.id == "ads") for each in rules.policies]
    )
    without = attrs.evolve(rules, policies=[each for each in shadowed.policies if each.id != "ads"])
    one, other = State(), State()
    advance(one, adopted(shadowed))
    advance(other, adopted(without))
    for fact in facts:
        seen = [each for each in observe(fact, one, shadowed) if getattr(each, "rule", "") != "ads"]
        assert seen == observe(fact, other, without)
