"""Costs and savings of a library's tools, in tokens and US dollars, and the number of uses after which they pay off."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Annotated, Generic, TypeVar

from pydantic import NonNegativeFloat, NonNegativeInt, PlainSerializer, PositiveInt

from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.exceptions import ToolNotFoundError
from langchain_latm.models.prices import Prices, price_of
from langchain_latm.tools.library.contents import LibraryContents, contents
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.library.spending import Spending, Spent, by_stage, spending, summed
from langchain_latm.types import ToolName, Value, shorten

Dollars = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
N = TypeVar("N", int, Dollars)
Meter = Callable[[Spent], Fraction | None]
"""Converts tokens of one model into a unit; None if that is unknown."""


class Balance(Value, Generic[N]):
    """Cost and savings of a tool, in one unit. None stands for an unknown amount.

    Attributes:
        making: Cost of making all versions of the tool, and of the failed makings of its kind.
        using: Cost of all uses, including those that failed.
        direct: Mean cost of a direct answer to a request of its kind, before there was a tool for it; if there was
            none, to an example of its proof (`Provenance.direct`).
        instead: Estimated cost of direct answers instead of the uses that gave an answer.
        saved: `instead` minus `using` and `making`; negative as long as the tool has not paid for itself.
        pays: Whether a use costs less than it saves.
        break_even: Uses that pay for the making at the cost per use so far: making / (direct - using). A use that
            fails costs a direct answer as well. None if `pays` is not true.
    """

    making: N | None
    using: N | None
    direct: N | None
    instead: N | None
    saved: N | None
    pays: bool | None
    break_even: PositiveInt | None


class ToolCosts(Value):
    """The account of a name, over all its versions.

    Attributes:
        name: The tool's name.
        current: Whether the name has a current tool; a retired one has costs too.
        uses: How often it was used.
        failures: Uses that gave no answer, so that the request was answered directly.
        right: Answers that were right according to feedback.
        wrong: Answers that were wrong according to feedback. They count among the uses that saved a direct answer,
            because it is unknown which of the others are wrong.
        doubts: Number of doubts whether the tool may answer, by the code of the `Doubt`; `reported` counts the answers
            that only strangers call wrong (`record_feedback`).
        tokens: The account in tokens.
        dollars: The account in US dollars.
        unpriced: Models without a known price that took tokens for it, or answered requests of its kind before there
            was a tool.
        making_seconds: Seconds that making its versions took.
        direct_seconds: Mean seconds of a direct answer to an example of its proof; None if that was not measured.
    """

    name: ToolName
    current: bool
    uses: NonNegativeInt
    failures: NonNegativeInt
    right: NonNegativeInt
    wrong: NonNegativeInt
    doubts: dict[str, PositiveInt] = {}  # noqa: RUF012 - pydantic copies it
    tokens: Balance[int]
    dollars: Balance[Dollars]
    unpriced: tuple[str, ...]
    making_seconds: NonNegativeFloat = 0.0
    direct_seconds: NonNegativeFloat | None = None


class Totals(Value, Generic[N]):
    """The account of the whole library, in one unit. None stands for an unknown amount.

    Attributes:
        making: Cost of making all tools.
        using: Cost of using all tools.
        failed: Cost of the failed makings that are charged to no tool.
        deciding: Cost of the models that dispatched and judged requests.
        saved: Savings of all tools for which they are known, minus `failed` and `deciding`.
        left_out: The tools whose savings are unknown.
    """

    making: N | None
    using: N | None
    failed: N | None
    deciding: N | None
    saved: N | None
    left_out: tuple[ToolName, ...]


class LibraryCosts(Value):
    """The accounts of a library.

    Attributes:
        tools: The account of each name, in order.
        failed_makings: Failed makings that are charged to no tool. If a tool was later made of the same requests,
            they are part of its account.
        tokens: The total in tokens.
        dollars: The total in US dollars.
        unpriced: Models that took tokens and have no known price; `prices` may give one.
        doubts: Doubts about all answers, by code, including those about no tool.
    """

    tools: tuple[ToolCosts, ...]
    failed_makings: NonNegativeInt
    tokens: Totals[int]
    dollars: Totals[Dollars]
    unpriced: tuple[str, ...]
    doubts: dict[str, PositiveInt] = {}  # noqa: RUF012 - pydantic copies it

    def tool(self, name: str) -> ToolCosts:
        """Return the account of a name.

        Raises:
            ToolNotFoundError: There never was such a name.
        """
        found = next((each for each in self.tools if each.name == name), None)
        if found is None:
            raise ToolNotFoundError(f"there never was a tool named {shorten(name)!r}")
        return found


def library_costs(library: ToolLibrary, *, prices: Prices | None = None) -> LibraryCosts:
    """Compute the accounts of a library from its store. No network is used.

    Args:
        library: Where the tools, their uses and the solved requests are.
        prices: Your own prices, by the name of a model in records: dollars per million input tokens, and per million
            output tokens. They take precedence over today's list prices in `genai-prices`.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    return costs_of(run_flow(contents(operations_of(library))), prices)


async def alibrary_costs(library: ToolLibrary, *, prices: Prices | None = None) -> LibraryCosts:
    """Do as `library_costs`."""
    found = await arun_flow(contents(operations_of(library)))
    return await asyncio.to_thread(costs_of, found, prices)  # reading the table of prices takes a moment


def costs_of(found: LibraryContents, prices: Prices | None) -> LibraryCosts:
    """Compute the accounts from a library's contents; see `library_costs`."""
    known, failed = spending(found)
    dollars = partial(_dollars, prices=prices)
    doubts: defaultdict[str, list[str]] = defaultdict(list)
    for code, name in found.doubts:
        doubts[name or ""].append(code)
    tools = tuple(_tool_costs(name, each, dollars, doubts[name]) for name, each in sorted(known.items()))
    lost = [spent for making in failed for spent in by_stage(making.usage, making.models, makers=making.makers)]
    deciding = [Spent(model, usage) for _, model, usage in found.deciding]
    return LibraryCosts(
        tools=tools,
        failed_makings=len(failed),
        tokens=_totals(Totals[int], {tool.name: tool.tokens for tool in tools}, (lost, deciding), _tokens, round),
        dollars=_totals(
            Totals[Dollars], {each.name: each.dollars for each in tools}, (lost, deciding), dollars, _decimal
        ),
        unpriced=tuple(sorted(_unknown([*lost, *deciding], dollars).union(*(tool.unpriced for tool in tools)))),
        doubts=_counted([code for code, _ in found.doubts]),
    )


def _counted(codes: Iterable[str]) -> dict[str, int]:
    """Count codes, in alphabetical order."""
    return dict(sorted(Counter(codes).items()))


def _tool_costs(name: str, each: Spending, dollars: Meter, doubts: Sequence[str]) -> ToolCosts:
    return ToolCosts(
        name=name,
        current=each.current,
        uses=each.uses,
        failures=each.failures,
        right=each.right,
        wrong=each.wrong,
        doubts=_counted(doubts),
        tokens=_balance(Balance[int], each, _tokens, round),
        dollars=_balance(Balance[Dollars], each, dollars, _decimal),
        unpriced=tuple(sorted(_unknown([*each.making, *each.using, *each.direct], dollars))),
        making_seconds=each.making_seconds,
        direct_seconds=each.direct_seconds,
    )


def _balance(unit_type: type[Balance[N]], each: Spending, meter: Meter, unit: Callable[[Fraction], N]) -> Balance[N]:
    making = None if each.unreadable else _sum(each.making, meter)
    using = _sum(each.using, meter)
    answers = _sum(each.direct, meter) if each.direct else None
    direct = None if answers is None else answers / each.direct_answers
    answered = each.uses - each.failures
    instead = Fraction() if not answered else None if direct is None else direct * answered
    gained = None if instead is None or using is None else instead - using
    pays = None if gained is None or not each.uses else gained > 0
    return unit_type(
        making=None if making is None else unit(making),
        using=None if using is None else unit(using),
        direct=None if direct is None else unit(direct),
        instead=None if instead is None else unit(instead),
        saved=None if gained is None or making is None else unit(gained - making),
        pays=pays,
        break_even=max(1, math.ceil(making / (gained / each.uses))) if pays and gained and making is not None else None,
    )


def _totals(
    unit_type: type[Totals[N]],
    balances: Mapping[str, Balance[N]],
    besides: tuple[Sequence[Spent], Sequence[Spent]],
    meter: Meter,
    unit: Callable[[Fraction], N],
) -> Totals[N]:
    failed, deciding, charged = (_sum(spent, meter) for spent in (*besides, chain.from_iterable(besides)))
    saved = [each.saved for each in balances.values() if each.saved is not None]
    return unit_type(
        making=_whole([each.making for each in balances.values()], unit),
        using=_whole([each.using for each in balances.values()], unit),
        failed=None if failed is None else unit(failed),
        deciding=None if deciding is None else unit(deciding),
        saved=None if charged is None or (balances and not saved) else unit(sum(map(Fraction, saved), -charged)),
        left_out=tuple(name for name, each in balances.items() if each.saved is None),
    )


def _whole(parts: Sequence[N | None], unit: Callable[[Fraction], N]) -> N | None:
    known = [Fraction(part) for part in parts if part is not None]
    return unit(sum(known, Fraction())) if len(known) == len(parts) else None


def _sum(spent: Iterable[Spent], meter: Meter) -> Fraction | None:
    parts = [meter(each) for each in summed(spent)]
    known = [part for part in parts if part is not None]
    return sum(known, Fraction()) if len(known) == len(parts) else None


def _unknown(spent: Iterable[Spent], dollars: Meter) -> set[str]:
    return {each.model for each in summed(spent) if each.reported and dollars(each) is None}


def _tokens(spent: Spent) -> Fraction | None:
    return Fraction(spent.usage.total) if spent.reported else None


def _dollars(spent: Spent, *, prices: Prices | None) -> Fraction | None:
    if not spent.usage.total:
        return _tokens(spent)  # nothing, or unknown
    price = price_of(spent.model, spent.usage, prices)
    return None if price is None else Fraction(price)


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
