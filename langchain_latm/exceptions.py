"""Every error that this package raises on purpose.

A generated tool that fails is a value (`langchain_latm.sandbox.ExecutionResult`), not an exception. These errors are
for invalid input, a model that cannot be used, and failures of this package's own machinery.

    LATMError
    ├── TaskError                 examples or a task file that cannot be used (also a ValueError)
    ├── TableError                a table that cannot be read or written (also a ValueError)
    ├── ToolRecordError           a stored tool that cannot be read or was altered (also a ValueError)
    ├── ModelError                a model that cannot be named, reached or used
    │   └── WeightsError          the embedded model's weights are missing or wrong
    ├── ToolMakingError           no candidate was proven; carries every attempt
    ├── ToolUseError              the tool could not answer a request
    ├── PackageError              packages that cannot be installed, or are not allowed (also a ValueError)
    ├── RequestError              an empty or oversized request (also a ValueError)
    ├── ToolLibraryError          the tool library's store failed, or is not a tool library
    │   └── ToolNotFoundError     no tool has this name or id (also a KeyError)
    └── SandboxError              the sandbox itself failed, not the tool inside
        ├── SandboxUnavailableError   no backend can isolate untrusted code on this machine
        └── SandboxClosedError        used after `close()`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_latm.types import Attempt, Stage, TokenUsage


class LATMError(Exception):
    """Base of every error of this package. All of them can be pickled and copied, with their attributes."""

    def __reduce__(self) -> tuple[object, ...]:
        # Python's default calls the class with `args` alone, which fails for an error with more arguments.
        return _rebuilt, (type(self), self.args), self.__dict__


class TaskError(LATMError, ValueError):
    """Examples or a task file that cannot be used; the message names file, line and field."""


class TableError(LATMError, ValueError):
    """A table that cannot be read or written; the message names file, row and column."""


class ToolRecordError(LATMError, ValueError):
    """A stored tool that cannot be read, or whose content does not match its hash."""


class ModelError(LATMError):
    """A model that cannot be named, reached or used.

    Attributes:
        lasting: Whether every other request to this model would fail too until a person changes something, such as a
            wrong key. A failure that may pass, such as a timeout, does not last.
    """

    def __init__(self, message: str, *, lasting: bool = False) -> None:
        super().__init__(message)
        self.lasting = lasting


class WeightsError(ModelError):
    """The embedded model's weights are missing, incomplete or not the official ones. It lasts."""

    def __init__(self, message: str, *, lasting: bool = True) -> None:
        super().__init__(message, lasting=lasting)


class ToolMakingError(LATMError):
    """No candidate was proven within the allowed attempts.

    Attributes:
        attempts: Every attempt, oldest first: sources, reasons for rejection, reports.
        usage: Tokens by stage.
        seconds: Time of the making.
        makers: Tokens of the stage `proposing` by model, if one maker after the other was asked.
    """

    def __init__(
        self,
        message: str,
        *,
        attempts: tuple[Attempt, ...],
        usage: dict[Stage, TokenUsage],
        seconds: float = 0.0,
        makers: dict[str, TokenUsage] | None = None,
    ) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.usage = usage
        self.seconds = seconds
        self.makers = makers or {}


class ToolUseError(LATMError):
    """The tool could not answer a request: no valid arguments were read, or the tool failed on them.

    Attributes:
        question: The request.
        usage: Tokens of the request.
    """

    def __init__(self, message: str, *, question: str, usage: TokenUsage) -> None:
        super().__init__(message)
        self.question = question
        self.usage = usage


class PackageError(LATMError, ValueError):
    """Packages for tools that cannot be installed, or that this machine or sandbox does not have."""


class RequestError(LATMError, ValueError):
    """An empty or oversized request."""


class ToolLibraryError(LATMError):
    """The store of a tool library cannot be opened, read or written."""


class ToolNotFoundError(ToolLibraryError, KeyError):
    """No tool in the library has this name or id."""

    __str__ = Exception.__str__  # KeyError would quote the message


class SandboxError(LATMError):
    """The sandbox itself failed. A tool that fails inside a working sandbox does not raise this."""


class SandboxUnavailableError(SandboxError):
    """No backend can isolate untrusted code on this machine; nothing was executed."""


class SandboxClosedError(SandboxError):
    """The sandbox was used after `close()`."""


def _rebuilt(kind: type[LATMError], args: tuple[object, ...]) -> LATMError:
    error = kind.__new__(kind, *args)
    error.args = args
    return error
