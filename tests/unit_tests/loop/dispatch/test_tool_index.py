"""The dispatcher's index of a library while the library changes."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary
from langchain_latm._core.flow import Flow, run_flow
from langchain_latm.loop.dispatch import tool_index as module
from langchain_latm.loop.dispatch.tool_index import ToolIndex
from langchain_latm.tools.library.library import operations_of
from tests.unit_tests.made_tool import tool_for

SUMS = [f"What is the sum of {number} and 3?" for number in range(4)]
DAYS = [f"How many days has month {number} of the year?" for number in range(4)]


def known(index: ToolIndex, question: str) -> list[str]:
    return [each.name for each in index.by_words(question) if each.fits]


class SteppedFlow:
    """A flow that runs a few effects at a time."""

    def __init__(self, flow: Flow[Any]) -> None:
        self._flow = flow
        self._outcomes: Any = None

    def go(self, effects: int) -> None:
        """Run at most this many effects; the next call sends the outcome of the last one to the flow."""
        with contextlib.suppress(StopIteration):
            for _ in range(effects):
                self._outcomes = self._flow.send(self._outcomes).run({})


def test_a_large_library_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 2)
    library = ToolLibrary(InMemoryStore())
    for number in range(5):
        library.add(tool_for(f"sums{number}", SUMS))
    index = ToolIndex(operations_of(library), 0)
    run_flow(index.refresh())
    assert known(index, SUMS[0]) == [f"sums{number}" for number in range(5)]
    library.remove("sums3")
    run_flow(index.refresh())
    assert known(index, SUMS[0]) == ["sums0", "sums1", "sums2", "sums4"]


def test_two_that_read_at_once_do_not_leave_an_old_state_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    library = ToolLibrary(InMemoryStore())
    first = tool_for("it", SUMS)
    library.add(first)
    index = ToolIndex(operations_of(library), 0)
    run_flow(index.refresh())
    library.add(tool_for("it", DAYS))
    slow = SteppedFlow(index.refresh())
    slow.go(2)  # it has read the current names, and then pauses
    library.activate("it", first.id)
    library.add(tool_for("other", ["Who wrote the book of the year 1?", "Who wrote the book of the year 2?"]))
    fast = SteppedFlow(index.refresh())
    fast.go(4)  # it has taken over the first of both changes
    slow.go(100)
    fast.go(100)
    run_flow(index.refresh())
    assert index._known["it"][0] == first.id
    assert known(index, SUMS[0]) == ["it"]
    assert known(index, DAYS[0]) == []


def test_others_continue_while_one_reads_what_has_changed() -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(tool_for("it", SUMS))
    index = ToolIndex(operations_of(library), 600)
    first = index.refresh()
    next(first)
    assert index.stale  # the index is empty: another thread must read it, too
    first.close()
    run_flow(index.refresh())
    assert not index.stale
    index._looked = float("-inf")
    second = index.refresh()
    next(second)
    assert not index.stale
    assert known(index, SUMS[0]) == ["it"]
    second.close()
    assert index.stale  # it has not read anything


def test_a_version_that_is_damaged_takes_no_requests_of_the_one_before() -> None:
    library = ToolLibrary(InMemoryStore())
    library.add(tool_for("it", SUMS))
    index = ToolIndex(operations_of(library), 0)
    run_flow(index.refresh())
    damaged = tool_for("it", SUMS, description="Better.")
    library.add(damaged)
    library._store.put(("latm", "records"), damaged.id, {"json": "{}"})
    library._store.delete(("latm", "forms"), "it")
    run_flow(index.refresh())
    assert known(index, SUMS[0]) == []
    assert index.examples() == {}
