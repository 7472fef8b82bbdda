"""Opens the tool library of a command, by its options."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_latm.cli import console
from langchain_latm.exceptions import ToolLibraryError, ToolNotFoundError

if TYPE_CHECKING:
    from langchain_latm import ToolLibrary


TENANT: ContextVar[str | None] = ContextVar("tenant", default=None)
"""The value of `latm --tenant`."""


@contextmanager
def opened_library(place: str | None, *, tool: str | None = None) -> Iterator[ToolLibrary]:
    """Open or create a library, or a tenant's part of it (`latm --tenant`), and close it after use.

    Args:
        place: The library's file or URL; None for the one in the user's data folder.
        tool: The name of the tool that the command is about, for suggestions if it is not found.

    Raises:
        ToolLibraryError: The file cannot be opened, is damaged, or belongs to another program.
        ToolNotFoundError: Raised by the block; the place and similar names are added to its text.
    """
    from langchain_latm import open_tool_library
    from langchain_latm.tools.library.address import address_of, default_address, visible_address

    try:
        new = place is not None and _is_missing(address_of(place))
        library = open_tool_library(place)
    except ToolLibraryError as error:
        raise ToolLibraryError(f"{error} (choose another library with --library or LATM_LIBRARY)") from error
    if new and place is not None:
        console.say(f"created the library {visible_address(place)}")
    with library as opened:
        own = opened if (tenant := TENANT.get()) is None else opened.for_tenant(tenant)
        try:
            yield own
        except ToolNotFoundError as error:
            names = [each.name for each in own.list()]
            if tool is None or tool in names:
                raise
            raise ToolNotFoundError(
                f"{error} in {visible_address(place or default_address())}{_suggestion(tool, names)}"
            ) from error


@contextmanager
def library_if_there(place: str | None) -> Iterator[ToolLibrary | None]:
    """Open a library if it exists, as `opened_library` does; a command that only reads it creates none.

    Args:
        place: The library's file or URL; None for the one in the user's data folder.
    """
    from langchain_latm.tools.library.address import address_of, default_address

    if _is_missing(default_address() if place is None else address_of(place)):
        yield None
        return
    with opened_library(place) as library:
        yield library


def _is_missing(address: Path | str) -> bool:
    """Whether a file is created for the library: a path that was mistyped would look like a library without tools."""
    from langchain_latm.tools.library.address import IN_MEMORY

    return isinstance(address, Path) and address != IN_MEMORY and not os.path.lexists(address)


def _suggestion(tool: str, names: list[str]) -> str:
    if similar := get_close_matches(tool, names):
        return f"; did you mean {' or '.join(similar)}?"
    return "; `latm tools list` shows the tools" if names else ", which is empty"
