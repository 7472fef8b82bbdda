"""The sandbox of Linux: a locked process for each tool, forked from a trusted one."""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

from langchain_latm.exceptions import SandboxClosedError, SandboxUnavailableError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._arguments import RefusedError, arguments_text
from langchain_latm.sandbox._batch import Batch
from langchain_latm.sandbox._child_process import ChildLostError, ChildProcess, Key
from langchain_latm.sandbox._io import Asyncio, Blocking, run_blocking
from langchain_latm.sandbox._pool import Pool, PoolClosedError
from langchain_latm.sandbox._reply import Reply
from langchain_latm.sandbox._self_test import self_test
from langchain_latm.sandbox._zygote_process import ChildLimits, ZygoteLostError, ZygoteProcess
from langchain_latm.sandbox.base import UNTRUSTED, ExecutionResult, FailureKind, Guarantee, Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import TracebackType

    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox._turn import Turn
    from langchain_latm.sandbox.base import ToolSource

T = TypeVar("T")

_BLOCKING: Final = Blocking()
_ASYNCIO: Final = Asyncio()


class ProcessSandbox:
    r"""Runs each tool in a locked Linux process of its own.

    A trusted process (the zygote) is started once, without environment and without a way to the file system; it
    loads the part of the standard library that tools may use. For each tool it forks a child, which locks itself
    before it sees the tool's source, and then answers calls over one socket.

    **It guarantees**, after a self-test at the start, for whatever the tool does:

    - no file, path, environment variable, network, other process, new process or thread is within reach: a filter
      lets through some 40 system calls that compute, and refuses all others, those of future kernels included;
    - no new machine code; functions of the C library can be reached, and meet the same filter;
    - time, CPU time, memory, arguments, value and prints are limited (`Limits`); the end is SIGKILL;
    - the host reads strict JSON of limited size and nothing else; it never unpickles, imports or evaluates;
    - a tool can disturb no other tool's and no other tenant's results: they live in other processes;
    - no process is left when the sandbox is closed, or when the host ends in whichever way.

    **It does not protect** from a hole in the Linux kernel's own handling of the allowed system calls, nor from
    side channels such as timing between processes on one machine. With `isolation="tool"` a tool can keep what
    one call of a tenant gave it and use it in that tenant's next call, and it can lie about its own results;
    `isolation="call"` ends the first at the price of a fork for each call. All tools together may use
    `max_children * limits.memory_bytes`. A call may be repeated in a new child when the used one turns out to be
    dead, so a tool is taken to be a function: same arguments, same value.

    While calls of one tool follow each other closely its child stays awake between them, for 60 µs at most, and lets
    others have the processor meanwhile.

    It is safe to use from several threads, from several event loops, and in processes forked from this one, which
    start a sandbox of their own when they first call.

    Args:
        limits: What one call may use, unless the call says otherwise. `wall_seconds` counts from the moment a child
            is there for the call; waiting for a free one does not count.
        isolation: "tool" keeps a child for the calls of one tool and tenant; "call" gives every call a new one,
            each argument set of a batch included.
        max_children: How many children may exist. The one that was not used for the longest time is ended first.
        children_per_tool: How many of them may serve one tool and tenant at the same time. By default one for each
            processor.

    Raises:
        SandboxUnavailableError: This machine cannot hold a tool. Nothing was executed.
        ValueError: `max_children` or `children_per_tool` is below one.

    Examples:
        >>> with ProcessSandbox() as sandbox:
        ...     tool = ToolSource(source="def double(n: int) -> int:\n    return 2 * n", entry="double")
        ...     sandbox.call(tool, {"n": 21}).value
        42
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        isolation: Literal["tool", "call"] = "tool",
        max_children: int = 32,
        children_per_tool: int | None = None,
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailableError(f"the process sandbox needs Linux; this is {sys.platform}")
        if isolation not in ("tool", "call"):
            raise ValueError(f"isolation is 'tool' or 'call', not {isolation!r}")
        per_tool = (os.cpu_count() or 1) if children_per_tool is None else children_per_tool
        if max_children < 1 or per_tool < 1:
            raise ValueError("max_children and children_per_tool must be at least 1")
        self._limits = limits or Limits()
        self._child_limits = ChildLimits.of(self._limits)
        self._isolation = isolation
        self._max_children = max_children
        self._per_tool = per_tool
        self._lock = threading.Lock()
        self._closed = False
        self._end_zygote: Callable[[], object] = lambda: None
        self._pool: Pool | None = self._start()
        _forget_after_fork().add(self)

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """All of them; that nothing reaches the next call only with `isolation="call"`."""
        return UNTRUSTED | {Guarantee.CALLS} if self._isolation == "call" else UNTRUSTED

    def check(self, tool: ToolSource) -> ExecutionResult:
        """Load the tool in a child and return what it says of itself."""
        return run_blocking(self._request(_BLOCKING, _wire.DESCRIBE, tool, None))

    async def acheck(self, tool: ToolSource) -> ExecutionResult:
        """Do as `check`, without blocking the event loop."""
        return await self._request(_ASYNCIO, _wire.DESCRIBE, tool, None)

    def call(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Call the tool with keyword arguments of JSON data."""
        return run_blocking(self._request(_BLOCKING, _wire.CALL, tool, arguments, tenant=tenant, limits=limits))

    async def acall(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Do as `call`, without blocking the event loop and without a thread."""
        return await self._request(_ASYNCIO, _wire.CALL, tool, arguments, tenant=tenant, limits=limits)

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets, in few frames; each has its own result, in order.

        `seconds` is the mean of those results that arrived together. A set that ends the child costs the others
        nothing; those that were under way with it are called again.
        """
        return run_blocking(self._batch(_BLOCKING, tool, arguments, tenant, limits))

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Do as `batch`, without blocking the event loop."""
        return await self._batch(_ASYNCIO, tool, arguments, tenant, limits)

    def close(self) -> None:
        """End every process of this sandbox; calls that are under way raise `SandboxClosedError`."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()
        self._end_zygote()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _request(
        self,
        io: IO,
        word: int,
        tool: ToolSource,
        arguments: Mapping[str, Any] | None,
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> ExecutionResult:
        started = time.perf_counter()
        limits = limits or self._limits
        try:
            key = self._key(tool, tenant, limits)
            text = "null" if arguments is None else arguments_text(arguments, limits.input_bytes)
            wall = limits.wall_seconds
            reply = await self._with_child(io, key, lambda child: child.ask(io, word, text, wall))
        except (RefusedError, ChildLostError) as error:
            return ExecutionResult(failure=error.failure, seconds=time.perf_counter() - started)
        return ExecutionResult(*reply, time.perf_counter() - started)

    async def _batch(
        self, io: IO, tool: ToolSource, sets: Sequence[Mapping[str, Any]], tenant: str, limits: Limits | None
    ) -> list[ExecutionResult]:
        limits = limits or self._limits
        try:
            key = self._key(tool, tenant, limits)
        except RefusedError as refused:
            return [ExecutionResult(failure=refused.failure)] * len(sets)
        batch, wall = Batch(sets, limits.input_bytes), limits.wall_seconds
        alone = 0
        while frame := batch.frame:
            if alone or self._isolation == "call":
                ask = functools.partial(ChildProcess.ask, io=io, word=_wire.CALL, body=frame[0][1], wall=wall)
                try:
                    reply = await self._with_child(io, key, ask)
                    alone -= 1
                except ChildLostError as lost:
                    reply, alone = Reply(None, lost.failure, ""), 0
                batch.accept([reply])
                continue
            try:
                await self._with_child(io, key, lambda child: child.ask_many(io, batch, wall))
            except ChildLostError:  # one of the sets that were under way is the cause: find out which
                alone = max(len(frame), 1)
        return batch.results

    async def _with_child(self, io: IO, key: Key, use: Callable[[ChildProcess], Awaitable[T]]) -> T:
        """Use a child; once more with another when a used one, or the zygote, was lost before it could answer.

        Raises:
            ChildLostError: A new child was lost, or it took too long.
            SandboxError: The zygote was lost twice, or the sandbox was closed.
        """
        zygotes_lost = 0
        while True:
            pool = self._pool
            if pool is None:  # closed, or another caller is starting anew, which takes long
                pool = await io.run(self._running)
            try:
                lent = pool.lend(key, io.turn)
                child = lent if isinstance(lent, ChildProcess) else await _arrival(pool, lent)
            except PoolClosedError:
                continue
            fresh, whole = child.fresh, False
            try:
                result = await use(child)
                whole = True
                return result  # noqa: TRY300 - `finally` gives the child back on every way out
            except ChildLostError as lost:
                if fresh or lost.failure.kind is FailureKind.WALL:
                    raise
                continue
            except ZygoteLostError:
                zygotes_lost += 1
                if zygotes_lost > 1:
                    raise
            finally:
                child.usable = child.usable and whole
                pool.give_back(child)
            await io.run(functools.partial(self._restart, pool))

    def _key(self, tool: ToolSource, tenant: str, limits: Limits) -> Key:
        if self._closed:
            raise SandboxClosedError("the sandbox is closed")
        if len(tool.source) > limits.input_bytes:
            raise RefusedError(FailureKind.INPUT, f"the source is longer than {limits.input_bytes} bytes")
        child_limits = self._child_limits if limits is self._limits else ChildLimits.of(limits)
        return Key(tool.source, tool.entry, tenant, child_limits)

    def _running(self) -> Pool:
        pool = self._pool
        if pool is not None:
            return pool
        with self._lock:  # closed, or in a process that was forked from the one that started it
            if self._closed:
                raise SandboxClosedError("the sandbox is closed")
            if self._pool is None:
                self._pool = self._start()
            return self._pool

    def _restart(self, lost: Pool) -> None:
        """Start anew, unless another caller has done so already."""
        with self._lock:
            if self._closed:
                raise SandboxClosedError("the sandbox was closed")
            if self._pool is lost:
                self._pool = None
                self._end_zygote()
                lost.close()
                self._pool = self._start()

    def _start(self) -> Pool:
        zygote = ZygoteProcess()
        # Also runs when the interpreter exits, and when nobody holds this object any more.
        self._end_zygote = weakref.finalize(self, zygote.end)
        try:
            self_test(zygote)
        except BaseException:
            self._end_zygote()
            raise
        return Pool(
            zygote,
            max_children=self._max_children,
            per_key=self._per_tool,
            reuse=self._isolation == "tool",
        )

    def _forget(self) -> None:
        """Let go, in a process forked from this one, of what belongs to this one."""
        self._lock = threading.Lock()  # another thread may have held it
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.forget()
            pool.zygote.forget()


async def _arrival(pool: Pool, turn: Turn) -> ChildProcess:
    """Wait for a child that others still use.

    Raises:
        PoolClosedError: None will come.
    """
    try:
        await turn.come()
    except BaseException:  # cancelled or interrupted: a child that arrived in this moment must not be lost
        pool.give_up(turn)
        raise
    if turn.child is None:
        raise PoolClosedError
    return turn.child


@functools.cache
def _forget_after_fork() -> weakref.WeakSet[ProcessSandbox]:
    """Return the set of sandboxes that a forked process must let go of; the first use registers it."""
    living: weakref.WeakSet[ProcessSandbox] = weakref.WeakSet()

    def forget_all() -> None:
        for sandbox in list(living):
            sandbox._forget()  # noqa: SLF001 - the same file

    os.register_at_fork(after_in_child=forget_all)
    return living
