"""The host's end of one locked child: it sends requests and checks every byte that comes back."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._io import gone, set_receive_timeout
from langchain_latm.sandbox._reply import MalformedReplyError, Reply, longest_reply, read_entries, read_entry
from langchain_latm.sandbox.base import Failure, FailureKind
from langchain_latm.sandbox.process.zygote_process import ChildLimits, ZygoteLostError

if TYPE_CHECKING:
    import socket

    from langchain_latm.sandbox._batch import Batch
    from langchain_latm.sandbox._io import IO, Holder
    from langchain_latm.sandbox.process.zygote_process import ZygoteProcess

_HEADER_BYTES: Final = _wire.HEADER.size
_header: Final = _wire.HEADER.unpack_from
_GRACE_SECONDS: Final = 5.0
"""A task that has not returned its child this long after its time limit no longer runs."""
_BETWEEN_SECONDS: Final = 1e-4
"""CPU time that a child may take after an answer; waiting for the next request takes a tenth of it."""
_USED: Final = 0.1
"""A child that has used this share of its CPU time is replaced, since the rest might be too little for another call."""


class Key(NamedTuple):
    """What a child serves; no child serves two keys."""

    source: str
    entry: str
    tenant: str
    limits: ChildLimits


class ChildLostError(Exception):
    """The child is unusable; the failure has the reason."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(message)
        self.failure = Failure(kind=kind, message=message)


class ChildReclaimedError(Exception):
    """The child was taken from a caller that did not run for too long."""


class ChildProcess:
    """One child, forked on first use.

    Args:
        key: Its tool, tenant and limits.
        zygote: The process that forks it.
    """

    def __init__(self, key: Key, zygote: ZygoteProcess) -> None:
        self.key = key
        self.zygote = zygote
        self.usable = True
        self.calls = 0
        self.turns = 0
        self.holder: Holder = None
        self._due = 0.0
        self._loaded = False
        self._heard = False
        self._busy = 0.0
        self._serial = 0
        self._sock: socket.socket | None = None
        self._sock_blocks = True
        self._slot = 0
        self._wall = 0.0
        self._timeout = 0.0
        self._number = 0
        self._buffer = bytearray()
        limits = key.limits
        self._longest = longest_reply(limits.value, limits.printed)
        self._used_up = limits.cpu * _USED

    @property
    def fresh(self) -> bool:
        """Whether it has not finished a call yet."""
        return self.calls == 0

    @property
    def lost(self) -> bool:
        """Whether the task that has it will never return it."""
        return self.holder is not None and (gone(self.holder) or time.monotonic() > self._due)

    def lend(self, holder: Holder) -> None:
        """Record the borrower."""
        self.holder = holder
        if holder is not None:
            self._due = time.monotonic() + _GRACE_SECONDS

    async def ask(self, io: IO, word: int, body: str, wall: float, used: float = 0.0) -> Reply:
        """Send one request and wait for its reply; a new child loads the tool first.

        Args:
            io: How to wait.
            word: The kind of request.
            body: JSON text.
            wall: Seconds that the request may take.
            used: Seconds that it took before, with another child.

        Raises:
            ChildLostError: It died, took too long or sent a malformed answer; it must be ended.
            ChildReclaimedError: It has already been ended.
            ZygoteLostError: It was not forked, or it ended with the zygote.
        """
        started = time.monotonic()
        deadline = started + wall - used
        sock, data = self._compose(io, word, body, wall, used)
        self._due = deadline + _GRACE_SECONDS
        try:
            sent, received = io.at_once(sock, data)
            if not received:
                if sent < len(data):
                    self._check_taken(await io.send(sock, data[sent:], deadline))
                received = await io.receive(sock, deadline)
        except TimeoutError:
            raise self._too_slow() from None
        reply = self._whole(received)
        if reply is None:
            self._buffer += received
            if not self._loaded:
                failed = await self._loading(io, deadline)
                if failed is not None:
                    return failed
            reply = self._answer(self._take() or await self._frame(io, deadline))
        self._finish(started)
        return reply

    async def ask_many(self, io: IO, batch: Batch, wall: float) -> None:
        """Send the next argument sets of a batch in one frame, and pass their replies to it as they arrive.

        Args:
            io: How to wait.
            batch: The batch, which prepares its next sets and takes replies while the child works.
            wall: Seconds for each set.

        Raises:
            ChildLostError: As for `ask`.
            ChildReclaimedError: As for `ask`.
            ZygoteLostError: As for `ask`.
        """
        started = time.monotonic()
        texts = [text for _, text in batch.group]
        count = len(texts)
        sock, data = self._compose(io, _wire.BATCH, f"[{','.join(texts)}]", wall, 0.0)
        self._due = started + wall + _GRACE_SECONDS
        try:
            self._check_taken(await io.send(sock, data, started + wall))
        except TimeoutError:
            raise self._too_slow() from None
        batch.look_ahead()
        if not self._loaded:
            failed = await self._loading(io, started + wall)
            if failed is not None:
                batch.accept([failed] * count)
                return
        while count:
            deadline = time.monotonic() + wall + _wire.PART_SECONDS
            self._due = deadline + _GRACE_SECONDS
            word, part = self._take() or await self._frame(io, deadline)
            if word != _wire.PART:
                raise _malformed()
            replies = self._read(part, count)
            count -= len(replies)
            batch.accept(replies)
        self._finish(started)

    def end(self) -> None:
        """End the process and close the socket."""
        self.usable = False
        if self._sock is not None:
            self.zygote.kill(self._serial)
            self._sock.close()
            self._sock = None

    def forget(self) -> None:
        """Close only the socket: in a fork of the host, the child belongs to the host."""
        if self._sock is not None:
            self._sock.close()

    def _compose(self, io: IO, word: int, body: str, wall: float, used: float) -> tuple[socket.socket, bytes]:
        """Return the socket and the bytes of a request; spawn the child first if needed."""
        if not self.usable:
            raise ChildReclaimedError
        self._number = (self._number + 1) & 0xFFFFFFFF
        data = _wire.frame(self._number, word | _wire.SOON if self.turns else word, body)
        sock = self._sock
        if sock is None:
            self._serial, sock = self.zygote.spawn(self.key.limits)
            self._slot = self._serial % _wire.SLOTS
            self._sock = sock
            self._loaded = word == _wire.PROBE
            if not self._loaded:
                data = _wire.frame(0, _wire.LOAD, _wire.encode([self.key.source, self.key.entry])) + data
        self.zygote.busy[self._slot] = _wire.BUSY
        self._wall = wall
        if self._sock_blocks is not io.blocks:  # threads and tasks may use the same child, one after the other
            self._sock_blocks = io.blocks
            sock.setblocking(io.blocks)
        left = max(wall - used, 0.001)
        if io.blocks and self._timeout != left:
            self._timeout = left
            set_receive_timeout(sock, left)
        return sock, data

    async def _loading(self, io: IO, deadline: float) -> Reply | None:
        """Wait until the tool is loaded; return the reason if it could not be."""
        number, self._number = self._number, 0
        reply = self._answer(self._take() or await self._frame(io, deadline))
        self._number = number
        if reply.failure is not None:
            self.usable = False
            return reply
        self._loaded = True
        return None

    def _check_taken(self, taken: bool) -> None:
        """Reject the answer of a child that did not take the request, since it may have written the answer in advance.

        This happens if the child has ended, or has run text as code, which may come from a caller
        (`_inside.lockdown.retirement`). A fresh child has run no caller's code, and its last bytes say why it ended.
        """
        if not taken and not self.fresh:
            raise ChildLostError(FailureKind.CRASH, "the process took no further request")

    def _whole(self, data: bytes) -> Reply | None:
        """Return the reply in these bytes if they are exactly one reply, as is usual.

        This saves 1 of the 33 µs of a call, compared with the buffer, which handles all other cases.
        """
        if len(data) < _HEADER_BYTES or not self._loaded or self._buffer:
            return None
        length, number, word = _header(data)
        if length != len(data) - _HEADER_BYTES or number != self._number or word != _wire.ANSWER:
            return None
        self._heard = True
        return self._read_one(data[_HEADER_BYTES:])

    def _answer(self, frame: tuple[int, bytearray]) -> Reply:
        """Return the reply to one request."""
        word, entry = frame
        if word != _wire.ANSWER:
            raise _malformed()
        return self._read_one(entry)

    async def _frame(self, io: IO, deadline: float) -> tuple[int, bytearray]:
        """Wait for a whole frame; return its word and body."""
        sock = cast("socket.socket", self._sock)
        while (found := self._take()) is None:
            try:
                data = await io.receive(sock, deadline)
            except TimeoutError:
                raise self._too_slow() from None
            if not data:
                raise self._ended()
            self._buffer += data
        return found

    def _take(self) -> tuple[int, bytearray] | None:
        """Return word and body of the next frame, if it has arrived; it must have the number of the request."""
        data = self._buffer
        if len(data) < _HEADER_BYTES:
            return None
        if data.startswith(_wire.EXIT_MARK):  # a forged one achieves no more than a forged answer
            if len(data) < _wire.EXIT_REPORT.size:
                return None
            raise self._cause(bytes(data[: _wire.EXIT_REPORT.size]))
        length, number, word = _header(data)
        if length > self._longest or number != self._number:
            raise _malformed()
        end = _HEADER_BYTES + length
        if len(data) < end:
            return None
        body = data[_HEADER_BYTES:end]
        del data[:end]
        self._heard = True
        return word, body

    def _ended(self) -> Exception:
        """Return the meaning of the end of the stream, by the bytes before it."""
        # The zygote holds the child's end of the socket open until it has written the exit report there.
        last = bytes(self._buffer[-_wire.EXIT_REPORT.size :])
        if last.startswith(_wire.EXIT_MARK) and len(last) == _wire.EXIT_REPORT.size:
            return self._cause(last)
        # A child that fills the socket and ends leaves no room for the report. This must not look like a lost zygote,
        # which would be replaced together with the children of all other tools.
        if (self._buffer or self._heard) and self.zygote.alive:
            return _malformed()
        return ZygoteLostError("the sandbox process ended, or could not start another one")

    def _read_one(self, entry: bytes | bytearray) -> Reply:
        """Return the reply in a frame."""
        limits = self.key.limits
        try:
            if b"\n" in entry:
                raise MalformedReplyError  # noqa: TRY301 - handled in one place
            reply = read_entry(entry, limits.value, limits.printed)
        except MalformedReplyError:
            raise _malformed() from None
        if reply.failure is not None:
            self._note(reply.failure)
        return reply

    def _read(self, entries: bytearray, count: int) -> list[Reply]:
        """Return the replies in a frame, at most this many."""
        limits = self.key.limits
        try:
            if entries.count(b"\n") >= count:
                raise MalformedReplyError  # noqa: TRY301 - handled in one place
            replies = read_entries(entries, limits.value, limits.printed)
        except MalformedReplyError:
            raise _malformed() from None
        for _, failure, _ in replies:
            if failure is not None:
                self._note(failure)
        return replies

    def _note(self, failure: Failure) -> None:
        if failure.kind is FailureKind.MEMORY:
            self.usable = False  # its garbage may still be there

    def _finish(self, started: float) -> None:
        if self._buffer:
            if not self._buffer.startswith(_wire.EXIT_MARK):
                raise ChildLostError(FailureKind.PROTOCOL, "the process sent more than its answer")
            self.usable = False  # the child ended after its answer
        self.calls += 1
        # Elapsed time is never less than CPU time, since a child has one thread.
        self._busy += time.monotonic() - started + _BETWEEN_SECONDS
        self.zygote.busy[self._slot] = self._busy
        if self._busy > self._used_up and self._busy > self.key.limits.cpu - self._wall:
            self.usable = False

    def _too_slow(self) -> ChildLostError:
        return ChildLostError(FailureKind.WALL, f"the call took longer than {self._wall:g} s")

    def _cause(self, report: bytes) -> ChildLostError:
        _, status, seconds = _wire.EXIT_REPORT.unpack(report)
        if not os.WIFSIGNALED(status):
            return ChildLostError(FailureKind.CRASH, f"the process ended itself (exit code {status >> 8})")
        number = os.WTERMSIG(status)
        limit = self.key.limits.cpu
        if number == signal.SIGXCPU or (number == signal.SIGKILL and seconds >= limit):
            return ChildLostError(FailureKind.CPU, f"the process used more than {limit} s of CPU time")
        name = signal.Signals(number).name if number in list(signal.Signals) else f"signal {number}"
        return ChildLostError(FailureKind.CRASH, f"the process was ended by {name}")


def _malformed() -> ChildLostError:
    return ChildLostError(FailureKind.PROTOCOL, str(MalformedReplyError()))
