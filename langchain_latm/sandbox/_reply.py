"""Parses the output of an untrusted process: a well-formed reply, or a `MalformedReplyError`.

The limits of size and depth are checked again here, since the sender may have bypassed them inside. Sizes are checked
before parsing. The parser is pydantic's: it takes linear time for any input, stops at 200 levels and at integers of
4,300 digits, and refuses lone surrogates. The parser of the standard library depends on the host's recursion limit and
limit of digits.
"""

from __future__ import annotations

import gc
import math
import re
from contextlib import suppress
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox.base import Failure, FailureKind

SLACK: Final = 128 * 1024
"""Bytes of a reply besides the value and the prints, such as the text of a failure."""
_ASCII_BYTES: Final = 6
"""Maximum bytes of ASCII JSON for one byte of UTF-8."""

_REPORTED: Final = frozenset({"source", "arguments", "exception", "result", "memory", "output"})
"""Kinds of failure that the process reports about its tool; the host observes the others."""
_MOST_LINES: Final = 2**31
_LARGE: Final = 32 * 1024
_NEXT_VALUE: Final = b"\n" + _wire.GOOD
_PRINTS_OR_FAILS: Final = re.compile(b"[" + _wire.PRINTED + _wire.BAD + b"]")


class Reply(NamedTuple):
    """The reply to one request: a value or a failure."""

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


def read_entry(entry: bytes | bytearray, value_bytes: int, printed_bytes: int) -> Reply:
    """Return the reply in an entry (`_wire.VALUE` documents the format).

    Args:
        entry: The received bytes; they may exceed `longest_reply` only by bytes that arrived with the reply.
        value_bytes: Maximum bytes of the value as JSON.
        printed_bytes: Maximum bytes of the prints, as UTF-8.

    Raises:
        MalformedReplyError: It is not strict ASCII JSON, is too large or too deeply nested, or is not a reply.
    """
    body, printed = entry, ""
    if _wire.PRINTED in entry:
        body, _, prints = entry.partition(_wire.PRINTED)
        printed = _printed(prints, printed_bytes) if prints else ""
    good = body.startswith(_wire.GOOD)
    if not entry.isascii() or not (good or body.startswith(_wire.BAD)):
        raise MalformedReplyError
    if len(body) > (value_bytes + 1 if good else SLACK):
        raise MalformedReplyError
    data = read_json(body[1:])
    return Reply(data, None, printed) if good else Reply(None, _reported(data), printed)


def read_entries(part: bytearray, value_bytes: int, printed_bytes: int) -> list[Reply]:
    """Return the replies of a part of a batch, one per line.

    Raises:
        MalformedReplyError: As for `read_entry`.
    """
    lines = part.count(b"\n") + 1
    if lines == 1:
        return [read_entry(part, value_bytes, printed_bytes)]
    if (
        len(part) <= value_bytes
        and part.startswith(_wire.GOOD)
        and part.isascii()
        and not _PRINTS_OR_FAILS.search(part)
    ):
        # If there are only values, as is usual, they are parsed together, which takes half the time.
        with suppress(MalformedReplyError):
            values = read_json(b"[" + part[1:].replace(_NEXT_VALUE, b",") + b"]")
            if len(values) == lines:
                return [Reply(value, None, "") for value in values]
    return [read_entry(entry, value_bytes, printed_bytes) for entry in part.split(b"\n")]


def read_json(text: bytes | bytearray) -> Any:
    """Return the data of a JSON text.

    Raises:
        MalformedReplyError: It is not strict JSON, or nested too deeply.
    """
    try:
        value = from_json(text, allow_inf_nan=False) if len(text) < _LARGE else _large(text)
    except ValueError:
        raise MalformedReplyError from None
    kind = type(value)
    if kind is float:
        if not math.isfinite(value):
            raise MalformedReplyError
    elif (kind is list or kind is dict) and (len(text) > _wire.MAX_DEPTH or b"e" in text or b"E" in text):
        _check_parts(value)
    return value


def is_description(value: Any) -> bool:
    """Whether a value is a valid description of a tool."""
    return (
        type(value) is dict
        and value.keys() == {"description", "parameters"}
        and type(value["description"]) is str
        and type(value["parameters"]) is dict
        and value["parameters"].get("type") == "object"
        and type(value["parameters"].get("properties")) is dict
    )


def failed(kind: FailureKind, message: str) -> Reply:
    """Return a reply with a failure that the host has found."""
    return Reply(None, Failure(kind=kind, message=message), "")


def _large(text: bytes | bytearray) -> Any:
    """Parse a large text without the garbage collector.

    While half a million lists are created, each collection walks all of them: 1.0 instead of 0.2 s for 1.5 MB, during
    which no other thread of the host runs.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        return from_json(text, allow_inf_nan=False)
    finally:
        if enabled:
            gc.enable()


def _check_parts(value: Any) -> None:
    """Refuse what the parser accepts: too many levels, and numbers that overflow to infinity."""
    layer = [value]
    for _ in range(_wire.MAX_DEPTH):
        below: list[Any] = []
        for box in layer:
            for part in box.values() if type(box) is dict else box:
                kind = type(part)
                if kind is list or kind is dict:
                    below.append(part)
                elif kind is float and not math.isfinite(part):
                    raise MalformedReplyError
        if not below:
            return
        layer = below
    raise MalformedReplyError


def _printed(text: bytes | bytearray, largest: int) -> str:
    if len(text) > _ASCII_BYTES * largest + 2:
        raise MalformedReplyError
    printed = read_json(text)
    if type(printed) is not str or (len(printed) if printed.isascii() else len(printed.encode())) > largest:
        raise MalformedReplyError
    return printed


def _reported(entry: Any) -> Failure:
    """Return the failure that the process reports about its tool: `[kind, message, line]`."""
    if type(entry) is not list or len(entry) != 3:  # noqa: PLR2004 - as said
        raise MalformedReplyError
    kind, message, line = entry
    if type(kind) is not str or kind not in _REPORTED or type(message) is not str or len(message) > _wire.MAX_MESSAGE:
        raise MalformedReplyError
    if line is not None and not (type(line) is int and 0 <= line < _MOST_LINES):
        raise MalformedReplyError
    return Failure(kind=FailureKind(kind), message=message, line=line)
