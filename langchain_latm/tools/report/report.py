"""A report on a tool library as one web page.

    Path("report.html").write_text(library_report(library), encoding="utf-8")

The page is self-contained: styles, pictures and a small script are inlined, and a content security policy keeps it from
loading or running anything else, whatever the texts of the tools contain.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.models.prices import Prices
from langchain_latm.tools.library.accounting import costs_of
from langchain_latm.tools.library.contents import LibraryContents, contents
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.report.page import GENERATOR, Progress, no_progress, page

CHARACTERS = 3_000_000
_HEAD = 2_000
"""Bytes at the start of a page that contain its `generator` meta tag."""


def library_report(
    library: ToolLibrary,
    *,
    where: str = "",
    prices: Prices | None = None,
    characters: int = CHARACTERS,
    progress: Progress = no_progress,
) -> str:
    """Return the HTML of a page about a library: its tokens and savings, and everything about each tool.

    No tool is executed, and the network is not used. A record that cannot be read is reported as such.

    Args:
        library: The library.
        where: Title of the page, such as the library's path.
        prices: As for `library_costs`.
        characters: Approximate number of characters of the tools' own texts, which bounds the size of the page. Each
            tool has the same share, at least 2,000 and at most 60,000; the page says what it leaves out of a tool.
        progress: Gets the number of tools that are written, and of all.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    return _page(run_flow(contents(operations_of(library))), where, prices, characters, progress)


async def alibrary_report(
    library: ToolLibrary, *, where: str = "", prices: Prices | None = None, characters: int = CHARACTERS
) -> str:
    """Async version of `library_report`."""
    found = await arun_flow(contents(operations_of(library)))
    return await asyncio.to_thread(_page, found, where, prices, characters)


def _page(
    found: LibraryContents, where: str, prices: Prices | None, characters: int, progress: Progress = no_progress
) -> str:
    return page(found, costs_of(found, prices), where=where, characters=characters, progress=progress)


def is_report(file: Path) -> bool:
    """Whether a file is such a page, by its `generator` meta tag; False if the file cannot be read."""
    try:
        with file.open("rb") as opened:
            return f'<meta name="generator" content="{GENERATOR} '.encode() in opened.read(_HEAD)
    except OSError:
        return False
