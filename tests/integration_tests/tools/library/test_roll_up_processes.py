"""Uses are added up by many processes at once, some of which are killed; every confirmed use counts once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library import roll_up as rolling
from langchain_latm.tools.library.library import operations_of
from tests.unit_tests.made_tool import made_tool

WORKER = """
import sys
from langchain_latm import MadeTool, open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library import roll_up as rolling
from langchain_latm.tools.library.library import operations_of
rolling._CLAIM_SECONDS = 3.0
rolling._DELETED_AT_ONCE = 7
tool = MadeTool.load(sys.argv[2])
with open_tool_library(sys.argv[1]) as library:
    for number in range(int(sys.argv[3])):
        library.record_use(tool)
        print(number, flush=True)
        if number % 10 == 9:
            run_flow(rolling.roll_up(operations_of(library), recent=5, size=40, rounds=1))
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]


def worker(file: Path, tool: Path, uses: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(file), str(tool), str(uses)], stdout=subprocess.PIPE, text=True
    )


def confirmed(process: subprocess.Popen[str]) -> int:
    """Return the number of uses that a process still says it has recorded, at its end."""
    assert process.stdout is not None
    with process.stdout as lines:  # not `communicate`: it would miss what `readline` has read ahead
        count = len(lines.read().splitlines())
    process.wait(60)
    return count


def test_processes_that_are_killed_while_they_add_up_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    file, record = tmp_path / "tools.sqlite", tmp_path / "a.tool.json"
    tool = made_tool()
    record.write_text(tool.dump())
    steady = [worker(file, record, 200) for _ in range(2)]
    least, killed = 0, 3
    for attempt in range(killed):
        process = worker(file, record, 1_000_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.3 + 0.23 * attempt)
        process.send_signal(signal.SIGKILL)
        least += 1 + confirmed(process)
    least += sum(map(confirmed, steady))
    assert [each.returncode for each in steady] == [0, 0]
    with open_tool_library(file) as library:
        counted = library.usage(tool.name).uses
        assert least <= counted <= least + killed  # a process may be killed between its write and its word
        deadline = time.monotonic() + 60
        while library._store.search(("latm", "uses")) and time.monotonic() < deadline:
            run_flow(rolling.roll_up(operations_of(library), recent=0))
            time.sleep(0.2)  # the claim of a killed worker has to end
        assert library.usage(tool.name).uses == counted
        assert len(library._store.search(("latm", "sums"))) == 1
        assert library._store.search(("latm", "uses")) == []
