"""`latm bench bulk`: each way gives all rows, and the report shows them."""

from __future__ import annotations

from langchain_latm.benchmarks.bulk import bench_bulk, report
from langchain_latm.sandbox import Sandbox


def test_each_way_is_measured(sandbox: Sandbox) -> None:
    told: list[str] = []
    figures = bench_bulk(sandbox, 30, ray=False, progress=lambda _, text: told.append(text))
    assert [way.name for way in figures.ways] == [
        "Python, not isolated", "sandbox.batch", "MadeTool.map", "create_tool_user, batch", "create_latm, batch",
    ]  # fmt: skip
    assert len(told) == 5
    shown = report(figures).markdown
    assert all(way.name in shown and way.rows == 30 and way.rate > 0 for way in figures.ways)
