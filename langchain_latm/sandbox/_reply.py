"""What an untrusted process sent, read as a reply or found to be nonsense. The host trusts nothing that comes back."""

from __future__ import annotations

import re
import sys
from typing import Any, Final, NamedTuple

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox.base import Failure, FailureKind

SLACK: Final = 128 * 1024
"""Bytes of a reply beside the value and the prints: a failure's text, a part of a batch."""

_TOLD: Final = frozenset({"source", "arguments", "exception", "result", "memory", "output"})
"""Kinds of failure that the inner end itself reports; the others are seen from here."""
_SAFE_RECURSION: Final = 1_000
_NESTING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]')


class Reply(NamedTuple):
    """What came back for one request: a value or a failure."""

    value: Any
    failure: Failure | None
    printed: str


class NonsenseError(Exception):
    """Something that is not an answer."""


def read_body(data: bytes | bytearray) -> Any:
    """Return the JSON data of a frame's body.

    Raises:
        NonsenseError: It is not strict ASCII JSON, or nested so deeply that reading it could end the host.
    """
    try:
        text = data.decode("ascii")
        if len(text) > _SAFE_RECURSION and _too_deep(text):
            raise NonsenseError
        return _wire.decode(text)
    except (ValueError, RecursionError):
        raise NonsenseError from None


def read_entry(entry: Any) -> Reply:
    """Return a reply out of `[value, printed]` or `[kind, message, line, printed]`.

    Raises:
        NonsenseError: It is neither.
    """
    if type(entry) is list:
        if len(entry) == 2 and type(entry[1]) is str:  # noqa: PLR2004 - a value
            return Reply(entry[0], None, entry[1])
        if len(entry) == 4:  # noqa: PLR2004 - a failure
            return _told(*entry)
    raise NonsenseError


def refusal(kind: FailureKind, message: str) -> Reply:
    """Return the reply to a request that was never sent, or whose answer is not worth reading."""
    return Reply(None, Failure(kind=kind, message=message), "")


def _told(kind: Any, message: Any, line: Any, printed: Any) -> Reply:
    """Return the failure that the inner end reports of its tool."""
    texts = type(kind) is str and type(message) is str and type(printed) is str
    if not texts or kind not in _TOLD or not (line is None or type(line) is int):
        raise NonsenseError
    return Reply(None, Failure(kind=FailureKind(kind), message=message, line=line), printed)


def _too_deep(text: str) -> bool:
    """Whether reading `text` could exhaust the stack of a host that has raised its recursion limit.

    Otherwise the reader itself stops in time, with RecursionError.
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
