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
    r"""Runs each tool in a locked Linux process of its own.

    A trusted process (the zygote) starts once, without environment and without access to the file system; it loads
    the part of the standard library that tools may use. For each tool it forks a child, which locks itself before it
    sees the tool's source, and then answers calls over one socket.

    **It guarantees**, after a self-test at the start, for whatever the tool does:

    - no file, path, environment variable, network, other process, new process or thread is within reach: a filter
      lets through some 40 system calls that compute, and refuses all others, those of future kernels included;
    - the host's name, kernel release, process number and folders are not among the objects of the interpreter, and no
      system call tells them;
    - no new machine code; functions of the C library can be reached, and meet the same filter;
    - time, CPU time, memory, arguments, value and prints are limited (`Limits`); the end is SIGKILL. A child that
      computes after its answer is ended within a second;
    - the host reads strict JSON and nothing else, and checks its size, depth and numbers itself; it never unpickles,
      imports or evaluates;
    - a tool can disturb no other tool's and no other tenant's results: they live in other processes;
    - no process is left when the sandbox is closed, or when the host ends in whichever way.

    **It does not protect** from a hole in the Linux kernel's own handling of the allowed system calls, nor from
    side channels such as timing between processes on one machine. With `isolation="tool"` a tool can keep what
    one call of a tenant gave it and use it in that tenant's next call, and it can lie about its own results;
    `isolation="call"` ends the first at the price of a fork for each call. All tools together may use
    `max_children * limits.memory_bytes`. A call is repeated at most once, within its own time limit, when a used child
    turns out to be dead, so a tool is taken to be a function: same arguments, same value.

    **A tool can see** the version of Python, the number of its own process, the clocks, and, by reading the memory of
    the C library, the paths of the loaded libraries and the release of the kernel for which the vDSO was built: the
    loader and the kernel put them into every process.

    `ToolSource.hash_seed` is set: each seed other than 0 has a zygote and children of its own, which start at its first
    call and stay until the sandbox is closed.

    A batch is sent in few messages. A set that ends the child costs the others nothing; those that were under way
    with it are called again.

    It is safe to use from several threads, from several event loops, and in processes forked from this one, which
    start a sandbox of their own when they first call. An asynchronous call uses no thread. An event loop that is closed
    in the middle of calls loses them; their children are ended as soon as another caller waits for a place.

    Args:
        limits: What one call may use, unless the call says otherwise. `wall_seconds` counts from the moment a child
            is there for the call; waiting for a free one does not count.
        isolation: "tool" keeps a child for the calls of one tool and tenant; "call" gives every call a new one,
            each argument set of a batch included.
        max_children: How many children may exist. The least recently used one is ended first.
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
                except ChildLostError as lost:  # one of the sets that were under way is the cause
                    if len(batch.group) == 1:
                        batch.accept([Reply(None, lost.failure, "")])
                        continue
            for _, text in list(group):  # each alone shows which
                batch.accept([await self._answer(io, call._replace(text=text))])

    async def _with_child(self, io: IO, key: Key, use: Callable[[ChildProcess, float], Awaitable[T]]) -> T:
        """Use a child; once more with another when a used one, or the zygote, was lost before it could answer.

        Args:
            io: How to wait.
            key: What the child is for.
            use: Takes the child, and the seconds that were used up with the one before.

        Raises:
            ChildLostError: A new child or a second one was lost, or it took too long.
            SandboxError: The zygote was lost twice, or the sandbox was closed.
        """
        used = 0.0
        children_lost = zygotes_lost = 0
        while True:
            pool = self._started
            if pool is None:  # closed, or another caller is starting anew, which takes long
                pool = await io.run(self._running)
            try:
                lent = pool.lend(io, key)  # mostly there is one: without a coroutine a call takes 1 µs less
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
