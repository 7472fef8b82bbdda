"""Shared parts of the benchmarks: figures, reports with tables and sentences, and pictures."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from langchain_latm._core.plain_table import PlainTable

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Figures(BaseModel):
    """Base of measured values: frozen, and tolerant of fields of older or newer files."""

    model_config = ConfigDict(frozen=True)


class Spread(Figures):
    """Mean and range of several measurements."""

    mean: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Summarize one or more values."""
        return cls(mean=statistics.fmean(values), lowest=min(values), highest=max(values))

    def __format__(self, spec: str) -> str:
        mean = format(self.mean, spec)
        return mean if self.lowest == self.highest else f"{mean} ({self.lowest:{spec}} to {self.highest:{spec}})"


class Report(NamedTuple):
    """The results of a benchmark for a reader."""

    title: str
    tables: Sequence[PlainTable]  # in reading order
    sentences: Sequence[str]  # notes on the measurement and on missing parts

    @property
    def markdown(self) -> str:
        """The report as a Markdown page."""
        sections = (f"## {table.title}\n\n{table.markdown}" for table in self.tables)
        return "\n\n".join([f"# {self.title}", *self.sentences, *sections]) + "\n"


class Goal(NamedTuple):
    """A goal, its measurement, and whether it is `"met"`, `"missed"` or `"not run"`."""

    goal: str
    measured: str
    verdict: str

    @classmethod
    def judged(cls, goal: str, measured: str, met: bool) -> Self:
        """Return a goal that was measured."""
        return cls(goal, measured, "met" if met else "missed")

    @classmethod
    def not_run(cls, goal: str) -> Self:
        """Return a goal without a measurement."""
        return cls(goal, "-", "not run")


def goals_table(goals: Sequence[Goal]) -> PlainTable:
    """Return the table of the goals."""
    return PlainTable("Goals", ("goal", "measured", ""), goals)


@contextmanager
def picture(path: Path, width: float, height: float) -> Iterator[Figure]:
    """Write the drawing of the block as a picture, `width` by `height` inches."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - of the extra `bench`, and slow to load

    figure = Figure(figsize=(width, height), layout="constrained")
    yield figure
    figure.savefig(path, dpi=120)


def break_even(making: float, direct: float, using: float) -> int | None:
    """Return after how many requests a making has paid for itself; None if never.

    `direct` is the cost of a request without the tool, `using` that of a request with it.
    """
    return max(1, math.ceil(making / (direct - using))) if direct > using else None


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile, one of the values."""
    return sorted(values)[int(len(values) * 0.99)]


def three_digits(value: float | None) -> str:
    """Format a number with about three digits."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"  # noqa: PLR2004


def percent(share: float | None) -> str:
    """Format a share between 0 and 1."""
    return "-" if share is None else f"{share:.1%}"
