"""Calls a tool's function on rows of data, in chunks of limited size: yields the value or the error of each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from langchain_latm.exceptions import ToolRecordError, ToolUseError
from langchain_latm.tools.inputs import given_arguments
from langchain_latm.types import MAX_QUESTION_CHARACTERS, shorten

if TYPE_CHECKING:
    from langchain_latm.sandbox.base import ExecutionResult, Sandbox
    from langchain_latm.tools.made_tool import MadeTool

CHUNK_ROWS: Final = 4_000
"""Rows whose arguments and values are in memory at the same time; the sandbox takes 2,000 at once at most."""
CHUNK_CHARACTERS: Final = 4_000_000
"""Maximum size of a chunk, since a few rows may be long."""


class Outcome(NamedTuple):
    """The outcome of one row: a value or an error."""

    row: Any
    value: Any
    error: str | None


def require_mappable(tool: MadeTool) -> None:
    """Make sure that a tool needs no model for its arguments.

    Raises:
        ToolRecordError: It may not be used, or has neither a parser nor inputs.
    """
    tool.require_usable()
    if tool.parser is None and tool.inputs is None:
        raise ToolRecordError(
            f"the tool {tool.name} has no parser: a model reads its arguments, one request at a time. Use "
            "create_tool_user(...).batch"
        )


def outcomes(tool: MadeTool, rows: Iterable[Any], sandbox: Sandbox, *, tenant: str = "") -> Iterator[Outcome]:
    """Yield the outcome of each row, in order. Only one chunk of rows is in memory at a time.

    Args:
        tool: A tool that needs no model (`require_mappable`).
        rows: A request for each row or, for a typed tool, a dict of its inputs.
        sandbox: Where the function runs.
        tenant: On whose behalf.

    Raises:
        SandboxError: By the iterator: the sandbox itself failed.
    """
    source = tool.tool_source
    for chunk in _chunks(rows):
        read = [_arguments(tool, row) for row in chunk]
        sets = [each for each in read if not isinstance(each, str)]
        results = iter(sandbox.batch(source, sets, tenant=tenant)) if sets else iter(())
        for row, each in zip(chunk, read, strict=True):
            yield Outcome(row, None, each) if isinstance(each, str) else _outcome(row, next(results))


def _outcome(row: Any, result: ExecutionResult) -> Outcome:
    failure = result.failure
    return Outcome(row, result.value, None if failure is None else f"{failure.kind.value}: {failure.message}")


def _arguments(tool: MadeTool, row: Any) -> dict[str, Any] | str:
    """Return the arguments of a row, or why there are none."""
    if tool.inputs is not None:
        try:
            return given_arguments(tool, row)
        except ToolUseError as error:
            return str(error)
    if not isinstance(row, str):
        return "there is no request" if row is None else f"a request is text, not {type(row).__name__}"
    if len(row) > MAX_QUESTION_CHARACTERS:
        return f"the request has {len(row):,} characters; at most {MAX_QUESTION_CHARACTERS:,} are read"
    arguments = None if tool.parser is None else tool.parser.parse(row)
    return f"the wording of {shorten(row, 60)!r} matches no example" if arguments is None else arguments


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while first := list(islice(left, 1)):
        chunk, size = first, _size(first[0])
        for row in islice(left, CHUNK_ROWS - 1):
            chunk.append(row)
            size += _size(row)
            if size > CHUNK_CHARACTERS:
                break
        yield chunk


def _size(row: Any) -> int:
    """Return the approximate number of characters of a row."""
    if isinstance(row, dict):
        return sum(len(value) for value in row.values() if isinstance(value, str | list))
    return len(row) if isinstance(row, str) else 1
