"""Uses that were added up count as before, wherever a roll-up stops."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.base import BaseStore, PutOp
from langgraph.store.memory import InMemoryStore

from langchain_latm import TokenUsage, ToolLibrary, library_costs
from langchain_latm._core.flow import run_flow
from langchain_latm.exceptions import ToolLibraryError
from langchain_latm.tools.library import roll_up as rolling
from langchain_latm.tools.library.claims import Claims
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.roll_up import roll_up
from langchain_latm.tools.library.sqlite import open_sqlite
from tests.unit_tests.made_tool import made_tool

TOOL, LONGER, OTHER = made_tool(), made_tool(description="Better."), made_tool(name=f"{made_tool().name}_twice")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BaseStore]:
    if request.param == "memory":
        yield InMemoryStore()
    else:
        with closing((opened := open_sqlite(tmp_path / "tools.sqlite")).conn):
            yield opened


@pytest.fixture
def library(store: BaseStore) -> ToolLibrary:
    """Uses of two versions and two tools, some failed, some of another model, some without reported tokens, a batch."""
    library = ToolLibrary(store)
    for tool in (TOOL, LONGER, OTHER):
        library.add(tool)
        for number in range(8):
            tokens = TokenUsage(input_tokens=number // 2, output_tokens=number // 4, calls=number % 3)
            model = "another" if number == 5 else None
            library.record_use(tool, failed=number % 4 == 0, tokens=tokens, model=model)
        batch = operations_of(library).use(tool, False, TokenUsage(), None, times=5)
        store.batch([batch])
    return library


def accounts(library: ToolLibrary) -> Any:
    operations = loop_operations_of(library)
    return (
        library.usage(TOOL.name),
        library.usage(OTHER.name),
        library_costs(library),
        [run_flow(operations.answers_given(tool, None)) for tool in (TOOL, LONGER, OTHER)],
    )


def test_sums_count_as_the_single_uses_did(library: ToolLibrary, store: BaseStore) -> None:
    before = accounts(library)
    assert library.usage(TOOL.name).uses == 2 * 13
    assert before[3] == [11, 11, 11]
    assert run_flow(roll_up(operations_of(library), recent=20, size=4)) == 3 * 9 - 20
    assert accounts(library) == before
    assert run_flow(roll_up(operations_of(library), recent=0, size=4)) == 20
    assert accounts(library) == before
    assert store.search(("latm", "uses")) == []
    assert len(store.search(("latm", "sums"))) == 2
    library.record_use(TOOL)
    assert library.usage(TOOL.name).uses == before[0].uses + 1


class Dying(InMemoryStore):
    """Dies before one of its writes; every other write of a batch is lost too."""

    left = 10**9

    def batch(self, ops: Any) -> Any:
        ops = list(ops)
        if any(isinstance(op, PutOp) for op in ops):
            self.left -= 1
            if self.left < 0:
                raise OSError("no disk")
        return super().batch(ops)


@pytest.mark.slow
def test_a_roll_up_that_stops_anywhere_counts_nothing_twice_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rolling, "_CLAIM_SECONDS", -1.0001)  # nobody waits for the claim of a worker that died
    monkeypatch.setattr(rolling, "_DELETED_AT_ONCE", 3)
    stopped = 0
    for writes in range(60):
        store = Dying()
        library = ToolLibrary(store)
        for tool in (TOOL, OTHER):
            library.add(tool)
            for number in range(7):
                library.record_use(tool, failed=number == 3, tokens=TokenUsage(input_tokens=number, calls=1))
        before = accounts(library)
        store.left = writes
        try:
            run_flow(roll_up(operations_of(library), recent=2, size=5))
        except ToolLibraryError:
            stopped += 1
        else:
            break
        store.left = 10**9
        assert accounts(library) == before, writes
        run_flow(roll_up(operations_of(library), recent=0, size=5))
        assert accounts(library) == before, writes
        assert store.search(("latm", "uses")) == [], writes
    assert stopped > 10


def test_a_reader_sees_each_use_once_whenever_another_worker_rolls_up(library: ToolLibrary) -> None:
    expected = library.usage(TOOL.name)
    flow = roll_up(operations_of(library), recent=0, size=4)
    effect = next(flow)
    while True:
        assert library.usage(TOOL.name) == expected
        try:
            effect = flow.send(effect.run({}))
        except StopIteration:
            break
    assert library.usage(TOOL.name) == expected


def test_sums_that_change_between_the_reads_are_read_again(library: ToolLibrary) -> None:
    """A store that gives no snapshot of a batch: another worker rolls up between the first search and the second."""
    expected = library.usage(TOOL.name)
    operations = operations_of(library)
    flow = operations.usage(TOOL.name)
    effect = next(flow)
    sums, notes, again = effect.operations  # type: ignore[attr-defined]
    (before,) = operations.batch(sums).run({})
    run_flow(roll_up(operations, recent=0))
    found = operations.batch(notes, again).run({})
    effect = flow.send([before, *found])
    with pytest.raises(StopIteration) as ended:
        flow.send(effect.run({}))
    assert ended.value.value == expected


def test_only_one_worker_adds_up(library: ToolLibrary) -> None:
    claims = Claims(operations_of(library), 600)
    claim = run_flow(claims.take(rolling._INSTANCES))
    assert run_flow(roll_up(operations_of(library), recent=0)) == 0
    run_flow(claims.release(claim or ""))
    assert run_flow(roll_up(operations_of(library), recent=0)) > 0


def test_it_runs_by_itself_in_the_background(library: ToolLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rolling, "EVERY", 1)
    before = library.usage(OTHER.name).uses
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(rolling, "_run", lambda operations: started.append(operations.labels()))
    library.record_use(OTHER)
    library._roll_ups.wait()
    library.for_tenant("acme").record_use(OTHER)
    library._roll_ups.wait()
    assert len(started) == 2
    assert started[0] != started[1]
    monkeypatch.undo()
    rolling._run(operations_of(library))
    assert library.usage(OTHER.name).uses == before + 1
