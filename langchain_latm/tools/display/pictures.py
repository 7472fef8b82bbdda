"""Pictures of what tools did: shares of a column, and the tokens of a stream of requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from langchain_latm.tools.display.drawing import (
    CHARACTER,
    GREY,
    ORANGE,
    RED,
    TEAL,
    WIDTH,
    Key,
    Picture,
    Scale,
    bar,
    legend,
    line,
    path,
    picture,
    text,
)
from langchain_latm.tools.library.accounting import LibraryCosts
from langchain_latm.tools.report.plot import ticks
from langchain_latm.types import Answer

_MARGIN: Final = 12
_SHARES: Final = (GREY, TEAL, ORANGE, RED)
_LEAST: Final = 2.0
"""Width of a share that would be too narrow to be seen."""
_PLOT: Final = 110
"""Height of a plot."""
_KEYS: Final = (Key("with tools", TEAL), Key("without", GREY))


def draw_shares(parts: Mapping[str, int], *, of: str = "") -> Picture:
    """Draw the parts of a whole as one bar, such as the rows of a column.

    Args:
        parts: Each part's name and count, at most four, from left to right.
        of: What is counted, such as `rows`.

    Raises:
        ValueError: There is no part, there are more than four, or a count is negative.

    Example:
        ```python
        from langchain_latm import draw_shares

        picture = draw_shares({"right": 95, "refused": 5}, of="rows")
        print("refused: 5" in picture.svg)  # -> True
        ```
    """
    if not 0 < len(parts) <= len(_SHARES):
        raise ValueError(f"parts: expected one to {len(_SHARES)}, got {len(parts)}")
    if min(parts.values()) < 0:
        raise ValueError("parts: a count is negative")
    whole = sum(parts.values())
    title = f"{whole:,} {of}".rstrip()
    width = WIDTH - 2 * _MARGIN
    # A part of a few rows among thousands keeps a visible width, at the cost of the largest.
    widths = {name: max(_LEAST, width * count / whole) if count else 0.0 for name, count in parts.items()}
    if whole:
        widths[max(parts, key=parts.__getitem__)] -= sum(widths.values()) - width
    marks, at = [text(_MARGIN, 16, title, bold=True)], float(_MARGIN)
    for (_, part), colour in zip(widths.items(), _SHARES, strict=False):
        marks.append(bar(at, 30, part, 22, colour))
        at += part
    keys = [Key(f"{name}: {count:,}", colour) for (name, count), colour in zip(parts.items(), _SHARES, strict=False)]
    drawn, bottom = legend(keys, _MARGIN, 70)
    about = f"{title}: " + ", ".join(f"{count:,} {name}" for name, count in parts.items())
    return picture(bottom, [*marks, *drawn], about)


def draw_tokens(answers: Sequence[Answer], costs: LibraryCosts) -> Picture:
    """Draw what each request of a stream took in tokens, and all together; with tools, and without.

    Without tools, a request that the model answered takes what its answer took, and one that a tool answered takes the
    mean of its kind, as `costs` knows it. If that is unknown for a tool, its requests count the same in both.

    Args:
        answers: The answers of `create_latm`, in the order of the requests.
        costs: The accounts of its library (`library_costs`).

    Raises:
        ValueError: There is no answer.

    Example:
        ```python
        from langchain_latm import create_latm, create_sandbox, draw_tokens, library_costs, open_tool_library

        with (
            open_tool_library("tools.sqlite") as library,
            create_sandbox() as sandbox,
            create_latm("openai:gpt-4.1", library=library, sandbox=sandbox) as latm,
        ):
            answers = latm.batch(["Sort these words: kiwi date lime", "Sort these words: pear fig"])
            draw_tokens(answers, library_costs(library)).save("tokens.svg")
        ```
    """
    if not answers:
        raise ValueError("answers: expected one or more")
    with_tools = [_tokens(answer) for answer in answers]
    without = _without(answers, costs)
    single, below = _plot("Tokens of each request", with_tools, without, top=16, bars=True)
    sums = ([*accumulate(with_tools)], [*accumulate(without)])
    total, bottom = _plot("Tokens, added up", *sums, top=below + 16, bars=False)
    drawn, bottom = legend(_KEYS, _MARGIN, bottom + 10)
    about = f"{len(answers):,} requests took {sums[0][-1]:,} tokens with tools, and {sums[1][-1]:,.0f} without"
    return picture(bottom, [*single, *total, *drawn], about)


def _tokens(answer: Answer) -> int:
    return sum(usage.total for usage in answer.usage.values())


def _without(answers: Sequence[Answer], costs: LibraryCosts) -> list[float]:
    """Return the tokens that each answer would have taken without tools."""
    direct = {each.name: each.tokens.direct for each in costs.tools}
    found: list[float] = []
    for answer in answers:
        if answer.tool_use is not None:
            known = direct.get(answer.tool_use.tool)
        else:
            answering = answer.usage.get("answering")
            known = None if answering is None else answering.total
        found.append(_tokens(answer) if known is None else known)
    return found


def _plot(
    title: str, with_tools: Sequence[float], without: Sequence[float], *, top: float, bars: bool
) -> tuple[list[str], float]:
    """Return the marks of a plot over the numbers of the requests, and where it ends."""
    steps = ticks(max(1, *map(int, with_tools), *map(int, without)))
    left = _MARGIN + CHARACTER * len(f"{steps[-1]:,}") + 8
    up = Scale(0, steps[-1], top + 20 + _PLOT, top + 20)
    count = len(with_tools)
    across = Scale(0, count, left, WIDTH - _MARGIN)
    marks = [text(_MARGIN, top, title, bold=True)]
    for step in steps:
        marks.append(line(left, up.at(step), WIDTH - _MARGIN, up.at(step)))
        marks.append(text(left - 6, up.at(step), f"{step:,}", anchor="end"))
    if bars:
        width = max(1.0, 0.7 * (across.end - across.start) / count)
        marks += [
            bar(across.at(number + 0.5) - width / 2, up.at(each), width, up.start - up.at(each), TEAL)
            for number, each in enumerate(with_tools)
        ]
        edges = [(across.at(number + side), up.at(each)) for number, each in enumerate(without) for side in (0, 1)]
        marks.append(path(edges, GREY))
    else:
        for values, colour in ((without, GREY), (with_tools, TEAL)):
            marks.append(path([(across.at(n), up.at(each)) for n, each in enumerate([0.0, *values])], colour))
    bottom = up.start + 14
    for number in ticks(count, within=True)[1:]:
        marks.append(text(across.at(number), bottom, f"{number:,}", anchor="middle"))
    marks.append(text(left, bottom, "requests:", colour=GREY))
    return marks, bottom + 14
