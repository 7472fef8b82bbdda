"""Pictures as SVG text: a scale, and the marks that are drawn along it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm._core.visible import visible

WIDTH: Final = 480
"""Width of a picture: on a phone, which shows it at three quarters of its size, its text can still be read."""
TEXT: Final = 12
LINE: Final = 18
"""Height of a line of text."""
CHARACTER: Final = 6.4
"""Width of an average character."""
INK, PALE, GREY, TEAL, ORANGE, RED = "#333b42", "#dfe3e6", "#8a939b", "#1d6f7a", "#b8622a", "#b3261e"


class Picture:
    """A picture as SVG. As the last value of a notebook's cell it is shown.

    Attributes:
        svg: The text of the picture.
        about: What it shows, in words.

    Example:
        ```python
        from langchain_latm import draw_shares

        picture = draw_shares({"by hand": 20, "by the tool": 4977, "refused": 3}, of="rows")
        picture.save("column.svg")
        print(picture.svg[:4])  # -> <svg
        ```
    """

    def __init__(self, svg: str, about: str) -> None:
        self.svg = svg
        self.about = about

    def __repr__(self) -> str:
        return f"<Picture: {self.about}>"

    def save(self, path: str | Path) -> None:
        """Write the picture into a file; an existing file is replaced.

        Args:
            path: The file, whose name should end with `.svg`.

        Raises:
            OSError: The file cannot be written.
        """
        write_atomically(Path(path), self.svg)

    def _repr_svg_(self) -> str:
        return self.svg


class Scale(NamedTuple):
    """Values from `low` to `high` along a line from `start` to `end`; with `powers`, in equal steps of factors."""

    low: float
    high: float
    start: float
    end: float
    powers: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value; one beyond the ends is drawn at the end."""
        low, high, value = (math.log10(each) if self.powers else each for each in (self.low, self.high, value))
        share = (value - low) / (high - low) if high > low else 0.0
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)


def picture(height: float, marks: Iterable[str], about: str) -> Picture:
    """Put marks together, on white, so that they can be seen on a dark page too."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label={quoteattr(visible(about))} '
        f'font-family="system-ui, sans-serif" font-size="{TEXT}">'
    )
    ground = f'<rect width="{WIDTH}" height="{height:.0f}" rx="4" fill="#fff"/>'
    return Picture("\n".join([head, ground, *marks, "</svg>"]), visible(about))


def text(x: float, y: float, content: str, *, anchor: str = "start", colour: str = INK, bold: bool = False) -> str:
    """Return a line of text, whose middle is at `y`."""
    weight = ' font-weight="600"' if bold else ""
    shown = escape(visible(content))
    return f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>{shown}</text>'


def line(
    x: float, y: float, to_x: float, to_y: float, colour: str = PALE, *, width: float = 1, faint: bool = False
) -> str:
    """Return a straight line."""
    dim = ' stroke-opacity="0.35"' if faint else ""
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dim}/>'


def path(points: Sequence[tuple[float, float]], colour: str, *, dashes: str = "") -> str:
    """Return a line through points."""
    along = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{along}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'


def dot(x: float, y: float, colour: str) -> str:
    """Return a dot."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    """Return a filled rectangle."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" fill="{colour}"/>'


class Key(NamedTuple):
    """An entry of a legend: what a colour stands for."""

    name: str
    colour: str
    dashes: str = ""


def legend(keys: Sequence[Key], x: float, y: float) -> tuple[list[str], float]:
    """Return the marks of a legend, and the height after its last line."""
    marks, at = [], x
    for key in keys:
        width = 22 + CHARACTER * len(key.name) + 14
        if at > x and at + width > WIDTH:
            at, y = x, y + LINE
        if key.dashes:
            marks.append(path([(at, y), (at + 16, y)], key.colour, dashes=key.dashes))
        else:
            marks.append(bar(at, y - 5, 16, 10, key.colour))
        marks.append(text(at + 22, y, key.name))
        at += width
    return marks, y + LINE
