"""A tool library as one web page, for whoever would rather look than read.

    Path("report.html").write_text(library_report(library), encoding="utf-8")

The page stands alone: styles, pictures and the little script that it has are inside of it, and a policy in its head
lets it load nothing else and run nothing else, whatever stands in the texts of the tools.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from langchain_latm._core.flow import arun_flow, run_flow
from langchain_latm.models.prices import Prices
from langchain_latm.tools.library.accounting import costs_of
from langchain_latm.tools.library.contents import LibraryContents, contents
from langchain_latm.tools.library.library import ToolLibrary, operations_of
from langchain_latm.tools.report.page import GENERATOR, page

CHARACTERS = 3_000_000
_HEAD = 2_000
"""Bytes of a page among which it says what wrote it."""


def library_report(
    library: ToolLibrary, *, where: str = "", prices: Prices | None = None, characters: int = CHARACTERS
) -> str:
    """Write the HTML of a page about a library: what it took and saved, and everything that is known of each tool.

    Nothing of a tool is executed, and nothing is asked over the network. A record that cannot be read is told as such.

    Args:
        library: Where the tools, their uses and the solved requests are.
        where: What the library is called at the top of the page, such as its path.
        prices: As for `library_costs`.
        characters: How many characters of the tools' own texts the page holds, about, so that its size does not depend
            on what they are. Each tool has the same share, at least 2,000 and at most 60,000; what it leaves out of a
            tool, the page says there.

    Raises:
        ToolLibraryError: The library's store failed.
    """
    return _page(run_flow(contents(operations_of(library))), where, prices, characters)


async def alibrary_report(
    library: ToolLibrary, *, where: str = "", prices: Prices | None = None, characters: int = CHARACTERS
) -> str:
    """Do as `library_report`."""
    found = await arun_flow(contents(operations_of(library)))
    return await asyncio.to_thread(_page, found, where, prices, characters)


def _page(found: LibraryContents, where: str, prices: Prices | None, characters: int) -> str:
    return page(found, costs_of(found, prices), where=where, characters=characters)


def is_report(file: Path) -> bool:
    """Whether a file is such a page, as far as its beginning tells; a file that cannot be read is none."""
    try:
        with file.open("rb") as opened:
            return f'<meta name="generator" content="{GENERATOR} '.encode() in opened.read(_HEAD)
    except OSError:
        return False
