"""Items of a library keep their order when clocks are set back, or differ between hosts that share a store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library import store_batch
from langchain_latm.tools.library.contents import contents
from langchain_latm.tools.library.library import operations_of
from langchain_latm.tools.library.store_batch import key_time, now, unique_key
from tests.unit_tests.made_tool import made_tool

HOUR = 3600 * 10**9
OLD, NEW = made_tool(), made_tool(description="Sort words, better.")


class Host:
    """A process on another machine, whose clock is wrong by some hours."""

    def __init__(self, patch: pytest.MonkeyPatch, store: InMemoryStore, hours: float) -> None:
        self._patch = patch
        self._clock = store_batch._LogicalClock()
        self._offset = int(hours * HOUR)
        self._library = ToolLibrary(store)

    @contextmanager
    def library(self) -> Iterator[ToolLibrary]:
        real = time.time_ns
        with self._patch.context() as patch:
            patch.setattr(store_batch, "_clock", self._clock)
            patch.setattr(time, "time_ns", lambda: real() + self._offset)
            yield self._library

    def set_clock(self, hours: float) -> None:
        self._offset = int(hours * HOUR)


@pytest.mark.parametrize("hours", [(0, 0), (0, -2), (5, -1), (-30 * 365 * 24, 0), (300, -300)])
def test_the_history_is_in_the_order_of_its_writes(hours: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    store = InMemoryStore()
    one, other = (Host(monkeypatch, store, each) for each in hours)
    acts: list[Callable[[ToolLibrary, str], object]] = [
        lambda library, reason: library.add(OLD, reason=reason),
        lambda library, reason: library.add(NEW, reason=reason),
        lambda library, reason: library.activate("word_sorting", OLD.id, reason=reason),
        lambda library, reason: library.remove("word_sorting", reason=reason),
        lambda library, reason: library.add(NEW, reason=reason),
        lambda library, reason: library.add(OLD, reason=reason),
    ]
    for number, act in enumerate(acts):
        with (one, other)[number % 2].library() as library:
            act(library, str(number))
    with other.library() as library:
        events = library.history("word_sorting")
    assert [event.reason for event in events] == list("012345")
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_a_use_comes_after_its_tool_was_added(monkeypatch: pytest.MonkeyPatch) -> None:
    store = InMemoryStore()
    one, other = Host(monkeypatch, store, 1), Host(monkeypatch, store, -1)
    with one.library() as library:
        library.add(OLD)
    with other.library() as library:
        library.record_use(library.get("word_sorting"))
        steps = run_flow(contents(operations_of(library))).steps()
    assert [step.action for step in steps] == ["made", "used"]


def test_a_clock_that_is_set_back_changes_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(monkeypatch, InMemoryStore(), 0)
    with host.library():
        before, earlier = unique_key(), now()
    host.set_clock(-1)
    with host.library():
        keys = [unique_key() for _ in range(3)]
        assert [before, *keys] == sorted([before, *keys])
        assert now() >= earlier
    host.set_clock(1)
    with host.library():
        last = unique_key()
        then = key_time(last)
    assert last > keys[-1]
    assert then is not None
    assert abs(then.timestamp() - time.time() - 3600) < 60


def test_keys_of_others_do_not_move_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    store = InMemoryStore()
    for key in ("9" * 20 + "-00000000", "x", "", "00000000000000000000-zzzzzzzz"):
        store.put(
            ("latm", "history", "word_sorting"),
            key,
            {"name": "word_sorting", "id": OLD.id, "action": "added", "reason": "", "at": ""},
        )
    host = Host(monkeypatch, store, 0)
    with host.library() as library:
        library.history("word_sorting")
        moment = int(unique_key()[:20])
    assert abs(moment - time.time_ns()) < HOUR
