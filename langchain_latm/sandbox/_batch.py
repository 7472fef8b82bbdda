"""The argument sets of one batch call, which are sent in groups and answered one by one."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

from langchain_latm.sandbox._arguments import InputRefusedError, arguments_text
from langchain_latm.sandbox.base import ExecutionResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langchain_latm.sandbox._reply import Reply

Group = deque[tuple[int, str]]
"""Argument sets that are sent together: the place of each in the batch, and its JSON text."""


class Batch:
    """The state of one batch call. It groups argument sets, one group ahead, and turns replies into results.

    Args:
        sets: Keyword arguments, one mapping for each call.
        largest: Maximum bytes of JSON of one set.
        group_sets: Maximum sets of one group.
        group_bytes: A group is full when it has more JSON than this.
    """

    def __init__(self, sets: Sequence[Mapping[str, Any]], largest: int, *, group_sets: int, group_bytes: int) -> None:
        self._since = time.perf_counter()
        self._unread = enumerate(sets)
        self._largest = largest
        self._group_sets = group_sets
        self._group_bytes = group_bytes
        self._groups: deque[Group] = deque()
        self.results: list[ExecutionResult] = [ExecutionResult()] * len(sets)
        """The results in the order of the sets; None for those without an answer yet."""

    @property
    def group(self) -> Group:
        """The next sets without those that were answered; empty if all were."""
        if not self._groups:
            self.look_ahead()
        return self._groups[0] if self._groups else deque()

    def look_ahead(self) -> None:
        """Prepare the group after the next one, or the next one if there is none."""
        if len(self._groups) > 1:
            return
        group: Group = deque()
        size = 0
        for index, arguments in self._unread:
            try:
                text = arguments_text(arguments, self._largest)
            except InputRefusedError as refused:
                self.results[index] = ExecutionResult(failure=refused.failure)
                continue
            group.append((index, text))
            size += len(text)
            if size > self._group_bytes or len(group) == self._group_sets:
                break
        if group:
            self._groups.append(group)

    def accept(self, replies: list[Reply]) -> None:
        """Take the replies to the next sets; replies that arrive together share the time since the last ones."""
        now = time.perf_counter()
        share = (now - self._since) / len(replies)
        self._since = now
        group, results = self.group, self.results
        for reply in replies:
            index, _ = group.popleft()
            results[index] = ExecutionResult(*reply, share)
        if not group:
            self._groups.popleft()
