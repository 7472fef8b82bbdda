"""`latm report`: a library as one web page."""

from pathlib import Path
from typing import Annotated

import typer

from langchain_latm._core.amounts import counted
from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, Library, Price, read_prices, validate_target
from langchain_latm.exceptions import LATMError


def report(
    out: Annotated[Path, typer.Option(help="The file. An older report there is replaced.")] = Path("report.html"),
    open_: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is not a report.")] = False,
    price: Price = None,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Write one HTML file about the library: what it saved, and each tool with its source, proof and history.

    The file is self-contained and loads nothing over the network. It holds the requests that proved the tools and the
    library's path: check that before you share it. No model is asked, and no tool runs.
    """
    import webbrowser

    from langchain_latm._core.atomic_file import write_atomically
    from langchain_latm.cli.progress import progress
    from langchain_latm.tools.library.address import default_address, visible_address
    from langchain_latm.tools.report.report import is_report, library_report

    prices = read_prices(price)
    validate_target(out, force=force or is_report(out))
    with opened_library(library) as opened, progress("writing the report") as line:
        html = library_report(
            opened,
            where=visible_address(library or default_address()),
            prices=prices,
            progress=lambda done, total: line.items("tools", done, total),
        )
        tools = len(opened.list())
    try:
        write_atomically(out, html)
    except OSError as error:
        raise LATMError(f"{out} cannot be written: {error.strerror or error}") from error
    size = out.stat().st_size
    if as_json:
        console.print_json({"out": out, "tools": tools, "bytes": size})
    console.say(f"Written to {out}: {counted(tools, 'tool')}, {size / 1e3:,.0f} kB.")
    if open_ and not webbrowser.open(out.resolve().as_uri()):
        console.say(f"No browser was found: open {out} in one.")
