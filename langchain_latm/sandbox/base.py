"""The contract of every sandbox backend.

A tool that fails is a value: `ExecutionResult.failure`. Only a failure of the sandbox itself raises
(`langchain_latm.exceptions.SandboxError`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType


class ToolSource(BaseModel):
    """The source of a function and its name. Creating one executes nothing.

    Attributes:
        source: Python source; it may have imports and further functions.
        entry: The function's name.
        hash_seed: Seed of Python's text hashes, which determines the order of sets. Tools are used under seed 0, and
            proven under further ones. A backend that cannot set it documents that.
        keeps_state: Whether the process of one call of a tenant may serve its next call too. False is for tools that
            run text as code.
        packages: Key of the packages that it may import (`MadeTool.packages_key`); empty for the standard library.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    entry: str
    hash_seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    keeps_state: bool = True
    packages: str = ""


class Limits(BaseModel):
    """The limits of one call. Every number must be above zero.

    Attributes:
        wall_seconds: Elapsed time, after which the tool's process is killed.
        cpu_seconds: CPU time of the tool's process, over all calls that it serves.
        memory_bytes: Address space besides that of the interpreter itself.
        input_bytes: Size of the arguments as JSON, and of the source.
        output_bytes: Size of the returned value as JSON.
        stdout_bytes: Size of the tool's prints, which are captured and never shown.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    wall_seconds: PositiveFloat = 2.0
    cpu_seconds: PositiveInt = 60
    memory_bytes: PositiveInt = 512 * 1024 * 1024
    input_bytes: PositiveInt = 4 * 1024 * 1024
    output_bytes: PositiveInt = 1024 * 1024
    stdout_bytes: PositiveInt = 64 * 1024


class FailureKind(StrEnum):
    """Why a call returned no value. Backends report no other kinds.

    Attributes:
        SOURCE: The source does not compile, fails while it is loaded, or has no such function.
        ARGUMENTS: The arguments are not JSON data, or do not fit the signature.
        EXCEPTION: The tool raised.
        RESULT: The returned value is not JSON (NaN, a set, non-string keys ...).
        WALL: The call took longer than `wall_seconds`.
        CPU: It used more than `cpu_seconds`.
        MEMORY: It needed more than `memory_bytes`.
        INPUT: The arguments or the source are larger than `input_bytes`.
        OUTPUT: The value or the prints are larger than allowed.
        CRASH: The tool's process ended.
        PROTOCOL: The tool's process sent something that is not an answer.
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
    """A guarantee of a backend for any tool. A backend declares only guarantees that its attack tests confirm.

    Attributes:
        FILES: No file or folder of the host is read, listed or written.
        ENVIRONMENT: Environment variables, arguments, memory, name, kernel release and process number of the host, and
            the paths of its files, are not read. The backend's docstring lists what stays visible.
        NETWORK: No connection of any kind.
        PROCESSES: No process or thread is started, signalled or inspected.
        NATIVE_CODE: No machine code of the tool's own is executed.
        HOST: The host continues whatever the tool does or sends: it reads strict JSON of limited size and depth, in
            linear time.
        WALL: `Limits.wall_seconds`.
        CPU: `Limits.cpu_seconds`; and the tool does not compute after its answer.
        MEMORY: `Limits.memory_bytes`.
        OUTPUT: `Limits.output_bytes` and `stdout_bytes`.
        TOOLS: No tool disturbs another tool or tenant, or reads its arguments.
        CALLS: No state of one call reaches the next call of the same tool and tenant.
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
"""The guarantees that `create_sandbox("auto")` requires: all but `CALLS`."""


class Failure(BaseModel):
    """The failure of a call.

    Attributes:
        kind: Why there is no value.
        message: Details for a person or a model, such as exception type and text. Generated code may have written it,
            so do not trust it.
        line: Line in the tool's source, where known.
    """

    model_config = ConfigDict(frozen=True)

    kind: FailureKind
    message: str
    line: int | None = None


class ExecutionResult(NamedTuple):
    """The result of one call: a JSON value or a failure, never both.

    Attributes:
        value: The function's return value as JSON data (a tuple becomes a list).
        failure: Why there is no value.
        stdout: The tool's prints.
        seconds: Elapsed time, as the caller saw it.
    """

    # Not a pydantic model: one is created for each call, and a dataclass takes a quarter of the time.
    value: Any = None
    failure: Failure | None = None
    stdout: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.failure is None


class Sandbox(Protocol):
    """Runs untrusted functions.

    `tenant` separates callers who must not see each other's arguments: no process serves two tenants. `limits`
    override those of the sandbox for one call.
    """

    @property
    def guarantees(self) -> frozenset[Guarantee]:
        """The guarantees for any tool; the backend's docstring describes the rest."""
        ...

    def check(self, tool: ToolSource) -> ExecutionResult:
        """Load the tool inside the sandbox and describe it.

        Returns:
            A result with the value `{"description": str, "parameters": {JSON schema of an object}}`, from the
            function's docstring and annotations, or with the failure.

        Raises:
            SandboxError: The sandbox itself failed.
        """
        ...

    async def acheck(self, tool: ToolSource) -> ExecutionResult:
        """`check` without blocking the event loop."""
        ...

    def call(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """Call the tool with keyword arguments of JSON data.

        Raises:
            SandboxError: The sandbox itself failed; a failure of the tool is in the result.
        """
        ...

    async def acall(
        self, tool: ToolSource, arguments: Mapping[str, Any], *, tenant: str = "", limits: Limits | None = None
    ) -> ExecutionResult:
        """`call` without blocking the event loop."""
        ...

    def batch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """Call one tool with many argument sets; return their results in order."""
        ...

    async def abatch(
        self,
        tool: ToolSource,
        arguments: Sequence[Mapping[str, Any]],
        *,
        tenant: str = "",
        limits: Limits | None = None,
    ) -> list[ExecutionResult]:
        """`batch` without blocking the event loop."""
        ...

    def close(self) -> None:
        """End every process of this sandbox. Calling it twice is fine."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
