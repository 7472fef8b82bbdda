"""Pictures of what `latm bench making|using|all` measured, for notebooks."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final, NamedTuple

from langchain_latm.benchmarks.making.figures import MakingFigures
from langchain_latm.benchmarks.making.paper_figures import PAPER, best_alone
from langchain_latm.benchmarks.names import BASELINES
from langchain_latm.tools.display.drawing import (
    CHARACTER,
    GREY,
    LINE,
    ORANGE,
    TEAL,
    WIDTH,
    Key,
    Picture,
    Scale,
    dot,
    legend,
    line,
    path,
    picture,
    text,
)

_MARGIN: Final = 12
_ROW: Final = 20
_REQUESTS: Final = 1_000
"""Length of the curves of `draw_pays`; most kinds have paid off long before."""
_DASHES: Final = dict(zip(BASELINES, ("1 0", "6 4", "2 3"), strict=True))


class _Change(NamedTuple):
    """The right share of a test without a tool, and with tools of several makers; None if not measured."""

    name: str
    before: float | None
    after: tuple[tuple[float | None, str], ...]  # share and colour
    run: bool = True  # whether a making was run


def draw_paper(figures: MakingFigures) -> Picture:
    """Draw the paper's table of results, and below it the same tasks as measured here.

    From the grey dot (the model alone) to the other (with a tool).
    """
    panels = {"Published: GPT-4 makes, GPT-3.5 uses": [_Change(p.name, p.alone, ((p.with_tool, TEAL),)) for p in PAPER]}
    for method, made in (
        ("default", "Here: tools made the default way"),
        ("paper", "Here: tools made the paper's way"),
    ):
        panels[made] = [_change(figures, each.task, {method: TEAL})._replace(name=each.name) for each in PAPER]
    keys = (Key("alone", GREY), Key("with a tool", TEAL))
    return _changes(panels, keys, "Right in the tests of the paper's six tasks, alone and with a tool")


def draw_kinds(figures: MakingFigures) -> Picture:
    """Draw the right share of each kind's test, without a tool and with tools of the default and the paper's method."""
    measured = [each.task for each in figures.methods] + [each.task for each in figures.baselines]
    kinds = dict.fromkeys(measured)
    changes = [_change(figures, kind, {"paper": ORANGE, "default": TEAL}) for kind in kinds]
    keys = (Key("alone", GREY), Key("tool, the default way", TEAL), Key("tool, the paper's way", ORANGE))
    return _changes({"Each kind": changes}, keys, "Right in the test of each kind, alone and with a tool")


def draw_pays(figures: MakingFigures) -> Picture:
    """Draw the tokens of a request, including its share of the making, over the number of requests.

    The means are over the kinds that the default method solved; without any there are no curves.
    """
    solved = {
        each.task: each for each in figures.methods if each.method == "default" and each.solved_tokens is not None
    }
    curves: dict[Key, list[float]] = {}
    counts = [10 ** (step / 10) for step in range(31)]
    if solved:
        making = statistics.fmean(each.solved_tokens or 0.0 for each in solved.values())
        use = statistics.fmean(each.use_tokens or 0.0 for each in solved.values())
        curves[Key("with its tool", TEAL)] = [making / count + use for count in counts]
    for method in BASELINES:
        tokens = [each.test.tokens for each in figures.baselines if each.method == method and each.task in solved]
        if tokens:
            curves[Key(f"alone: {method}", GREY, _DASHES[method])] = [statistics.fmean(tokens)] * len(counts)
    top = max((max(curve) for curve in curves.values()), default=1.0)
    powers = [10**step for step in range(1 + next(step for step in range(1, 20) if 10**step >= top))]
    left = _MARGIN + CHARACTER * len(f"{powers[-1]:,}") + 8
    up = Scale(1, powers[-1], 210, 36, powers=True)
    across = Scale(1, _REQUESTS, left, WIDTH - _MARGIN - 10, powers=True)
    marks = [text(_MARGIN, 16, "Tokens of a request, making included", bold=True)]
    for power in powers:
        marks.append(line(left, up.at(power), across.end, up.at(power)))
        marks.append(text(left - 6, up.at(power), f"{power:,}", anchor="end"))
    marks += [text(across.at(count), 224, f"{count:,}", anchor="middle") for count in (1, 10, 100, _REQUESTS)]
    marks.append(text((left + across.end) / 2, 224 + LINE, "requests of a kind", anchor="middle", colour=GREY))
    for key, curve in curves.items():
        points = [(across.at(count), up.at(value)) for count, value in zip(counts, curve, strict=True)]
        marks.append(path(points, key.colour, dashes=key.dashes))
    drawn, bottom = legend(list(curves), _MARGIN, 226 + 2 * LINE)
    return picture(bottom, [*marks, *drawn], f"Tokens of a request over the number of requests, {len(solved)} kinds")


def _change(figures: MakingFigures, task: str, colours: dict[str, str]) -> _Change:
    best = best_alone(figures, task)
    return _Change(
        task,
        None if best is None else best.test.accuracy,
        tuple((figures.accuracy(task, method), colour) for method, colour in colours.items()),
        any(each.task == task and each.method in colours for each in figures.methods),
    )


def _changes(panels: dict[str, list[_Change]], keys: Sequence[Key], about: str) -> Picture:
    longest = max((len(each.name) for panel in panels.values() for each in panel), default=0)
    across = Scale(0, 1, _MARGIN + CHARACTER * longest + 14, WIDTH - _MARGIN - 16)
    marks: list[str] = []
    y = 16.0
    for title, changes in panels.items():
        marks.append(text(_MARGIN, y, title, bold=True))
        top, bottom = y + 12, y + 16 + _ROW * len(changes)
        for share in (0, 0.5, 1):
            marks.append(line(across.at(share), top, across.at(share), bottom))
            marks.append(text(across.at(share), bottom + 9, f"{share:.0%}", anchor="middle"))
        for number, each in enumerate(changes):
            marks += _row(each, y + 24 + _ROW * number, across)
        y = bottom + 9 + 2 * LINE
    drawn, bottom = legend(keys, _MARGIN, y - LINE + 4)
    return picture(bottom, [*marks, *drawn], about)


def _row(change: _Change, y: float, across: Scale) -> list[str]:
    marks = [text(across.start - 12, y, change.name, anchor="end")]
    known = [(share, colour) for share, colour in change.after if share is not None]
    if change.before is not None:
        marks += [
            line(across.at(change.before), y, across.at(share), y, colour, width=3, faint=True)
            for share, colour in known
        ]
        marks.append(dot(across.at(change.before), y, GREY))
    marks += [dot(across.at(share), y, colour) for share, colour in known]
    if not known:
        free = 0.25 if (change.before or 0) > 0.5 else 0.75  # noqa: PLR2004 - the half without the dot
        marks.append(text(across.at(free), y, "no tool" if change.run else "not run", anchor="middle", colour=GREY))
    return marks
