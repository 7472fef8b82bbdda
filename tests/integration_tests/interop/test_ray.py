"""A made tool on a real Ray cluster of this machine, with workers that are lost."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ray

from langchain_latm.interop.bulk import BatchTool
from tests.unit_tests.sorting_tool import sorting_tool

ROWS = 4_000


@pytest.fixture(scope="module")
def _cluster() -> Iterator[None]:
    """Two workers; nothing leaves this machine."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


@pytest.mark.usefixtures("_cluster")
def test_each_row_comes_once_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Ray repeats its batches in another worker, which opens its own sandbox."""
    function, killed = BatchTool(sorting_tool(), to="sorted"), tmp_path / "killed"

    def and_die_once(batch: Any) -> Any:
        batch = function(batch)
        if 2_500 in batch["row"] and not killed.exists():
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(0.2)  # so that one worker does not take them all
        return {**batch, "worker": [os.getpid()] * len(batch["row"])}

    asked = [{"row": row, "question": f"Sort: b{row} a" if row % 1_000 else "Sort: fails"} for row in range(ROWS)]
    data = ray.data.from_items(asked, override_num_blocks=16)
    found = sorted(data.map_batches(and_die_once, batch_size=250).take_all(), key=lambda row: row["row"])
    assert killed.exists()
    assert [row["row"] for row in found] == list(range(ROWS))
    assert [row["sorted"] for row in found] == [f"a b{row}" if row % 1_000 else None for row in range(ROWS)]
    assert [row["row"] for row in found if row["sorted_error"]] == [0, 1_000, 2_000, 3_000]
    assert len({row["worker"] for row in found}) > 1


@pytest.mark.usefixtures("_cluster")
@pytest.mark.parametrize("batch_format", ["numpy", "pandas", "pyarrow"])
def test_all_formats_of_batches(batch_format: str) -> None:
    """They give the same rows; the function is passed as it is."""
    data = ray.data.from_items([{"question": "Sort: b a"}, {"question": "Sort: fails"}])
    found = data.map_batches(BatchTool(sorting_tool(), to="sorted"), batch_format=batch_format).take_all()
    assert found == [
        {"question": "Sort: b a", "sorted": "a b", "sorted_error": None},
        {"question": "Sort: fails", "sorted": None, "sorted_error": "exception: AssertionError"},
    ]
