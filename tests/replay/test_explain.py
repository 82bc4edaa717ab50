"""Explanations from the log alone: what led to a decision, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from groupcore.engine import Moderator
from groupcore.errors import InputError
from groupcore.events import MemberKicked, MemberMuted, Row
from groupcore.explaining import Decision, explain
from groupcore.explaining.subject import find_subject
from groupcore.messages import Message
from groupcore.rulebook import Rulebook
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.stores.subjects import concerning
from groupcore.testing.scenes import moment

RULES = Rulebook.from_mapping(
    {
        "name": "explained",
        "ladder": {
            "memory": "30d",
            "severe_from": 3,
            "rungs": [
                {"sanction": "warn", "delete": True},
                {"sanction": "mute", "for": "1d"},
                {"sanction": "kick", "block": "org", "delete": True},
            ],
        },
        "policy": [
            {"kind": "keyword", "id": "ads", "words": ["buy"]},
            {"kind": "keyword", "id": "threats", "words": ["i will hurt you"], "severity": "severe"},
            {"kind": "keyword", "id": "notes", "words": ["hmm"], "severity": "minor"},
            {"kind": "flood", "id": "flood", "count": 3, "window": "10s"},
        ],
    }
)


class Talk:
    """A moderator over a log, in the time of the scene."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.moderator = Moderator(store, RULES, clock=lambda: moment("90d"), salt=lambda: "5a")

    def say(self, author: str, text: str, at: str, *, group: str = "g1", id: str = "", source: str = "") -> str:
        name = id or f"{author}@{at}"
        self.moderator.observe(Message(group=group, author=author, id=name, at=moment(at), text=text, source=source))
        return name

    def decisions(self, id: str, **named: str) -> tuple[Decision, ...]:
        return explain(self.store, id, **named).decisions  # type: ignore[arg-type]


@pytest.fixture
def talk() -> Iterator[Talk]:
    with MemoryStore() as store:
        yield Talk(store)


def test_a_strike_is_told_with_those_before_it_and_its_rung(talk: Talk) -> None:
    talk.say("amy", "buy", "1h")
    talk.say("amy", "buy", "40d")
    last = talk.say("amy", "please buy", "41d")
    (decision,) = talk.decisions(last)
    assert decision.standing is not None
    assert [strike.at for strike in decision.standing.strikes] == [moment("40d")], "the first one has expired"
    assert decision.strike is not None
    assert (decision.strike.strikes, decision.strike.expires) == (2, moment("71d"))
    assert decision.climb is not None
    assert (decision.climb.number, decision.climb.rungs, decision.climb.severe) == (2, 3, False)
    assert decision.climb.rung.sanction == "mute"
    assert decision.adopted is not None
    assert decision.adopted.digest == RULES.digest
    assert decision.text == "please buy"
    assert decision.quiet is None


def test_a_severe_strike_raises_the_rung(talk: Talk) -> None:
    (decision,) = talk.decisions(talk.say("amy", "I will hurt you", "1h"))
    assert decision.climb is not None
    assert (decision.climb.number, decision.climb.severe) == (3, True)
    assert (decision.climb.rung.sanction, decision.climb.rung.block) == ("kick", "org")


def test_the_messages_that_a_window_counted_are_told_and_each_knows_of_it(talk: Talk) -> None:
    names = [talk.say("amy", text, at) for text, at in (("1", "1s"), ("2", "2s"), ("3", "3s"))]
    (decision,) = talk.decisions(names[2])
    assert [(post.message, post.at) for post in decision.counted["flood"]] == [
        (name, moment(at)) for name, at in zip(names, ("1s", "2s", "3s"), strict=True)
    ]
    explanation = explain(talk.store, names[0])
    assert explanation.decisions[0].quiet == "nothing-found"
    assert [sequel.recorded.event.message for sequel in explanation.later] == [names[2]]  # type: ignore[attr-defined]


def test_what_a_window_counted_in_several_feeds_is_told(talk: Talk) -> None:
    for second, source in enumerate(["", "irc", ""], start=1):
        last = talk.say("bob", f"line {second}", f"{second}s", source=source)
    (decision,) = talk.decisions(last, group="g1")
    assert [post.source for post in decision.counted["flood"]] == ["", "irc", ""]
    assert tuple(post.message for post in decision.counted["flood"]) == decision.findings[0].counted


def test_why_no_strike_followed(talk: Talk) -> None:
    moderator = talk.moderator
    said = {"nothing-found": talk.say("amy", "hello", "1m"), "minor": talk.say("amy", "hmm", "2m")}
    moderator.grant("g1", "bo", "admin", at=moment("3m"))
    said["exempt"] = talk.say("bo", "buy", "4m")
    moderator.mute("g1", "amy", by="bo", at=moment("5m"), until=moment("1h"))
    said["muted"] = talk.say("amy", "buy buy", "6m")
    talk.say("cy", "I will hurt you", "7m")
    said["blocked"] = talk.say("cy", "hello", "8m")
    talk.say("dan", "hello", "2h")
    said["late"] = talk.say("dan", "buy", "1h")
    for word, name in said.items():
        assert [decision.quiet for decision in talk.decisions(name)] == [word]


def test_an_edit_that_repeats_what_was_struck_before(talk: Talk) -> None:
    name = talk.say("amy", "buy", "1m")
    talk.moderator.edit("g1", name, author="amy", at=moment("2m"), text="buy now")
    first, second = talk.decisions(name)
    assert (first.quiet, second.quiet) == (None, "struck-before")
    assert second.text == "buy now"


def test_what_came_later_is_told(talk: Talk) -> None:
    moderator = talk.moderator
    talk.say("amy", "buy", "1m")
    name = talk.say("amy", "buy", "2m")
    muted = next(verdict for verdict in talk.decisions(name)[0].verdicts if isinstance(verdict, MemberMuted))
    moderator.appeal("g1", "amy", muted.id, at=moment("3m"), reason="no")
    moderator.decide_appeal("g1", muted.id, "overturned", by="bo", at=moment("4m"))
    moderator.revoke("g1", name, at=moment("5m"), by="amy")
    talk.say("cy", "buy", "6m")
    later = explain(talk.store, name).later
    assert [sequel.recorded.event.type for sequel in later] == ["appeal-filed", "appeal-decided", "message-revoked"]
    assert [verdict.type for verdict in later[1].verdicts] == ["strike-voided", "sanction-voided"]


def test_a_kick_its_echo_and_the_return(talk: Talk) -> None:
    name = talk.say("amy", "I will hurt you", "1m")
    kick = next(verdict for verdict in talk.decisions(name)[0].verdicts if isinstance(verdict, MemberKicked))
    talk.moderator.leave("g1", "amy", at=moment("2m"), effect_of=kick.id)
    talk.moderator.join("g1", "amy", at=moment("3m"))
    later = explain(talk.store, kick.id).later
    assert [sequel.recorded.event.type for sequel in later] == ["member-left", "member-joined"]
    assert [verdict.type for verdict in later[1].verdicts] == ["member-kicked"]


def test_a_member_is_told_by_what_weighed_on_them_and_how_they_stand(talk: Talk) -> None:
    for at in ("1m", "2m"):
        talk.say("amy", "buy", at)
    talk.say("amy", "hello", "3m")
    talk.say("bo", "buy", "4m")
    explanation = explain(talk.store, "amy")
    assert explanation.subject.kind == "member"
    assert [decision.fact.at for decision in explanation.decisions] == [moment("1m"), moment("2m")]
    assert explanation.standing is not None
    assert explanation.standing.at == moment("4m"), "the time of the group, and no wall clock"
    assert explanation.standing.muted
    assert len(explanation.standing.strikes) == 2


def test_a_block_from_another_group_is_seen(talk: Talk) -> None:
    talk.say("amy", "I will hurt you", "1m", group="g1", id="a")
    talk.say("amy", "hello", "2m", group="g2", id="b")
    (decision,) = talk.decisions("b")
    assert decision.quiet == "blocked"


def test_one_id_for_several_things_can_be_told_apart(talk: Talk) -> None:
    talk.say("amy", "buy", "1m", id="amy")
    talk.say("amy", "buy", "2m", id="2", group="g2")
    assert explain(talk.store, "amy", group="g1").subject.kind == "message"
    assert explain(talk.store, "amy", group="g1", kind="member").subject.kind == "member"
    assert explain(talk.store, "2").subject.kind == "message"
    assert explain(talk.store, "#2").decisions[0].recorded.position == 2
    assert explain(talk.store, "2", kind="event").decisions[0].recorded.position == 2
    with pytest.raises(InputError, match="amy is a member in 2 groups"):
        explain(talk.store, "amy", kind="member")
    with pytest.raises(InputError, match="no message in g3"):
        explain(talk.store, "amy", group="g3", kind="message")


@pytest.mark.parametrize("group", [None, "g1"])
def test_a_message_of_a_feed_with_a_name_comes_before_the_member_of_that_id(talk: Talk, group: str | None) -> None:
    talk.say("1001", "buy", "1h", source="irc")
    talk.say("amy", "hello", "2h", id="1001", source="irc")
    assert explain(talk.store, "1001", group=group).subject.kind == "message"
    assert explain(talk.store, "1001", group="g1", kind="member").subject.kind == "member"


def test_neither_is_searched_for_in_a_long_group(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index has who only ever wrote by what was found in it, and the feeds are those of some of the events."""
    talk.say("7", "buy", "1h", source="irc")
    talk.say("8", "buy", "1h", source="irc")
    for number in range(700):
        talk.say("amy", "hello", f"{100 + number}m", id=str(number) if number == 350 else "", source="irc")
    talk.say("350", "buy", "900m", source="irc")
    rows: list[Row] = list(talk.store.read_stream("group/g1"))
    read: list[Row] = []

    def read_stream(_: Store, stream: str, after: int = 0) -> Iterator[Row]:
        for row in rows[after:]:
            read.append(row)
            yield row

    monkeypatch.setattr(MemoryStore, "concerning", lambda _, __, people: concerning(rows, people))
    monkeypatch.setattr(MemoryStore, "read_stream", read_stream)
    assert find_subject(talk.store, "350", "g1").kind == "message"
    assert find_subject(talk.store, "7", "g1").kind == "member"
    assert len(rows) > 700
    assert len(read) <= 2 * 512, "a part of the group for each question, however long it is"


def test_imported_facts_were_never_judged(tmp_path: Path) -> None:
    from groupcore.importers import import_into
    from groupcore.testing.scenes import posted

    with open_store(tmp_path / "a.db") as log:
        import_into(log, [posted("amy", "buy", message="m1")], recorded_at=0)
        (decision,) = explain(log, "m1").decisions
        assert (decision.quiet, decision.adopted, decision.verdicts) == ("not-judged", None, ())


def test_it_is_plain_values_and_the_same_from_every_store(tmp_path: Path) -> None:
    told = []
    for url in ("memory:", str(tmp_path / "a.db"), str(tmp_path / "a.jsonl")):
        with open_store(url) as store:
            talk = Talk(store)
            talk.say("amy", "buy", "1m")
            name = talk.say("amy", "I will hurt you, buy", "2m")
            told.append(json.dumps(explain(store, name).to_mapping()))
    assert told[0] == told[1] == told[2]
