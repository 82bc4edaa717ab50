"""How a policy of one's own is tested: two stories, and a law over texts that Hypothesis makes up."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given as for_all
from shouting import ShoutingPolicy

from groupcore import Message, Moderator, Rulebook, load_rulebook
from groupcore.events import FindingRecorded, MemberWarned, MessageDeleted, StrikeRecorded
from groupcore.testing import given, like, posted
from groupcore.testing.strategies import texts
from groupcore.text import Reader

RULES = load_rulebook(Path(__file__).with_name("rules.toml"))


def test_shouting_costs_a_warning() -> None:
    """A finding, a strike, a warning; and the ladder deletes."""
    given(rules=RULES).when(posted("amy", "EVERYBODY LISTEN TO ME NOW")).then(
        like(FindingRecorded, rule="shouting", evidence={"capitals": 22, "letters": 22}),
        StrikeRecorded,
        like(MemberWarned, member="amy"),
        MessageDeleted,
    )


def test_an_acronym_is_no_shouting() -> None:
    """Some capitals are fine."""
    given(rules=RULES).when(posted("amy", "the FAQ of the WeCom API is in the HTML docs")).then_nothing()


def test_an_explanation_says_which_threshold_would_have_spared_the_message() -> None:
    """And with the rulebook that it names, nothing is found."""
    message = Message(group="g1", author="amy", id="m1", at=0, text="EVERYBODY LISTEN To me now")
    with Moderator.open("memory:", RULES) as moderator:
        (decision,) = moderator.explain(moderator.observe(message).fact.id).decisions
    told = [(each.what, each.was, each.value) for each in decision.changes if each.kind == "threshold"]
    assert told == [("shouting.share", 0.7, 0.73), ("shouting.min_letters", 20, 23)]
    for setting in ({"share": 0.73}, {"min_letters": 23}):
        spared = Rulebook.from_mapping({"policy": [{"kind": "shouting", "id": "shouting", "share": 0.7, **setting}]})
        with Moderator.open("memory:", spared) as moderator:
            assert not moderator.observe(message).findings


@for_all(texts())
def test_what_is_said_in_small_letters_is_never_shouting(text: str) -> None:
    """Whatever Hypothesis makes up, small letters are quiet."""
    quiet = "".join(char for char in text if not char.isupper())
    assert ShoutingPolicy(id="shouting").find(Reader({}).read(quiet)) is None
