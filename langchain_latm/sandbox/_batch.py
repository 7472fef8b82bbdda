"""Many argument sets for one tool: on their way, and what came back."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from langchain_latm.sandbox._arguments import RefusedError, arguments_text
from langchain_latm.sandbox._reply import Reply
from langchain_latm.sandbox.base import ExecutionResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FRAME_BYTES: Final = 64 * 1024
"""About as much as one frame carries: what has to be repeated when a set ends the child stays small."""
_FRAME_SETS: Final = 2_000
"""... and as many sets: while the child works on them, the host reads and writes those before and after."""


Frame = deque[tuple[int, str]]
"""Sets on their way: the place of each in the batch, and its JSON text."""


class Batch:
    """The state of one batch call: the sets become frames, one ahead of the child, and replies become results.

    Args:
        sets: Keyword arguments, one mapping for each call.
        largest: Bytes of JSON that one of them may have.
    """

    def __init__(self, sets: Sequence[Mapping[str, Any]], largest: int) -> None:
        self._since = time.perf_counter()
        self._unread = enumerate(sets)
        self._largest = largest
        self._frames: deque[Frame] = deque()
        self.results: list[ExecutionResult] = [ExecutionResult()] * len(sets)
        """In the order of the sets; those that are still empty have no answer yet."""

    @property
    def frame(self) -> Frame:
        """The sets that are next, without those that were answered; empty when all were."""
        if not self._frames:
            self.look_ahead()
        return self._frames[0] if self._frames else deque()

    def look_ahead(self) -> None:
        """Get the frame after the next one ready, or the next one if there is none."""
        if len(self._frames) > 1:
            return
        frame: Frame = deque()
        size = 0
        for index, arguments in self._unread:
            try:
                text = arguments_text(arguments, self._largest)
            except RefusedError as refused:
                self.results[index] = ExecutionResult(failure=refused.failure)
                continue
            frame.append((index, text))
            size += len(text)
            if size > _FRAME_BYTES or len(frame) == _FRAME_SETS:
                break
        if frame:
            self._frames.append(frame)

    def accept(self, replies: list[Reply]) -> None:
        """Take the replies to the next sets; those that came together share the time since the last ones."""
        now = time.perf_counter()
        share = (now - self._since) / len(replies)
        self._since = now
        frame, results = self.frame, self.results
        for reply in replies:
            index, _ = frame.popleft()
            results[index] = ExecutionResult(*reply, share)
        if not frame:
            self._frames.popleft()
