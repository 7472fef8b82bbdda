"""Failures of a tool, with the kinds of `langchain_latm.sandbox.FailureKind`."""

from __future__ import annotations

from typing import Any, Literal

Kind = Literal["source", "arguments", "exception", "result", "memory", "output"]


class ToolFailure(Exception):  # noqa: N818 - the tool failed, not this program
    """A failure of the tool, to be reported to the host.

    Args:
        kind: A value of `FailureKind`.
        message: A text for the person or model that repairs the tool.
        line: Line in the tool's source.
    """

    def __init__(self, kind: Kind, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.line = line


class Misfit(Exception):  # noqa: N818 - a value that does not fit is not an error of this program
    """A value of an unexpected form; callers add the path to it as it propagates.

    Args:
        problem: The problem, without the path.
    """

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self._path: list[str] = []

    @property
    def depth(self) -> int:
        """Length of the path."""
        return len(self._path)

    def inside(self, step: object) -> Misfit:
        """Prepend `step` (an index, a key or a field) to the path."""
        self._path.insert(0, f"[{step!r}]")
        return self

    def at(self, name: str) -> str:
        """Return the message for a value with this name."""
        return f"{name}{''.join(self._path)}: {self.problem}"


def brief(value: Any) -> str:
    """Return a short text for a value in an error message."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - about half a line
