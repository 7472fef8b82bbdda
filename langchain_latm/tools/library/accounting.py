"""What the tools of a library took and saved, in tokens and in US dollars, and when they have paid for themselves."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Annotated, Generic, TypeVar

from pydantic import NonNegativeInt, PlainSerializer, PositiveInt

from langchain_latm.exceptions import ToolNotFoundError
from langchain_latm.models.prices import Prices, price_of
from langchain_latm.tools.library.library import ToolLibrary
from langchain_latm.tools.library.spending import Spending, Spent, by_stage, spending, summed
from langchain_latm.tools.library.waiting import FailedMaking
from langchain_latm.types import ToolName, Value, shorten

Dollars = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
N = TypeVar("N", int, Dollars)


class Balance(Value, Generic[N]):
    """What a tool took and saved, in one unit. None stands for what is not known.

    Attributes:
        making: Of all versions of the tool, and of the makings of its kind that failed.
        using: Of all uses, those that failed too.
        direct: A direct answer to a request of its kind, on average, as long as there was no tool for it.
        instead: What direct answers would have taken in place of the uses that gave an answer.
        saved: `instead` without `using` and `making`; less than 0 as long as the tool has not paid for itself.
        pays: Whether a use takes less than it saves.
        break_even: So many uses pay for the making, if they go on as until now: making / (direct - using), each per
            use. A use that fails costs a direct answer as well. None if `pays` is not true.
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
        current: Whether there is a tool of this name now; a retired one has cost something too.
        uses: How often it was used.
        failures: Uses that gave no answer, so that the request was answered directly.
        right: Answers that feedback found right.
        wrong: Answers that feedback found wrong. They count among the uses that saved a direct answer, since it is
            not known which of the others are wrong.
        tokens: The account in tokens.
        dollars: The account in US dollars.
        unpriced: The models without a known price that took tokens for it, or answered in its place before.
    """

    name: ToolName
    current: bool
    uses: NonNegativeInt
    failures: NonNegativeInt
    right: NonNegativeInt
    wrong: NonNegativeInt
    tokens: Balance[int]
    dollars: Balance[Dollars]
    unpriced: tuple[str, ...]


class Totals(Value, Generic[N]):
    """The account of the whole library, in one unit. None stands for what is not known.

    Attributes:
        making: Of all tools.
        using: Of all tools.
        failed: Makings that led to no tool.
        saved: By all tools of which that is known, without `failed`.
        left_out: The tools of which it is not.
    """

    making: N | None
    using: N | None
    failed: N | None
    saved: N | None
    left_out: tuple[ToolName, ...]


class LibraryCosts(Value):
    """The accounts of a library.

    Attributes:
        tools: One each, by name.
        failed_makings: How many makings led to no tool. Those that led to one at last are part of its account.
        tokens: The total in tokens.
        dollars: The total in US dollars.
        unpriced: The models that took tokens and have no known price; own ones may be given.
    """

    tools: tuple[ToolCosts, ...]
    failed_makings: NonNegativeInt
    tokens: Totals[int]
    dollars: Totals[Dollars]
    unpriced: tuple[str, ...]

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
    """Draw up the accounts of a library, out of what its store keeps. Nothing is asked over the network.

    Args:
        library: Where the tools, their uses and the solved requests are.
        prices: Own prices, by the name that a model has in records: dollars per million input tokens, and per million
            output tokens. They go before the table of `genai-prices`, whose list prices of today are taken otherwise.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    return _accounts(*library.run(spending(library.flows)), prices)


async def alibrary_costs(library: ToolLibrary, *, prices: Prices | None = None) -> LibraryCosts:
    """Do as `library_costs`."""
    found = await library.arun(spending(library.flows))
    return await asyncio.to_thread(_accounts, *found, prices)  # reading the table of prices takes a moment


Meter = Callable[[Spent], Fraction | None]
"""Says how much was spent, in one unit; None if that is not known."""


def _accounts(known: dict[str, Spending], failed: Sequence[FailedMaking], prices: Prices | None) -> LibraryCosts:
    dollars = partial(_dollars, prices=prices)
    tools = tuple(_tool_costs(name, each, dollars) for name, each in sorted(known.items()))
    lost = [spent for making in failed for spent in by_stage(making.usage, making.models)]
    return LibraryCosts(
        tools=tools,
        failed_makings=len(failed),
        tokens=_totals(Totals[int], {tool.name: tool.tokens for tool in tools}, _sum(lost, _tokens), round),
        dollars=_totals(Totals[Dollars], {tool.name: tool.dollars for tool in tools}, _sum(lost, dollars), _decimal),
        unpriced=tuple(sorted({*_unknown(lost, dollars), *(model for tool in tools for model in tool.unpriced)})),
    )


def _tool_costs(name: str, each: Spending, dollars: Meter) -> ToolCosts:
    return ToolCosts(
        name=name,
        current=each.current,
        uses=each.uses,
        failures=each.failures,
        right=each.right,
        wrong=each.wrong,
        tokens=_balance(Balance[int], each, _tokens, round),
        dollars=_balance(Balance[Dollars], each, dollars, _decimal),
        unpriced=tuple(sorted(_unknown([*each.making, *each.using, *each.direct], dollars))),
    )


def _balance(kind: type[Balance[N]], each: Spending, meter: Meter, unit: Callable[[Fraction], N]) -> Balance[N]:
    making = None if each.unreadable else _sum(each.making, meter)
    using = _sum(each.using, meter)
    answers = _sum(each.direct, meter) if each.direct else None
    direct = None if answers is None else answers / len(each.direct)
    answered = each.uses - each.failures
    instead = Fraction() if not answered else None if direct is None else direct * answered
    gained = None if instead is None or using is None else instead - using
    pays = None if gained is None or not each.uses else gained > 0
    return kind(
        making=None if making is None else unit(making),
        using=None if using is None else unit(using),
        direct=None if direct is None else unit(direct),
        instead=None if instead is None else unit(instead),
        saved=None if gained is None or making is None else unit(gained - making),
        pays=pays,
        break_even=max(1, math.ceil(making / (gained / each.uses))) if pays and gained and making is not None else None,
    )


def _totals(
    kind: type[Totals[N]], balances: Mapping[str, Balance[N]], failed: Fraction | None, unit: Callable[[Fraction], N]
) -> Totals[N]:
    saved = [each.saved for each in balances.values() if each.saved is not None]
    return kind(
        making=_whole([each.making for each in balances.values()], unit),
        using=_whole([each.using for each in balances.values()], unit),
        failed=None if failed is None else unit(failed),
        saved=None if failed is None or (balances and not saved) else unit(sum(map(Fraction, saved), -failed)),
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
    return {each.model for each in summed(spent) if each.told and dollars(each) is None}


def _tokens(spent: Spent) -> Fraction | None:
    return Fraction(spent.usage.total) if spent.told else None


def _dollars(spent: Spent, *, prices: Prices | None) -> Fraction | None:
    if not spent.usage.total:
        return _tokens(spent)  # nothing, or not known
    price = price_of(spent.model, spent.usage, prices)
    return None if price is None else Fraction(price)


def _decimal(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / Decimal(amount.denominator)
