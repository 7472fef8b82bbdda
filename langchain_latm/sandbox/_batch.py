"""Many argument sets for one tool: on their way, and what came back."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.sandbox._arguments import ArgumentsError, arguments_text
from langchain_latm.sandbox._reply import Reply
from langchain_latm.sandbox.base import ExecutionResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FRAME_BYTES: Final = 256 * 1024
"""About as much as one frame carries: what has to be repeated when a set ends the child stays small."""


def result_of(reply: Reply, seconds: float) -> ExecutionResult:
    """Return a reply as callers see it."""
    return ExecutionResult(value=reply.value, failure=reply.failure, stdout=reply.printed, seconds=seconds)


class Batch:
    """The state of one batch call.

    Args:
        sets: Keyword arguments, one mapping for each call.
        largest: Bytes of JSON that one of them may have.
    """

    def __init__(self, sets: Sequence[Mapping[str, Any]], largest: int) -> None:
        self._since = time.perf_counter()
        self._todo: deque[tuple[int, str]] = deque()
        self._results: list[ExecutionResult | None] = [None] * len(sets)
        for index, arguments in enumerate(sets):
            try:
                self._todo.append((index, arguments_text(arguments, largest)))
            except ArgumentsError as refused:
                self._results[index] = result_of(Reply(None, refused.failure, ""), 0.0)

    @property
    def left(self) -> int:
        """How many sets have no result yet."""
        return len(self._todo)

    @property
    def results(self) -> list[ExecutionResult]:
        """The results so far, in the order of the sets."""
        return [result for result in self._results if result is not None]

    def next_text(self) -> str:
        """Return the next set alone."""
        return self._todo[0][1]

    def next_frame(self) -> tuple[str, int]:
        """Return the next sets as a JSON list, and how many they are."""
        texts: list[str] = []
        size = 0
        for _, text in self._todo:
            texts.append(text)
            size += len(text)
            if size > _FRAME_BYTES:
                break
        return f"[{','.join(texts)}]", len(texts)

    def accept(self, replies: list[Reply]) -> None:
        """Take the replies to the next sets; those that came together share the time since the last ones."""
        now = time.perf_counter()
        share = (now - self._since) / len(replies)
        self._since = now
        for reply in replies:
            index, _ = self._todo.popleft()
            self._results[index] = result_of(reply, share)
