"""The backend of Linux: a locked process for each tool."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, TypeVar

from langchain_latm.exceptions import SandboxUnavailableError
from langchain_latm.sandbox._backend import Isolation, ProcessBackend, SandboxCall
from langchain_latm.sandbox._reply import Reply
from langchain_latm.sandbox.base import UNTRUSTED, FailureKind, Guarantee
from langchain_latm.sandbox.process.child import ChildLostError, ChildProcess, ChildReclaimedError, Key
from langchain_latm.sandbox.process.pool import Pool, PoolClosedError
from langchain_latm.sandbox.process.self_test import self_test
from langchain_latm.sandbox.process.zygote_process import ChildLimits, ZygoteLostError, ZygoteProcess

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from langchain_latm.sandbox._batch import Batch
    from langchain_latm.sandbox._io import IO
    from langchain_latm.sandbox.base import Limits, ToolSource

T = TypeVar("T")


class ProcessSandbox(ProcessBackend[Pool]):
    r"""Runs each tool in its own locked Linux process.

    A trusted process (the zygote) starts once, without environment variables and access to the file system, and loads
    the part of the standard library that tools may use. For each tool it forks a child, which locks itself before it
    receives the tool's source, and then answers calls over one socket.

    **It guarantees**, after a self-test at the start, for any tool:

    - it can reach no file, path, environment variable, network or other process, and start no process or thread: a
      filter allows some 40 system calls for computing, and refuses all others, including those of future kernels;
    - the host's name, kernel release, process number and folders are not among the objects of the interpreter, and no
      system call reveals them;
    - it can create no machine code; functions of the C library can be reached, but the same filter applies;
    - time, CPU time, memory, arguments, value and prints are limited (`Limits`), and SIGKILL enforces this. A child
      that computes after its answer is ended within a second;
    - the host reads strict JSON and nothing else, and checks its size, depth and numbers itself; it never unpickles,
      imports or evaluates;
    - a tool cannot affect the results of another tool or tenant, which are in other processes;
    - no process is left when the sandbox is closed, or when the host ends for any reason.

    ***It does not protect** from bugs in the Linux kernel's handling of the allowed system calls, nor from side
    channels such as timing between processes on one machine. With `isolation="tool"`, a tool can keep data from one
    call of a tenant and use it in that tenant's next call; `isolation="call"` prevents this at the price of a fork for
    each call. A tool can always lie about its own results. All tools together may use `max_children *
    limits.memory_bytes`. A call is repeated at most once, within its own time limit, when a used child turns out to be
    dead, so tools must be functions: the same arguments give the same value.

    **A tool can see** the version of Python, the number of its own process, the clocks, and, by reading the memory of
    the C library, the paths of the loaded libraries and the release of the kernel for which the vDSO was built: the
    loader and the kernel put them into every process.

    `ToolSource.hash_seed` is set: each seed other than 0 has its own zygote and children, which start at its first call
    and stay until the sandbox is closed.

    A batch is sent in few messages. A set that ends the child does not affect the others: those that were sent together
    with it are repeated.

    It is safe to use from several threads, from several event loops, and in processes forked from this one, which start
    their own sandbox at the first call. An asynchronous call uses no thread. An event loop that is closed in the middle
    of calls loses them; their children are ended as soon as another caller needs a place.

    Args:
        limits: Default limits of one call. `wall_seconds` starts when a child is assigned to the call; waiting for a
            free one does not count.
        isolation: "tool" keeps a child for the calls of one tool and tenant; "call" gives every call a new one,
            including each argument set of a batch.
        max_children: How many children may exist. The least recently used one is ended first.
        children_per_tool: How many of them may serve one tool and tenant at the same time. By default one for each
            processor.

    Raises:
        SandboxUnavailableError: This machine cannot isolate a tool. Nothing was executed.
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
        isolation: Isolation = "tool",
        max_children: int = 32,
        children_per_tool: int | None = None,
    ) -> None:
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailableError(f"the process sandbox needs Linux; this is {sys.platform}")
        super().__init__(limits=limits, isolation=isolation)
        self._child_limits = ChildLimits.of(self._limits)
        self._max_children = max_children
        self._per_tool = (os.cpu_count() or 1) if children_per_tool is None else children_per_tool
        if self._max_children < 1 or self._per_tool < 1:
            raise ValueError("max_children and children_per_tool must be at least 1")
        self._running()

    def _settings(self) -> dict[str, Any]:
        return super()._settings() | {"max_children": self._max_children, "children_per_tool": self._per_tool}

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """All of them; `CALLS` only with `isolation="call"`."""
        return UNTRUSTED | {Guarantee.CALLS} if self._isolation == "call" else UNTRUSTED

    def _for_tool(self, tool: ToolSource) -> ProcessSandbox:
        seed, packages = tool.hash_seed, tool.packages
        return self if seed == self._hash_seed and packages == self._package_set else self._with(seed, packages)

    def _start(self) -> Pool:
        zygote = ZygoteProcess(self._hash_seed, self._package_set)
        try:
            self_test(zygote)
        except BaseException:
            zygote.end()
            raise
        return Pool(zygote, max_children=self._max_children, per_key=self._per_tool, reuse=self._isolation == "tool")

    async def _answer(self, io: IO, call: SandboxCall) -> Reply:
        word, text, wall = call.word, call.text, call.limits.wall_seconds
        try:
            return await self._with_child(
                io, self._key(call), lambda child, used: child.ask(io, word, text, wall, used)
            )
        except ChildLostError as lost:
            return Reply(None, lost.failure, "")

    async def _answer_all(self, io: IO, call: SandboxCall, batch: Batch) -> None:
        wall = call.limits.wall_seconds
        while group := batch.group:
            if self._isolation == "tool":
                try:
                    await self._with_child(io, self._key(call), lambda child, _: child.ask_many(io, batch, wall))
                    continue
                except ChildLostError as lost:  # one of the sets that were sent together is the cause
                    if len(batch.group) == 1:
                        batch.accept([Reply(None, lost.failure, "")])
                        continue
            for _, text in list(group):  # run each by itself to find it
                batch.accept([await self._answer(io, call._replace(text=text))])

    async def _with_child(self, io: IO, key: Key, use: Callable[[ChildProcess, float], Awaitable[T]]) -> T:
        """Use a child; repeat once with another if a used one, or the zygote, was lost before it could answer.

        Args:
            io: How to wait.
            key: The key of the child.
            use: Takes the child, and the seconds that the one before has used.

        Raises:
            ChildLostError: A new child or a second one was lost, or it took too long.
            SandboxError: The zygote was lost twice, or the sandbox was closed.
        """
        used = 0.0
        children_lost = zygotes_lost = 0
        while True:
            pool = self._started
            if pool is None:  # closed, or another caller is restarting, which takes long
                pool = await io.run(self._running)
            try:
                lent = pool.lend(io, key)  # usually there is one; a call without a coroutine takes 1 µs less
                child = lent if isinstance(lent, ChildProcess) else await pool.arrival(lent)
            except PoolClosedError:
                continue
            started, fresh, whole = time.monotonic(), child.fresh, False
            try:
                result = await use(child, used)
                whole = True
                return result  # noqa: TRY300 - `finally` gives the child back on every way out
            except ChildReclaimedError:
                continue
            except ChildLostError as lost:
                children_lost += 1
                if fresh or children_lost > 1 or lost.failure.kind is FailureKind.WALL:
                    raise
                used += time.monotonic() - started
                continue
            except ZygoteLostError:
                zygotes_lost += 1
                if zygotes_lost > 1:
                    raise
            finally:
                child.usable = child.usable and whole
                pool.give_back(child)
            await io.run(lambda lost=pool: self._replace(lost))  # type: ignore[misc]

    def _key(self, call: SandboxCall) -> Key:
        tool, limits = call.tool, call.limits
        own = self._child_limits if limits is self._limits else ChildLimits.of(limits)
        return Key(tool.source, tool.entry, call.tenant, own)
