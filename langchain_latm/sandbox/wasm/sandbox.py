"""The backend for every system: CPython in WebAssembly."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.exceptions import SandboxError, SandboxUnavailableError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._backend import Isolation, ProcessBackend, SandboxCall
from langchain_latm.sandbox._reply import SLACK, Reply, longest_reply
from langchain_latm.sandbox.base import UNTRUSTED, FailureKind, Guarantee, ToolSource
from langchain_latm.sandbox.wasm.crew import Crew, WorkerLostError
from langchain_latm.sandbox.wasm.worker import Job

if TYPE_CHECKING:
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.base import Limits

_PYTHON: Final = (3, 12)
_PROBE_SECONDS: Final = 30.0
_PROBE: Final = '''\
import os, socket, subprocess, threading

def probe(files: list, memory: int) -> list:
    """Try what no tool may do; return what was possible."""
    os.write(1, b"not a frame")
    doors = {
        "the memory limit": lambda: bytearray(memory),
        "a socket": lambda: socket.create_connection(("127.0.0.1", 9), 1),
        "a process": lambda: subprocess.run(["true"]),
        "a thread": lambda: threading.Thread(target=int).start(),
        "native code": lambda: __import__("ctypes").CDLL(None),
    }
    doors |= {file: lambda file=file: open(file, "rb") for file in files}
    found = [f"the variable {name}" for name in os.environ if not name.startswith("PYTHON")]
    for name, attempt in doors.items():
        try:
            attempt()
        except (MemoryError, OverflowError, OSError, RuntimeError, ImportError, AttributeError):
            continue
        except Exception as error:
            if type(error).__module__.partition(".")[0] not in ("socket", "_socket", "ssl", "_eryx_async"):
                raise
            continue
        found.append(name)
    return found
'''
_PROBE_MEMORY: Final = 64 * 1024 * 1024
"""Exceeds the memory of an interpreter besides the tool's limit."""


class WasmSandbox(ProcessBackend[Crew]):
    r"""Runs each tool in its own WebAssembly memory, with CPython 3.14 for WASI (package pyeryx).

    Worker processes hold the memories; each serves one request at a time. The interpreter inside has no access to the
    file system, network, processes or threads of the host. It can read a private copy of Python's standard library, and
    write a few bytes of files in memory.

    **It guarantees**, after a self-test at the start, for any tool:

    - it can reach no file, environment variable, network, process, thread or machine code of the host;
    - time, CPU time, memory, arguments, value and prints are limited (`Limits`). A timeout ends the worker
      process. CPU time counts for each call, and is checked 20 times a second;
    - the host reads strict JSON of limited size and nothing else;
    - a tool cannot reach the memory of another tool or tenant;
    - no process and no folder is left when the sandbox is closed; if the host is killed, the worker processes end by
      themselves and remove the folder.

    ***It does not protect** from bugs in the WebAssembly engine (wasmtime), nor from side channels such as timing.
    Several tools and tenants share a worker process, but never a WebAssembly memory. A tool that crashes the engine, or
    takes too long, ends the worker, and with it the state of other tools there; tools must be functions. With
    `isolation="tool"`, a tool can keep data from one call of a tenant until that tenant's next call; `isolation="call"`
    prevents this. A call may be repeated in another worker when a used one turns out to be dead. `memory_bytes` limits
    the WebAssembly memory; the process around it may take some 100 MB more, and keeps up to eight memories. On Windows,
    the memory that a tool makes the process itself allocate is not limited, so `MEMORY` is not guaranteed.

    **It does not set** `ToolSource.hash_seed`: the seed is part of pyeryx's interpreter image, so the order of a set is
    always the same, and differs from that of other backends. A making in this sandbox cannot detect functions whose
    value depends on that order.

    Measured on two cores: the first start takes about 0.7 s (it unpacks 60 MB into a temporary folder), a further
    worker 0.4 s; a warm call 0.7 ms; a new tool 5 ms if an interpreter is ready, which one is soon after each call,
    else 65 ms; with `isolation="call"`, 55 ms for each of several calls in a row. A worker takes about 200 MB, and 10
    MB more for each tool it keeps. A source with very deeply nested brackets ends the worker (`CRASH`); the process
    backend reports `SOURCE`.

    Args:
        limits: What one call may use, unless the call says otherwise. `wall_seconds` starts when an interpreter is
            ready for the call.
        isolation: "tool" keeps a memory for the calls of one tool and tenant; "call" gives every call a new one.
        workers: How many worker processes may exist. By default one for each processor.

    Raises:
        SandboxUnavailableError: This machine cannot run the backend. Nothing was executed.
        ValueError: `isolation` is neither, or `workers` is below one.

    Examples:
        >>> with WasmSandbox() as sandbox:
        ...     tool = ToolSource(source="def double(n: int) -> int:\n    return 2 * n", entry="double")
        ...     sandbox.call(tool, {"n": 21}).value
        42
    """

    def __init__(
        self, *, limits: Limits | None = None, isolation: Isolation = "tool", workers: int | None = None
    ) -> None:
        super().__init__(limits=limits, isolation=isolation)
        self._workers = (os.cpu_count() or 1) if workers is None else workers
        if self._workers < 1:
            raise ValueError("workers must be at least 1")
        self._packages = _find_packages()
        try:
            self._running()
            self._self_test()
        except BaseException:
            self.close()
            raise

    def _settings(self) -> dict[str, Any]:
        return super()._settings() | {"workers": self._workers}

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """All of them; `CALLS` only with `isolation="call"`, and `MEMORY` not on Windows."""
        held = UNTRUSTED - {Guarantee.MEMORY} if sys.platform == "win32" else UNTRUSTED
        return held | {Guarantee.CALLS} if self._isolation == "call" else held

    def _start(self) -> Crew:
        return Crew(self._workers, self._packages, self._limits.memory_bytes)

    async def _answer(self, io: IO, call: SandboxCall) -> Reply:
        return await io.run(lambda: self._ask(call))

    def _ask(self, call: SandboxCall) -> Reply:
        job = self._job(call)
        again, seconds = True, 0.0
        while True:
            crew = self._running()
            process = crew.lend(job.key)
            used = process.answered > 0
            try:
                return process.ask(job, call.limits.wall_seconds, seconds)
            except WorkerLostError as lost:
                self._refuse_when_closed()
                if lost.started and not (used and again and lost.failure.kind is FailureKind.CRASH):
                    return Reply(None, lost.failure, "")
                if not used and not lost.started:
                    raise SandboxError(f"a WASM worker process failed: {lost}") from lost
                again, seconds = again and not lost.started, seconds + lost.seconds
            finally:
                crew.give_back(process, job.key)

    def _job(self, call: SandboxCall) -> Job:
        limits, tool = call.limits, call.tool
        return Job(
            load=_wire.encode([tool.source, tool.entry]),
            tenant=call.tenant,
            memory_bytes=limits.memory_bytes,
            value_bytes=limits.output_bytes,
            printed_bytes=limits.stdout_bytes,
            word=call.word,
            text=call.text,
            cpu_seconds=limits.cpu_seconds,
            reply_bytes=longest_reply(limits.output_bytes, limits.stdout_bytes),
            keep=self._isolation == "tool",
        )

    def _self_test(self) -> None:
        """Check that a tool cannot do what no tool may do.

        Raises:
            SandboxUnavailableError: Something was allowed, or the interpreter does not run here.
        """
        files = [__file__, str(Path(__file__).parent), "/etc/passwd", "/", ".", sys.executable]
        limits = self._limits.model_copy(update={"wall_seconds": _PROBE_SECONDS, "output_bytes": SLACK})
        text = _wire.encode({"files": files, "memory": limits.memory_bytes + _PROBE_MEMORY})
        try:
            reply = self._ask(SandboxCall(ToolSource(source=_PROBE, entry="probe"), "", limits, _wire.CALL, text))
        except SandboxError as error:
            raise SandboxUnavailableError(f"the WASM sandbox does not run on this machine: {error}") from error
        if reply.failure is not None:
            raise SandboxUnavailableError(f"the WASM sandbox does not run on this machine: {reply.failure.message}")
        if reply.value != []:
            raise SandboxUnavailableError(f"the WASM sandbox does not isolate a tool, which reached {reply.value}")


def _find_packages() -> Path:
    """Return the folder that pyeryx is installed in.

    Raises:
        SandboxUnavailableError: It is not installed.
    """
    spec = importlib.util.find_spec("eryx") if sys.version_info >= _PYTHON else None
    if spec is None or spec.origin is None:
        raise SandboxUnavailableError(
            "the WASM sandbox needs Python 3.12 or newer and the package pyeryx: pip install 'langchain-latm[wasm]'"
        )
    return Path(spec.origin).parent.parent
