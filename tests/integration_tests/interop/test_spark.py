"""A made tool on a real local Spark, if it is installed: pyspark takes 400 MB and needs Java."""

from __future__ import annotations

import shutil
import sys

import pytest

from langchain_latm.interop.bulk import BatchTool
from tests.unit_tests.sorting_tool import sorting_tool

sql = pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")


def test_spark_maps_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over several tasks, each row once."""
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        asked = [(row, f"Sort: b{row} a" if row % 100 else "Sort: fails") for row in range(400)]
        data = session.createDataFrame(asked, "row int, question string").repartition(4)
        schema = "row int, question string, sorted string, sorted_error string"
        made = data.mapInPandas(BatchTool(sorting_tool(), to="sorted").frames, schema)
        found = sorted(tuple(row) for row in made.collect())
    finally:
        session.stop()
    assert [(row, sorted_) for row, _, sorted_, _ in found] == [
        (row, f"a b{row}" if row % 100 else None) for row in range(400)
    ]
    assert [error for *_, error in found if error] == ["exception: AssertionError"] * 4
