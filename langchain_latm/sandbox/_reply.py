"""Reading what an untrusted process sent: a well-formed reply, or a `MalformedReplyError`."""

from __future__ import annotations

import re
import sys
from typing import Any, Final, NamedTuple

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox.base import Failure, FailureKind

SLACK: Final = 128 * 1024
"""Bytes of a reply beside the value and the prints: a failure's text, a part of a batch."""
_ASCII_BYTES: Final = 6
"""Maximum bytes of ASCII JSON for one byte of UTF-8."""

_REPORTED: Final = frozenset({"source", "arguments", "exception", "result", "memory", "output"})
"""Kinds of failure that the process reports of its tool; the host observes the others."""
_SAFE_RECURSION: Final = 1_000
_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]')


class Reply(NamedTuple):
    """What came back for one request: a value or a failure."""

    value: Any
    failure: Failure | None
    printed: str


class MalformedReplyError(Exception):
    """A process sent something that is not an answer."""

    def __init__(self) -> None:
        super().__init__("the process sent something that is not an answer")


def longest_reply(value_bytes: int, printed_bytes: int) -> int:
    """Return the maximum bytes of a reply to one request."""
    return value_bytes + _ASCII_BYTES * printed_bytes + SLACK


def read_body(data: bytes | bytearray) -> Any:
    """Return the JSON data of a frame's body.

    Raises:
        MalformedReplyError: It is not strict ASCII JSON, or nested so deeply that reading it could end the host.
    """
    try:
        text = data.decode("ascii")
        if len(text) > _SAFE_RECURSION and _too_deep(text):
            raise MalformedReplyError
        return _wire.decode(text)
    except (ValueError, RecursionError):
        raise MalformedReplyError from None


def read_entry(entry: Any) -> Reply:
    """Return a reply out of `[value, printed]` or `[kind, message, line, printed]`.

    Raises:
        MalformedReplyError: It is neither.
    """
    if type(entry) is list:
        if len(entry) == 2 and type(entry[1]) is str:  # noqa: PLR2004 - a value
            return Reply(entry[0], None, entry[1])
        if len(entry) == 4:  # noqa: PLR2004 - a failure
            return _reported(*entry)
    raise MalformedReplyError


def failed(kind: FailureKind, message: str) -> Reply:
    """Return a reply with a failure that the host found."""
    return Reply(None, Failure(kind=kind, message=message), "")


def _reported(kind: Any, message: Any, line: Any, printed: Any) -> Reply:
    """Return the failure that the process reports of its tool."""
    texts = type(kind) is str and type(message) is str and type(printed) is str
    if not texts or kind not in _REPORTED or not (line is None or type(line) is int):
        raise MalformedReplyError
    return Reply(None, Failure(kind=FailureKind(kind), message=message, line=line), printed)


def _too_deep(text: str) -> bool:
    """Whether reading `text` could exhaust the stack of a host that has raised its recursion limit.

    With the default limit the JSON reader itself stops in time, with RecursionError.
    """
    if sys.getrecursionlimit() <= _SAFE_RECURSION:
        return False
    if text.count("[") + text.count("{") <= _SAFE_RECURSION:
        return False
    depth = 0
    for match in _NESTING.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > _SAFE_RECURSION:
                return True
        elif match[0] in "]}":
            depth -= 1
    return False
