from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupcore.errors import InputError
from groupcore.importers import Source, sources
from groupcore.importers.sources import TOO_LONG, natural, plain

TEXT = b"one\ntwo\r\nthree"
LINES = [b"one", b"two", b"three"]
SQUEEZERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, ".gz": gzip.compress, ".xz": partial(lzma.compress, preset=0), ".bz2": bz2.compress,
}  # fmt: skip


def read(source: Source | Path | str, *, ordered: bool = False) -> dict[str, list[bytes]]:
    logs = Source.of(source).logs(order=(lambda parts: parts[-1]) if ordered else None)
    return {log.where: list(log.lines()) for log in logs}


def tar_of(files: dict[str, bytes], mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:
        folder = tarfile.TarInfo("logs")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


@pytest.mark.parametrize("ending", SQUEEZERS)
def test_a_file_is_read_whatever_it_is_compressed_with(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.log{ending}"
    path.write_bytes(SQUEEZERS[ending](TEXT))
    source = Source(path)
    found = [(log.name, log.parts, list(log.lines())) for log in source.logs()]
    assert found == [("a.log", (path.name,), LINES)]
    assert source.done == source.total == path.stat().st_size


def test_what_a_file_is_shows_in_its_bytes_not_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(gzip.compress(TEXT))
    (tmp_path / "b.gz").write_bytes(TEXT)
    assert list(read(tmp_path).values()) == [LINES, LINES]


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
@pytest.mark.parametrize("ordered", [False, True])
def test_a_tar_counts_as_a_directory_of_its_name(tmp_path: Path, mode: str, ordered: bool) -> None:
    files = {"./b.txt": b"b\n", "x/c.txt.gz": gzip.compress(b"c\n"), "x/.hidden": b"no", "a.txt": b"a\n"}
    ending = mode.removeprefix("w").replace(":", ".")
    path = tmp_path / f"logs.tar{ending}"
    path.write_bytes(tar_of(files, mode))
    names = ["logs/a.txt", "logs/b.txt", "logs/x/c.txt.gz"] if ordered else None
    found = read(path, ordered=ordered)
    assert list(found) == (names or ["logs/b.txt", "logs/x/c.txt.gz", "logs/a.txt"])
    assert found["logs/x/c.txt.gz"] == [b"c"]


def test_a_directory_is_read_in_natural_order_without_hidden_files(tmp_path: Path) -> None:
    top = tmp_path / "logs"
    for name in ("b/2.txt", "b/10.txt", "a.txt", ".git/config", "b/.x"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(name.encode())
    assert list(read(top)) == ["logs/a.txt", "logs/b/2.txt", "logs/b/10.txt"]


def test_names_do_not_tell_where_the_source_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "logs"
    top.mkdir()
    (top / "a.txt").write_bytes(TEXT)
    away = read(top)
    monkeypatch.chdir(top)
    assert read(".") == away == {"logs/a.txt": LINES}


@pytest.mark.parametrize("data", [TEXT, gzip.compress(TEXT, mtime=0)], ids=["plain", "gzip"])
def test_a_dash_is_standard_input(data: bytes) -> None:
    source = Source("-", stdin=io.BytesIO(data))
    assert read(source) == {"stdin": LINES}
    assert source.total is None


def test_a_tar_comes_through_a_pipe() -> None:
    data = tar_of({"a.txt": TEXT}, "w:gz")
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "wb") as pipe:
        pipe.write(data)
    with os.fdopen(read_end, "rb", buffering=0) as pipe:
        assert read(Source("-", stdin=pipe)) == {"stdin/a.txt": LINES}


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbf" + TEXT)
    assert read(tmp_path / "a") == {"a": LINES}


CHANCE = random.Random(1)
NOISE = b"\n".join(CHANCE.randbytes(30).hex().encode() for _ in range(60_000))


@pytest.mark.parametrize("ending", [".gz", ".xz", ".bz2"])
@pytest.mark.parametrize("ordered", [False, True])
def test_of_a_file_cut_short_the_lines_before_are_read_and_the_rest_is_an_error(
    tmp_path: Path, ending: str, ordered: bool
) -> None:
    for packed, name in (
        (NOISE, f"a.log{ending}"),
        (tar_of({"x": b"whole\n", "y": NOISE}), f"a.tar{ending}"),
    ):
        squeezed = SQUEEZERS[ending](packed)
        path = tmp_path / name
        path.write_bytes(squeezed[: len(squeezed) * 2 // 3])
        lines: list[bytes] = []
        with pytest.raises(InputError, match="cut short"):  # noqa: PT012 (the lines come before the error)
            for log in Source(path).logs(order=(lambda _: 0) if ordered else None):
                lines.extend(log.lines())
        whole = NOISE.split(b"\n")
        assert len(lines) > len(whole) // 3
        assert [line for line in lines if line != b"whole"] == whole[: len(lines) - ("tar" in name)]


def test_what_is_no_archive_of_lines_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for data, reason in (
        (b"PK\x03\x04....", "zip"),
        ("[12:00]".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b" + b"garbage" * 9, "damaged"),
    ):
        path.write_bytes(data)
        with pytest.raises(InputError, match=reason):
            read(path)
    path.with_suffix(".tar").write_bytes(b"no tar" * 500)
    with pytest.raises(InputError, match="damaged"):
        read(path.with_suffix(".tar"))


def test_a_missing_file_and_an_empty_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        Source(tmp_path / "absent")
    with pytest.raises(InputError, match="holds no files"):
        Source(tmp_path)


class Dripping(io.BytesIO):
    """A stream that gives *drip* bytes at a time."""

    drip = 1

    def read1(self, size: int | None = -1) -> bytes:
        return super().read1(self.drip)


@pytest.mark.parametrize("drip", [1, 7, 64])
def test_a_line_beyond_bounds_is_marked_and_the_next_is_read(drip: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LONGEST_LINE", 100)
    stream = Dripping(b"x" * 100 + b"\n" + b"y" * 101 + b"\nz\n" + b"w" * 500)
    stream.drip = drip
    first, second, third, fourth = sources._cut(stream, "x")  # type: ignore[arg-type]
    assert (first, second is TOO_LONG, third, fourth is TOO_LONG) == (b"x" * 100, True, b"z", True)


@given(data=st.binary(max_size=60), chunk=st.integers(1, 20))
def test_lines_are_those_of_a_split_whatever_the_chunks(data: bytes, chunk: int) -> None:
    stream = Dripping(data)
    stream.drip = chunk
    expected = data.split(b"\n")
    expected = expected[:-1] if not expected[-1] else expected
    assert list(sources._cut(stream, "x")) == expected  # type: ignore[arg-type]


def test_natural_order_and_plain_names() -> None:
    assert sorted(["log10", "log2", "log", "a1b"], key=natural) == ["a1b", "log", "log2", "log10"]
    assert [plain(name) for name in ("a.txt.gz", "a.TXT.XZ", "a.txt", ".gz")] == [
        "a.txt",
        "a.TXT",
        "a.txt",
        ".gz",
    ]


def test_no_name_at_all_is_not_the_directory_that_one_stands_in() -> None:
    with pytest.raises(InputError, match="no source was named"):
        Source("")
