"""Every error that this package raises on purpose.

A generated tool that fails is a value (`langchain_latm.sandbox.ExecutionResult`), not an exception; what stands
here is bad input from a person, a model that cannot be used, or machinery of ours that broke.

    LATMError
    ├── TaskError                 examples or a task file that cannot be used (also a ValueError)
    ├── ToolRecordError           a stored tool that cannot be read or was altered (also a ValueError)
    ├── ModelError                a model that cannot be named, reached or used
    │   └── WeightsError          the embedded model's weights are missing or wrong
    ├── ToolMakingError           no candidate was proven; carries every attempt
    ├── ToolUseError              a request did not become an answer of the tool
    ├── RequestError              a request that cannot be dispatched (also a ValueError)
    ├── ToolLibraryError          the tool library's store failed, or is not one
    │   └── ToolNotFoundError     no tool has this name or id (also a KeyError)
    └── SandboxError              the sandbox itself failed, never the tool inside
        ├── SandboxUnavailableError   no backend can hold untrusted code on this machine
        └── SandboxClosedError        used after `close()`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_latm.types import Attempt, Stage, TokenUsage


class LATMError(Exception):
    """Base of every error of this package: catch it to catch them all."""


class TaskError(LATMError, ValueError):
    """Examples or a task file that cannot be used; the text names file, line and field."""


class ToolRecordError(LATMError, ValueError):
    """A stored tool that cannot be read, or whose content does not match its hash."""


class ModelError(LATMError):
    """A model that cannot be named, reached or used."""


class WeightsError(ModelError):
    """The embedded model's weights are missing, incomplete or not the official ones."""


class ToolMakingError(LATMError):
    """No candidate was proven within the allowed attempts.

    Attributes:
        attempts: Everything that was tried, oldest first: sources, reasons for refusal, reports.
        usage: Tokens spent, by stage.
    """

    def __init__(self, message: str, *, attempts: tuple[Attempt, ...], usage: dict[Stage, TokenUsage]) -> None:
        super().__init__(message)
        self.attempts = attempts
        self.usage = usage


class ToolUseError(LATMError):
    """A request did not become an answer: no valid arguments, or the tool failed on them.

    Attributes:
        question: The request.
        usage: Tokens spent on it.
    """

    def __init__(self, message: str, *, question: str, usage: TokenUsage) -> None:
        super().__init__(message)
        self.question = question
        self.usage = usage


class RequestError(LATMError, ValueError):
    """A request that is empty or too long to be anybody's question."""


class ToolLibraryError(LATMError):
    """The store of a tool library cannot be opened, read or written."""


class ToolNotFoundError(ToolLibraryError, KeyError):
    """No tool in the library has this name or id."""

    __str__ = Exception.__str__  # a KeyError would show its text in quotes


class SandboxError(LATMError):
    """The sandbox itself failed. A tool that fails inside a working sandbox never raises this."""


class SandboxUnavailableError(SandboxError):
    """No backend can hold untrusted code on this machine; nothing was executed."""


class SandboxClosedError(SandboxError):
    """The sandbox was used after `close()`."""
