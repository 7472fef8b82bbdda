"""What backends share whose requests block a thread: the forms of a call, their async twins, and closing."""

from __future__ import annotations

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from langchain_latm.exceptions import SandboxClosedError
from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._arguments import RefusedError, arguments_text
from langchain_latm.sandbox._reply import Reply, refusal
from langchain_latm.sandbox.base import ExecutionResult, FailureKind, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from langchain_latm.sandbox.base import Guarantee, ToolSource


class Request(NamedTuple):
    """One request to a tool.

    Attributes:
        tool: The tool.
        tenant: On whose behalf.
        word: `_wire.DESCRIBE` or `_wire.CALL`.
        text: JSON of the keyword arguments; `null` for a description.
        limits: What it may use.
    """

    tool: ToolSource
    tenant: str
    word: int
    text: str
    limits: Limits


class ThreadedSandbox(ABC):
    """A backend that answers one request by blocking the thread that asks. The async forms use threads.

    Cancelling a task does not end the request that its thread waits for; the wall limit does.

    Args:
        limits: What one call may use, unless the call says otherwise.
    """

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._closed = False
        self._closing = threading.Lock()

    @property
    @abstractmethod
    def guarantees(self) -> frozenset[Guarantee]:
        """What holds whatever the tool does."""

    @abstractmethod
    def _ask(self, request: Request) -> Reply:
        """Answer one request; called from any thread, several at a time.

        Raises:
            SandboxError: The machinery failed, or the sandbox was closed meanwhile.
        """

    @abstractmethod
    def _shut(self) -> None:
        """End whatever runs and remove what was left; called once."""

    def check(self, tool: ToolSource) -> ExecutionResult:
        """Load the tool and return what it says of itself."""
        return self._timed(Request(tool, "", _wire.DESCRIBE, "null", self._limits))

    def call(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Call the tool with keyword arguments of JSON data."""
        limits = limits or self._limits
        self._refuse_when_closed()
        try:
            text = arguments_text(arguments, limits.input_bytes)
        except RefusedError as refused:
            return ExecutionResult(failure=refused.failure)
        return self._timed(Request(tool, tenant, _wire.CALL, text, limits))

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets, one after the other; each has its own result, in order."""
        self._refuse_when_closed()
        return [self.call(tool, each, tenant=tenant, limits=limits) for each in arguments]

    async def acheck(self, tool: ToolSource) -> ExecutionResult:
        """Do as `check`, in a thread."""
        return await asyncio.to_thread(self.check, tool)

    async def acall(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Do as `call`, in a thread."""
        return await asyncio.to_thread(self.call, tool, arguments, tenant=tenant, limits=limits)

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Do as `batch`, in a thread."""
        return await asyncio.to_thread(self.batch, tool, arguments, tenant=tenant, limits=limits)

    def close(self) -> None:
        """End whatever runs; calls that are under way raise `SandboxClosedError`. Calling it twice is fine."""
        with self._closing:
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

    def _timed(self, request: Request) -> ExecutionResult:
        self._refuse_when_closed()
        started = time.perf_counter()
        if len(request.tool.source) > request.limits.input_bytes:
            reply = refusal(FailureKind.INPUT, f"the source is longer than {request.limits.input_bytes} bytes")
        else:
            reply = self._ask(request)
        return ExecutionResult(*reply, time.perf_counter() - started)

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise SandboxClosedError("the sandbox is closed")
