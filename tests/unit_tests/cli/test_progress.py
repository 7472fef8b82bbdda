"""The text of a progress bar: how many of how many, and the time left."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console
from rich.progress import Progress

from langchain_latm.cli.progress import ProgressLine, _Left, progress


@pytest.fixture
def told() -> StringIO:
    return StringIO()


@pytest.fixture
def line(told: StringIO, monkeypatch: pytest.MonkeyPatch) -> ProgressLine:
    """A line whose clock stands still, at 100 seconds."""
    monkeypatch.setattr("langchain_latm.cli.progress.time.monotonic", lambda: 100.0)
    bar = Progress("{task.description}", _Left(), console=Console(file=told, width=100), get_time=lambda: 100.0)
    return ProgressLine(bar, bar.add_task("work", total=None), "work")


def shown(line: ProgressLine) -> str:
    (task,) = line._bar.tasks
    return f"{task.description} {_Left().render(task)}".strip()


def test_a_series_counts(line: ProgressLine) -> None:
    line.count("measuring", 0, 0)
    assert shown(line) == "measuring"
    line.count("measuring", 3, 1_200)
    assert shown(line) == "measuring 3/1,200"


def test_a_making_counts_its_rounds_and_the_time_for_new_ones(line: ProgressLine) -> None:
    line.attempt(2, 24, 300.0)
    assert shown(line) == "work 2/24, at most 0:05:00 left"


def test_rows_and_bytes(line: ProgressLine) -> None:
    line.rows(5_000, None)
    assert shown(line).startswith("work (5,000 rows, ")
    line.rows(5_000, 20_000)
    assert shown(line).endswith("rows/s) 5,000/20,000")
    line.bytes(500_000_000, 1_100_000_000)
    assert shown(line) == "work (MB) 500/1,100"


def test_a_long_file_is_read_by_its_bytes(line: ProgressLine) -> None:
    line.reading(70, (40_000_000, 90_000_000))
    assert shown(line) == "work (MB) 40/90"
    for short in (None, (4_000, 9_000)):
        line.reading(70, short)
        assert shown(line).startswith("work (70 rows, ")


@pytest.mark.parametrize("columns", [60, 80, 99, 100, 200])
def test_it_is_one_line_on_every_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()

    def console(**options: object) -> Console:
        del options
        return Console(file=screen, width=columns, force_terminal=True, legacy_windows=False)

    monkeypatch.setattr("langchain_latm.cli.progress.Console", console)
    with progress("applying a_tool_with_a_long_name", total=1_500_000) as line:
        for done in (5_000, 10_000, 1_400_000):
            line.rows(done, 1_500_000)
            line._bar.refresh()
    lines = [re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", each) for each in re.split(r"[\r\n]", screen.getvalue())]
    drawn = [each for each in lines if "applying" in each]
    assert drawn
    assert all("/1,500,000" in each for each in drawn)
    assert max(map(len, lines)) <= columns


def test_things_of_a_known_number(line: ProgressLine) -> None:
    line.items("tools", 3, 400)
    assert shown(line) == "work 3/400"


def test_the_time_left_is_estimated(told: StringIO) -> None:
    now = [0.0]
    bar = Progress("{task.description}", _Left(), console=Console(file=told), get_time=lambda: now[0])
    line = ProgressLine(bar, bar.add_task("work", total=100), "work")
    for done in (1, 2, 3, 4):
        now[0] += 10.0
        line.count("work", done * 10, 100)
    assert shown(line) == "work 40/100, 0:01:00 left"


def test_where_no_bar_moves_a_line_comes_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("langchain_latm.cli.progress.time.monotonic", lambda: now[0])
    with progress("applying") as line:
        for done in range(7):
            now[0] += 10.0
            line.rows(done, 10)
    assert capsys.readouterr().err.splitlines() == [
        "applying (3 of 10 rows, 0/s, 0:01:33 left)",
    ]
