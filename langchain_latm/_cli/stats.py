"""`latm stats`: what the tools of a library took and saved. Parsing and printing only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any

import typer

from langchain_latm._cli import console
from langchain_latm._cli.options import AsJson, LibraryFile
from langchain_latm.accounting import Balance, LibraryCosts, ToolCosts, Totals, library_costs
from langchain_latm.benchmarks.plain_table import PlainTable
from langchain_latm.prices import read_price
from langchain_latm.tool_library import open_tool_library


def stats(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only this tool.")] = None,
    price: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODEL=IN/OUT",
            help="A model's price in dollars per million input and output tokens, in place of the listed one. For "
            "several models, give it several times.",
        ),
    ] = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what each tool took and saved against direct answers, and after how many uses it has paid for itself."""
    try:
        prices = dict(map(read_price, price or ()))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--price") from error
    with open_tool_library(library) as opened:
        costs = library_costs(opened, prices=prices)
    chosen = costs.tools if name is None else (costs.tool(name),)
    if as_json:
        console.print_json((costs if name is None else chosen[0]).model_dump(mode="json"))
    elif not chosen and not costs.failed_makings:
        console.say("no tools yet: nothing was made, used or saved")
    else:
        unpriced = costs.unpriced if name is None else chosen[0].unpriced
        sentences = [*(_sums(costs) if name is None else ()), *_unknown(chosen, unpriced)]
        console.show_tables(list(_tables(chosen)), *sentences)


def _tables(tools: Sequence[ToolCosts]) -> Iterator[PlainTable]:
    """Tell it in three tables: one would be too wide for a terminal."""
    if not tools:
        return
    yield PlainTable("Uses", ("tool", "uses", "success", "told right", "told wrong"), list(map(_uses_row, tools)))
    head = ("tool", "made", "used", "saved", "break-even")
    yield PlainTable("Tokens", head, [(_name(tool), *_amounts(tool.tokens, "unknown")) for tool in tools])
    if any(amount is not None for tool in tools for amount in (tool.dollars.making, tool.dollars.using)):
        yield PlainTable(
            "US dollars", head, [(_name(tool), *_amounts(tool.dollars, _priceless(tool))) for tool in tools]
        )


def _name(tool: ToolCosts) -> str:
    return tool.name if tool.current else f"{tool.name} (removed)"


def _priceless(tool: ToolCosts) -> str:
    return f"no price for {', '.join(tool.unpriced)}" if tool.unpriced else "unknown"


def _uses_row(tool: ToolCosts) -> tuple[str, ...]:
    success = f"{(tool.uses - tool.failures) / tool.uses:.0%}" if tool.uses else ""
    return _name(tool), f"{tool.uses:,}", success, f"{tool.right:,}", f"{tool.wrong:,}"


def _amounts(balance: Balance[Any], unknown: str) -> tuple[str, ...]:
    return (
        _amount(balance.making, unknown),
        _amount(balance.using, unknown),
        _amount(balance.saved, unknown),
        "never" if balance.pays is False else _uses(balance.break_even),
    )


def _uses(count: int | None) -> str:
    if count is None:
        return "unknown"
    return "after 1 use" if count == 1 else f"after {count:,} uses"


def _amount(amount: Decimal | int | None, unknown: str = "unknown") -> str:
    if amount is None:
        return unknown
    if isinstance(amount, int):
        return f"{amount:,}"
    places = 2 if abs(amount) >= 1 or not amount else 6  # a use may cost less than a thousandth of a cent
    return f"{'-' if amount < 0 else ''}${abs(amount):,.{places}f}"


def _sums(costs: LibraryCosts) -> Iterator[str]:
    """Say what all tools took and saved."""
    if costs.tools:
        yield f"Tokens: {_total(costs.tokens)}."
    if costs.dollars.making is not None or costs.dollars.using is not None:
        yield f"US dollars: {_total(costs.dollars)}."
    if costs.failed_makings:
        many = "1 making" if costs.failed_makings == 1 else f"{costs.failed_makings:,} makings"
        money = "" if costs.dollars.failed is None else f" ({_amount(costs.dollars.failed)})"
        yield f"{many} led to no tool and took {_amount(costs.tokens.failed)} tokens{money}."


def _total(total: Totals[Any]) -> str:
    text = f"making took {_amount(total.making)}, using took {_amount(total.using)}, saved {_amount(total.saved)}"
    if total.saved is not None and total.left_out:
        text += f" by the tools of which it is known (not of {', '.join(total.left_out)})"
    return text


def _unknown(tools: Sequence[ToolCosts], unpriced: Sequence[str]) -> Iterator[str]:
    """Say why figures are missing, and what can be done about it."""
    alone = [tool.name for tool in tools if tool.tokens.direct is None and tool.uses > tool.failures]
    if alone:
        yield f"What direct answers take is not known for {', '.join(alone)}: no model answered such requests before."
    unread = [tool.name for tool in tools if tool.tokens.making is None]
    if unread:
        yield f"What the making took is not known for {', '.join(unread)}."
    if unpriced:
        yield (
            f"No price is known for {', '.join(unpriced)}: give it as --price MODEL=IN/OUT, in dollars per million "
            "tokens (0/0 for a model of your own)."
        )
