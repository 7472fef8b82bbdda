"""Positions of the curve's lines, areas and labels, drawn by `curve.html.jinja`.

Horizontal positions of labels are in per cent of the width, so that text keeps its size on every screen. The lines are
stretched: their own coordinates go from 0 to 1,000 in both directions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from langchain_latm.tools.report.course import Course, Point

_SCALE: Final = 1_000
_TICKS: Final = 4
_MAX_ROWS: Final = 24
"""Maximum number of rows in the table of the curve."""

Spot = tuple[Fraction, Fraction]
"""A point in the stretched coordinates: distance from the left, from the top."""


class Tick(NamedTuple):
    """A number at an axis.

    Attributes:
        at: Its position in per cent, from the left or from the top.
        text: The number.
        anchor: The side of the text that is at this position.
    """

    at: float
    text: str
    anchor: str = "middle"


class Area(NamedTuple):
    """The area between the lines while one of them is above the other.

    Attributes:
        saved: Whether the line without tools is above.
        path: Its outline.
    """

    saved: bool
    path: str


class Plot(NamedTuple):
    """The drawing of a course.

    Attributes:
        with_tools: The path of the line with tools.
        without: The path of the line without tools.
        areas: The areas between them.
        across: The ticks below.
        up: The ticks at the left.
        paid: Where the tools have paid for themselves, and the number of uses; None if they have not.
        rows: Points for the table, including the first and the last.
        course: The data.
    """

    with_tools: str
    without: str
    areas: tuple[Area, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    paid: Tick | None
    rows: tuple[Point, ...]
    course: Course


def plot(course: Course) -> Plot:
    """Lay out a course."""
    uses = course.last.uses
    top = max(Fraction(1), *(each for point in course.points for each in (point.with_tools, point.without)))
    steps = ticks(top)
    highest = max(top, Fraction(steps[-1]))
    lines = [
        (_place(point.uses, uses), _height(point.with_tools, highest), _height(point.without, highest))
        for point in course.points
    ]
    return Plot(
        with_tools=_path([(x, y) for x, y, _ in lines]),
        without=_path([(x, y) for x, _, y in lines]),
        areas=tuple(_areas(lines)),
        across=tuple(Tick(100 * each / uses, f"{each:,}", _anchor(each, uses)) for each in ticks(uses, within=True)),
        up=tuple(Tick(float(_height(Fraction(each), highest)) / 10, f"{each:,}") for each in steps),
        paid=_paid(course),
        rows=tuple(_rows(course.points)),
        course=course,
    )


def ticks(most: Fraction | int, *, within: bool = False) -> list[int]:
    """Return round numbers from 0 up to the first that reaches `most`, or, if `within`, to the last not above it."""
    rough = max(1.0, float(most) / _TICKS)
    power = 10 ** math.floor(math.log10(rough))
    step = int(power * next(each for each in (1, 2, 5, 10) if each * power >= rough))
    count = int(most // step) if within else math.ceil(most / step)
    return [step * each for each in range(count + 1)]


def _place(uses: int, most: int) -> Fraction:
    return Fraction(uses * _SCALE, most)


def _height(tokens: Fraction, highest: Fraction) -> Fraction:
    return _SCALE - tokens * _SCALE / highest


def _anchor(at: int, most: int) -> str:
    if at == 0:
        return "start"
    return "end" if at > 0.95 * most else "middle"


def _paid(course: Course) -> Tick | None:
    if not course.paid_at:
        return None
    at = 100 * course.paid_at / course.last.uses
    return Tick(at, f"{course.paid_at:,}", "end" if at > 60 else "start")  # noqa: PLR2004 - where there is more room


def _path(spots: Sequence[Spot]) -> str:
    return "M" + "L".join(f"{float(x):.1f} {float(y):.1f}" for x, y in spots)


def _areas(lines: Sequence[tuple[Fraction, Fraction, Fraction]]) -> Iterator[Area]:
    """Yield the areas between the lines, cut where they cross."""
    cut = [lines[0]]
    for (x0, a0, b0), (x1, a1, b1) in pairwise(lines):
        before, after = a0 - b0, a1 - b1
        if before * after < 0:
            part = before / (before - after)
            level = a0 + (a1 - a0) * part
            cut.append((x0 + (x1 - x0) * part, level, level))
        cut.append((x1, a1, b1))
    # A piece between two points has one sign; 0 if the lines are equal at both ends.
    pieces = [(_sign(one) or _sign(other), one, other) for one, other in pairwise(cut)]
    for sign, group in groupby(pieces, key=lambda piece: piece[0]):
        members = list(group)
        if sign:
            spots = [members[0][1], *(other for _, _, other in members)]
            outline = [*((x, a) for x, a, _ in spots), *((x, b) for x, _, b in reversed(spots))]
            yield Area(sign > 0, _path(outline) + "Z")


def _sign(spot: tuple[Fraction, Fraction, Fraction]) -> int:
    """Return 1 if less was spent with tools (their line is lower), -1 if more."""
    _, with_tools, without = spot
    return (with_tools > without) - (with_tools < without)


def _rows(points: Sequence[Point]) -> Iterator[Point]:
    """Choose points for the table, at regular numbers of uses."""
    after = [list(group)[-1] for _, group in groupby(points, key=lambda point: point.uses)]
    every = max(1, -(-len(after) // _MAX_ROWS))
    yield from after[:-1:every]
    yield after[-1]
