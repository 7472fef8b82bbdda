"""A tool as the function of an engine's workers: calls and results."""

from __future__ import annotations

import json
import os
import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from celery import Celery

from langchain_latm.exceptions import TableError, ToolRecordError, ToolUseError
from langchain_latm.interop import bulk
from langchain_latm.interop.bulk import BatchTool
from langchain_latm.sandbox import Limits, create_sandbox
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.sorting_tool import sorting_tool, typed_tool

ASKED = ["Sort: b a", "Sort: fails", "Sort: d c"]
FRAME = {"question": ASKED, "row": [1, 2, 3]}
FAILED = "exception: AssertionError"


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each test has its own sandboxes of a process."""
    opened: dict[Any, Any] = {}
    monkeypatch.setattr(bulk, "_opened", opened)
    yield
    for sandbox in opened.values():
        sandbox.close()


def travelled(function: Any) -> Any:
    """The object after pickling."""
    return pickle.loads(pickle.dumps(function))  # noqa: S301 - pickled on the line


def listed(table: Any) -> dict[str, list[Any]]:
    """The columns of a table as lists."""
    if isinstance(table, pd.DataFrame):
        return {name: table[name].astype(object).where(table[name].notna(), None).tolist() for name in table}
    if isinstance(table, pl.DataFrame):
        return table.to_dict(as_series=False)
    if isinstance(table, dict):
        return {name: list(each) for name, each in table.items()}
    return dict(table.to_pydict())


def test_a_table_gets_a_column_of_values_and_one_of_errors() -> None:
    """Of the same kind, with all its own columns; a function that was pickled does the same."""
    given = BatchTool(sorting_tool(), to="sorted")
    sent = travelled(given)
    assert not bulk._opened, "nothing starts before the first rows"
    tables = (
        pd.DataFrame(FRAME, index=[7, 8, 9]),
        pl.DataFrame(FRAME),
        pa.table(FRAME),
        {name: np.array(each, dtype=object) for name, each in FRAME.items()},
    )
    for table in tables:
        found = sent(table)
        assert type(found) is type(table)
        assert list(listed(found)) == ["question", "row", "sorted", "sorted_error"]
        assert listed(found)["sorted"] == ["a b", None, "c d"], type(table)
        assert listed(found)["sorted_error"] == [None, FAILED, None], type(table)
    assert list(sent(tables[0]).index) == [7, 8, 9]
    assert given(tables[1])["sorted"].to_list() == ["a b", None, "c d"]
    assert len(bulk._opened) == 1, "both share the sandbox of the process"


def test_no_rows_open_no_sandbox() -> None:
    """So that engines can ask for the types of the columns."""
    found = BatchTool(sorting_tool())(pd.DataFrame(FRAME).head(0))
    assert [str(each) for each in found.dtypes] == ["str", "int64", "str", "str"]
    assert not bulk._opened


@pytest.mark.slow
def test_columns_and_lists() -> None:
    function = BatchTool(sorting_tool(), to="sorted")
    assert function(ASKED[:2]) == [
        {"sorted": "a b", "sorted_error": None},
        {"sorted": None, "sorted_error": FAILED},
    ]
    quiet = BatchTool(sorting_tool(), errors="null")
    assert quiet(ASKED) == ["a b", None, "c d"]
    assert quiet(pd.Series(ASKED, index=[3, 2, 1])).index.tolist() == [3, 2, 1]
    with pytest.raises(ToolUseError, match="row 1 of a batch"):
        BatchTool(sorting_tool(), errors="raise")(ASKED)
    for wrong in ("Sort: b a", 7):
        with pytest.raises(TypeError, match="a batch is"):
            function(wrong)


def test_what_cannot_work_is_said_when_it_is_created() -> None:
    with pytest.raises(ToolRecordError, match="no parser"):
        BatchTool(made_tool())
    with pytest.raises(ValueError, match="module-level function"):
        BatchTool(sorting_tool(), create=lambda: create_sandbox(isolation="call"))
    with pytest.raises(TableError, match="no column 'asked'"):
        BatchTool(sorting_tool(), columns="asked")(pd.DataFrame(FRAME))


@pytest.mark.slow
def test_limits_travel_and_a_row_that_breaks_them_affects_only_itself() -> None:
    strict = Limits(wall_seconds=0.05)
    function = travelled(BatchTool(sorting_tool(), to="x", limits=strict))
    found = function([*ASKED, "Sort: kills", "Sort: f e"])
    assert [each["x"] for each in found] == ["a b", None, "c d", None, "e f"]
    assert "longer than 0.05 s" in found[3]["x_error"]


@pytest.mark.slow
def test_a_forked_worker_opens_its_own_sandbox() -> None:
    """As prefork servers and engines fork theirs."""
    function = BatchTool(sorting_tool(), errors="null")
    assert function(ASKED) == ["a b", None, "c d"]
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - another process
        os.write(writer, json.dumps(function(ASKED)).encode())
        os._exit(0)
    assert json.loads(os.read(reader, 1000)) == ["a b", None, "c d"]
    os.waitpid(child, 0)
    assert function(ASKED) == ["a b", None, "c d"]


def test_polars_maps_a_column_lazily() -> None:
    frame = pl.LazyFrame(FRAME)
    quiet = BatchTool(sorting_tool(), to="sorted", errors="null")
    column = pl.col("question").map_batches(quiet, return_dtype=pl.String).alias("sorted")
    assert frame.with_columns(column).collect()["sorted"].to_list() == ["a b", None, "c d"]
    both = pl.Struct({"sorted": pl.String, "sorted_error": pl.String})
    column = pl.col("question").map_batches(BatchTool(sorting_tool(), to="sorted"), return_dtype=both).alias("made")
    assert frame.select(column).unnest("made").collect().rows() == [("a b", None), (None, FAILED), ("c d", None)]
    inputs = pl.struct(pl.col("question").alias("text"), pl.col("row").alias("how often"))
    repeat = BatchTool(typed_tool(), errors="null")
    repeated = frame.select(inputs.map_batches(repeat, return_dtype=pl.String)).collect().to_series()
    assert repeated.to_list() == ["Sort: b a", "Sort: fails" * 2, "Sort: d c" * 3]


@pytest.mark.slow
def test_dask_maps_partitions() -> None:
    """An empty partition tells the types."""
    import dask  # noqa: PLC0415 - its import takes a second, in every process that collects tests
    import dask.dataframe as dd  # noqa: PLC0415 - as above

    frame = dd.from_pandas(  # type: ignore[no-untyped-call]  # Dask has no types
        pd.DataFrame({"question": [f"Sort: b a{n}" for n in range(40)]}), npartitions=4
    )
    function = BatchTool(sorting_tool(), to="sorted")
    found = frame.map_partitions(function, meta=function(frame._meta))
    with dask.config.set(scheduler="threads"):
        assert found.compute()["sorted"].tolist() == [f"a{n} b" for n in range(40)]


@pytest.mark.slow
def test_a_celery_task_takes_lists() -> None:
    """Its results are JSON."""
    app = Celery(broker="memory://", backend="cache+memory://")
    app.conf.task_always_eager = True
    app.conf.task_store_eager_result = True
    function = BatchTool(sorting_tool(), to="sorted")

    @app.task  # type: ignore[untyped-decorator]  # Celery has no types
    def sort(rows: list[str]) -> Any:
        return function(rows)

    assert sort.delay(ASKED[:1]).get(timeout=60) == [{"sorted": "a b", "sorted_error": None}]


@pytest.mark.slow
def test_spark_gets_an_iterator_of_frames() -> None:
    """As `mapInPandas` calls it."""
    function = travelled(BatchTool(sorting_tool(), to="sorted").frames)
    frames = function(iter([pd.DataFrame(FRAME), pd.DataFrame(FRAME)]))
    assert next(frames)["sorted"].tolist()[0] == "a b"
