"""The contract that every sandbox backend keeps.

A tool that fails is a value: `ExecutionResult.failure`. Only a failure of the machinery raises
(`langchain_latm.exceptions.SandboxError`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType


class ToolSource(BaseModel):
    """The text of a function and the name to call it by. Holding one executes nothing.

    Attributes:
        source: Python text; it may hold imports and further functions.
        entry: The function's name.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    entry: str


class Limits(BaseModel):
    """What one call may use. Every number must be above zero.

    Attributes:
        wall_seconds: Time on the clock, then SIGKILL.
        cpu_seconds: CPU time of one child over all its calls since the last reset by the backend.
        memory_bytes: Address space that the child may add to what the interpreter itself has.
        input_bytes: Size of the arguments as JSON.
        output_bytes: Size of the returned value as JSON.
        stdout_bytes: What the tool may print; it is captured, never shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_seconds: PositiveFloat = 2.0
    cpu_seconds: PositiveInt = 60
    memory_bytes: PositiveInt = 512 * 1024 * 1024
    input_bytes: PositiveInt = 4 * 1024 * 1024
    output_bytes: PositiveInt = 1024 * 1024
    stdout_bytes: PositiveInt = 64 * 1024


class FailureKind(StrEnum):
    """Why a call gave no value. The set is closed: backends use these words and no others.

    Attributes:
        SOURCE: The source does not compile, has no such function, or fails while it is loaded.
        ARGUMENTS: They do not serialise to JSON, or do not fit the signature.
        EXCEPTION: The tool raised.
        RESULT: The returned value is not JSON (NaN, a set, non-string keys ...).
        WALL: The call took longer than `wall_seconds`.
        CPU: It used more than `cpu_seconds`.
        MEMORY: It needed more than `memory_bytes`.
        INPUT: Arguments, or the source, are larger than `input_bytes`.
        OUTPUT: Value or prints are larger than allowed.
        CRASH: The child died.
        PROTOCOL: The child sent something that is not an answer.
    """

    SOURCE = "source"
    ARGUMENTS = "arguments"
    EXCEPTION = "exception"
    RESULT = "result"
    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    INPUT = "input"
    OUTPUT = "output"
    CRASH = "crash"
    PROTOCOL = "protocol"


class Guarantee(StrEnum):
    """What a backend holds against whatever a tool does. A backend declares those that its attack tests prove.

    Attributes:
        FILES: No file or folder of the host is read, listed or written.
        ENVIRONMENT: Environment variables, arguments and memory of the host stay unknown.
        NETWORK: No connection, of whatever kind.
        PROCESSES: No process or thread is started, signalled or inspected.
        NATIVE_CODE: No machine code of the tool's own.
        HOST: The host goes on, whatever the tool does or sends; it reads strict JSON of limited size.
        WALL: `Limits.wall_seconds`.
        CPU: `Limits.cpu_seconds`.
        MEMORY: `Limits.memory_bytes`.
        OUTPUT: `Limits.output_bytes` and `stdout_bytes`.
        TOOLS: No tool disturbs another tool or tenant, or sees its arguments.
        CALLS: Nothing that one call leaves behind reaches the next call of the same tool and tenant.
        CLEANUP: No file, process or socket is left after `close`.
    """

    FILES = "files"
    ENVIRONMENT = "environment"
    NETWORK = "network"
    PROCESSES = "processes"
    NATIVE_CODE = "native code"
    HOST = "host"
    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    OUTPUT = "output"
    TOOLS = "tools"
    CALLS = "calls"
    CLEANUP = "cleanup"


UNTRUSTED: Final = frozenset(Guarantee) - {Guarantee.CALLS}
"""What `create_sandbox("auto")` asks of a backend that is to run generated code."""


class Failure(BaseModel):
    """A call that gave no value.

    Attributes:
        kind: Why.
        message: For the person or model who reads it: exception type and text where there is one. Written by
            hostile code, so never trust or execute it.
        line: Line in the tool's source, where known.
    """

    model_config = ConfigDict(frozen=True)

    kind: FailureKind
    message: str
    line: int | None = None


class ExecutionResult(NamedTuple):
    """What came of one call: a JSON value or a failure, never both.

    Attributes:
        value: What the function returned, as JSON data (a tuple arrives as a list).
        failure: Why there is no value.
        stdout: What the tool printed.
        seconds: Time on the clock, as the caller saw it.
    """

    # Not a pydantic model like its neighbours: one is made for each call, and this takes a quarter of the time.
    value: Any = None
    failure: Failure | None = None
    stdout: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.failure is None


class Sandbox(Protocol):
    """Runs functions that nobody trusts.

    `tenant` separates callers who must not see each other's arguments: no process serves two tenants. `limits`
    override those of the sandbox for one call.
    """

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """What holds whatever the tool does. All else is best effort or nothing: the backend's docstring says."""
        ...

    def check(self, tool: ToolSource) -> ExecutionResult:
        """Load the tool inside the sandbox and describe it.

        Returns:
            A result whose value is `{"description": str, "parameters": {JSON schema of an object}}`, read off
            the function's docstring and annotations; or the failure.

        Raises:
            SandboxError: The machinery failed.
        """
        ...

    async def acheck(self, tool: ToolSource) -> ExecutionResult:
        """Do as `check`, without blocking the event loop."""
        ...

    def call(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Call the tool with keyword arguments of JSON data.

        Raises:
            SandboxError: The machinery failed. What the tool does wrong is in the result.
        """
        ...

    async def acall(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Do as `call`, without blocking the event loop."""
        ...

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets; each has its own result or failure, in order."""
        ...

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Do as `batch`, without blocking the event loop."""
        ...

    def close(self) -> None:
        """End every process of this sandbox. Calling it twice is fine."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
