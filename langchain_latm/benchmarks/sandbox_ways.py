"""The ways of calling a function that `latm bench sandbox` compares: the backends, and what they stand beside.

All but the backends run trusted code of this file, without a lock.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from langchain_latm.exceptions import SandboxError, SandboxUnavailableError
from langchain_latm.sandbox import Limits, Sandbox, ToolSource
from langchain_latm.sandbox.create import create_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

SOURCE: Final = """\
def count(n: int) -> int:
    total = 1
    for number in range(n):
        total += number
    return total
# {number}
"""
"""The tool: `n=0` is the trivial call, `n=10_000` the loop. The number makes another tool of it."""

_LENGTH: Final = struct.Struct("<I")
_ECHO: Final = """\
import os, sys
channel = int(sys.argv[1])
while data := os.read(channel, 65536):
    os.write(channel, data)
"""
_LOOP: Final = """\
import json, os, struct, sys
from socket import socket
channel = socket(fileno=int(sys.argv[1])).makefile("rwb")
def count(n):
    total = 1
    for number in range(n):
        total += number
    return total
while head := channel.read(4):
    body = json.dumps(count(**json.loads(channel.read(struct.unpack("<I", head)[0])))).encode()
    channel.write(struct.pack("<I", len(body)) + body)
    channel.flush()
"""
_ONCE: Final = """\
import json, sys
def count(n):
    total = 1
    for number in range(n):
        total += number
    return total
print(json.dumps(count(**json.loads(sys.stdin.read()))))
"""


class Caller(Protocol):
    """Something that counts: calls tool `number` with `n` and returns its value."""

    def __call__(self, n: int, number: int = 0) -> Any:
        """Call it."""
        ...


class Way(NamedTuple):
    """One way of calling a function.

    Attributes:
        name: As the table shows it.
        open: Starts it and ends it again; what it gives calls the function.
        locked: Whether it holds untrusted code.
        keeps: Whether it keeps a tool in memory from call to call.
    """

    name: str
    open: Callable[[], AbstractContextManager[Caller]]
    locked: bool = False
    keeps: bool = False


def tool(number: int = 0) -> ToolSource:
    """Return one of as many tools as one likes."""
    return ToolSource(source=SOURCE.replace("{number}", str(number)), entry="count")


class SandboxCaller:
    """Calls the tool in a sandbox.

    Raises:
        SandboxError: The call gave no value.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._tools: dict[int, ToolSource] = {}

    def __call__(self, n: int, number: int = 0) -> Any:
        """Call tool `number`."""
        result = self.sandbox.call(self.tool(number), {"n": n})
        if result.failure:
            raise SandboxError(f"the benchmark's own tool failed: {result.failure.message}")
        return result.value

    def tool(self, number: int) -> ToolSource:
        """Return a tool, the same object each time, as an application would."""
        found = self._tools.get(number)
        if found is None:
            found = self._tools[number] = tool(number)
        return found


@contextmanager
def _process(isolation: str) -> Iterator[Caller]:
    with create_sandbox("process", isolation=isolation, limits=Limits(wall_seconds=10)) as sandbox:  # type: ignore[arg-type]
        yield SandboxCaller(sandbox)


@contextmanager
def _wasm(isolation: str) -> Iterator[Caller]:
    with create_sandbox("wasm", isolation=isolation, limits=Limits(wall_seconds=10)) as sandbox:  # type: ignore[arg-type]
        yield SandboxCaller(sandbox)


@contextmanager
def _in_process() -> Iterator[Caller]:
    def count(n: int, number: int = 0) -> int:
        total = 1 + 0 * number
        for each in range(n):
            total += each
        return total

    yield count


@contextmanager
def _python(code: str) -> Iterator[socket.socket]:
    """Start another Python with one end of a socket pair; give the other end."""
    mine, theirs = socket.socketpair()
    command = [sys.executable, "-I", "-S", "-c", code, str(theirs.fileno())]
    with mine, subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL) as process:
        theirs.close()
        try:
            yield mine
        finally:
            mine.close()
            process.wait()


@contextmanager
def echo() -> Iterator[Caller]:
    """Send a few bytes to another Python and get them back: no call, the floor of every other process."""
    message = json.dumps({"n": 0}).encode()
    with _python(_ECHO) as sock:

        def send_and_receive(n: int, number: int = 0) -> int:
            sock.send(message)
            return len(sock.recv(1 << 16)) + 0 * (n + number)

        yield send_and_receive


@contextmanager
def _plain_subprocess() -> Iterator[Caller]:
    with _python(_LOOP) as sock:
        channel = sock.makefile("rwb")
        lock = threading.Lock()

        def call(n: int, number: int = 0) -> Any:
            body = json.dumps({"n": n + 0 * number}).encode()
            with lock:
                channel.write(_LENGTH.pack(len(body)) + body)
                channel.flush()
                return json.loads(channel.read(_LENGTH.unpack(channel.read(4))[0]))

        with channel:
            yield call


@contextmanager
def _process_per_call() -> Iterator[Caller]:
    def call(n: int, number: int = 0) -> Any:
        text = json.dumps({"n": n + 0 * number})
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _ONCE], input=text, capture_output=True, text=True, check=True
        )
        return json.loads(done.stdout)

    yield call


def ways() -> list[Way]:
    """Return what this machine can run, the backends first; `/call` is a new process, or WASM memory, for each call."""
    found = []
    backends: dict[str, Callable[[], AbstractContextManager[Caller]]] = {
        "process": lambda: _process("tool"),
        "process/call": lambda: _process("call"),
        "wasm": lambda: _wasm("tool"),
        "wasm/call": lambda: _wasm("call"),
    }
    for name, open_way in backends.items():
        try:
            with open_way():
                found.append(Way(name, open_way, locked=True, keeps=not name.endswith("/call")))
        except SandboxUnavailableError:
            continue
    found.append(Way("in-process", _in_process))
    if os.name == "posix":  # the others hand a socket to a child by its number
        found += [Way("subprocess", _plain_subprocess), Way("python/call", _process_per_call)]
    return found
