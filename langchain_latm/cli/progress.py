"""Progress of a command, on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from langchain_latm import MadeTool
from langchain_latm.cli.tables import shown
from langchain_latm.cli.tool_view import show_source

_MEGABYTE = 1_000_000
_LONG_FILE = 10 * _MEGABYTE
_WIDE = 100
"""Minimum width of a terminal for all parts of a progress line."""
_COUNTED_WIDTH = 46
"""Width of the part after the text in a progress line: a short bar, two numbers of seven digits, and the time left."""
_TOLD_SECONDS = 30.0
"""Seconds between progress lines if no bar can be drawn."""


class _Left(ProgressColumn):
    """A column with the items done and the time left, which is estimated or until a limit.

    Args:
        elapsed: Whether to show the elapsed time if the end is unknown.
    """

    def __init__(self, *, elapsed: bool = False) -> None:
        super().__init__(table_column=Column(no_wrap=True))
        self._elapsed = elapsed

    def _since(self, task: Task) -> str:
        return _clock(task.elapsed or 0.0) if self._elapsed else ""

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text(self._since(task))
        done = f"{int(task.completed):,}/{int(task.total):,}"
        if (until := task.fields.get("until")) is not None:
            return Text(f"{done}, at most {_clock(max(0.0, until - time.monotonic()))} left")
        return Text(done if task.time_remaining is None else f"{done}, {_clock(task.time_remaining)} left")


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


class ProgressLine:
    """Permanent lines above one line that changes."""

    def __init__(self, bar: Progress, task: TaskID, title: str) -> None:
        self._bar, self._task, self._title = bar, task, title
        self._since = self._told = time.monotonic()

    def step(self, stage: str, message: str) -> None:
        """Print a line for a finished step."""
        self._bar.console.print(f"  [cyan]{stage:<12}[/] {shown(message)}", soft_wrap=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hide the progress until the block ends, so that it can ask a question."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def source(self, tool: MadeTool) -> None:
        """Print the source of a tool that was just made."""
        show_source(self._bar.console, tool.source, indent=4)

    def count(self, message: str, done: int, total: int) -> None:
        """Move the bar of a series; print a line when the series starts."""
        if done == 0:
            self._bar.console.print(f"[bold]{shown(message)}[/]")
        self._bar.update(self._task, description=shown(message), completed=done, total=total or None)
        if total:
            self._tell(f"{shown(message)} ({done:,} of {total:,})")

    def attempt(self, number: int, attempts: int, seconds: float) -> None:
        """Show the round of a making, the maximum number of rounds, and the time left for new rounds.

        Args:
            number: The round, from 1.
            attempts: Maximum number of rounds.
            seconds: No round starts later than this many seconds after the start.
        """
        self._bar.update(self._task, completed=number, total=attempts, until=self._since + seconds)

    def advance(self) -> None:
        """Count one more item as done."""
        self._bar.advance(self._task)

    def rows(self, done: int, total: int | None, *, begun: int = 0) -> None:
        """Move the bar to the rows done of a table, and show their rate and the time left.

        Args:
            done: Rows that are finished.
            total: All rows, if that is known.
            begun: Rows that were finished before this run.
        """
        rate = (done - begun) / max(time.monotonic() - self._since, 1e-3)
        text = f"{done:,} rows, " if total is None else ""
        self._bar.update(
            self._task, description=f"{shown(self._title)} ({text}{rate:,.0f} rows/s)", completed=done, total=total
        )
        left = "" if total is None or not rate else f", {_clock((total - done) / rate)} left"
        of = "" if total is None else f" of {total:,}"
        self._tell(f"{shown(self._title)} ({done:,}{of} rows, {rate:,.0f}/s{left})")

    def reading(self, rows: int, passed: tuple[int, int] | None) -> None:
        """Move the bar to the bytes read of a long file; for a short one, show the number of rows read."""
        if passed is None or passed[1] < _LONG_FILE:
            self.rows(rows, None)
        else:
            self.bytes(*passed)

    def items(self, what: str, done: int, total: int) -> None:
        """Move the bar to the items done of a known number."""
        self._bar.update(self._task, completed=done, total=total)
        self._tell(f"{shown(self._title)} ({done:,} of {total:,} {what})")

    def bytes(self, done: int, total: int) -> None:
        """Move the bar to the bytes done of a file."""
        done, total = done // _MEGABYTE, total // _MEGABYTE
        self._bar.update(self._task, description=f"{shown(self._title)} (MB)", completed=done, total=total)
        self._tell(f"{shown(self._title)} ({done:,} of {total:,} MB)")

    def _tell(self, text: str) -> None:
        """Print a line from time to time if no bar can be drawn, as in a file or a pipe."""
        if self._bar.disable and time.monotonic() - self._told > _TOLD_SECONDS:
            self._told = time.monotonic()
            self._bar.console.print(text, soft_wrap=True)


_active: list[Progress] = []


@contextmanager
def progress(title: str, *, total: int | None = None) -> Iterator[ProgressLine]:
    """Show a spinner, a bar and a clock until the block ends; in a file or a pipe, print only the permanent lines.

    Inside another such block, as when a model starts late, it adds a line to it.
    """
    if _active:
        task = _active[-1].add_task(shown(title), total=total)
        try:
            yield ProgressLine(_active[-1], task, title)
        finally:
            _active[-1].remove_task(task)
        return
    console = Console(stderr=True, highlight=False)
    # It has one line: on a narrow terminal the title is cut before the counts, the bar is short, and the clock is shown
    # only if the end is unknown.
    wide = console.width >= _WIDE
    said = None if wide else max(10, console.width - _COUNTED_WIDTH)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", max_width=said)),
        BarColumn(bar_width=24 if wide else 8),
        _Left(elapsed=not wide),
        *((TimeElapsedColumn(),) if wide else ()),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        _active.append(bar)
        try:
            yield ProgressLine(bar, bar.add_task(shown(title), total=total), title)
        finally:
            _active.remove(bar)
