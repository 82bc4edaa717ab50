"""A wire between a client and a PostgreSQL server that is cut at a byte we name, in either direction.

It listens on a socket of its own and passes on what it hears. What was said stays in ``said``, so that a first run
tells where its messages begin and end; a second run is then cut there.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Literal, Self

from stores.postgres_server import Server, memory

Side = Literal["asks", "answers"]
_NAME = ".s.PGSQL.5432"


class Wire:
    """Passes on what clients ask and what the server answers.

    `cut` arms it: the next connection is cut after so many bytes of that side. With *late*, the client is cut
    off at once, and the server hears what came last only when that returns.
    """

    def __init__(self, server: Server) -> None:
        self.room = Path(tempfile.mkdtemp(prefix="groupcore-wire-", dir=memory()))
        self.said: dict[Side, bytearray] = {"asks": bytearray(), "answers": bytearray()}
        self.was_cut = False
        self._there = str(server.room / _NAME)
        self._lock = Lock()
        self._plan: tuple[Side, int, Callable[[], object] | None] | None = None
        self._watched: socket.socket | None = None  # the first client since this was armed
        self._threads = list[Thread]()
        self._sockets = list[socket.socket]()
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(self.room / _NAME))
        self._door.listen(20)
        self._start(self._open)

    def url(self, log: str, server: Server) -> str:
        """The URL of *log* through this wire."""
        return log.replace(str(server.room), str(self.room))

    def listen(self) -> None:
        """Note what the next connection says, and cut nothing."""
        self._arm(None)

    def cut(self, side: Side, after: int, late: Callable[[], object] | None = None) -> None:
        """Cut the next connection as soon as it has said so many bytes, and more, on this side."""
        self._arm((side, after, late))

    def _arm(self, plan: tuple[Side, int, Callable[[], object] | None] | None) -> None:
        with self._lock:
            self.said = {"asks": bytearray(), "answers": bytearray()}
            self.was_cut, self._plan, self._watched = False, plan, None

    def _start(self, work: Callable[..., None], *given: object) -> None:
        self._threads.append(Thread(target=work, args=given, daemon=True))
        self._threads[-1].start()

    def _open(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                self._sockets += [client, server]
                self._watched = self._watched or client
                with suppress(OSError):  # the server is away; the client hears nothing more
                    server.connect(self._there)
                self._start(self._pump, "asks", client, server)
                self._start(self._pump, "answers", server, client)

    def _pump(self, side: Side, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while heard := source.recv(1 << 16):
                room, late = self._room(side, heard) if self._watched in (source, target) else (None, None)
                if late is not None:
                    _end(source)
                    late()
                    target.sendall(heard)
                    return  # the other pump ends both, when the server has answered
                target.sendall(heard[:room])
                if room is not None:
                    break
        _end(source)
        _end(target)

    def _room(self, side: Side, heard: bytes) -> tuple[int | None, Callable[[], object] | None]:
        """How much of what was heard is passed on before the cut; None: all of it, and no cut."""
        with self._lock:
            before = len(self.said[side])
            self.said[side] += heard
            if self._plan is None or self._plan[0] != side or before + len(heard) <= self._plan[1]:
                return None, None
            _, after, late = self._plan
            self._plan, self.was_cut = None, True
            return after - before, late

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # wakes who waits in `accept`
        self._threads[0].join(10)
        for one in self._sockets:
            _end(one)
        for thread in self._threads:
            thread.join(10)
        for one in (self._door, *self._sockets):
            one.close()
        shutil.rmtree(self.room, ignore_errors=True)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


def ends_of(said: bytes, side: Side) -> list[int]:
    """Where the messages end that were said on one connection: a byte for their kind, and four for their length.

    The first that is asked has no kind.
    """
    sizes = list[int]()
    while sum(sizes) < len(said):
        at = sum(sizes) + (side == "answers" or len(sizes) > 0)
        sizes.append(at - sum(sizes) + int.from_bytes(said[at : at + 4], "big"))
    return list(accumulate(sizes))
