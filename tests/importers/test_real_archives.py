"""The open data: every line of two real archives is a fact, skipped, or a fault, and each for a reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from groupcore.events import Fact, MessagePosted
from groupcore.importers import BadLine, Gitter, Irc, Item, SkippedLine, import_into
from groupcore.stores import open_store

pytestmark = pytest.mark.data


def kind(item: Item) -> str:
    if isinstance(item, SkippedLine):
        return f"skipped {item.reason}"
    return "fault" if isinstance(item, BadLine) else item.type


def test_ubuntu_irc(data_dir: Path) -> None:
    archive = str(data_dir / "ubuntu-irc.tar.xz")
    items = list(Irc(zone="UTC").facts(archive))
    counts = Counter(map(kind, items))
    assert counts == {
        "message-posted": 222_912, "member-joined": 16_956, "member-renamed": 5_033, "member-left": 2_697,
        "role-granted": 130, "role-revoked": 94, "member-removed": 6,
        "skipped rename": 83, "skipped mode": 94, "skipped system": 3, "fault": 1,
    }  # fmt: skip
    facts = [item for item in items if isinstance(item, Fact)]
    assert len({fact.id for fact in facts}) == len(facts)
    assert is_in_order(facts)
    assert {fact.group for fact in facts} == {"#ubuntu", "train", "dev", "test"}
    (fault,) = (item for item in items if isinstance(item, BadLine))
    assert "give date" in fault.reason
    dated = Irc(zone="UTC", date="2008-01-01", group="#ubuntu").facts(archive)
    assert not any(isinstance(item, BadLine) for item in dated)


def is_in_order(facts: list[Fact]) -> bool:
    clocks: dict[str | None, int] = {}
    for fact in facts:
        if fact.at < clocks.get(fact.group, 0):
            return False
        clocks[fact.group] = fact.at
    return True


def test_gitter(data_dir: Path) -> None:
    items = list(Gitter().facts(str(data_dir / "gitter" / "messages.jsonl.gz")))
    assert Counter(map(kind, items)) == {"message-posted": 211_983}
    assert is_in_order([item for item in items if isinstance(item, Fact)])
    assert len({item.group for item in items if isinstance(item, MessagePosted)}) == 521


def test_real_messages_that_the_archive_repeats_are_taken_once(data_dir: Path) -> None:
    archive = str(data_dir / "gitter" / "messages.jsonl.gz")
    with open_store("memory:") as store:
        report = import_into(store, Gitter().facts(archive))
        assert (report.facts, report.added, report.repeated) == (211_983, 211_038, 945)
        assert (report.conflicts, report.fault_count) == (0, 0)
        again = import_into(store, Gitter().facts(archive))
        assert (again.added, store.position) == (0, 211_038)
