"""What a command tells while it works, on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from langchain_latm.cli.source_view import show_source
from langchain_latm.cli.tables import shown
from langchain_latm.tools.made_tool import MadeTool

_MEGABYTE = 1_000_000


class ProgressLine:
    """What one command tells while it works: lines that stay, above one line that moves."""

    def __init__(self, bar: Progress, task: TaskID, title: str) -> None:
        self._bar, self._task, self._title = bar, task, title

    def step(self, stage: str, message: str) -> None:
        """Keep a line for a step that is done."""
        self._bar.console.print(f"  [cyan]{stage:<12}[/] {shown(message)}", soft_wrap=True)

    def source(self, tool: MadeTool) -> None:
        """Keep the source of a tool that was just made."""
        show_source(self._bar.console, tool.source, indent=4)

    def count(self, message: str, done: int, total: int) -> None:
        """Show how far a series is, and keep a line when it begins."""
        if done == 0:
            self._bar.console.print(f"[bold]{shown(message)}[/]")
        self._bar.update(self._task, description=shown(message), completed=done, total=total or None)

    def advance(self) -> None:
        """Count one more as done."""
        self._bar.advance(self._task)

    def bytes(self, done: int, total: int) -> None:
        """Show how much of the weights is read."""
        self._bar.update(
            self._task,
            description=f"{shown(self._title)} ({done // _MEGABYTE:,} of {total // _MEGABYTE:,} MB)",
            completed=done,
            total=total,
        )


@contextmanager
def progress(title: str, *, total: int | None = None) -> Iterator[ProgressLine]:
    """Show a spinner with a bar and a clock until the block ends; in a file or a pipe, only the lines that stay."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield ProgressLine(bar, bar.add_task(shown(title), total=total), title)
