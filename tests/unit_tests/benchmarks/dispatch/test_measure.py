"""The decisions of a dispatcher."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary
from langchain_latm.benchmarks.dispatch import measure
from langchain_latm.benchmarks.dispatch.figures import Found
from langchain_latm.benchmarks.dispatch.library import fill
from langchain_latm.benchmarks.dispatch.measure import Request, ask
from tests.unit_tests.benchmarks.dispatch.world import kind

NONE = Found(seen=0, seen_right=0, unseen=0, unseen_right=0, wrong_tool=0, seen_by_words=0, unseen_by_words=0)


def test_answers_of_the_dispatcher_are_counted() -> None:
    library = ToolLibrary(InMemoryStore())
    fill(library, [kind("sums", "What is the sum of ? and 3"), kind("days", "How many days has month ? of the year")])
    found = ask(
        library,
        [
            Request("What is the sum of 8 and 3", "sums", has_tool=True),
            Request("What is the sum of 8 and 3", "other", has_tool=False),
            Request("Who wrote it", "days", has_tool=True),
            Request("Who wrote it", "letters", has_tool=False),
            Request("Say how many days has February in the year", "february", has_tool=False),
            Request("How many days has month 2 of the year, if it is a leap year", "leap", has_tool=False),
        ],
    )
    # The last but one is undecided without a model: it holds a part of what the examples share. The last one is judged.
    assert found == Found(
        seen=2,
        seen_right=1,
        unseen=4,
        unseen_right=2,
        wrong_tool=2,
        seen_by_words=2,
        unseen_by_words=3,
        seen_silent=1,
        wrong_silent=1,
    )
    assert (found.reuse, found.none_fits, found.by_words, found.unjudged) == (1 / 2, 1 / 2, 5 / 6, 1.0)
    assert (NONE.reuse, NONE.none_fits, NONE.by_words, NONE.unjudged) == (None, None, 0.0, None)
    assert found + NONE == found


def test_progress_is_counted_in_a_shared_number(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ToolLibrary(InMemoryStore())
    fill(library, [kind("sums", "What is the sum of ? and 3")])
    passed = SimpleNamespace(value=0)
    monkeypatch.setattr(measure, "_passed", [passed])
    ask(library, [Request(f"Who wrote page {number}", "other", has_tool=False) for number in range(45)])
    assert passed.value == 45
