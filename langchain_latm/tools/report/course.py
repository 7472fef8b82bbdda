"""The tokens of all requests over time, with tools and without: the data of the curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from math import ceil
from typing import Final, NamedTuple

from langchain_latm.tools.library.accounting import LibraryCosts
from langchain_latm.tools.library.contents import Step

_MAX_POINTS: Final = 300
"""More points cannot be distinguished on a screen."""


class Point(NamedTuple):
    """Tokens spent after a number of uses.

    Attributes:
        uses: Number of uses.
        with_tools: Tokens that making and using tools took.
        without: Tokens that direct answers would have taken in place of the uses that gave an answer.
        at: Time of the last use.
    """

    uses: int
    with_tools: Fraction
    without: Fraction
    at: datetime | None = None

    @property
    def saved(self) -> Fraction:
        """Tokens saved by the tools."""
        return self.without - self.with_tools


class Course(NamedTuple):
    """Tokens spent, use by use.

    Attributes:
        points: In order of time; with many uses a sample that includes the first and the last. A making adds a point at
            the same number of uses.
        paid_at: Number of uses from which less was spent with tools than without; None if that is not reached.
    """

    points: tuple[Point, ...]
    paid_at: int | None

    @property
    def last(self) -> Point:
        """The current totals."""
        return self.points[-1]


def course(steps: Sequence[Step], costs: LibraryCosts) -> Course | None:
    """Add up the tokens step by step; None if there is nothing to compare.

    The last point equals the sums of `library_costs`, and the same tools are left out. As there, a direct answer costs
    the average of its kind. A use that failed was answered directly in either case: its answer is in neither sum.

    Args:
        steps: All events that took tokens, oldest first.
        costs: The accounts of the same library.
    """
    direct: dict[str | None, Fraction] = {None: Fraction()}
    for tool in costs.tools:
        if tool.tokens.saved is not None and tool.tokens.instead is not None:
            direct[tool.name] = Fraction(tool.tokens.instead, max(1, tool.uses - tool.failures))
    if costs.tokens.saved is None or not any(step.action == "used" and step.name in direct for step in steps):
        return None
    every = list(_points([step for step in steps if step.name in direct], direct))
    return Course(tuple(_thinned(every)), _paid_at(every))


def _points(steps: Sequence[Step], direct: dict[str | None, Fraction]) -> Iterator[Point]:
    last = Point(0, Fraction(), Fraction())
    yield last
    for step in steps:
        used = step.times if step.action == "used" else 0
        last = Point(
            last.uses + used,
            last.with_tools + step.tokens,
            last.without + (direct[step.name] * step.times if step.answered else 0),
            step.at if used else last.at,
        )
        yield last


def _paid_at(points: Sequence[Point]) -> int | None:
    if points[-1].saved < 0:
        return None
    owing = [number for number, point in enumerate(points) if point.saved < 0]
    if not owing:
        return 0
    last, after = points[owing[-1]], points[owing[-1] + 1]
    # Each use of a batch saves the same.
    saved_by_one = (after.saved - last.saved) / (after.uses - last.uses)
    return last.uses + ceil(-last.saved / saved_by_one)


def _thinned(points: Sequence[Point]) -> Iterator[Point]:
    """Keep the points at regular numbers of uses: right after the use, and after the makings that followed."""
    every = max(1, -(-points[-1].uses // _MAX_POINTS))
    kept = -1
    for uses, group in groupby(points, key=lambda point: point.uses):
        first, *others = group
        if uses // every > kept or uses == points[-1].uses:
            kept = uses // every
            yield first
            yield from others[-1:]
