"""Two moderators of one log decide at once: the first word counts, and the second is told."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine.town import ADS, RULES
from groupcore.engine import Moderator
from groupcore.errors import DecisionRefused
from groupcore.messages import Message
from groupcore.replay import verify
from groupcore.testing import START


def opened(path: Path) -> Moderator:
    return Moderator.open(str(path), RULES, clock=lambda: START)


def appealed(path: Path) -> str:
    """A log in which amy was warned and appeals; the id of the warning."""
    with opened(path) as moderator:
        moderator.open_group("g1", at=START, owner="lin")
        moderator.join("g1", "amy", at=START)
        moderator.grant(None, "zoe", "staff", at=START)
        warned = moderator.observe(Message(group="g1", author="amy", id="m1", at=START, text=ADS)).sanction
        assert warned is not None
        moderator.appeal("g1", "amy", warned.id, at=START)
        return warned.id


def test_the_second_decision_of_an_appeal_is_refused_and_says_what_was_decided(tmp_path: Path) -> None:
    warned = appealed(tmp_path / "log.db")
    with opened(tmp_path / "log.db") as one, opened(tmp_path / "log.db") as other:
        one.decide_appeal("g1", warned, "overturned", by="lin", at=START)
        with pytest.raises(DecisionRefused, match="was overturned before"):
            other.decide_appeal("g1", warned, "upheld", by="zoe", at=START)


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_at_the_same_instant_one_decides(tmp_path: Path, attempt: int) -> None:
    warned = appealed(tmp_path / "log.db")
    start, outcomes = Barrier(2), list[str]()

    def decide(outcome: str, by: str) -> None:
        with opened(tmp_path / "log.db") as moderator:
            start.wait()
            try:
                moderator.decide_appeal("g1", warned, outcome, by=by, at=START)  # type: ignore[arg-type]
                outcomes.append(outcome)
            except DecisionRefused:
                outcomes.append("refused")

    threads = [Thread(target=decide, args=given) for given in (("overturned", "lin"), ("upheld", "zoe"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "refused" in outcomes
    (decided,) = set(outcomes) - {"refused"}
    with opened(tmp_path / "log.db") as moderator:
        assert moderator.state.groups["g1"].appeals[warned].outcome == decided
        assert bool(moderator.standing("g1", "amy").strikes) == (decided == "upheld")
        assert verify(moderator._desk.store.read()).clean
