"""The callers that `latm bench sandbox` compares: sandbox backends, and callers without isolation."""

from __future__ import annotations

import inspect
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from threading import Lock
from typing import Any, Final, Literal, NamedTuple

from pydantic_core import from_json

from langchain_latm.exceptions import SandboxError, SandboxUnavailableError
from langchain_latm.sandbox import Limits, Sandbox, ToolSource, _wire
from langchain_latm.sandbox.create import Isolation, create_sandbox


def count(n: int, _number: int = 0) -> int:
    """Add up numbers: `n=0` is the trivial call, `n=10_000` the loop. All callers take the number of a tool."""
    total = 1
    for number in range(n):
        total += number
    return total


_COUNT: Final = inspect.getsource(count)
_ECHO: Final = """\
import os, sys
channel = int(sys.argv[1])
while data := os.read(channel, 65536):
    os.write(channel, data)
"""
_ECHO_JSON: Final = f"""\
{inspect.getsource(_wire)}
import os, sys
channel = int(sys.argv[1])
while data := os.read(channel, 65536):
    length, number, word = HEADER.unpack_from(data)
    value = decode(data[HEADER.size : HEADER.size + length].decode("ascii"))
    os.write(channel, frame(number, word, encode(value)))
"""
_SERVE: Final = f"""\
import json, socket, sys
{_COUNT}
channel = socket.socket(fileno=int(sys.argv[1])).makefile("rwb")
for line in channel:
    channel.write(json.dumps(count(**json.loads(line))).encode() + b"\\n")
    channel.flush()
"""
_ONCE: Final = f"""\
import json, sys
{_COUNT}
print(json.dumps(count(**json.loads(sys.stdin.read()))))
"""
_PYTHON: Final = (sys.executable, "-I", "-S", "-c")

Caller = Callable[..., Any]
"""Called with `n`, and with the number of the tool if there are several; returns `count(n)`."""


class NamedCaller(NamedTuple):
    """A caller with its name."""

    name: str
    open: Callable[[], AbstractContextManager[Caller]]  # starts the caller for a block
    locked: bool = False  # whether it isolates untrusted code
    keeps: bool = False  # whether it keeps a tool in memory between calls


class SandboxCaller:
    """Calls the function in a sandbox.

    Raises:
        SandboxError: The call returned no value.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        # One object per tool, as in an application; the number in the source makes the tools differ.
        self.tool = cache(lambda number: ToolSource(source=f"{_COUNT}# {number}\n", entry="count"))

    def __call__(self, n: int, number: int = 0) -> Any:
        """Call tool `number`."""
        result = self.sandbox.call(self.tool(number), {"n": n})
        if result.failure:
            raise SandboxError(f"the benchmark's own tool failed: {result.failure.message}")
        return result.value


def named_callers() -> list[NamedCaller]:
    """Return the callers that this machine can run, backends first; `/call` starts a process or memory per call."""
    backends: tuple[Literal["process", "wasm"], ...] = ("process", "wasm")
    isolations: dict[Isolation, str] = {"tool": "", "call": "/call"}
    isolated = [
        NamedCaller(backend + suffix, partial(_sandboxed, backend, isolation), locked=True, keeps=isolation == "tool")
        for backend in backends
        for isolation, suffix in isolations.items()
    ]
    found = [*filter(_starts, isolated), NamedCaller("in-process", lambda: nullcontext(count))]
    if os.name == "posix":  # the others pass a socket's descriptor to a child
        found += [NamedCaller("subprocess", _plain_subprocess), NamedCaller("python/call", _process_per_call)]
    return found


@contextmanager
def echo() -> Iterator[Caller]:
    """Send a few bytes to another Python process and back, without a call: the lower bound for any other process."""
    message = json.dumps({"n": 0}).encode()
    with _python(_ECHO) as sock:

        def send_and_receive(_n: int) -> int:
            sock.send(message)
            return len(sock.recv(1 << 16))

        yield send_and_receive


@contextmanager
def json_echo() -> Iterator[Caller]:
    """Do as `echo` with frames of JSON, which both ends read and write: the lower bound for a function call.

    It has the payload, the framing, the encoders and the number of system calls of a call in the process backend, but
    no limits, checks or other callers.
    """
    with _python(_ECHO_JSON) as sock:

        def send_and_receive(n: int) -> Any:
            sock.send(_wire.frame(1, _wire.CALL, _wire.encode({"n": n})))
            data = sock.recv(1 << 16)
            length, _, _ = _wire.HEADER.unpack_from(data)
            return from_json(data[_wire.HEADER.size : _wire.HEADER.size + length])

        yield send_and_receive


def _starts(caller: NamedCaller) -> bool:
    try:
        with caller.open():
            return True
    except SandboxUnavailableError:
        return False


@contextmanager
def _sandboxed(backend: Literal["process", "wasm"], isolation: Isolation) -> Iterator[Caller]:
    with create_sandbox(backend, isolation=isolation, limits=Limits(wall_seconds=10)) as sandbox:
        yield SandboxCaller(sandbox)


@contextmanager
def _python(code: str) -> Iterator[socket.socket]:
    """Start another Python process with one end of a socket pair, and yield the other end."""
    mine, theirs = socket.socketpair()
    command = [*_PYTHON, code, str(theirs.fileno())]
    with mine, subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL):
        theirs.close()
        try:
            yield mine
        finally:
            mine.close()  # the child ends with its input, and Popen waits for it


@contextmanager
def _plain_subprocess() -> Iterator[Caller]:
    with _python(_SERVE) as sock, sock.makefile("rwb") as channel:
        lock = Lock()

        def call(n: int, _number: int = 0) -> Any:
            with lock:
                channel.write(json.dumps({"n": n}).encode() + b"\n")
                channel.flush()
                return json.loads(channel.readline())

        yield call


@contextmanager
def _process_per_call() -> Iterator[Caller]:
    def call(n: int, _number: int = 0) -> Any:
        done = subprocess.run([*_PYTHON, _ONCE], input=json.dumps({"n": n}).encode(), capture_output=True, check=True)
        return json.loads(done.stdout)

    yield call
