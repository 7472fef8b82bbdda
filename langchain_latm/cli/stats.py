"""`latm stats`: costs and savings of the tools of a library."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langchain_latm._core.amounts import after_uses, amount, counted
from langchain_latm._core.plain_table import PlainTable
from langchain_latm.cli import console
from langchain_latm.cli.completion import known_names
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, Library, Price, read_prices

if TYPE_CHECKING:
    from langchain_latm import LibraryCosts, ToolCosts
    from langchain_latm.tools.library.accounting import Balance, Totals


def stats(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this tool.", autocompletion=known_names)
    ] = None,
    price: Price = None,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Show what each tool cost and saved compared with direct answers, and after how many uses it breaks even.

    Sums up what the library recorded: tokens of makings, of uses, and of direct answers to such requests. US dollars
    are from the list of prices that comes with this package, or from --price. No model is asked.

    Doubts are answers for which it was uncertain whether a tool may answer; `latm ask --explain` gives the reason for
    one request.
    """
    from langchain_latm import library_costs
    from langchain_latm.cli.progress import progress
    from langchain_latm.cli.tables import show_tables

    prices = read_prices(price)
    with opened_library(library, tool=name) as opened, progress("adding up what the library recorded"):
        costs = library_costs(opened, prices=prices)
        chosen = costs.tools if name is None else (costs.tool(name),)
    if as_json:
        console.print_json(costs if name is None else chosen[0])
    elif not chosen and not costs.failed_makings and not costs.doubts:
        console.say("no tools yet: nothing was made, used or saved")
    else:
        unpriced = costs.unpriced if name is None else chosen[0].unpriced
        doubts = costs.doubts if name is None else chosen[0].doubts
        sentences = [*(_totals(costs) if name is None else ()), *_doubts(doubts), *_missing(chosen, unpriced)]
        show_tables(list(_tables(chosen)), *sentences)


def _tables(tools: "Sequence[ToolCosts]") -> Iterator[PlainTable]:
    """Yield up to three tables, since a single one would be too wide for a terminal."""
    if not tools:
        return
    doubted = any(tool.doubts for tool in tools)
    columns = ("tool", "uses", "success", "rated right", "rated wrong", *(("doubts",) if doubted else ()))
    yield PlainTable("Uses", columns, [_uses_row(tool)[: len(columns)] for tool in tools])
    head = ("tool", "made", "used", "direct answer", "saved", "break-even")
    yield PlainTable("Tokens", head, [(_name(tool), *_amounts(tool.tokens, "unknown")) for tool in tools])
    if any(tool.dollars.making or tool.dollars.using or tool.dollars.direct for tool in tools):
        rows = [(_name(tool), *_amounts(tool.dollars, _without_price(tool))) for tool in tools]
        yield PlainTable("US dollars", head, rows)
    else:  # models of your own machine cost time
        yield PlainTable("Seconds", ("tool", "made", "direct answer"), [_seconds_row(tool) for tool in tools])


def _name(tool: "ToolCosts") -> str:
    return tool.name if tool.current else f"{tool.name} (removed)"


def _without_price(tool: "ToolCosts") -> str:
    return f"no price for {', '.join(tool.unpriced)}" if tool.unpriced else "unknown"


def _uses_row(tool: "ToolCosts") -> tuple[str, ...]:
    success = f"{(tool.uses - tool.failures) / tool.uses:.0%}" if tool.uses else ""
    doubts = sum(tool.doubts.values())
    return _name(tool), f"{tool.uses:,}", success, f"{tool.right:,}", f"{tool.wrong:,}", f"{doubts:,}"


def _seconds_row(tool: "ToolCosts") -> tuple[str, ...]:
    direct = "not measured" if tool.direct_seconds is None else f"{tool.direct_seconds:,.1f}"
    return _name(tool), f"{tool.making_seconds:,.1f}", direct


def _amounts(balance: "Balance[Any]", unknown: str) -> tuple[str, ...]:
    return (
        amount(balance.making, unknown),
        amount(balance.using, unknown),
        amount(balance.direct, unknown),
        amount(balance.saved, unknown),
        "never" if balance.pays is False else after_uses(balance.break_even),
    )


def _totals(costs: "LibraryCosts") -> Iterator[str]:
    """Print the costs and savings of all tools together."""
    if costs.tools:
        yield f"Tokens: {_total(costs.tokens)}."
    if costs.dollars.making or costs.dollars.using:
        yield f"US dollars: {_total(costs.dollars)}."
    if costs.failed_makings:
        many = counted(costs.failed_makings, "making")
        money = f" ({amount(costs.dollars.failed)})" if costs.dollars.failed else ""
        yield f"{many} produced no tool and took {amount(costs.tokens.failed)} tokens{money}."
    if costs.tokens.deciding != 0:
        money = f" ({amount(costs.dollars.deciding)})" if costs.dollars.deciding else ""
        yield f"Models that dispatched and judged requests took {amount(costs.tokens.deciding)} tokens{money}."


def _doubts(counts: "Mapping[str, int]") -> Iterator[str]:
    """Print the number of doubts, by reason."""
    if counts:
        listed = ", ".join(f"{count:,} {code}" for code, count in counts.items())
        yield f"Doubts about answers: {listed}."


def _total(total: "Totals[Any]") -> str:
    text = f"making took {amount(total.making)}, using took {amount(total.using)}, saved {amount(total.saved)}"
    if total.saved is not None and total.left_out:
        text += f", not counting {', '.join(total.left_out)}, whose saving is unknown"
    return text


def _missing(tools: "Sequence[ToolCosts]", unpriced: Sequence[str]) -> Iterator[str]:
    """Print why figures are missing, and what to do about it."""
    undirected = [tool.name for tool in tools if tool.tokens.direct is None and tool.uses > tool.failures]
    if undirected:
        yield (
            f"The cost of direct answers is unknown for {', '.join(undirected)}: no model answered such requests, and "
            "none was measured when the tool was made (latm make --direct-samples)."
        )
    unmade = [tool.name for tool in tools if tool.tokens.making is None]
    if unmade:
        yield f"The cost of the making is unknown for {', '.join(unmade)}."
    if unpriced:
        yield (
            f"No price is known for {', '.join(unpriced)}: give it as --price MODEL=IN/OUT, in US dollars per million "
            "tokens (0/0 for your own server)."
        )
