"""What each tool saved, as bars beside each other: numbers only."""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm.tools.library.accounting import LibraryCosts

_MOST: Final = 10
_FEWEST: Final = 2


class Bar(NamedTuple):
    """What one tool saved.

    Attributes:
        name: The tool's name.
        saved: In tokens.
        start: Where its bar begins, in per cent of the width.
        width: How wide it is.
    """

    name: str
    saved: int
    start: float
    width: float


class Bars(NamedTuple):
    """Some tools, the one that saved most first.

    Attributes:
        bars: The tools that saved or cost most.
        zero: Where 0 is, in per cent of the width.
        left_out: How many others have an account.
    """

    bars: tuple[Bar, ...]
    zero: float
    left_out: int


def bars(costs: LibraryCosts) -> Bars | None:
    """Lay out what the tools saved; None if there are not two to compare."""
    saved = {tool.name: amount for tool in costs.tools if (amount := tool.tokens.saved)}
    if len(saved) < _FEWEST:
        return None
    chosen = sorted(saved.items(), key=lambda each: -abs(each[1]))[:_MOST]
    most, least = (choose(0, *(amount for _, amount in chosen)) for choose in (max, min))
    unit = 100 / (most - least)
    found = [Bar(name, amount, (min(0, amount) - least) * unit, abs(amount) * unit) for name, amount in chosen]
    return Bars(tuple(sorted(found, key=lambda bar: -bar.saved)), -least * unit, len(saved) - len(chosen))
