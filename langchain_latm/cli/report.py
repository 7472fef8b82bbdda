"""`latm report`: a library as one web page. Parsing and printing only."""

from pathlib import Path
from typing import Annotated

import typer

from langchain_latm.cli import console
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, LibraryFile, Price, read_prices, refuse_target
from langchain_latm.exceptions import LATMError


def report(
    out: Annotated[Path, typer.Option(help="The file. An older report there is replaced.")] = Path("report.html"),
    open_: Annotated[bool, typer.Option("--open", help="Show it in the browser.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is no report.")] = False,
    price: Price = None,
    library: LibraryFile = None,
    as_json: AsJson = False,
) -> None:
    """Write one HTML file that shows the library: what it saved, and each tool with its source, proof and history.

    The file stands alone and asks nothing over the network. The requests that tools were proven with are in it, and so
    is the library's path: think of that before you hand it on. No model is asked, and nothing of a tool runs.
    """
    import webbrowser

    from langchain_latm._core.atomic_file import write_atomically
    from langchain_latm.cli.progress import progress
    from langchain_latm.tools.library.sqlite import default_path
    from langchain_latm.tools.report.report import is_report, library_report

    prices = read_prices(price)
    refuse_target(out, force=force or is_report(out))
    where = library or default_path()
    with opened_library(library) as opened, progress("writing the report"):
        html = library_report(opened, where=str(where), prices=prices)
        tools = len(opened.list())
    try:
        write_atomically(out, html)
    except OSError as error:
        raise LATMError(f"{out} cannot be written: {error.strerror or error}") from error
    size = out.stat().st_size
    if as_json:
        console.print_json({"out": str(out), "tools": tools, "bytes": size})
    console.say(f"Written to {out}: {tools:,} tool(s), {size / 1e3:,.0f} kB.")
    if open_ and not webbrowser.open(out.resolve().as_uri()):
        console.say(f"No browser was found: open {out} in one.")
