from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.clock import DAY, Duration
from groupcore.errors import InputError
from groupcore.ladder import PRESETS, Ladder, Rung, Term, read_ladder, to_mapping
from groupcore.wire import Faulty

forever: Term = "forever"
terms = st.one_of(st.just(forever), st.integers(1, 400).map(lambda hours: Duration(hours * 3_600_000_000)))
templates = st.sampled_from(["{member}!", "no {rule}", "{{{category}}}", "", "再见 {member}"])
rungs = st.one_of(
    st.builds(Rung, st.just("warn"), delete=st.booleans(), statement=st.booleans()),
    st.builds(Rung, st.just("mute"), terms, delete=st.booleans()),
    st.builds(
        Rung,
        st.just("kick"),
        block=st.sampled_from([None, "group", "org"]),
        delete=st.booleans(),
        statement=st.booleans() | templates,
    ),
)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    steps = draw(st.lists(rungs, min_size=1, max_size=5))
    severe_from = draw(st.none() | st.integers(1, len(steps)))
    return Ladder(steps, draw(terms), severe_from, draw(st.sampled_from(["zh", "en", "both"])))


def faults(mapping: Any) -> list[str]:
    with pytest.raises(Faulty) as caught:
        read_ladder(mapping)
    return [str(fault) for fault in caught.value.faults]


@given(ladders())
def test_a_ladder_reads_back_what_it_wrote(ladder: Ladder) -> None:
    assert read_ladder(to_mapping(ladder)) == ladder


@given(ladders(), st.integers(1, 9), st.booleans())
def test_the_rung_is_what_the_contract_says(ladder: Ladder, live: int, severe: bool) -> None:
    last = len(ladder.rungs)
    severe_from = ladder.severe_from if ladder.severe_from is not None else last
    expected = min(last, max(live, severe_from if severe else 0))
    assert ladder.rung_number(live, severe) == expected
    assert ladder.rung(live, severe) is ladder.rungs[expected - 1]


def test_the_rungs_of_the_contract_in_order() -> None:
    ladder = read_ladder(
        {
            "memory": "30d",
            "severe_from": 3,
            "rungs": [
                {"sanction": "warn", "delete": True},
                {"sanction": "mute", "for": "1d", "delete": True},
                {"sanction": "kick", "block": "group", "delete": True},
            ],
        }
    )
    assert [ladder.rung(live).sanction for live in (1, 2, 3, 4)] == ["warn", "mute", "kick", "kick"]
    assert ladder.rung(1, severe=True).sanction == "kick"
    assert ladder == Ladder(
        [
            Rung("warn", delete=True),
            Rung("mute", Duration(DAY), delete=True),
            Rung("kick", None, "group", True),
        ],
        Duration(30 * DAY),
        3,
    )


def test_without_strikes_there_is_no_rung() -> None:
    with pytest.raises(ValueError, match="0 live strikes lead to no rung"):
        Ladder().rung(0)


def test_without_rungs_a_ladder_only_warns_and_never_forgets() -> None:
    assert read_ladder({}) == Ladder() == Ladder([Rung("warn")], "forever")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_stands_for_its_rungs(name: str) -> None:
    ladder = read_ladder({"preset": name, "memory": "90d", "severe_from": 2, "language": "en"})
    assert ladder == Ladder(PRESETS[name], Duration(90 * DAY), 2, "en")
    assert ladder == Ladder.preset(name, memory=Duration(90 * DAY), severe_from=2, language="en")
    assert "preset" not in to_mapping(ladder)


def test_what_the_presets_do() -> None:
    told = {name: [rung.sanction for rung in PRESETS[name]] for name in PRESETS}
    assert told == {
        "warn-then-kick": ["warn", "kick"],
        "wecom-three-warnings": ["warn", "warn", "warn", "kick"],
        "mute-ladder": ["mute", "mute", "mute", "mute"],
    }
    days = [rung.for_ for rung in PRESETS["mute-ladder"]]
    assert days == [DAY, 7 * DAY, 15 * DAY, "forever"]
    assert all(rung.delete for steps in PRESETS.values() for rung in steps)


def test_faults_of_presets() -> None:
    assert faults({"preset": "warn-and-kick", "memry": "1d", "severe_from": 9}) == [
        "unknown preset 'warn-and-kick' (did you mean 'warn-then-kick'?) @ ladder.preset",
        "unknown key 'memry' (did you mean 'memory'?) @ ladder",
    ]
    assert faults({"preset": "mute-ladder", "rungs": [{"sanction": "warn"}], "severe_from": 2}) == [
        "a preset and rungs exclude each other (take one of them away) @ ladder",
        "there is no rung 2 (the rungs count from 1 to 1) @ ladder.severe_from",
    ]
    assert faults({"preset": ["mute-ladder"]})[0].startswith("unknown preset ['mute-ladder']")
    with pytest.raises(InputError, match="did you mean 'mute-ladder'"):
        Ladder.preset("muteladder")


def test_faults_of_rungs_are_all_told_at_once() -> None:
    wrong = [
        {"sanction": "mute"},
        {"sanction": "warn", "for": "1d", "block": "group", "statement": "x"},
        {"sanction": "kick", "statement": "bye {memer}", "delete": 1},
        {"sanction": "kick", "statement": "{"},
        {"sanction": "kick", "statement": "{member!r}"},
        {"sanction": "kick", "statement": "{member.__class__}"},
        {"sanction": "kick", "statement": "{}"},
        {"sanction": "bann"},
        {},
        {"sanction": "mute", "for": 86400},
    ]
    assert faults({"rungs": wrong, "memory": "forver"}) == [
        "a mute needs a time (write for = '1d', or 'forever') @ ladder.rungs[0].for",
        "a warn takes no time (only mutes and restrictions end; take 'for' away) @ ladder.rungs[1].for",
        "a warn cannot block (only somebody who is kicked can be kept out) @ ladder.rungs[1].block",
        "a warn posts no statement (only a removal is announced in the group) @ ladder.rungs[1].statement",
        "expected true or false, found the number 1 @ ladder.rungs[2].delete",
        "unknown placeholder {memer} (did you mean 'member'?) @ ladder.rungs[2].statement",
        (
            "the statement cannot be read: Single '{' encountered in format string"
            " (write a brace as {{ or }}) @ ladder.rungs[3].statement"
        ),
        "the placeholder {member} takes no format (write {member}) @ ladder.rungs[4].statement",
        "unknown placeholder {member.__class__} (known: category, member, rule) @ ladder.rungs[5].statement",
        "unknown placeholder {} (known: category, member, rule) @ ladder.rungs[6].statement",
        "unknown value 'bann' (did you mean 'ban'?) @ ladder.rungs[7].sanction",
        "missing key 'sanction' @ ladder.rungs[8]",
        (
            "expected a duration, found the number 86400 (write a number with a unit, such as '10s')"
            " @ ladder.rungs[9].for"
        ),
        (
            "'forver' is no duration; write a number and us, ms, s, m, h, d or w, such as '10s'"
            " (did you mean 'forever'?) @ ladder.memory"
        ),
    ]


@pytest.mark.parametrize("number", [0, -1, 2, True, "1", 1.5])
def test_severe_from_is_a_rung_of_the_ladder(number: Any) -> None:
    assert len(faults({"rungs": [{"sanction": "warn"}], "severe_from": number})) == 1


def test_a_ladder_needs_a_rung() -> None:
    assert faults({"rungs": []}) == [
        "a ladder needs a rung (write rungs = [{ sanction = 'warn' }], or a preset) @ ladder.rungs"
    ]
    with pytest.raises(InputError):
        Ladder([])


def said(ladder: Ladder, rung: Rung) -> str | None:
    return ladder.statement(rung, member="{amy}", rule="ads", category="advertising")


def test_a_kick_is_announced_in_the_language_of_the_ladder() -> None:
    out = Rung("kick")
    chinese, english = said(Ladder(language="zh"), out), said(Ladder(language="en"), out)
    assert english == "{amy} was removed for breaking the rule ads (advertising). Objections go to the admins."
    assert chinese is not None
    assert chinese.startswith("{amy} 违反群规「ads」")
    assert said(Ladder(), out) == f"{chinese}\n{english}"


def test_a_statement_of_ones_own_and_none() -> None:
    assert said(Ladder(), Rung("kick", statement="{member}: {{{rule}}}")) == "{amy}: {ads}"
    assert said(Ladder(), Rung("kick", statement=False)) is None
    assert said(Ladder(), Rung("warn")) is None
    assert said(Ladder(), Rung("mute", "forever")) is None
