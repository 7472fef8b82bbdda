"""`latm bench apply`."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from langchain_latm.benchmarks.applying import bench_apply, report
from langchain_latm.sandbox import Sandbox


@pytest.mark.slow
def test_every_row_goes_through_the_sandbox(sandbox: Sandbox) -> None:
    told: list[tuple[str, int, int]] = []
    figures = bench_apply(lambda: nullcontext(sandbox), rows=2_500, progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(step for step, *_ in told)) == ["writing a table", "counting its rows", "applying a tool"]
    assert told[-1] == ("applying a tool", 2_500, figures.rows)
    assert min(figures.rows_per_second, figures.host_us, figures.plain_us, figures.memory_mb) > 0
    assert figures.sandbox_us >= 0
    assert "2,500 rows" in report(figures).markdown
