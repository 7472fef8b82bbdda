"""The host's end of the WASM worker processes: a single one, and a crew from which threads borrow."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from langchain_latm.exceptions import SandboxClosedError, SandboxError
from langchain_latm.sandbox._bundle import bundle
from langchain_latm.sandbox._reply import MalformedReplyError, Reply, read_entry, read_json
from langchain_latm.sandbox._wire import MAX_MESSAGE
from langchain_latm.sandbox.base import Failure, FailureKind
from langchain_latm.sandbox.wasm import worker
from langchain_latm.sandbox.wasm.worker import HEADER, Job

if TYPE_CHECKING:
    from collections.abc import Iterator

_START_SECONDS: Final = 60.0
_REPORTED: Final = frozenset({FailureKind.CRASH, FailureKind.MEMORY, FailureKind.PROTOCOL})
"""Kinds of failure that a worker reports about its interpreters."""


class WorkerLostError(Exception):
    """A worker process ended before its answer.

    Args:
        failure: The reason, as a failure of the tool.
        started: Whether the tool was running and may be the cause.
    """

    def __init__(self, failure: Failure, *, started: bool) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.started = started
        self.seconds = 0.0
        """How long the tool was running."""


class WasmProcess:
    """One worker process, used by one thread at a time.

    Args:
        folder: Its temporary folder, private to the sandbox.
        packages: The folder that pyeryx is installed in.
        memory_bytes: The expected memory limit of the first tool.

    Raises:
        SandboxError: It did not start.
    """

    def __init__(self, folder: Path, packages: Path, memory_bytes: int) -> None:
        self.answered = 0
        self.usable = True
        self.recent: deque[tuple[object, ...]] = deque(maxlen=worker.SESSIONS)
        self._longest = [1 << 16]
        self._inbox: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        names = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(folder))
        if sys.platform == "win32":  # without it Python does not start
            names["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", worker.__file__, str(folder), str(packages)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # unbuffered, so that a fork of the host can close them without a buffer's lock
            env=names,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for the host
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        threading.Thread(
            target=_read_frames, args=(self._process.stdout, self._longest, self._inbox), daemon=True
        ).start()
        try:
            self._send([bundle(), memory_bytes])
            word, body = self._receive(_START_SECONDS, FailureKind.CRASH, "it did not start in time")
        except WorkerLostError as lost:
            self.end()
            raise SandboxError(f"a WASM worker process did not start: {lost}") from lost
        except BaseException:
            self.end()
            raise
        if word != worker.READY:
            self.end()
            raise SandboxError(f"a WASM worker process did not start: {_reported(body).message}")

    def ask(self, job: Job, wall_seconds: float, used: float) -> Reply:
        """Send a request and wait for its answer.

        Args:
            job: The request.
            wall_seconds: How long the tool may run.
            used: How long it has already run in another worker.

        Raises:
            WorkerLostError: There is no answer. The process has ended.
        """
        self._longest[0] = job.reply_bytes
        started, answered = 0.0, False
        try:
            self._send(job)
            word, body = self._receive(_START_SECONDS, FailureKind.CRASH, "no interpreter was there in time")
            if word == worker.STARTED:
                started = time.monotonic()
                late = f"the call took longer than {wall_seconds:g} s"
                word, body = self._receive(max(wall_seconds - used, 0), FailureKind.WALL, late)
            reply = _reply(word, body, job)
            self.answered += 1
            answered = True
            return reply  # noqa: TRY300 - `finally` ends the process on every other way out
        except MalformedReplyError as error:
            failure = Failure(kind=FailureKind.PROTOCOL, message=str(error))
            raise WorkerLostError(failure, started=started > 0) from None
        except WorkerLostError as lost:
            if started:
                lost.started, lost.seconds = True, time.monotonic() - started
            raise
        finally:
            if not answered:
                self.end()

    def end(self) -> None:
        """End the process and wait for that; calling it twice is fine."""
        self.usable = False
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def forget(self) -> None:
        """Close only the pipes: in a fork of the host, the process belongs to the host."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.returncode = 0  # otherwise its finalizer would warn that the process still runs

    def _send(self, message: object) -> None:
        body = json.dumps(message).encode("ascii")
        left = memoryview(HEADER.pack(len(body), 0) + body)
        stream = self._process.stdin
        try:
            while left and stream is not None:
                left = left[stream.write(left) :]
        except (OSError, ValueError):  # the process has died, or `close` has ended it
            raise WorkerLostError(self._cause(), started=False) from None

    def _receive(self, seconds: float, kind: FailureKind, late: str) -> tuple[int, bytes]:
        try:
            frame = self._inbox.get(timeout=seconds)
        except queue.Empty:
            raise WorkerLostError(Failure(kind=kind, message=late), started=False) from None
        if frame is None:
            raise WorkerLostError(self._cause(), started=False)
        return frame

    def _cause(self) -> Failure:
        """Return why the process ended or, if it still runs, that it sent something malformed."""
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return Failure(kind=FailureKind.PROTOCOL, message=str(MalformedReplyError()))
        if code == worker.EXIT_CPU:
            return Failure(kind=FailureKind.CPU, message="the call used more CPU time than it may")
        if code == worker.EXIT_MEMORY:
            return Failure(kind=FailureKind.MEMORY, message="the interpreter's process grew too large")
        return Failure(kind=FailureKind.CRASH, message=f"the interpreter's process ended (exit code {code})")


class Crew:
    """Worker processes and their folder.

    Args:
        most: How many processes may exist.
        packages: The folder that pyeryx is installed in.
        memory_bytes: The usual memory limit of tools.
    """

    def __init__(self, most: int, packages: Path, memory_bytes: int) -> None:
        self._most = most
        self._packages = packages
        self._memory_bytes = memory_bytes
        self._folder = Path(tempfile.mkdtemp(prefix="latm-wasm-"))  # accessible to this user only
        self._changed = threading.Condition()
        self._idle: list[WasmProcess] = []
        self._all: set[WasmProcess] = set()
        self._starting = 0
        self.closed = False

    def lend(self, key: tuple[object, ...]) -> WasmProcess:
        """Return a process for exclusive use: one that has the tool loaded, an idle one, or a new one.

        Raises:
            SandboxError: It did not start, or the crew was closed.
        """
        with self._changed:
            while not self._idle and len(self._all) + self._starting >= self._most and not self.closed:
                self._changed.wait()
            self._refuse_when_closed()
            if self._idle:
                process = next((each for each in self._idle if key in each.recent), self._idle[-1])
                self._idle.remove(process)
                return process
            self._starting += 1
        new = None
        try:
            new = WasmProcess(self._folder, self._packages, self._memory_bytes)
        finally:
            with self._changed:
                self._starting -= 1
                if new is not None and not self.closed:
                    self._all.add(new)
                self._changed.notify()
        if self.closed:
            new.end()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._refuse_when_closed()
        return new

    def give_back(self, process: WasmProcess, key: tuple[object, ...]) -> None:
        """Take a process back; a new one may replace one that has ended."""
        with self._changed:
            if process.usable and not self.closed:
                if key in process.recent:
                    process.recent.remove(key)
                process.recent.append(key)
                self._idle.append(process)
            else:
                self._all.discard(process)
            self._changed.notify()

    def close(self) -> None:
        """End every process and remove the folder."""
        with self._changed:
            self.closed = True
            everyone, self._all = self._all, set()
            self._idle.clear()
            self._changed.notify_all()
        for process in everyone:
            process.end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget(self) -> None:
        """Close only the pipes, in a fork of the host."""
        for process in self._all:
            process.forget()

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise SandboxClosedError("the sandbox was closed")


def _read(stream: BinaryIO, size: int) -> bytes:
    """Return `size` bytes, or fewer at the end."""
    parts = bytearray()
    while len(parts) < size and (part := stream.read(size - len(parts))):
        parts += part
    return bytes(parts)


def _frames(stream: BinaryIO, longest: list[int]) -> Iterator[tuple[int, bytes]]:
    while len(head := _read(stream, HEADER.size)) == HEADER.size:
        length, word = HEADER.unpack(head)
        if length > longest[0]:
            return
        body = _read(stream, length)
        if len(body) < length:
            return
        yield word, body


def _read_frames(stream: BinaryIO, longest: list[int], inbox: queue.SimpleQueue[tuple[int, bytes] | None]) -> None:
    """Pass on the frames of a process, then None at the end. It must not hold a reference to the process's object."""
    try:
        with stream:
            for frame in _frames(stream, longest):
                inbox.put(frame)
    finally:
        inbox.put(None)


def _reply(word: int, body: bytes, job: Job) -> Reply:
    if word == worker.ANSWER:
        return read_entry(body, job.value_bytes, job.printed_bytes)
    if word == worker.LOST:
        return Reply(None, _reported(body), "")
    raise MalformedReplyError


def _reported(body: bytes) -> Failure:
    """Return the failure that a worker reports."""
    entry: Any = read_json(body)
    if type(entry) is list and len(entry) == 2 and all(type(each) is str for each in entry) and entry[0] in _REPORTED:  # noqa: PLR2004 - kind and message
        return Failure(kind=FailureKind(entry[0]), message=entry[1][:MAX_MESSAGE])
    raise MalformedReplyError
