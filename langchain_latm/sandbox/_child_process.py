"""The host's end of one locked child: asks, waits, and trusts nothing that comes back."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._io import set_patience
from langchain_latm.sandbox._reply import SLACK, NonsenseError, Reply, read_body, read_entry
from langchain_latm.sandbox._zygote_process import ChildLimits, ZygoteLostError
from langchain_latm.sandbox.base import Failure, FailureKind

if TYPE_CHECKING:
    import socket

    from langchain_latm.sandbox._batch import Batch
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox._zygote_process import ZygoteProcess

_HEADER_BYTES: Final = _wire.HEADER.size
_GRANTED: Final = 0.9
"""A child is replaced between calls when less than this part of its CPU time is left for the next one."""


class Key(NamedTuple):
    """What tells children apart: no child serves two of these."""

    source: str
    entry: str
    tenant: str
    limits: ChildLimits


class ChildLostError(Exception):
    """The child is of no more use; the failure says what it did."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind=kind, message=message)


class ChildProcess:
    """One child, born when it is first asked.

    Args:
        key: Whom it serves.
        zygote: Who forks it.
    """

    def __init__(self, key: Key, zygote: ZygoteProcess) -> None:
        self.key = key
        self.zygote = zygote
        self.usable = True
        self.calls = 0
        self.turns = 0
        self._loaded = False
        self._busy = 0.0
        self._serial = 0
        self._sock: socket.socket | None = None
        self._patience = 0.0
        self._number = 0
        self._buffer = bytearray()
        limits = key.limits
        self._longest = limits.value + 6 * limits.printed + SLACK  # six ASCII bytes may stand for one of UTF-8
        self._enough = limits.cpu * (1 - _GRANTED)

    @property
    def fresh(self) -> bool:
        """Whether it has not finished a call yet."""
        return self.calls == 0

    async def ask(self, io: IO, word: int, body: str, wall: float) -> Reply:
        """Send one request and wait for its reply; a new child loads the tool first.

        Raises:
            ChildLostError: It died, took too long or answered nonsense; it must be ended.
            ZygoteLostError: It was never born, or all children died with the zygote.
        """
        started = time.monotonic()
        deadline = started + wall
        sock, data = self._compose(word, body, wall)
        try:
            self._buffer += await io.exchange(sock, data, deadline)
        except TimeoutError:
            raise self._too_slow() from None
        if not self._loaded:
            failed = await self._loading(io, deadline)
            if failed is not None:
                return failed
        kind, entry = self._take() or await self._frame(io, deadline)
        if kind == _wire.PART:
            raise _nonsense()
        reply = self._reply(entry)
        self._finish(started)
        return reply

    async def ask_many(self, io: IO, batch: Batch, wall: float) -> None:
        """Send the next argument sets of a batch in one frame and hand it their replies as they come.

        Args:
            io: How to wait.
            batch: It prepares its following sets, and takes replies, while the child works.
            wall: Seconds for each set.

        Raises:
            ChildLostError: As for `ask`.
            ZygoteLostError: As for `ask`.
        """
        started = time.monotonic()
        texts = [text for _, text in batch.frame]
        count = len(texts)
        sock, data = self._compose(_wire.BATCH, f"[{','.join(texts)}]", wall)
        try:
            await io.send(sock, data, started + wall)
        except TimeoutError:
            raise self._too_slow() from None
        batch.look_ahead()
        if not self._loaded:
            failed = await self._loading(io, started + wall)
            if failed is not None:
                batch.accept([failed] * count)
                return
        while count:
            kind, part = self._take() or await self._frame(io, time.monotonic() + wall + _wire.PART_SECONDS)
            if kind != _wire.PART or not isinstance(part, list) or not 0 < len(part) <= count:
                raise _nonsense()
            count -= len(part)
            batch.accept([self._reply(entry) for entry in part])
        self._finish(started)

    def end(self) -> None:
        """End the process and hang up."""
        self.usable = False
        if self._sock is not None:
            self.zygote.kill(self._serial)
            self._sock.close()
            self._sock = None

    def hang_up(self) -> None:
        """Close the socket alone: in a process that the host forked, the child is not ours to end."""
        if self._sock is not None:
            self._sock.close()

    def _compose(self, word: int, body: str, wall: float) -> tuple[socket.socket, bytes]:
        """Return the socket and the bytes of a request; a child that is not there yet is asked for first."""
        self._number = (self._number + 1) & 0xFFFFFFFF
        data = _wire.frame(self._number, word, body)
        sock = self._sock
        if sock is None:
            self._serial, sock = self.zygote.spawn(self.key.limits)
            self._sock = sock
            self._loaded = word == _wire.PROBE
            if not self._loaded:
                data = _wire.frame(0, _wire.LOAD, _wire.encode([self.key.source, self.key.entry])) + data
        if self._patience != wall:
            set_patience(sock, wall)
            self._patience = wall
        return sock, data

    async def _loading(self, io: IO, deadline: float) -> Reply | None:
        """Wait until the tool is loaded; return the reason if it could not be."""
        number, self._number = self._number, 0
        _, loaded = self._take() or await self._frame(io, deadline)
        self._number = number
        reply = self._reply(loaded)
        if reply.failure is not None:
            self.usable = False
            return reply
        self._loaded = True
        return None

    async def _frame(self, io: IO, deadline: float) -> tuple[int, Any]:
        """Wait until a whole frame is here; return its word and body."""
        sock = cast("socket.socket", self._sock)
        while True:
            try:
                data = await io.receive(sock, deadline)
            except TimeoutError:
                raise self._too_slow() from None
            if not data:
                raise self._ended()
            self._buffer += data
            found = self._take()
            if found is not None:
                return found

    def _take(self) -> tuple[int, Any] | None:
        """Return word and body of the next frame, if it is here; it must carry the number of the request."""
        data = self._buffer
        if len(data) < _HEADER_BYTES:
            return None
        if data.startswith(_wire.EPITAPH):  # a forged one gives away no more than the child's own answer
            if len(data) < _wire.OBITUARY.size:
                return None
            raise self._cause(bytes(data[: _wire.OBITUARY.size]))
        length, number, word = _wire.HEADER.unpack_from(data)
        if length > self._longest or number != self._number:
            raise _nonsense()
        end = _HEADER_BYTES + length
        if len(data) < end:
            return None
        try:
            body = read_body(data[_HEADER_BYTES:end])
        except NonsenseError:
            raise _nonsense() from None
        del data[:end]
        return word, body

    def _ended(self) -> Exception:
        """Return what the end of the stream means, by the bytes before it."""
        # The zygote holds the child's end open until it has written its obituary there.
        last = bytes(self._buffer[-_wire.OBITUARY.size :])
        if last.startswith(_wire.EPITAPH) and len(last) == _wire.OBITUARY.size:
            return self._cause(last)
        if self._buffer and self.zygote.alive:
            return _nonsense()
        return ZygoteLostError("the sandbox process ended, or could not start another one")

    def _reply(self, entry: Any) -> Reply:
        try:
            reply = read_entry(entry)
        except NonsenseError:
            raise _nonsense() from None
        if reply.failure is not None and reply.failure.kind is FailureKind.MEMORY:
            self.usable = False  # what filled it may still be there
        return reply

    def _finish(self, started: float) -> None:
        if self._buffer:
            raise ChildLostError(FailureKind.PROTOCOL, "the process sent more than its answer")
        self.calls += 1
        # Time on the clock is never less than CPU time, since a child has one thread.
        self._busy += time.monotonic() - started + _wire.EAGER_SECONDS
        if self._busy > self._enough and self._busy > self.key.limits.cpu - self._patience:
            self.usable = False

    def _too_slow(self) -> ChildLostError:
        return ChildLostError(FailureKind.WALL, f"the call took longer than {self._patience:g} s")

    def _cause(self, obituary: bytes) -> ChildLostError:
        _, status, seconds = _wire.OBITUARY.unpack(obituary)
        if not os.WIFSIGNALED(status):
            return ChildLostError(FailureKind.CRASH, f"the process ended itself (exit code {status >> 8})")
        number = os.WTERMSIG(status)
        limit = self.key.limits.cpu
        if number == signal.SIGXCPU or (number == signal.SIGKILL and seconds >= limit):
            return ChildLostError(FailureKind.CPU, f"the process used more than {limit} s of CPU time")
        name = signal.Signals(number).name if number in list(signal.Signals) else f"signal {number}"
        return ChildLostError(FailureKind.CRASH, f"the process was ended by {name}")


def _nonsense() -> ChildLostError:
    return ChildLostError(FailureKind.PROTOCOL, "the process sent something that is not an answer")
