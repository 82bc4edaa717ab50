"""Erasing a person, or a message: what is gone, from where, and what stays."""

from pathlib import Path

import pytest

from groupcore import DecisionRefused, InputError, Message, Moderator, StoreError
from groupcore.events import ErasureOrdered, Row, TextErased, decode, new_fact
from groupcore.privacy import held_of, open_orders
from groupcore.replay import verify
from groupcore.stores import SqliteStore, open_store
from groupcore.testing.store_contract import draft
from privacy.bytes import MINE, OTHERS, RULES, START, files_with, live

FILES = ["log.db", "log.jsonl"]
END = START + 10**12


def rows_in(url: object) -> list[Row]:
    with open_store(str(url), read_only=True) as store:
        return list(store.read())


def texts(rows: list[Row]) -> int:
    return sum(row.private is not None for row in rows)


# --- bytes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_no_byte_of_an_erased_person_is_left_in_any_file_of_the_log(tmp_path: Path, name: str) -> None:
    with live(f"{tmp_path / name}?fsync=relaxed") as moderator:
        assert files_with(MINE, tmp_path)
        erased = moderator.erase_person("amy", at=END)
        assert files_with(MINE, tmp_path) == []  # while it is open, the write-ahead log included
        assert erased.events > 20
    assert files_with(MINE, tmp_path) == []
    assert files_with(OTHERS, tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_an_erased_log_verifies_and_counts_as_before(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with live(f"{path}?fsync=relaxed") as moderator:
        before = rows_in(path)
        erased = moderator.erase_person("amy", at=END, reason="request")
    after = rows_in(path)
    assert [row._replace(private=None, salt=None) for row in before] == [
        row._replace(private=None, salt=None) for row in after[: len(before)]
    ]
    assert texts(before) - texts(after) == erased.events
    assert all(row.salt is None for row in after if row.private is None)
    report = verify(after)
    assert report.clean, report.divergence
    assert report.not_reread >= sum(row.erased and row.type == "message-posted" for row in after)
    assert (report.erased, report.unsaid) == (erased.events, 0)


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_erased_in_whatever_order_no_byte_stays(tmp_path: Path, name: str) -> None:
    """What SQLite moves from page to page while it erases one text may leave a copy of another."""
    with live(f"{tmp_path / name}?fsync=relaxed", rounds=60) as moderator:
        for number in range(0, 60, 3):
            group = f"g{number % 2 + 1}"
            moderator.erase_message(group, f"bo-{number}", at=END)
            moderator.erase_message(group, f"amy-{number}", at=END)
        moderator.erase_person("bo", at=END)
        assert files_with(OTHERS, tmp_path) == []
        moderator.erase_person("amy", at=END)
        assert files_with(MINE, tmp_path) == []
        assert verify(list(moderator._desk.store.read())).clean


def test_it_does_not_depend_on_what_sqlite_leaves_in_free_places(tmp_path: Path) -> None:
    """Some builds overwrite what they free, and others do not."""
    with SqliteStore(tmp_path / "log.db", fsync="relaxed") as store:
        assert store._connection is not None
        store._connection.execute("PRAGMA secure_delete = OFF")
        rows = [draft(f"m{number}", text=f"{MINE} {number} " * (1 + number % 9)) for number in range(400)]
        store.append(rows)
        for start in range(7):
            store.erase([row.id for row in rows[start::7]])
        assert files_with(MINE, tmp_path) == []


def test_nobody_else_loses_a_word(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with live(f"{path}?fsync=relaxed") as moderator:
        before = {row.id: row for row in rows_in(path)}
        held = {id for one in held_of(moderator._desk.store, "bo") for id in one.events}
        moderator.erase_person("amy", at=END)
    after = {row.id: row for row in rows_in(path)}
    assert held
    assert all(before[id] == after[id] for id in held)
    named = [row for row in after.values() if row.type in ("group-opened", "rulebook-adopted")]
    assert all(before[row.id] == row for row in named)


def test_one_message_goes_with_its_edits_and_nothing_else_does(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with live(f"{path}?fsync=relaxed") as moderator:
        before = rows_in(path)
        assert moderator.erase_message("g1", "amy-0", at=END).events == 2
        gone = [row for row, other in zip(before, rows_in(path), strict=False) if row != other]
        assert [row.type for row in gone] == ["message-posted", "message-edited"]
        assert moderator.erase_message("g1", "amy-0", at=END).events == 0


# --- what the log says --------------------------------------------------------------------------------------------


def test_the_log_says_who_wanted_it_why_and_how_much_is_gone() -> None:
    with live("memory:") as moderator:
        erased = moderator.erase_person("amy", by="amy", at=END, reason="request")
        said = [decode(row).event for row in moderator._desk.store.read()]
    orders = [event for event in said if isinstance(event, ErasureOrdered)]
    done = [event for event in said if isinstance(event, TextErased)]
    assert tuple(orders) == erased.orders
    assert {order.group for order in orders} == {"g1", "g2", None}
    assert {(order.member, order.by, order.reason, order.events) for order in orders} == {("amy", "amy", "request", ())}
    assert {event.order for event in done} == {order.id for order in orders}
    assert sum(event.count for event in done) == sum(order.count for order in orders) == erased.events


def test_text_that_somebody_took_away_by_hand_is_counted_apart() -> None:
    with live("memory:") as moderator:
        store = moderator._desk.store
        moderator.erase_message("g1", "amy-0", at=END)
        store.erase([row.id for row in store.read() if b'"message":"bo-' in row.data])
        report = verify(store.read())
        assert report.clean
        assert report.erased == report.unsaid + 2
        assert report.unsaid == sum(row.erased and b'"bo-' in row.data for row in store.read())


def test_erasing_again_finds_nothing_and_says_nothing() -> None:
    with live("memory:") as moderator:
        moderator.erase_person("amy", at=END)
        position = moderator.position
        again = moderator.erase_person("amy", at=END + 1)
        assert (again.orders, again.events, moderator.position) == ((), 0, position)


def test_who_writes_again_is_read_again() -> None:
    with live("memory:") as moderator:
        moderator.erase_person("amy", at=END)
        moderator.observe(Message(group="g1", author="amy", id="new", at=END + 1, text="hello again"))
        row = moderator._desk.store.get(moderator._desk.store.heads() and _last(moderator))
        assert row is not None
        assert row.private is not None
        moderator.finish_erasures()
        assert moderator.erase_person("amy", at=END + 2).events == 1


def _last(moderator: Moderator) -> str:
    return list(moderator._desk.store.read())[-1].id


# --- who may ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["lin", "amy", None])
def test_the_owner_the_person_and_the_operator_may_erase(by: str | None) -> None:
    with live("memory:") as moderator:
        assert moderator.erase_message("g1", "amy-0", by=by, at=END).events == 2


@pytest.mark.parametrize("by", ["bo", "nobody"])
def test_nobody_else_may_erase_a_person_or_a_message(by: str) -> None:
    with live("memory:") as moderator:
        before = list(moderator._desk.store.read())
        with pytest.raises(DecisionRefused, match="erase"):
            moderator.erase_person("amy", by=by, at=END)
        with pytest.raises(DecisionRefused, match="erase"):
            moderator.erase_message("g1", "amy-0", by=by, at=END)
        after = list(moderator._desk.store.read())
        assert after[: len(before)] == before
        assert [row.type for row in after[len(before) :]] == ["wish-refused"] * 2  # that they tried is on record


def test_the_reason_is_a_short_code_since_it_stays() -> None:
    with live("memory:") as moderator:
        for reason in ("because amy asked us to", "Ünfug", "x" * 41, "-"):
            with pytest.raises(DecisionRefused, match="short code"):
                moderator.erase_person("amy", reason=reason, at=END)


def test_a_message_that_is_not_there_cannot_be_erased() -> None:
    with live("memory:") as moderator:
        with pytest.raises(InputError, match="no message 'nothing'"):
            moderator.erase_message("g1", "nothing", at=END)
        with pytest.raises(InputError, match="no message 'amy-0'"):
            moderator.erase_message("elsewhere", "amy-0", at=END)


def test_an_order_is_not_observed() -> None:
    with live("memory:") as moderator, pytest.raises(InputError, match="erase_person"):
        moderator.record(new_fact(ErasureOrdered, at=END, group="g1", member="amy"))


# --- the state ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_the_state_is_that_of_the_erased_log(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with live(f"{path}?fsync=relaxed") as moderator:
        moderator.report("g1", "amy", reporter="bo", reason=OTHERS, at=END)
        moderator.report("g1", "bo", reporter="amy", reason=MINE, at=END)
        moderator.erase_person("amy", at=END)
        held = moderator.state
        held.check()
    with Moderator.open(str(path), snapshot_every=None) as fresh:
        assert fresh.state == held


def test_reports_by_and_about_an_erased_person_are_counted_as_before() -> None:
    with live("memory:") as moderator:
        for number in range(3):
            filed = moderator.report("g1", "bo", reporter="amy", report=f"r{number}", reason=MINE, at=END)
            moderator.close_case("g1", filed.fact.id, "false-report", by="mo", at=END + number)
        moderator.report("g1", "amy", reporter="bo", report="other", reason=MINE, at=END)
        reported = moderator.state.groups["g1"].reports
        moderator.erase_person("amy", at=END)
        assert moderator.state.groups["g1"].false_reports == {"amy": 3}
        assert moderator.state.groups["g1"].reports == reported
        rows = list(moderator._desk.store.read())
        assert all(row.erased for row in rows if row.type == "report-filed")
        assert verify(rows).clean


def test_a_person_who_repeats_themselves_after_an_erasure_begins_anew() -> None:
    with Moderator.open("memory:", RULES, clock=lambda: END) as moderator:
        for number in range(2):
            moderator.observe(Message(group="g1", author="amy", id=f"m{number}", at=START + number, text="the same"))
        moderator.erase_person("amy", at=START + 2)
        third = moderator.observe(Message(group="g1", author="amy", id="m2", at=START + 3, text="the same"))
        fourth = moderator.observe(Message(group="g1", author="amy", id="m3", at=START + 4, text="the same"))
        fifth = moderator.observe(Message(group="g1", author="amy", id="m4", at=START + 5, text="the same"))
        assert [len(verdict.findings) for verdict in (third, fourth, fifth)] == [0, 0, 1]
        assert verify(list(moderator._desk.store.read())).clean


# --- stopped in the middle ----------------------------------------------------------------------------------------


class Stopped(Exception):
    pass


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("step", ["before", "after"])
def test_an_erasure_that_was_stopped_is_visible_and_finished_by_opening_the_log(
    tmp_path: Path, name: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    with live(f"{path}?fsync=relaxed") as moderator:
        store = moderator._desk.store
        erase = store.erase

        def stopped(ids: list[str]) -> int:
            if step == "after":
                erase(ids)
            raise Stopped

        monkeypatch.setattr(store, "erase", stopped)
        with pytest.raises(Stopped):
            moderator.erase_person("amy", at=END)
        assert len(open_orders(store)) == 3
        assert verify(list(store.read())).clean
    with Moderator.open(str(path)) as again:
        assert again.finish_erasures().orders  # of the groups: opening finishes the organisation's alone
        assert open_orders(again._desk.store) == []
        assert again.finish_erasures().orders == ()
        assert verify(list(again._desk.store.read())).clean
    assert files_with(MINE, tmp_path) == []


def test_while_somebody_reads_the_order_stays_open_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with live(f"{path}?fsync=relaxed&patience=0.1s") as moderator, open_store(path, read_only=True) as reader:
        reading = reader._connection.execute("SELECT * FROM events")
        reading.fetchone()
        with pytest.raises(StoreError, match="still holds it while another process reads"):
            moderator.erase_person("amy", at=END)
        assert held_of(moderator._desk.store, "amy") == []
        assert open_orders(moderator._desk.store)
        reading.close()
        moderator.finish_erasures()
        assert files_with(MINE, tmp_path) == []
        assert open_orders(moderator._desk.store) == []


def test_what_an_interrupted_rewriting_left_is_removed_by_the_next_writer(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    live(f"{path}?fsync=relaxed").close()
    left = tmp_path / "log.jsonl.erasing"
    left.write_bytes(path.read_bytes()[:5000])
    open_store(path, read_only=True).close()
    assert left.exists()
    open_store(path).close()
    assert not left.exists()
