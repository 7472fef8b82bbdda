"""Claims go by the store's clock, whatever the clocks of the hosts say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library import store_batch
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.operations import LibraryOperations
from langchain_latm.tools.library.sqlite import open_sqlite


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BaseStore]:
    if request.param == "memory":
        yield InMemoryStore()
    else:
        opened = open_sqlite(tmp_path / "tools.sqlite")
        yield opened
        opened.conn.close()


def claims_of(store: BaseStore, seconds: float = 60) -> Claims:
    """A worker's claims."""
    return Claims(LibraryOperations(store, ("latm",)), seconds)


@pytest.mark.parametrize("ahead", [90.0, 1e6, -90.0])
def test_a_host_whose_clock_is_wrong_takes_no_live_claim(
    store: BaseStore, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    first = run_flow(claims_of(store).take(["a", "b"]))
    assert first is not None
    # The clock of this process must not stay ahead: later tests would write notes that are dated in the future.
    monkeypatch.setattr(store_batch, "_clock", store_batch._LogicalClock())
    right, right_ns = time.time, time.time_ns
    monkeypatch.setattr(time, "time", lambda: right() + ahead)
    monkeypatch.setattr(time, "time_ns", lambda: right_ns() + int(ahead * 1e9))
    assert run_flow(claims_of(store).take(["b", "c"])) is None
    assert run_flow(claims_of(store).take(["c"])) is not None
    assert run_flow(claims_of(store).hold(first, ["a", "b"]))


def test_a_claim_that_no_one_renews_ends() -> None:
    store = InMemoryStore()
    assert run_flow(claims_of(store, seconds=-1.0001).take(["a"])) is not None  # it ended when it was written
    time.sleep(0.001)
    assert run_flow(claims_of(store).take(["a"])) is not None
    assert len(store.search(("latm", "claims"))) == 1
