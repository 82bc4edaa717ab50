"""Keys: who forgets one forgets a person, in every copy of the log."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

pytest.importorskip("cryptography")

from typer.testing import CliRunner

from groupcore import Message, Moderator, StoreError
from groupcore.cli import app
from groupcore.copying import copy
from groupcore.errors import CorruptLog
from groupcore.events import decode
from groupcore.replay import verify
from groupcore.stores import MemoryStore, Store, open_store
from groupcore.stores.encrypted import EncryptedStore
from groupcore.stores.keys import KeyFile, NoKeys
from groupcore.stores.sealing import KEY_BYTES
from groupcore.testing.store_contract import check_log, draft
from privacy.bytes import MINE, OTHERS, RULES, START, files_with, live
from stores.test_machine import Stores

FILES = ["log.db", "log.jsonl"]
END = START + 10**12


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    (tmp_path / "safe").mkdir()
    return tmp_path / "safe" / "keys.db"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def secrets(keys: Path) -> dict[str, bytes]:
    with sqlite3.connect(keys) as db:
        found = dict(db.execute("SELECT person, secret FROM keys WHERE secret IS NOT NULL"))
    db.close()
    return found


def bytes_below(place: Path) -> bytes:
    return b"".join(path.read_bytes() for path in place.rglob("*") if path.is_file())


# --- what lies in the files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_the_log_holds_any_text_of_anybody(logs: Path, keys: Path, name: str) -> None:
    with live(f"{logs / name}?fsync=relaxed&keys={keys}") as moderator:
        for text in (MINE, OTHERS, "reading room", "the garden"):
            assert files_with(text, logs) == []
        read = [decode(row).event for row in moderator._desk.store.read()]
    assert any(getattr(event, "text", "").startswith(MINE) for event in read)
    assert files_with(MINE, logs) == []
    assert not any(secret in bytes_below(logs) for secret in secrets(keys).values())


def test_salts_are_sealed_too_since_short_texts_can_be_guessed(logs: Path, keys: Path) -> None:
    inner = MemoryStore()
    with EncryptedStore(inner, KeyFile(keys)) as store:
        [row] = store.append([draft(text="ok")])
        [held] = inner.read()
    assert row.salt is not None
    assert held.salt is None
    assert held.private is not None
    assert row.salt.encode() not in held.private


@pytest.mark.parametrize("name", FILES)
def test_a_log_under_keys_verifies_and_is_that_of_a_log_in_clear(logs: Path, keys: Path, name: str) -> None:
    with live(f"{logs / name}?fsync=relaxed&keys={keys}") as moderator:
        sealed = list(moderator._desk.store.read())
    with live("memory:") as moderator:
        clear = list(moderator._desk.store.read())
    report = verify(sealed)
    assert report.clean, report.divergence
    assert report.not_reread == 0
    assert [(row.id, row.data, row.private) for row in sealed] == [(row.id, row.data, row.private) for row in clear]


def test_each_person_has_a_key_and_so_has_the_organisation(logs: Path, keys: Path) -> None:
    live(f"{logs / 'log.db'}?keys={keys}").close()
    assert set(secrets(keys)) == {"amy", "bo", ""}
    assert all(len(secret) == KEY_BYTES for secret in secrets(keys).values())


# --- forgetting ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_after_forgetting_a_copy_that_was_taken_before_cannot_be_read(logs: Path, keys: Path, name: str) -> None:
    url, copy = f"{logs / name}?fsync=relaxed&keys={keys}", logs.with_name("copies")
    with live(url) as moderator:
        held = secrets(keys)
        shutil.copytree(logs, copy)
        erased = moderator.erase_person("amy", at=END)
        assert erased.forgotten
    assert secrets(keys).keys() == {"bo", ""}
    assert held["amy"] not in bytes_below(keys.parent)
    assert held["bo"] in bytes_below(keys.parent)
    with open_store(f"{copy / name}?keys={keys}", read_only=True) as store:
        rows = list(store.read())
        assert verify(rows).clean
        about = [row for row in rows if row.private_digest and b'"amy"' in row.data]
        assert about
        assert all(row.erased and row.salt is None for row in about)
        assert any(b'"bo"' in row.data and not row.erased for row in rows if row.private_digest)


def test_no_byte_of_a_forgotten_key_is_left_however_many_there_are(keys: Path) -> None:
    """Pages of an index split and leave copies of what they held behind."""
    with KeyFile(keys) as held:
        assert held._db is not None
        held._db.execute("PRAGMA secure_delete = OFF")  # as if SQLite were built so
        people = [f"person {number}" for number in range(400)]
        made = {person: held.key_of(person) for person in people}
        for person in people[::2]:
            assert held.forget(person)
            assert not held.forget(person)
    below = bytes_below(keys.parent)
    assert [person for person in people[::2] if made[person].secret in below] == []
    assert all(made[person].secret in below for person in people[1::2])


def test_who_writes_again_gets_another_key(keys: Path) -> None:
    with EncryptedStore(MemoryStore(), KeyFile(keys)) as store:
        store.append([draft("a", text="before")])
        before = secrets(keys)["amy"]
        assert store.forget("amy")
        [row] = store.append([draft("b", text="after")])
        assert [found.erased for found in store.read()] == [True, False]
        assert store.get(row.id) == row
        check_log(store)
    assert secrets(keys)["amy"] != before


def test_what_one_process_forgot_no_other_can_read(logs: Path, keys: Path) -> None:
    url = f"{logs / 'log.db'}?keys={keys}"
    with open_store(url) as store, open_store(url) as other, open_store(url, read_only=True) as reader:
        [row] = store.append([draft("a")])
        other.append([draft("b")])
        assert other.get(row.id) == reader.get(row.id) == row
        store.forget("amy")
        for one in (other, reader):
            assert [found.erased for found in one.read()] == [True, True]
            found = one.get(row.id)
            assert found is not None
            assert found.erased
        [last] = other.append([draft("c")])
        assert store.get(last.id) == last


def test_reasons_about_somebody_go_with_their_key_and_reports_with_that_of_who_reported(keys: Path) -> None:
    store = EncryptedStore(MemoryStore(), KeyFile(keys))
    with Moderator(store, RULES, clock=lambda: END) as moderator:
        for member in ("amy", "bo"):
            moderator.observe(Message(group="g1", author=member, id=f"{member}1", at=START, text="hello"))
        warned = moderator.warn("g1", "amy", by="lin", at=START, reason="a reason")
        moderator.appeal("g1", "amy", warned.fact.id, at=START, reason="an appeal")
        moderator.decide_appeal("g1", warned.fact.id, "upheld", by="mo", at=START, reason="a decision")
        filed = moderator.report("g1", "amy", reporter="bo", at=START, reason="a report")
        moderator.comment_case("g1", filed.fact.id, "a comment", by="mo", at=START)
        before = list(store.read())
        store.forget("amy")
        gone = {row.type for row, now in zip(before, store.read(), strict=True) if row.erased != now.erased}
        assert gone == {"message-posted", "sanction-ordered", "appeal-filed", "appeal-decided", "case-commented"}
        store.forget("bo")
        assert [row.type for row in store.read() if row.private is not None] == []


# --- the wrong key store, and none --------------------------------------------------------------------------------


def test_a_log_under_keys_is_not_opened_without_them(logs: Path, keys: Path) -> None:
    path = logs / "log.db"
    live(f"{path}?keys={keys}").close()
    with pytest.raises(StoreError, match=r"under keys.*\?keys=keys.db") as caught:
        open_store(path)
    assert "\n" not in str(caught.value)
    with open_store(f"{path}?keys=none", read_only=True) as store:
        rows = list(store.read())
        assert all(row.erased for row in rows if row.private_digest is not None)
        assert verify(rows).clean
    with open_store(f"{path}?keys=none") as store, pytest.raises(StoreError, match="without its keys"):
        store.append([draft("new")])


def test_what_is_not_shown_for_want_of_keys_is_not_erased_in_a_copy(logs: Path, keys: Path) -> None:
    path = logs / "log.db"
    live(f"{path}?keys={keys}").close()
    with open_store(f"{path}?keys={keys}", read_only=True) as log, open_store(logs / "full.db") as full:
        copy(log, full)
        texts = [row.private for row in full.read()]
    with open_store(f"{path}?keys=none", read_only=True) as blind, open_store(logs / "full.db") as full:
        with pytest.raises(StoreError, match="name the keys"):
            copy(blind, full)
        assert [row.private for row in full.read()] == texts
        with MemoryStore() as bare:  # a copy without the texts may be made, and gone on with
            assert copy(blind, bare).added == copy(blind, bare).events > 0


def test_a_key_store_that_is_missing_is_not_made_for_a_log_under_keys(logs: Path, keys: Path) -> None:
    path = logs / "log.db"
    live(f"{path}?keys={keys}").close()
    keys.unlink()
    with pytest.raises(StoreError, match="no such key store"):
        open_store(f"{path}?keys={keys}")
    assert not keys.exists()


def test_the_key_store_of_another_log_is_told(logs: Path, keys: Path) -> None:
    live(f"{logs / 'log.db'}?keys={keys}").close()
    live(f"{logs / 'other.db'}?keys={keys.parent / 'other.db'}").close()
    with (
        open_store(f"{logs / 'log.db'}?keys={keys.parent / 'other.db'}") as store,
        pytest.raises(StoreError, match="does not know the key of event 2: it is not the one of this log"),
    ):
        list(store.read())


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_a_file_that_is_no_key_store_is_refused_and_left_alone(logs: Path, keys: Path, content: bytes) -> None:
    log = logs / "log.db"
    open_store(log).close()
    for other, said in ((log, "no key store"), (keys.parent, "is a directory")):
        with pytest.raises(StoreError, match=said):
            KeyFile(other)
    if content:
        keys.write_bytes(content)
        with pytest.raises(StoreError, match="is no key store of groupcore"):
            KeyFile(keys)
        assert keys.read_bytes() == content


def test_a_key_store_is_for_its_owner_alone_to_read(keys: Path) -> None:
    KeyFile(keys).close()
    assert keys.stat().st_mode & 0o077 == 0


def test_a_key_store_open_for_reading_makes_and_forgets_nothing(logs: Path, keys: Path) -> None:
    with KeyFile(keys) as held:
        key = held.key_of("amy")
    with KeyFile(keys, read_only=True) as held:
        assert held.secret(key.id) == key.secret
        assert held.key_of("amy") == key
        for wish in (lambda: held.key_of("bo"), lambda: held.forget("amy")):
            with pytest.raises(StoreError, match="reading only"):
                wish()
    with pytest.raises(StoreError, match="is closed"):
        held.secret("x")
    with pytest.raises(StoreError, match="no such key store"):
        KeyFile(keys.with_name("nowhere.db"), read_only=True)


@pytest.mark.parametrize("url", ["log.db?keys=", "log.db?fsync=relaxed&keys="])
def test_keys_name_a_file(logs: Path, url: str) -> None:
    with pytest.raises(StoreError, match="names no file"):
        open_store(f"{logs}/{url}")


def test_a_sealed_part_cannot_be_put_in_the_place_of_another(keys: Path) -> None:
    inner = MemoryStore()
    with EncryptedStore(inner, KeyFile(keys)) as store:
        store.append([draft("a", text="one"), draft("b", text="two")])
        first, second = inner.read()
        inner._put_back(second._replace(private=first.private))
        rows = store.read()
        with pytest.raises(CorruptLog, match="event 2: the private part of message-posted was changed, or put"):
            list(rows)


@pytest.mark.parametrize("private", [b'{"sealed":"x"}', b'{"sealed":1}', b'{"sealed":', b'{"sealed":"?.?"}'])
def test_a_damaged_box_is_told(keys: Path, private: bytes) -> None:
    inner: Store = MemoryStore()
    inner.append([draft("a")._replace(private=private)])
    with EncryptedStore(inner, KeyFile(keys)) as store, pytest.raises(StoreError, match="event 1"):
        list(store.read())


def test_a_log_in_clear_goes_on_under_keys(logs: Path, keys: Path) -> None:
    path = logs / "log.jsonl"
    with open_store(path) as store:
        [first] = store.append([draft("a", text=OTHERS)])
    with open_store(f"{path}?keys={keys}") as store:
        [second] = store.append([draft("b", text=MINE)])
        assert list(store.read()) == [first, second]
        check_log(store)
    assert files_with(OTHERS, logs) == ["log.jsonl"]
    assert files_with(MINE, logs) == []


def test_without_keys_nothing_is_forgotten() -> None:
    assert NoKeys().forget("amy") is False


class UnderKeys(Stores):
    """What every store does under random appends, erasures and reopenings, with its private parts under keys."""

    def __init__(self) -> None:
        super().__init__()
        for store in (*self.stores, *self.readers):
            store.close()
        self.urls = [f"{path}?fsync=relaxed&keys={path}.keys" for path in self.paths]
        self.stores = [open_store(url) for url in self.urls]
        self.readers = [open_store(url, read_only=True) for url in self.urls]

    @rule(which=st.integers(0, 1))
    def reopen(self, which: int) -> None:
        self.stores[which].close()
        self.stores[which] = open_store(self.urls[which])

    def read_beside_the_writer(self, group: str) -> None:
        """Nobody reads there without the keys."""


TestUnderKeys = UnderKeys.TestCase
TestUnderKeys.settings = settings(max_examples=10, stateful_step_count=20)
del Stores


# --- a key with nothing under it ----------------------------------------------------------------------------------


def textless(logs: Path, keys: Path) -> Moderator:
    """amy wrote one message, and its text is erased by its own id: her key opens nothing any more."""
    moderator = Moderator.open(f"{logs / 'log.db'}?keys={keys}", RULES, clock=lambda: END)
    moderator.open_group("g1", at=START, owner="lin")
    for author in ("amy", "bo"):
        moderator.observe(Message(group="g1", author=author, id=author, at=START, text="hello"))
    moderator.erase_message("g1", "amy", by="amy")
    assert secrets(keys).keys() == {"amy", "bo"}
    return moderator


def test_the_key_of_an_erased_person_without_text_goes_too(logs: Path, keys: Path) -> None:
    with textless(logs, keys) as moderator:
        before = moderator.position
        assert moderator.erase_person("bo2").forgotten is False
        erased = moderator.erase_person("amy", by="amy")
        assert (erased.orders, erased.events, erased.forgotten) == ((), 0, True)
        assert secrets(keys).keys() == {"bo"}
        assert moderator.erase_person("amy").forgotten is False
        assert moderator.position == before
    assert verify(open_store(f"{logs / 'log.db'}?keys={keys}").read()).clean


def test_who_may_not_erase_forgets_nobody(logs: Path, keys: Path) -> None:
    with textless(logs, keys) as moderator:
        moderator.grant(None, "zoe", "staff", at=START)
        assert moderator.erase_person("amy", by="bo").forgotten is False
        assert secrets(keys).keys() == {"amy", "bo"}
        assert moderator.erase_person("amy", by="zoe").forgotten is True


def test_the_command_line_forgets_such_a_key(logs: Path, keys: Path) -> None:
    textless(logs, keys).close()
    log = f"{logs / 'log.db'}?keys={keys}"
    for told in ("there was nothing to erase, and the key is forgotten", "there was nothing to erase"):
        assert CliRunner().invoke(app, ["log", "erase", log, "--person", "amy"]).stderr.endswith(f": {told}\n")
    assert secrets(keys).keys() == {"bo"}
