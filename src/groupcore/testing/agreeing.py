"""How somebody stands, with the engine and with the naive model: everything that can be asked of both."""

from __future__ import annotations

from typing import Any

from groupcore.state.standing import Standing
from groupcore.testing.history import Line, id_of, is_before, kind_of
from groupcore.testing.process import NaiveProcess
from groupcore.testing.record import weight_of


def assert_same_standing(standing: Standing, model: NaiveProcess) -> None:
    """Assert that the model says the same of a member, at the same time."""
    told, expected = told_by(standing), expected_by(model, standing.group, standing.member, standing.at)
    for name, value in expected.items():
        assert told[name] == value, f"{name} of {standing.member} in {standing.group}: {told[name]}, not {value}"


def told_by(standing: Standing) -> dict[str, Any]:
    """What the engine says."""
    names = ("known", "present", "roles", "muted", "muted_until", "kicked", "blocked", "weight", "weights")
    more = ("restrictions", "blocked_until", "exempt", "aggravations", "labels")
    return {
        **{name: getattr(standing, name) for name in names + more},
        "strikes": sorted(strike.id for strike in standing.strikes),
        "sanctions": [(each.id, each.kind, each.until, each.lifted) for each in standing.sanctions],
        "linked": set(standing.linked),
    }


def expected_by(model: NaiveProcess, group: str, member: str, at: int) -> dict[str, Any]:
    """What the model says."""
    history, blocks = model.history, model.blocks(group, member, at)
    live, mutes = model.live(group, member, at), model.in_force(group, member, at, "mute")
    mine = [each for each in history.sanctions(group) if each["data"]["member"] == member and each["at"] <= at]
    return {
        "known": model.is_known(group, member),
        "present": model.is_here(group, member),
        "roles": history.roles(group, member),
        "strikes": sorted(map(id_of, live)),
        "weight": sum(weight_of(each, at) for each in live),
        "weights": _weights(model, live, at),
        "sanctions": [
            (id_of(each), kind_of(each), each["data"].get("until"), history.is_lifted(each)) for each in mine
        ],
        "muted": bool(mutes),
        "muted_until": _last(mutes),
        "kicked": history.is_removed(group, member),
        "blocked": bool(blocks),
        "blocked_until": blocks[0]["data"].get("until") if blocks else None,
        "restrictions": {word for each in model.restrictions(group, member, at) for word in _words(model, each)},
        "exempt": any(_is_exempt(model, place, member, at) for place in (group, None)),
        "aggravations": _factors(model, group, member, at),
        "linked": model.linked(group, member),
        "labels": model.labels(group, member) | model.labels(None, member),
    }


def _weights(model: NaiveProcess, live: list[Line], at: int) -> dict[str, int]:
    weights: dict[str, int] = {}
    for strike in live:
        category = strike["data"]["category"]
        track = category if category in model.rulebook.ladders else ""
        weights[track] = weights.get(track, 0) + weight_of(strike, at)
    return weights


def _last(mutes: list[Line]) -> int | None:
    ends = [mute["data"].get("until") for mute in mutes]
    return None if None in ends or not ends else max(ends)


def _words(model: NaiveProcess, restriction: Line) -> list[str]:
    return list(model.terms(restriction).get("restrictions", ()))


def _is_exempt(model: NaiveProcess, place: str | None, member: str, at: int) -> bool:
    said = model.noted(place, "exemption-granted", "exemption-ended", of="person", value=member)
    return said is not None and is_before(at, said["data"].get("until"))


def _factors(model: NaiveProcess, group: str, member: str, at: int) -> set[str]:
    """What makes graver all that somebody does; of single messages, and of other accounts, standing says nothing."""
    line = {"type": "", "at": at, "group": group, "data": {}}
    return {factor for factor in model.factors(line, member) if factor != "linked-accounts"}
