"""The methods that all backends share, for blocking threads and for tasks of an event loop."""

from __future__ import annotations

import os
import secrets
import threading
import time
import weakref
from abc import ABC, abstractmethod
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, NamedTuple, Protocol, Self, TypeVar

from langchain_latm.exceptions import PackageError, SandboxClosedError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._arguments import InputRefusedError, arguments_text
from langchain_latm.sandbox._batch import Batch
from langchain_latm.sandbox._io import ASYNCIO, BLOCKING, run_blocking
from langchain_latm.sandbox._reply import Reply, failed, is_description
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.base import Guarantee, ToolSource


class SandboxCall(NamedTuple):
    """One call of a tool, or the request for its description.

    Attributes:
        tool: The tool.
        tenant: The caller's tenant.
        limits: Limits of the call.
        word: `_wire.DESCRIBE` or `_wire.CALL`.
        text: JSON of the keyword arguments; `null` for a description.
    """

    tool: ToolSource
    tenant: str
    limits: Limits
    word: int
    text: str


class Backend(ABC):
    """Base class of sandboxes; subclasses implement the calls.

    Args:
        limits: What one call may use, unless the call says otherwise.
    """

    _group_sets = 2_000
    """Argument sets of a batch that are sent together; the host prepares the next ones while the tool works."""
    _group_bytes = 64 * 1024
    """Maximum size of a group, so that few sets are repeated if one of them ends the tool's process."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._closed = False
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[object, ...]:
        # Unpickled in another process, it is a new sandbox with the same settings, which ends with that process.
        return partial(type(self), **self._settings()), ()

    def _settings(self) -> dict[str, Any]:
        """Return the arguments that create such a sandbox."""
        return {"limits": self._limits}

    @property
    @abstractmethod
    def guarantees(self) -> frozenset[Guarantee]:
        """The guarantees for any tool."""

    @abstractmethod
    async def _answer(self, io: IO, call: SandboxCall) -> Reply:
        """Answer one call; any number of threads and tasks may call this at the same time.

        Raises:
            SandboxError: The machinery failed, or the sandbox was closed meanwhile.
        """

    @abstractmethod
    def _shut(self) -> None:
        """End all processes and remove all files; called once."""

    async def _answer_all(self, io: IO, call: SandboxCall, batch: Batch) -> None:
        """Answer a call for every argument set of a batch."""
        while group := batch.group:
            batch.accept([await self._answer(io, call._replace(text=group[0][1]))])

    def _for_tool(self, tool: ToolSource) -> Backend:
        """Return the backend whose interpreters have the hash seed and the packages of a tool.

        Raises:
            PackageError: Its packages are not installed, or it needs some and this backend cannot load any.
        """
        if tool.packages:
            raise PackageError(
                f"{type(self).__name__} loads no packages: run this tool in the process sandbox of Linux "
                '(create_sandbox("process")), or make it again without packages'
            )
        return self

    def check(self, tool: ToolSource) -> ExecutionResult:
        """Load the tool and return its description and parameters."""
        return run_blocking(self._request(BLOCKING, tool, None))

    async def acheck(self, tool: ToolSource) -> ExecutionResult:
        """`check` without blocking the event loop."""
        return await self._request(ASYNCIO, tool, None)

    def call(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Call the tool with keyword arguments of JSON data."""
        return run_blocking(self._request(BLOCKING, tool, arguments, tenant, limits))

    async def acall(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """`call` without blocking the event loop."""
        return await self._request(ASYNCIO, tool, arguments, tenant, limits)

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets; each has its own result, in order.

        `seconds` is the mean of those results that arrived together.
        """
        return run_blocking(self._requests(BLOCKING, tool, arguments, tenant, limits))

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """`batch` without blocking the event loop."""
        return await self._requests(ASYNCIO, tool, arguments, tenant, limits)

    def close(self) -> None:
        """End what runs; calls that are under way raise `SandboxClosedError`. Calling it twice is fine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._shut()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _request(
        self,
        io: IO,
        tool: ToolSource,
        arguments: Mapping[str, Any] | None,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> ExecutionResult:
        """Call the tool, or describe it when there are no arguments."""
        started = time.perf_counter()
        limits = limits or self._limits
        try:
            self._accept(tool, limits)
            if not tool.keeps_state:  # its own tenant gets its own process
                tenant = f"{tenant}/{secrets.token_hex(8)}"
            if arguments is None:
                call = SandboxCall(tool, tenant, limits, _wire.DESCRIBE, "null")
            else:
                call = SandboxCall(tool, tenant, limits, _wire.CALL, arguments_text(arguments, limits.input_bytes))
        except InputRefusedError as refused:
            return ExecutionResult(failure=refused.failure, seconds=time.perf_counter() - started)
        backend = self._for_tool(tool)
        reply = await backend._answer(io, call)  # noqa: SLF001 - the same class
        if arguments is None and reply.failure is None and not is_description(reply.value):
            reply = failed(FailureKind.PROTOCOL, "the process sent something that is not a description")
        return ExecutionResult(*reply, time.perf_counter() - started)

    async def _requests(
        self, io: IO, tool: ToolSource, sets: Sequence[Mapping[str, Any]], tenant: str, limits: Limits | None
    ) -> list[ExecutionResult]:
        limits = limits or self._limits
        # With packages, a tool may run a caller's text as code, which could then read everything that the process has
        # received.
        if not tool.keeps_state or tool.packages:
            self._for_tool(tool)  # an empty batch refuses packages too
            return [await self._request(io, tool, arguments, tenant, limits) for arguments in sets]
        try:
            self._accept(tool, limits)
        except InputRefusedError as refused:
            return [ExecutionResult(failure=refused.failure)] * len(sets)
        batch = Batch(sets, limits.input_bytes, group_sets=self._group_sets, group_bytes=self._group_bytes)
        backend, call = self._for_tool(tool), SandboxCall(tool, tenant, limits, _wire.CALL, "")
        await backend._answer_all(io, call, batch)  # noqa: SLF001 - the same class
        return batch.results

    def _accept(self, tool: ToolSource, limits: Limits) -> None:
        self._refuse_when_closed()
        if len(tool.source) > limits.input_bytes:
            raise InputRefusedError(FailureKind.INPUT, f"the source is longer than {limits.input_bytes} bytes")

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise SandboxClosedError("the sandbox is closed")


Isolation = Literal["tool", "call"]


class Processes(Protocol):
    """Running processes of a backend."""

    def close(self) -> None:
        """End them; calling it twice is fine."""
        ...

    def forget(self) -> None:
        """Close this process's copies of their sockets and pipes: in a fork of the host they belong to the host."""
        ...


P = TypeVar("P", bound=Processes)


class ProcessBackend(Backend, Generic[P]):
    """A backend with its own processes; a forked host starts new ones at its first call.

    Args:
        limits: What one call may use, unless the call says otherwise.
        isolation: Whether the process of a tool serves the next call of that tool and tenant.

    Raises:
        SandboxUnavailableError: The processes do not start.
        ValueError: `isolation` has another value.
    """

    def __init__(self, *, limits: Limits | None, isolation: Isolation) -> None:
        super().__init__(limits=limits)
        if isolation not in ("tool", "call"):
            raise ValueError(f"isolation is 'tool' or 'call', not {isolation!r}")
        self._isolation: Final = isolation
        self._end: Callable[[], object] = lambda: None
        self._started: P | None = None
        self._hash_seed = 0
        self._package_set = ""
        self._others: dict[tuple[int, str], Self] = {}

    def _settings(self) -> dict[str, Any]:
        return super()._settings() | {"isolation": self._isolation}

    @abstractmethod
    def _start(self) -> P:
        """Start the processes."""

    def _running(self) -> P:
        """Return the processes; in a fork of the host, start new ones."""
        return self._started or self._replace(None)

    def _replace(self, lost: P | None) -> P:
        """Restart, unless another caller has done so already."""
        with self._lock:
            self._refuse_when_closed()
            if self._started is lost:
                self._started = None
                self._end()
                started = self._start()
                # Also runs when the interpreter exits, and when the sandbox is garbage collected.
                self._end = weakref.finalize(self, started.close)
                self._started = started
                _forget_after_fork().add(self)
            return self._started  # type: ignore[return-value]  # none is started only while the lock is held

    def _with(self, seed: int, packages: str) -> Self:
        """Return a backend like this one, with its own processes for a hash seed and a set of packages.

        It starts on first use. An interpreter gets its seed and its packages at its start.
        """
        with self._lock:
            self._refuse_when_closed()
            if (seed, packages) not in self._others:
                other = self._others[seed, packages] = object.__new__(type(self))
                vars(other).update(vars(self))
                other._not_started(seed, packages)
            return self._others[seed, packages]

    def _not_started(self, seed: int, packages: str) -> None:
        """Turn this copy into a backend with another seed or other packages, without processes."""
        self._hash_seed, self._package_set, self._others = seed, packages, {}
        self._lock, self._started, self._end = threading.Lock(), None, lambda: None

    def _shut(self) -> None:
        self._started = None
        self._end()
        for other in self._others.values():
            other.close()

    def _forget(self) -> None:
        self._lock = threading.Lock()  # another thread of the host may hold the lock
        self._others = {}  # each backend with processes forgets them itself
        if isinstance(self._end, weakref.finalize):
            self._end.detach()
        started, self._started = self._started, None
        if started is not None:
            started.forget()


@cache
def _forget_after_fork() -> weakref.WeakSet[ProcessBackend[Any]]:
    """Return the set of sandboxes whose processes a forked host forgets; the first use registers it."""
    living: weakref.WeakSet[ProcessBackend[Any]] = weakref.WeakSet()

    def forget_all() -> None:
        for sandbox in list(living):
            sandbox._forget()  # noqa: SLF001 - the same file

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=forget_all)
    return living
