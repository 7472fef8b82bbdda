"""Libraries for the closed loop."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from langgraph.store.memory import InMemoryStore

from langchain_latm import ToolLibrary, open_tool_library
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import World, loop, stream


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[ToolLibrary]:
    """A library for several threads: InMemoryStore is not made for them."""
    with open_tool_library(tmp_path / "tools.sqlite") as opened:
        yield opened


@pytest.fixture(scope="session")
def _after_six_requests(sandbox: Sandbox) -> InMemoryStore:
    store = InMemoryStore()
    latm = loop(World(), ToolLibrary(store), sandbox)
    for request in stream(["sort"], 6):
        latm.invoke(request)
    return store


@pytest.fixture
def taught(_after_six_requests: InMemoryStore) -> ToolLibrary:
    """A library with one tool, made of six requests of the kind `sort`."""
    store = InMemoryStore()
    store._data = copy.deepcopy(_after_six_requests._data)
    return ToolLibrary(store)
