"""Answers requests to a tool: the code that every backend runs inside."""

from __future__ import annotations

import io
import sys
from typing import Any, Final

from langchain_latm.sandbox import _wire
from langchain_latm.sandbox._inside.failure import Kind, ToolFailure
from langchain_latm.sandbox._inside.tool import Tool

_OUT_OF_MEMORY: Final = '!["memory","MemoryError: the memory limit was reached",null]'
"""A constant, since there is no memory to build it when it is needed."""


class Prints(io.TextIOBase):
    """Captures standard output and error, up to a limit.

    Args:
        limit: Bytes of UTF-8 per call.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self._pieces: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        """Return True, as `print` expects."""
        return True

    def write(self, text: str) -> int:
        """Keep `text`, or raise when there is more than allowed."""
        text = _wire.escape_lone_surrogates(str.__str__(text))  # a subclass may lie about its length
        self._size += len(text) if text.isascii() else len(text.encode())
        if self._size > self._limit:
            raise OSError(f"the tool printed more than {self._limit} bytes")
        self._pieces.append(text)
        return len(text)

    def take(self) -> str:
        """Return the text that was printed since the last call, and clear it.

        Raises:
            ToolFailure: The limit was exceeded, even if the tool caught the exception.
        """
        if not self._size:
            return ""
        size, pieces = self._size, self._pieces
        self.forget()
        if size > self._limit:
            raise ToolFailure("output", f"the tool printed more than {self._limit} bytes")
        return "".join(pieces)

    def forget(self) -> None:
        """Clear the printed text."""
        self._size, self._pieces = 0, []


class Answers:
    """Loads one tool, and answers requests for it.

    Args:
        value_bytes: Size of one value as JSON.
        printed_bytes: Maximum size of the prints of one call.
    """

    def __init__(self, value_bytes: int, printed_bytes: int) -> None:
        self._value_bytes = value_bytes
        self._prints = Prints(printed_bytes)
        self._tool: Tool | None = None

    def answer(self, word: int, text: str) -> tuple[bool, str]:
        """Answer a request with a JSON body; return whether there is a value, and the entry of the reply."""
        try:
            data = _wire.decode(text)
        except MemoryError:
            return False, _OUT_OF_MEMORY
        except (ValueError, RecursionError) as error:  # this interpreter may have lower limits than the host
            kind: Kind = "source" if word == _wire.LOAD else "arguments"
            return False, self._failed(ToolFailure(kind, f"the {kind} cannot be read: {error}"))
        return self.entry(word, data)

    def entry(self, word: int, data: Any) -> tuple[bool, str]:
        """Do as `answer`, for a decoded body."""
        sys.stdout = sys.stderr = self._prints
        try:
            value = self._value(word, data)
            printed = self._prints.take()
            text = _wire.encode(value)
            if len(text) > self._value_bytes:
                raise ToolFailure("output", f"the value is larger than {self._value_bytes} bytes of JSON")  # noqa: TRY301
            return True, f"={text}\t{_wire.encode(printed)}" if printed else f"={text}"
        except ToolFailure as failure:
            return False, self._failed(failure)
        except MemoryError:
            self._prints.forget()  # it may hold the memory
            return False, _OUT_OF_MEMORY

    def _value(self, word: int, data: Any) -> Any:
        if word == _wire.LOAD:
            self._tool = Tool(*data)
            return None
        if self._tool is None:
            raise ToolFailure("source", "no tool is loaded")
        return self._tool.description if word == _wire.DESCRIBE else self._tool.call(data)

    def _failed(self, failure: ToolFailure) -> str:
        try:
            printed = self._prints.take()
        except ToolFailure as too_much:
            printed, failure = "", too_much
        message = _wire.escape_lone_surrogates(failure.message[: _wire.MAX_MESSAGE])[: _wire.MAX_MESSAGE]
        entry = f"!{_wire.encode([failure.kind, message, failure.line])}"
        return f"{entry}\t{_wire.encode(printed)}" if printed else entry
