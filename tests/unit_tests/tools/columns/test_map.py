"""`MadeTool.map`: a column in, a column of the same kind out, with the error of each row."""

from __future__ import annotations

from itertools import count, islice
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from langchain_latm.exceptions import TableError, ToolRecordError, ToolUseError
from langchain_latm.sandbox import Limits, Sandbox, create_sandbox
from tests.unit_tests.counting_sandbox import CountingSandbox
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.sorting_tool import returning, sorting_tool, typed_tool

ASKED = ["Sort: b a", None, "what", "Sort: fails", "Sort: d c"]
SORTED = ["a b", None, None, None, "c d"]
FRAME = {"question": ASKED, "other": [1, 2, 3, 4, 5]}
LABELS = list("vwxyz")
COLUMNS: dict[str, tuple[Any, str]] = {
    "pandas Series": (pd.Series(ASKED, index=LABELS), "Series"),
    "pandas DataFrame": (pd.DataFrame(FRAME, index=LABELS), "Series"),
    "Polars Series": (pl.Series("asked", ASKED), "Series"),
    "Polars DataFrame": (pl.DataFrame(FRAME), "Series"),
    "Polars struct": (pl.DataFrame(FRAME).to_struct("s"), "Series"),
    "Polars LazyFrame": (pl.LazyFrame(FRAME), "LazyFrame"),
    "Arrow Array": (pa.array(ASKED), "StringArray"),
    "Arrow ChunkedArray": (pa.chunked_array([ASKED[:2], ASKED[2:]]), "ChunkedArray"),
    "Arrow Table": (pa.table(FRAME), "ChunkedArray"),
    "Arrow RecordBatch": (pa.RecordBatch.from_pydict(FRAME), "StringArray"),
    "Arrow struct": (pa.Table.from_pydict(FRAME).to_struct_array(), "ChunkedArray"),
    "NumPy array": (np.array(ASKED, dtype=object), "ndarray"),
    "dict of arrays": ({key: np.array(each, dtype=object) for key, each in FRAME.items()}, "ndarray"),
    "dict of lists": (FRAME, "list"),
    "list": (ASKED, "list"),
    "tuple": (tuple(ASKED), "list"),
}


def values(column: Any) -> list[Any]:
    """The values of any column, None for missing ones."""
    if isinstance(column, pl.LazyFrame):
        column = column.collect().to_series()
    to_list = getattr(column, "to_pylist", None) or getattr(column, "to_list", None) or column.copy
    return [None if value is pd.NA or (type(value) is float and isnan(value)) else value for value in to_list()]


@pytest.mark.parametrize("name", COLUMNS)
def test_each_kind_of_column_gives_its_own_kind(name: str, sandbox: Sandbox) -> None:
    data, kind = COLUMNS[name]
    tool, counting = sorting_tool(), CountingSandbox(sandbox)
    found = tool.map(data, sandbox=counting, errors="null")
    assert (type(found).__name__, values(found)) == (kind, SORTED)
    assert sum(batch[2] for batch in counting.batches) == 3, "without what the parser does not read"
    if "pandas" in name:
        assert list(found.index) == LABELS
    both = tool.map(data, sandbox=sandbox, errors="column")
    table = both.collect() if isinstance(both, pl.LazyFrame) else both
    if isinstance(both, list):
        table = {key: [row[key] for row in both] for key in both[0]}
    assert values(table["word_sorting"]) == SORTED
    errors = values(table["word_sorting_error"])
    assert [error and error.split()[0] for error in errors] == [None, "there", "the", "exception:", None]
    with pytest.raises((ToolUseError, pl.exceptions.PolarsError), match=r"word_sorting, row .*there is no request"):
        values(tool.map(data, sandbox=sandbox))


@pytest.mark.slow
def test_a_row_that_ends_the_process_affects_only_itself() -> None:
    asked = [*(f"Sort: b{number} a" for number in range(40)), "Sort: kills", "Sort: b a"]
    with create_sandbox(limits=Limits(wall_seconds=0.05)) as strict:
        found = sorting_tool().map(asked, sandbox=strict, errors="column")
    assert [row["word_sorting"] for row in found] == [*(f"a b{number}" for number in range(40)), None, "a b"]
    assert "longer than" in found[40]["word_sorting_error"]


def test_an_iterator_is_read_chunk_by_chunk(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one chunk of rows is in memory, so that it may be endless."""
    monkeypatch.setattr("langchain_latm.tools.columns.rows.CHUNK_ROWS", 10)
    read = 0

    def asked() -> Any:
        nonlocal read
        for read in count(1):
            yield f"Sort: b a{read}"

    found = sorting_tool().map(asked(), sandbox=sandbox)
    assert list(islice(found, 15)) == [f"a{number} b" for number in range(1, 16)]
    assert read == 20
    monkeypatch.setattr("langchain_latm.tools.columns.rows.CHUNK_CHARACTERS", 40)
    counting = CountingSandbox(sandbox)
    list(sorting_tool().map(iter(["Sort: " + "a" * 30] * 4), sandbox=counting))
    assert [batch[2] for batch in counting.batches] == [2, 2], "few rows may be long ones"


TYPED: dict[str, tuple[str, tuple[Any, ...], list[Any], str, str, str]] = {
    # expression, values of the proof, values of two rows, types of pandas, Polars and Arrow
    "integers": ("len(words)", (1, 2), [2, 1], "Int64", "Int64", "int64"),
    "numbers": ("len(words) / 2", (1, 0.5), [1.0, 0.5], "float64", "Float64", "double"),
    "truth": ("len(words) > 1", (True, False), [True, False], "boolean", "Boolean", "bool"),
    "lists": ("words", (["a"], []), [["b", "a"], ["c"]], "object", "List(String)", "list<item: string>"),
}


@pytest.mark.parametrize("name", TYPED)
def test_the_type_is_that_of_the_proof(name: str, sandbox: Sandbox) -> None:
    """For any part of the data, even without rows."""
    expression, proven, expected, *types = TYPED[name]
    tool = returning(expression, *proven)
    given = ["Sort: b a", "Sort: c"]
    for rows in (given, [None, *given], []):
        columns = (pd.Series(rows, dtype="str"), pl.Series(rows, dtype=pl.String), pa.array(rows, type=pa.string()))
        for data, kind in zip(columns, types, strict=True):
            found = tool.map(data, sandbox=sandbox, errors="null")
            assert values(found) == [*[None] * (len(rows) - 2), *(expected if rows else [])], (data, rows)
            dtype = found.type if isinstance(found, pa.Array) else found.dtype
            assert str(dtype) == kind, (data, rows)


def test_records_are_json_where_columns_have_one_type(sandbox: Sandbox) -> None:
    tool = returning("{'n': len(words)}", {"n": 1})
    assert tool.map(pl.Series(["Sort: b a"]), sandbox=sandbox).to_list() == ['{"n": 2}']
    assert tool.map(pa.array(["Sort: b a"]), sandbox=sandbox).to_pylist() == ['{"n": 2}']
    for data in (pd.Series(["Sort: b a"]), np.array(["Sort: b a"]), ["Sort: b a"]):
        assert list(tool.map(data, sandbox=sandbox)) == [{"n": 2}]


def test_a_value_of_another_type_is_an_error_of_its_row(sandbox: Sandbox) -> None:
    tool = returning("len(words) if len(words) < 3 else '3'", 1, 2)
    found = tool.map(pl.Series(["Sort: a", "Sort: c b a"]), sandbox=sandbox, errors="column")
    assert found.rows() == [(1, None), (None, 'the value "3" is no integer, unlike all values of the proof')]
    huge = returning("10 ** len(words[0])", 10, 100)
    found = huge.map(pa.array(["Sort: " + "a" * 30]), sandbox=sandbox, errors="column")
    assert "64 bits" in found["word_sorting_error"][0].as_py()


def test_what_cannot_be_mapped_is_said_at_once(sandbox: Sandbox) -> None:
    tool = sorting_tool()
    frame = pd.DataFrame({"asked": ["Sort: b a"], "sort": [1]})
    assert list(tool.map(frame, columns="asked", sandbox=sandbox)) == ["a b"]
    with pytest.raises(TableError, match="no column 'question'; there are 'asked', 'sort'"):
        tool.map(frame, sandbox=sandbox)
    with pytest.raises(TableError, match="no column 'askde'; there are 'asked'"):
        tool.map(frame, columns="askde", sandbox=sandbox)
    with pytest.raises(ToolRecordError, match="no parser"):
        made_tool().map(["Sort: b a"], sandbox=sandbox)
    with pytest.raises(ValueError, match="errors is"):
        tool.map(["Sort: b a"], sandbox=sandbox, errors="ignore")  # type: ignore[arg-type]
    for wrong in ("Sort: b a", 7):
        with pytest.raises(TypeError, match=r"data (must be|is)"):
            tool.map(wrong, sandbox=sandbox)


def test_tenants_are_kept_apart(sandbox: Sandbox) -> None:
    counting = CountingSandbox(sandbox)
    sorting_tool().map(["Sort: b a"], sandbox=counting, tenant="acme")
    assert counting.batches == [("sort_words", "acme", 1)]


ROWS = {"text": ["ab", "fails", None, "c"], "how often": [2, 1, 1, 3], "other": [0, 0, 0, 0]}
TYPED_TABLES: dict[str, Any] = {
    "pandas": pd.DataFrame(ROWS),
    "Polars": pl.DataFrame(ROWS),
    "Polars lazily": pl.LazyFrame(ROWS),
    "Polars struct": pl.DataFrame(ROWS).to_struct("s"),
    "Arrow": pa.table(ROWS),
    "dict of lists": ROWS,
}


@pytest.mark.parametrize("name", TYPED_TABLES)
def test_a_typed_tool_takes_a_column_for_each_input(name: str, sandbox: Sandbox) -> None:
    """And leaves out the others; a missing value is given to the function, which may refuse it."""
    found = typed_tool().map(TYPED_TABLES[name], sandbox=sandbox, errors="null")
    assert values(found) == ["abab", None, None, "ccc"]


def test_inputs_may_have_other_columns(sandbox: Sandbox) -> None:
    tool = typed_tool()
    frame = pd.DataFrame({"Text": ["ab"], "how often": [2]})
    assert list(tool.map(frame, columns={"text": "Text"}, sandbox=sandbox)) == ["abab"]
    rows = [{"Text": "ab", "how often": 2}, {"how often": 2}]
    found = tool.map(rows, columns={"text": "Text"}, sandbox=sandbox, errors="column")
    assert found[0] == {"repeat": "abab", "repeat_error": None}
    assert "the input 'text' is missing" in found[1]["repeat_error"]
    with pytest.raises(TableError, match="no column 'text'; there are 'Text'"):
        tool.map(frame, sandbox=sandbox)
    with pytest.raises(TableError, match="no input 'txet'; there are 'text'"):
        tool.map(frame, columns={"txet": "Text"}, sandbox=sandbox)
    with pytest.raises(TableError, match="'text', 'how often': give a table"):
        tool.map(frame["Text"], sandbox=sandbox)


def test_a_single_input_is_its_own_column(sandbox: Sandbox) -> None:
    parameters = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    source = "def repeat(text: str) -> str:\n    return text[::-1]\n"
    tool = typed_tool(source=source, parameters=parameters, inputs={"text": "text"})
    for data in (pd.Series(["ab", "cd"]), pl.Series(["ab", "cd"]), ["ab", "cd"], [{"text": "ab"}, {"text": "cd"}]):
        assert list(tool.map(data, sandbox=sandbox)) == ["ba", "dc"], type(data)
    frame = pd.DataFrame({"name": ["ab"]})
    assert list(tool.map(frame, columns="name", sandbox=sandbox)) == ["ba"]
    assert list(tool.map(["ab"], columns={"text": "name"}, sandbox=sandbox)) == ["ba"]
