"""The first part of `latm demo`: a column of 5,000 rows, completed from the 20 that a person has filled in."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from langchain_core.runnables import Runnable

from langchain_latm.benchmarks.demo import DemoEvent
from langchain_latm.exceptions import ToolMakingError
from langchain_latm.interop.tables.apply import apply_tool, prepare
from langchain_latm.interop.tables.formats import open_table
from langchain_latm.interop.tables.outputs import open_output
from langchain_latm.interop.tables.table_task import load_table_task
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.state import MakingEvent
from langchain_latm.sandbox.base import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Value

COLUMN: Final = "column"
"""The name of this part."""
ROWS: Final = 5_000
SOLVED: Final = 20
_FROM, _TO = "signup", "iso"
_NAMES: Final = ("Ada", "Zoë", "Jörg", "Ayşe", "Nguyễn", "Olu", "Mei", "Ivan", "Fatima", "Tom")


class ColumnResult(Value):
    """The result for the column.

    Attributes:
        tool: The tool; None if making failed.
        error: Why there is no tool.
        rows: Rows of the table.
        solved: Rows that had an answer.
        right: Rows that have the right answer afterwards.
        refused: Rows that the tool refused.
        tokens: Tokens of the making. Applying takes none.
        making_seconds: Wall-clock time of the making.
        applying_seconds: Wall-clock time of applying the tool to all rows, reading and writing included.
    """

    tool: MadeTool | None
    error: str | None = None
    rows: int
    solved: int
    right: int
    refused: int
    tokens: int
    making_seconds: float
    applying_seconds: float

    @property
    def complete(self) -> bool:
        """Whether every row is right."""
        return self.right == self.rows


def write_table(path: Path, seed: int) -> list[str]:
    """Write the table; return the right answers of all rows."""
    draw = random.Random(f"{COLUMN}/{seed}")  # noqa: S311 - examples, not secrets
    days = [date(1990, 1, 1) + timedelta(days=draw.randrange(13_000)) for _ in range(ROWS)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["name", _FROM, _TO])
        for number, day in enumerate(days):
            shown = f"{day:%B} {day.day}, {day.year}"
            table.writerow([draw.choice(_NAMES), shown, day.isoformat() if number < SOLVED else ""])
    return [day.isoformat() for day in days]


def run_column(
    model: Runnable[Any, Any], sandbox: Sandbox, *, seed: int = 0
) -> Iterator[DemoEvent | MakingEvent | ColumnResult]:
    """Run `latm make people.csv --from signup --to iso` and `latm apply`, and compare with the right answers.

    Yields:
        Progress, and the `ColumnResult` at the end.

    Raises:
        ModelError: A model is needed and cannot be reached.
        SandboxError: The sandbox itself failed.
    """
    with TemporaryDirectory(prefix="latm-demo-") as folder:
        source, target = Path(folder) / "people.csv", Path(folder) / "done.csv"
        expected = write_table(source, seed)
        table = open_table(source)
        task = load_table_task(table, [_FROM], _TO).task
        start, tool, error, tokens = time.perf_counter(), None, None, 0
        yield DemoEvent(kind=COLUMN, message="making a tool")
        try:
            for event in create_tool_maker(model, sandbox=sandbox, direct_samples=0).stream(task, stream_mode="custom"):
                yield event
                tool = event.tool
        except ToolMakingError as failure:
            error, tokens = str(failure), sum(usage.total for usage in failure.usage.values())
        making = time.perf_counter() - start
        start, right, refused = time.perf_counter(), SOLVED, ROWS - SOLVED
        if tool is not None:
            tokens = sum(usage.total for usage in tool.provenance.usage.values())
            yield DemoEvent(kind=COLUMN, message="applying it", total=ROWS)
            how, added = prepare(tool, table, [], _TO)
            output = open_output(target, table, added, {})
            try:
                refused = apply_tool(table, output, sandbox, how).refused
                output.finish()
            finally:
                output.close()
            with target.open(encoding="utf-8", newline="") as file:
                right = sum(row[_TO] == answer for row, answer in zip(csv.DictReader(file), expected, strict=True))
        yield ColumnResult(
            tool=tool,
            error=error,
            rows=ROWS,
            solved=SOLVED,
            right=right,
            refused=refused,
            tokens=tokens,
            making_seconds=making,
            applying_seconds=time.perf_counter() - start,
        )
