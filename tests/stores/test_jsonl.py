"""JSON Lines: torn ends, damage, strangers, locks, full disks."""

import errno
import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from groupcore.engine import Moderator
from groupcore.errors import CorruptLog, NotALog, StoreError, StoreLocked
from groupcore.events import Row, read_row
from groupcore.explaining import explain
from groupcore.rulebook import Rulebook
from groupcore.stores import JsonlStore, jsonl
from groupcore.stores.jsonl_lines import note_of, read_note
from groupcore.testing.store_contract import answer, check_log, draft, drafts
from stores.moderating import RULES, message


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.jsonl"


def written(path: Path, *sizes: int) -> bytes:
    """The bytes of a log of appends of these sizes."""
    with JsonlStore(path) as store:
        for batch, size in enumerate(sizes):
            store.append([draft(f"b{batch}-{number}", f"g{number % 2}") for number in range(size)])
    return path.read_bytes()


# -- the lines


def test_a_line_is_the_event_with_its_envelope(path: Path) -> None:
    line = json.loads(written(path, 1))
    assert line["type"] == "message-posted"
    assert line["data"]["text"] == "大家好 hello"
    assert (line["position"], line["version"], line["stream"]) == (1, 1, "group/g0")
    assert "more" not in line


def test_all_lines_of_an_append_but_its_last_say_that_more_follows(path: Path) -> None:
    lines = [json.loads(line) for line in written(path, 3, 1, 2).splitlines()]
    assert [line.get("more", False) for line in lines] == [True, True, False, False, True, False]


def test_a_text_that_looks_like_the_mark_is_no_mark(path: Path) -> None:
    with JsonlStore(path) as store:
        store.append([draft(text=',"more":true}\n'), draft("m2", text=',"more":true}')])
        store.append([draft("m3", text=',"more":true}')])
    with JsonlStore(path) as store:
        assert (store.position, store.repaired) == (3, None)


def test_data_that_holds_the_mark_is_no_mark(path: Path) -> None:
    with JsonlStore(path) as store:
        rows = store.append([draft()._replace(data=b'{"author":"amy","more":true}', private=None)])
    with JsonlStore(path) as store:
        assert (list(store.read()), store.repaired) == (rows, None)


def test_lines_written_without_marks_are_a_log_too(path: Path) -> None:
    lines = [json.loads(line) for line in written(path, 3, 2).splitlines()]
    path.write_text("".join(f"{json.dumps(line | {'more': None})}\n\n" for line in lines), encoding="utf-8")
    with JsonlStore(path) as store:
        assert store.position == 5
        check_log(store)


# -- torn ends


@pytest.mark.parametrize("sizes", [(1,), (1, 2), (3, 1)])
def test_a_log_cut_at_any_byte_of_its_last_append_keeps_all_others_and_goes_on(
    path: Path, sizes: tuple[int, ...]
) -> None:
    whole = written(path, *sizes)
    before = sum(sizes[:-1])
    start = sum(map(len, whole.splitlines(keepends=True)[:before]))
    for end in range(start, len(whole) + 1):
        path.unlink()  # some file systems sync a file that is emptied and written again
        path.write_bytes(whole[:end])
        with JsonlStore(path, fsync="relaxed") as store:
            complete = end >= len(whole) - 1  # nothing but the newline is missing
            assert store.position == (sum(sizes) if complete else before)
            assert (store.repaired is None) == (end in (start, len(whole)))
            store.append([draft("x")])
            check_log(store)
        with JsonlStore(path, fsync="relaxed") as store:
            assert store.repaired is None
            check_log(store)


def test_a_reader_leaves_a_torn_end_out_and_alone(path: Path) -> None:
    whole = written(path, 2, 2)
    start = sum(map(len, whole.splitlines(keepends=True)[:2]))
    for end in range(start, len(whole) - 1):
        path.unlink()
        path.write_bytes(whole[:end])
        with JsonlStore(path, read_only=True) as reader:
            assert len(list(reader.read())) == reader.position == 2
            assert (reader.repaired is None) == (end == start)
            assert len(list(reader.read())) == 2
        assert path.read_bytes() == whole[:end]


def test_a_reader_takes_a_last_line_without_its_newline(path: Path) -> None:
    whole = written(path, 2)
    path.write_bytes(whole[:-1])
    with JsonlStore(path, read_only=True) as reader:
        assert (reader.position, len(list(reader.read())), reader.repaired) == (2, 2, None)
        path.write_bytes(whole)
        assert (reader.position, len(list(reader.read())), reader.repaired) == (2, 2, None)
    assert path.read_bytes() == whole


def test_the_note_says_what_was_cut(path: Path) -> None:
    whole = written(path, 2, 3)
    path.write_bytes(whole[:-20])
    with JsonlStore(path, read_only=True) as reader:
        assert "left out" in str(reader.repaired)
    with JsonlStore(path) as store:
        assert str(store.repaired).endswith("behind event 2: an append that was never finished")


def test_a_tail_of_nulls_is_cut(path: Path) -> None:
    whole = written(path, 2)
    path.write_bytes(whole + bytes(5000))
    with JsonlStore(path) as store:
        assert (store.position, "5000 bytes" in str(store.repaired)) == (2, True)
    assert path.read_bytes() == whole


def test_a_reader_notices_that_the_end_was_cut_back(path: Path) -> None:
    whole = written(path, 2, 2)
    with JsonlStore(path, read_only=True) as reader:
        assert reader.position == 4
        path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
        assert reader.position == 2
        assert len(list(reader.read())) == 2


# -- damage


DAMAGE = {
    "no JSON": lambda line: b"{" + line,
    "a line that is gone": lambda line: b"",
    "a line twice": lambda line: line + line,
    "no envelope": lambda line: b'{"type":"message-posted","at":5,"group":"g0","data":{}}\n',
    "another position": lambda line: line.replace(b'"position":2', b'"position":9'),
    "a position that is no number": lambda line: line.replace(b'"position":2', b'"position":"2"'),
    "bytes that are no UTF-8": lambda line: line.replace("大".encode(), b"\xe5\xa4"),
    "nulls": lambda line: bytes(len(line) - 1) + b"\n",
    "data that is no object": lambda line: line.replace(b'"data":{', b'"data":5,"x":{'),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_in_the_middle_is_told_with_its_position(path: Path, what: str) -> None:
    lines = written(path, 1, 1, 1, 1).splitlines(keepends=True)
    lines[1] = DAMAGE[what](lines[1])
    path.write_bytes(damaged := b"".join(lines))
    expected = 3 if what == "a line twice" else 2
    with pytest.raises(CorruptLog) as caught:
        JsonlStore(path)
    assert caught.value.position == expected
    with JsonlStore(path, read_only=True) as reader, pytest.raises(CorruptLog) as caught:
        list(reader.read())
    assert caught.value.position == expected
    assert path.read_bytes() == damaged


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":2', b'"version":7'),
        (b'"version":2', b'"version":"2"'),
        (b'"stream":"group/g0"', b'"stream":["x"]'),
    ],
)
def test_a_writer_builds_on_no_envelope_that_cannot_be(path: Path, old: bytes, new: bytes) -> None:
    lines = written(path, 1, 1, 1).splitlines(keepends=True)
    assert old in lines[1]
    path.write_bytes(lines[0] + lines[1].replace(old, new) + lines[2])
    with pytest.raises(CorruptLog) as caught:
        JsonlStore(path)
    assert caught.value.position == 2


def test_a_writer_builds_on_no_log_with_an_id_twice(path: Path) -> None:
    lines = written(path, 1, 1).splitlines(keepends=True)
    ids = [json.loads(line)["id"].encode() for line in lines]
    path.write_bytes(lines[0] + lines[1].replace(ids[1], ids[0]))
    with pytest.raises(CorruptLog, match=r"event 2: its id .* is that of event 1"):
        JsonlStore(path)


def test_a_damaged_first_line_is_damage_and_not_another_file(path: Path) -> None:
    path.write_bytes(b"{" + written(path, 1, 1))
    with pytest.raises(CorruptLog) as caught:
        JsonlStore(path)
    assert caught.value.position == 1


def test_a_last_line_that_is_damaged_and_ended_is_damage(path: Path) -> None:
    """It may have been acknowledged: only a line that was never ended is cut."""
    path.write_bytes(damaged := written(path, 2).replace(b'"version":1}', b'"version":1]'))
    with pytest.raises(CorruptLog):
        JsonlStore(path)
    assert path.read_bytes() == damaged


def test_changes_that_only_the_chain_can_see_are_read(path: Path) -> None:
    path.write_bytes(written(path, 2).replace(b"hello", b"hallo"))
    with JsonlStore(path, read_only=True) as reader:
        assert len(list(reader.read())) == 2


# -- other files


STRANGERS = {
    "facts": b'{"type":"member-left","at":5,"group":"g1","data":{"member":"amy"}}\n',
    "facts of one line": b'{"type":"member-left","at":5,"group":"g1","data":{"member":"amy"}}',
    "facts behind blank lines": b'\n\n{"at":5,"type":"member-left","group":"g1","data":{"member":"amy"}}\n',
    "other JSON": b'{"text": "hello"}\n',
    "other JSON of one line": b'{"text": "hello"}',
    "other JSON cut short": b'{"text": "hel',
    "a list": b"[1, 2]\n",
    "text": b"hello\nworld\n",
    "a word": b"hello",
    "SQLite": b"SQLite format 3\x00" + bytes(100),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(100),
    "nulls": bytes(100),
}


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize("what", STRANGERS)
def test_another_file_is_refused_and_not_touched(path: Path, what: str, read_only: bool) -> None:
    path.write_bytes(STRANGERS[what])
    with pytest.raises(NotALog) as caught:
        JsonlStore(path, read_only=read_only)
    assert path.read_bytes() == STRANGERS[what]
    told = f"{path} is a file of facts: import it first: groupcore import facts {path} LOG"
    assert (str(caught.value) == told) == what.startswith("facts")


def test_an_empty_file_is_an_empty_log(path: Path) -> None:
    path.touch()
    with JsonlStore(path, read_only=True) as reader:
        assert reader.position == 0
    with JsonlStore(path) as store:
        store.append([draft()])


# -- one writer


def test_a_second_writer_is_refused_by_name(path: Path) -> None:
    with JsonlStore(path) as store:
        with pytest.raises(StoreLocked, match=r"log\.jsonl: another writer has this log open"):
            JsonlStore(path)
        with JsonlStore(path, read_only=True) as reader:
            assert list(reader.read()) == []
        store.append([draft()])
        with pytest.raises(StoreLocked):
            JsonlStore(path)
    JsonlStore(path).close()


def test_a_log_that_could_not_be_opened_is_not_locked(path: Path) -> None:
    path.write_bytes(b"hello\n")
    for _ in range(2):
        with pytest.raises(NotALog):
            JsonlStore(path)


# -- disks


class FaultyFile:
    """A file whose disk takes *room* more bytes and then fails; it may fail to sync too."""

    def __init__(self, file: Any, room: int, syncs: bool = True) -> None:
        self.file, self.room, self.syncs = file, room, syncs

    def write(self, data: memoryview) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        count = self.file.write(data[: self.room])
        self.room -= count
        return int(count)

    def fileno(self) -> int:
        if not self.syncs:
            self.syncs = True
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return int(self.file.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def test_a_full_disk_leaves_the_log_as_it_was(path: Path) -> None:
    before = written(path, 2)
    with JsonlStore(path) as store:
        tape = store._tape
        assert tape is not None
        real: Any = tape.file
        for room in (0, 1, 10, len(before) // 2):
            tape.file = FaultyFile(real, room)  # type: ignore[assignment]
            with pytest.raises(StoreError, match="No space left on device; nothing was recorded"):
                store.append([draft(f"x{number}", "g0") for number in range(2)])
            assert path.read_bytes() == before
            assert store.position == 2
        tape.file = real
        store.append([draft("x")])
        check_log(store)


def test_a_disk_that_cannot_sync_acknowledges_nothing(path: Path) -> None:
    before = written(path, 2)
    with JsonlStore(path) as store:
        tape = store._tape
        assert tape is not None
        real: Any = tape.file
        tape.file = FaultyFile(real, 1 << 20, syncs=False)  # type: ignore[assignment]
        with pytest.raises(StoreError, match="nothing was recorded"):
            store.append([draft("x")])
        tape.file = real
        assert path.read_bytes() == before
        check_log(store)


def test_a_limit_of_the_system_in_the_middle_of_a_write_leaves_the_log_as_it_was(path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = written(path, 2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with JsonlStore(path) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 700, limits[1]))
        try:
            with pytest.raises(StoreError, match="nothing was recorded"):
                store.append(drafts(3))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert path.read_bytes() == before
        store.append(drafts(3))
        check_log(store)


@pytest.mark.parametrize("moment", ["before", "during", "after"])
def test_an_interrupt_leaves_a_whole_append_or_none(path: Path, moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written(path, 2)
    with JsonlStore(path) as store:
        tape = store._tape
        assert tape is not None
        really = tape._write_all

        def interrupted(offset: int, data: bytes) -> None:
            if moment != "before":
                really(offset, data[:300] if moment == "during" else data)
            raise KeyboardInterrupt

        monkeypatch.setattr(tape, "_write_all", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.append(drafts(3))
        monkeypatch.undo()
        assert store.position == (5 if moment == "after" else 2)
        store.append([draft("x")])
        check_log(store)
    with JsonlStore(path) as store:
        check_log(store)


def test_a_file_that_was_taken_away_is_told(path: Path) -> None:
    written(path, 2)
    with JsonlStore(path, read_only=True) as reader:
        reading = reader.read()
        path.unlink()
        with pytest.raises(StoreError, match="cannot be read: No such file"):
            next(reading)
        with pytest.raises(StoreError, match="No such file"):
            reader.heads()


def test_reading_holds_a_few_rows_at_a_time(path: Path) -> None:
    with JsonlStore(path, fsync="relaxed") as store:
        for start in range(0, 4000, 100):
            store.append(drafts(100, start=start))
    with JsonlStore(path, read_only=True) as reader:
        tracemalloc.start()
        assert sum(1 for _ in reader.read()) == 4000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1_000_000


# -- the index


def test_a_log_is_opened_in_some_bytes_an_event(path: Path) -> None:
    with JsonlStore(path, fsync="relaxed") as store:
        for start in range(0, 6000, 500):
            store.append(drafts(500, start=start))
    whole = path.stat().st_size
    tracemalloc.start()
    with JsonlStore(path) as store:
        now, peak = tracemalloc.get_traced_memory()
        assert store.position == 6000
    tracemalloc.stop()
    assert now < 6000 * 70
    assert peak < whole / 2  # an append is held until its last line is seen, and the table of ids grows by doubling


ABOUT = (
    b"{}",
    b'{"member":null,"person":"bo"}',
    b'{"member":5}',
    b'{"member":["amy"]}',
    b'{"message":"m9"}',
    b'{"x":1}',
)


def plain(id: str, data: bytes) -> Row:
    return draft()._replace(id=id, type="x", data=data, private=None, salt=None, private_digest=None)


def test_what_a_line_says_is_noted_as_its_row_says_it(path: Path) -> None:
    fact, deep = draft("a"), b'{"author":"amy","more":' + b"[" * 30 + b"]" * 30 + b"}"
    odd = [plain(f"odd{number}", data) for number, data in enumerate(ABOUT)]
    hidden = draft("h")._replace(id="hidden", type="x", data=b'{"message":"m8"}', private=b'{"member":"amy"}')
    with JsonlStore(path, fsync="relaxed") as store:
        store.append([fact, answer(fact), draft("b")._replace(data=deep), *odd, hidden])
    lines = path.read_bytes().splitlines(keepends=True)
    assert [read_note(line) for line in lines] == [note_of(read_row(line)) for line in lines]
    assert [read_note(line).subjects for line in lines[3:]] == [(None,), ("bo",), (), (), ("m9",), (None,), ("m8",)]


def test_who_a_row_is_about_is_looked_up_and_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it was there at opening, was appended since, or was met by a reader later."""
    with JsonlStore(path) as store:
        store.append([plain(f"x{number}", ABOUT[number % 6]) for number in range(30)])
    with JsonlStore(path) as store, JsonlStore(path, read_only=True) as reader:
        found = list(reader.concerning("group/g1", ["bo"]))
        found += store.append([plain("late", ABOUT[1])])
        assert len(found) == 16
        for one in (store, reader):
            read = list[bytes]()
            monkeypatch.setattr(jsonl, "read_row", lambda line, read=read: read.append(line) or read_row(line))
            assert list(one.concerning("group/g1", ["bo"])) == found
            assert len(read) == 16
            monkeypatch.undo()


def test_who_only_ever_wrote_is_explained_without_reading_the_chat(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with JsonlStore(path) as store, Moderator(store, Rulebook.from_mapping(RULES)) as moderator:
        for number in range(200):
            moderator.observe(message("a", number))
    with JsonlStore(path, read_only=True) as store:
        whole, read = len(list(store.read_stream("group/g0"))), list[bytes]()
        monkeypatch.setattr(jsonl, "read_row", lambda line: read.append(line) or read_row(line))
        monkeypatch.setattr("groupcore.explaining.subject._SOME", 10)  # messages of either end, looked at for feeds
        about = explain(store, "member-0", group="g0")
        assert "member-warned" in str(about.to_mapping())
        assert 0 < len(set(read)) < whole / 2
