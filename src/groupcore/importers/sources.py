"""Where an archive lies: a file, a directory, a tar, any of them compressed, or standard input.

Nothing is unpacked to disk. What a file is shows in its first bytes, not in its name. Logs are named by the
path that they have within the source (a tar counts as a directory of its name), never by where the source
lies, so that their names are the same wherever the archive is kept and whether or not it is unpacked.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias, cast

from attrs import frozen

from groupcore.errors import InputError

LONGEST_LINE = 16 * 1024 * 1024
TOO_LONG = b"\x00 a line too long to be taken"
"""Stands for a line of more than ``LONGEST_LINE`` bytes; compare by identity."""

Parts: TypeAlias = tuple[str, ...]
Order: TypeAlias = Callable[[Parts], Any]

_CHUNK = 16 * 1024  # what is lost, at most, before the place where a compressed tar is cut short
_BUFFER = 256 * 1024
_SQUEEZED = (".gz", ".xz", ".bz2")
_TARS = (".tar", ".tgz", ".txz", ".tbz2", ".tbz")
_DAMAGE = (EOFError, OSError, lzma.LZMAError, zlib.error, tarfile.TarError)
_REFUSED = {
    b"PK\x03\x04": "a zip archive; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; decompress it first",
    b"\xff\xfe": "UTF-16 text; convert it to UTF-8 first",
    b"\xfe\xff": "UTF-16 text; convert it to UTF-8 first",
    b"SQLite": "an SQLite database, not an archive of lines",
}


class _Stream(Protocol):
    def read1(self, size: int, /) -> bytes: ...
    def peek(self, size: int, /) -> bytes: ...


@frozen
class LogFile:
    """One log of a source, to be read once. ``parts`` is its path within the source, which comes first."""

    parts: Parts
    _stream: _Stream

    @property
    def name(self) -> str:
        """The name of the file, without the ending of its compression."""
        return plain(self.parts[-1])

    @property
    def where(self) -> str:
        """The path within the source, for people."""
        return "/".join(self.parts)

    def lines(self) -> Iterator[bytes]:
        """The lines, without their ends; `TOO_LONG` for those beyond bounds.

        Raises InputError where the file is damaged or cut short, after the lines before.
        """
        return _lines(self._stream, self.where)


class Source:
    """An archive to read from: *path* is a file, a directory, or ``-`` for standard input.

    ``done`` of ``total`` bytes were read (None: nobody knows how many there are).
    """

    def __init__(self, path: str | os.PathLike[str], stdin: IO[bytes] | None = None) -> None:
        self.path = os.fspath(path)
        self.done = 0
        self._stdin = stdin
        self._files = self._list()
        self.total = self._size()

    @classmethod
    def of(cls, source: Source | str | os.PathLike[str]) -> Source:
        """*source* itself, or the source at that path."""
        return source if isinstance(source, Source) else cls(source)

    def logs(self, order: Order | None = None) -> Iterator[LogFile]:
        """The logs of the source; each must be read before the next is asked for.

        Files of a directory come in natural order (``log2`` before ``log10``), those of a tar as they lie
        there. With *order*, a function of their parts, they come sorted by it: a tar is then held in
        memory, compressed.
        """
        files = self._files if order is None else _sorted(self._files, order)
        for path, parts in files:
            with self._open(path) as raw:
                yield from self._within(raw, parts, order)

    def _within(self, raw: _Stream, parts: Parts, order: Order | None) -> Iterator[LogFile]:
        where = "/".join(parts)
        stream = _decompressed(raw, where)
        if not _is_tar(parts[-1], stream, where):
            yield LogFile(parts, _checked(stream, where))
        elif order is None:
            yield from _members(stream, parts)
        else:
            yield from _held(stream, parts, order)

    def _list(self) -> list[tuple[str, Parts]]:
        if self.path == "-":
            return [("-", ("stdin",))]
        if not self.path:  # which would be the directory that one happens to stand in
            raise InputError("no source was named; write a file, a directory, or '-' for standard input")
        path = Path(self.path)
        if path.is_dir():
            return _listed(path)
        if not path.exists():
            raise InputError("no such file", self.path)
        return [(self.path, (path.name,))]

    def _size(self) -> int | None:
        if self.path == "-":
            return None
        return sum(os.stat(path).st_size for path, _ in self._files) or None

    @contextmanager
    def _open(self, path: str) -> Iterator[_Stream]:
        if path == "-":
            yield self._counted(self._stdin or sys.stdin.buffer)
            return
        try:
            file = open(path, "rb", buffering=0)  # noqa: SIM115 (closed below)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", path) from None
        with file:
            yield self._counted(file)

    def _counted(self, file: IO[bytes]) -> io.BufferedReader:
        return io.BufferedReader(_Counted(file, self), _BUFFER)


class _Counted(io.RawIOBase):
    """Bytes on their way from the disk, counted."""

    def __init__(self, file: IO[bytes], source: Source) -> None:
        self._file = file
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = getattr(self._file, "read1", self._file.read)
        data: bytes = read(len(buffer)) or b""
        buffer[: len(data)] = data
        self._source.done += len(data)
        return len(data)


def plain(name: str) -> str:
    """The name of a file without the ending of its compression: ``a.txt`` for ``a.txt.gz``."""
    return name[: name.rindex(".")] if name.lower().endswith(_SQUEEZED) and not name.startswith(".") else name


def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts numbers in names by their value: ``log2`` before ``log10``."""
    return tuple((0, int(run)) if run.isdecimal() else (1, run) for run in re.split(r"(\d+)", text) if run)


def _natural_parts(parts: Parts) -> list[tuple[tuple[int, int | str], ...]]:
    return [natural(part) for part in parts]


def _sorted(files: list[tuple[str, Parts]], order: Order) -> list[tuple[str, Parts]]:
    return sorted(files, key=lambda file: (order(file[1]), _natural_parts(file[1])))


def _listed(top: Path) -> list[tuple[str, Parts]]:
    """The files below a directory, hidden ones aside; raises InputError when there is none."""
    name = top.resolve().name or "root"
    found = []
    for folder, below, files in os.walk(top):
        below[:] = [each for each in below if not each.startswith(".")]
        inside = (name, *Path(folder).relative_to(top).parts)
        paths = ((Path(folder, each), (*inside, each)) for each in files if not each.startswith("."))
        found += [(str(path), parts) for path, parts in paths if path.is_file()]
    if not found:
        raise InputError("the directory holds no files", str(top))
    return sorted(found, key=lambda file: _natural_parts(file[1]))


def _decompressed(raw: _Stream, where: str) -> _Stream:
    head = _peek(raw, where)
    file = cast(IO[bytes], raw)
    if head.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if head.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(file)
    if head.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return raw


def _peek(stream: _Stream, where: str) -> bytes:
    try:
        return stream.peek(512)
    except _DAMAGE as error:
        raise _damaged(error, where) from None


def _is_tar(name: str, stream: _Stream, where: str) -> bool:
    return plain(name).lower().endswith(_TARS) or _peek(stream, where)[257:262] == b"ustar"


def _checked(stream: _Stream, where: str) -> _Stream:
    head = _peek(stream, where)
    for magic, what in _REFUSED.items():
        if head.startswith(magic):
            raise InputError(f"this is {what}", where)
    return stream


def _damaged(error: BaseException, where: str) -> InputError:
    if isinstance(error, EOFError) or "unexpected end of data" in str(error):
        return InputError("the file is cut short: it ends in the middle", where)
    if isinstance(error, OSError) and error.errno is not None:
        return InputError(f"cannot be read: {error.strerror}", where)
    return InputError(f"the file is damaged: {error}", where)


def _members(stream: _Stream, parts: Parts) -> Iterator[LogFile]:
    """The files in a tar, as they come; hidden ones and what is no file aside."""
    top, where, pieces = _stem(parts[-1]), "/".join(parts), _Piecewise(stream)
    try:
        with tarfile.open(fileobj=cast(Any, pieces), mode="r|", bufsize=_CHUNK) as archive:
            for member in archive:
                inside = tuple(part for part in member.name.split("/") if part not in ("", ".", ".."))
                if not member.isfile() or not inside or any(part.startswith(".") for part in inside):
                    continue
                file = cast(_Stream, archive.extractfile(member))
                named = (*parts[:-1], top, *inside)
                inner = "/".join(named)
                yield LogFile(named, _checked(_decompressed(file, inner), inner))
    except _DAMAGE as error:
        raise _damaged(pieces.damage or error, where) from None
    if pieces.damage is not None:  # tarfile takes a torn header for the end
        raise _damaged(pieces.damage, where)


class _Piecewise:
    """Gives a tar what there is, and ends where the file does: an error would lose what came just before."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self.damage: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read1(size)
        except _DAMAGE as error:
            self.damage = error
            return b""


def _stem(name: str) -> str:
    name = plain(name)
    return name[: name.rindex(".")] if name.lower().endswith(_TARS) else name


def _held(stream: _Stream, parts: Parts, order: Order) -> Iterator[LogFile]:
    """The files in a tar, sorted; of a tar that is damaged, those before the damage, and then the error."""
    held: list[tuple[Parts, bytes]] = []
    damage: InputError | None = None
    try:
        for log in _members(stream, parts):
            data, damage = _hold(log)
            held.append((log.parts, data))
            if damage is not None:
                break
    except InputError as error:
        damage = error
    held.sort(key=lambda file: (order(file[0]), _natural_parts(file[0])))
    for name, data in held:
        yield LogFile(name, io.BufferedReader(io.BytesIO(zlib.decompress(data))))
    if damage is not None:
        raise damage


def _hold(log: LogFile) -> tuple[bytes, InputError | None]:
    """The text of a log, compressed, and what is wrong with it; a torn last line is not kept then."""
    chunks: list[bytes] = []
    try:
        chunks.extend(_chunks(log._stream, log.where))
    except InputError as error:
        whole = b"".join(chunks)
        return zlib.compress(whole[: whole.rfind(b"\n") + 1], 1), error
    return zlib.compress(b"".join(chunks), 1), None


def _lines(stream: _Stream, where: str) -> Iterator[bytes]:
    cut = _cut(stream, where)
    for first in cut:
        yield first.removeprefix(b"\xef\xbb\xbf").removesuffix(b"\r")
        break
    for line in cut:
        yield line[:-1] if line.endswith(b"\r") else line


def _cut(stream: _Stream, where: str) -> Iterator[bytes]:
    rest: list[bytes] = []
    size = 0
    for chunk in _chunks(stream, where):
        pieces = chunk.split(b"\n")
        if len(pieces) == 1:
            size += len(chunk)
            rest.append(chunk) if size <= LONGEST_LINE else rest.clear()
            continue
        yield TOO_LONG if size + len(pieces[0]) > LONGEST_LINE else b"".join([*rest, pieces[0]])
        yield from pieces[1:-1]
        rest, size = [pieces[-1]], len(pieces[-1])
    if size > LONGEST_LINE:
        yield TOO_LONG
    elif size:
        yield b"".join(rest)


def _chunks(stream: _Stream, where: str) -> Iterator[bytes]:
    """What the stream holds; a torn last line of a damaged one is not given."""
    while True:
        try:
            chunk = stream.read1(_CHUNK)
        except _DAMAGE as error:
            raise _damaged(error, where) from None
        if not chunk:
            return
        yield chunk
