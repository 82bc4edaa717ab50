from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from groupcore.config import check_rulebook, load_rulebook
from groupcore.errors import Fault, RulebookError
from groupcore.policies import ContentPolicy, base
from groupcore.rulebook import Rulebook
from rulebook.strategies import rulebooks

FAULTY = sorted((Path(__file__).parent / "faulty").glob("*.toml"))


def faults(*policies: Any) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        Rulebook.from_mapping({"policy": list(policies)}, "r")
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_all_faults_of_a_file_are_told_at_once_each_with_its_place(path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(path)
    assert f"{caught.value}\n" == path.with_suffix(".txt").read_text(encoding="utf-8")
    assert check_rulebook(path) == list(caught.value.faults)
    assert all(fault.path.startswith(path.name) and fault.problem for fault in caught.value.faults)


def test_five_faults_are_five() -> None:
    assert len(check_rulebook(Path(__file__).parent / "faulty" / "five.toml")) == 5


def test_only_a_file_can_name_a_file_of_words() -> None:
    keyword = {"kind": "keyword", "id": "ads", "words_file": "ads.txt"}
    told = [
        (
            "only a rulebook in a file can name a file of words"
            " (load the rulebook from its file, or write the words here) @ r.policy[0].words_file"
        )
    ]
    assert faults(keyword) == told
    assert faults(keyword | {"words": ["x"]}) == told
    assert faults({"kind": "raid", "id": "raid", "authors": 3, "window": "5m", "words_file": "x"}) == [
        (
            "unknown key 'words_file' (known: authors, category, id, max_per_day,"
            " max_per_hour, min_chars, severity, shadow, weight, window) @ r.policy[0]"
        )
    ]


def test_an_id_is_told_wrong_beside_the_faults_of_its_policy() -> None:
    assert faults({"kind": "link", "id": ""}, {"kind": "link", "id": 5}, {"kind": "flod", "id": "a b"}, 7) == [
        "expected a string, found the number 5 @ r.policy[1].id",
        "unknown kind 'flod' (did you mean 'flood'?) @ r.policy[2].kind",
        "expected a table, found the number 7 @ r.policy[3]",
        "'' cannot be an id (1 to 64 characters, no white space, no slash) @ r.policy[0].id",
        "'a b' cannot be an id (1 to 64 characters, no white space, no slash) @ r.policy[2].id",
    ]
    assert faults({"kind": 5, "id": "a"}) == ["expected a string, found the number 5 @ r.policy[0].kind"]


def test_a_package_that_does_not_load_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kind: str) -> None:
        raise ImportError(f"no module named {kind}")

    monkeypatch.setattr("groupcore.rulebook.reading.policy_class", broken)
    assert faults({"kind": "mine", "id": "a"}) == [
        "the policy 'mine' cannot be loaded: no module named mine @ r.policy[0].kind"
    ]


@pytest.fixture
def shouting() -> Any:
    """A policy of somebody else's, with a converter, a validator and a check of the whole."""

    @base.register
    @frozen(kw_only=True)
    class Shouting(ContentPolicy):
        kind: ClassVar[str] = "shouting"
        share: float = field(default=0.9, converter=float)
        least: int = field(default=5)

        @least.validator
        def _some(self, _: Any, least: int) -> None:
            if least < 1:
                raise ValueError("least must be at least 1")

        def __attrs_post_init__(self) -> None:
            if self.share > 1:
                raise ValueError("a share is at most 1")

    yield Shouting
    del base._registry["shouting"]


def test_a_policy_of_ones_own_is_read_like_any_other(shouting: Any) -> None:
    mine = {"kind": "shouting", "id": "loud"}
    rules = Rulebook.from_mapping({"policy": [mine | {"share": 0.5}]})
    assert rules.policies == (shouting(id="loud", share=0.5),)
    assert Rulebook.from_mapping(rules.to_mapping()) == rules
    assert faults(mine | {"share": "x", "least": 0}, {**mine, "id": "two", "share": 2}) == [
        "expected a number, found the string 'x' @ r.policy[0].share",
        "least must be at least 1 @ r.policy[0].least",
        "a share is at most 1 @ r.policy[1]",
    ]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(rulebooks(), st.data())
def test_whatever_is_broken_is_a_rulebook_error_and_nothing_else(rules: Rulebook, data: st.DataObject) -> None:
    mapping = rules.to_mapping()
    target: Any = mapping
    while isinstance(target, dict | list) and target and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(target) if isinstance(target, dict) else range(len(target))))
        if not isinstance(target[key], dict | list) or not target[key]:
            break
        target = target[key]
    if isinstance(target, list):
        target.append(data.draw(junk))
    else:
        target[data.draw(st.sampled_from([*target, "x"]))] = data.draw(junk)
    told = faults_or_none(mapping)
    assert told is None or all(fault.problem and fault.path.startswith("rulebook") for fault in told)
    assert told is None or len(told) > 0


def faults_or_none(mapping: Any) -> tuple[Fault, ...] | None:
    try:
        assert Rulebook.from_mapping(mapping).digest
    except RulebookError as error:
        return error.faults
    return None
