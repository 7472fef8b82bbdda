"""The tool library in many processes at once, and in processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from langchain_latm import MadeTool, open_tool_library
from tests.unit_tests.made_tool import made_tool

WRITER = """
import sys
from langchain_latm import MadeTool, open_tool_library
tool = MadeTool.load(sys.argv[2])
with open_tool_library(sys.argv[1]) as library:
    print("ready", flush=True)
    number = 0
    while number < int(sys.argv[3]):
        number += 1
        content = tool.model_dump(exclude={"id"}) | {"name": f"{sys.argv[4]}_{number}"}
        library.add(MadeTool(**content))
        library.record_use(tool)
        print(number, flush=True)
"""


def writer(file: Path, tool: Path, count: int, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), str(tool), str(count), name], stdout=subprocess.PIPE, text=True
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tools.sqlite"


@pytest.fixture
def record(tmp_path: Path) -> Path:
    (tmp_path / "a.tool.json").write_text(made_tool().dump())
    return tmp_path / "a.tool.json"


def test_processes_that_share_a_file_lose_nothing(file: Path, record: Path) -> None:
    writers = [writer(file, record, 25, f"w{number}") for number in range(4)]
    assert [each.wait(60) for each in writers] == [0] * 4
    for each in writers:
        each.communicate()
    with open_tool_library(file) as library:
        names = {each.name for each in library.list()}
        assert names == {f"w{number}_{n}" for number in range(4) for n in range(1, 26)}
        assert library.usage("word_sorting").uses == 100


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_writer_loses_nothing_that_it_had_confirmed(file: Path, record: Path) -> None:
    for attempt in range(3):
        process = writer(file, record, 1_000_000, f"w{attempt}")
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.07 * attempt)
        process.send_signal(signal.SIGKILL)
        confirmed = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        with open_tool_library(file) as library:
            names = {each.name for each in library.list()}
            wanted = {f"w{attempt}_{number}" for number in range(1, len(confirmed) + 1)}
            assert wanted <= names
            assert all(isinstance(library.get(name), MadeTool) for name in wanted)
