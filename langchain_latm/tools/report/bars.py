"""A bar for the savings of each tool. This module computes positions; a template draws them."""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm.tools.library.accounting import LibraryCosts

_MAX_BARS: Final = 10
_MIN_BARS: Final = 2


class Bar(NamedTuple):
    """The bar of one tool.

    Attributes:
        name: The tool's name.
        saved: Saved tokens.
        start: Start of its bar, in per cent of the width.
        width: Width of its bar, in per cent.
    """

    name: str
    saved: int
    start: float
    width: float


class Bars(NamedTuple):
    """Bars of several tools, the one that saved most first.

    Attributes:
        bars: The tools that saved or cost most.
        zero: Position of 0, in per cent of the width.
        left_out: Number of other tools with an account.
    """

    bars: tuple[Bar, ...]
    zero: float
    left_out: int


def bars(costs: LibraryCosts) -> Bars | None:
    """Lay out the bars; None if there are fewer than two tools to compare."""
    saved = {tool.name: amount for tool in costs.tools if (amount := tool.tokens.saved)}
    if len(saved) < _MIN_BARS:
        return None
    chosen = sorted(saved.items(), key=lambda each: -abs(each[1]))[:_MAX_BARS]
    most, least = (choose(0, *(amount for _, amount in chosen)) for choose in (max, min))
    unit = 100 / (most - least)
    found = [Bar(name, amount, (min(0, amount) - least) * unit, abs(amount) * unit) for name, amount in chosen]
    return Bars(tuple(sorted(found, key=lambda bar: -bar.saved)), -least * unit, len(saved) - len(chosen))
