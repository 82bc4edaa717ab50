from __future__ import annotations

from typing import Any

from groupcore.rulebook import Rulebook


def warnings(mapping: dict[str, Any]) -> list[str]:
    return [str(fault) for fault in Rulebook.from_mapping(mapping).warnings]


def words(*words: str, allow: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"policy": [{"kind": "keyword", "id": "ads", "words": list(words), "allow": list(allow)}]}


def test_a_sane_rulebook_has_no_warnings() -> None:
    assert warnings(words("加微信", "free followers", allow=("加微信支付",))) == []


def test_a_word_of_one_character_or_without_letters_is_suspicious() -> None:
    hint = "(it is found in many harmless messages)"
    assert warnings(words("|", "v", "->", "赌")) == [
        f"the word '|' is a single character {hint} @ policy[0].words[0]",
        f"the word 'v' is a single character {hint} @ policy[0].words[1]",
        f"the word '->' has neither letter nor digit {hint} @ policy[0].words[2]",
        f"the word '赌' is a single character {hint} @ policy[0].words[3]",
    ]


def test_words_that_read_the_same_are_told() -> None:
    assert warnings(words("加V信", "代购", "加v信")) == [
        "'加v信' reads the same as '加V信' before it (take one away) @ policy[0].words[2]"
    ]


def test_a_word_that_is_allowed_too_is_never_found() -> None:
    assert warnings(words("Spam", "eggs", allow=("spam",))) == [
        (
            "the word 'Spam' is never found, since it is allowed too (take it away from words or from allow)"
            " @ policy[0].words[0]"
        )
    ]


def test_an_allowed_word_that_excuses_nothing_is_told() -> None:
    assert warnings(words("加微信", allow=("微信支付", "别加微信"))) == [
        (
            "the allowed word '微信支付' excuses nothing"
            " (an allowed word holds a denied one, as 微信支付 holds 微信) @ policy[0].allow[0]"
        )
    ]


def test_rungs_that_begin_with_the_door_or_get_milder_are_told() -> None:
    steps = [{"sanction": "kick"}, {"sanction": "mute", "for": "2d"}, {"sanction": "mute", "for": "1d"}]
    assert warnings({"ladder": {"rungs": [*steps, {"sanction": "mute", "for": "forever"}]}}) == [
        "the first strike removes a member (warn or mute before) @ ladder.rungs[0]",
        "milder than the rung before it (order them from mild to severe) @ ladder.rungs[1]",
        "milder than the rung before it (order them from mild to severe) @ ladder.rungs[2]",
    ]


def test_a_window_of_days_costs_memory() -> None:
    flood = {"kind": "flood", "id": "flood", "count": 5, "window": "2d"}
    assert warnings({"policy": [flood]}) == [
        ("every message is kept in memory for 2d (windows of minutes find floods and repetitions) @ policy[0].window")
    ]
