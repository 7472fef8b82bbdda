"""The tool library of a command, opened as its options say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_latm.exceptions import ToolLibraryError, ToolNotFoundError

if TYPE_CHECKING:
    from langchain_latm.tools.library.library import ToolLibrary


@contextmanager
def opened_library(file: Path | None, *, asked: str | None = None) -> Iterator[ToolLibrary]:
    """Open a library, or make it, and close it after use.

    Args:
        file: The library's file; None for the one in the user's data folder.
        asked: The name of the tool that the command is about.

    Raises:
        ToolLibraryError: The file cannot be opened, is damaged, or belongs to another program.
        ToolNotFoundError: By the block: there is no such tool; the text says where, and which names are near.
    """
    from langchain_latm.tools.library.library import open_tool_library
    from langchain_latm.tools.library.sqlite import default_path

    try:
        library = open_tool_library(file)
    except ToolLibraryError as error:
        raise ToolLibraryError(f"{error} (--library or LATM_LIBRARY names another one)") from error
    with library as opened:
        try:
            yield opened
        except ToolNotFoundError as error:
            names = [each.name for each in opened.list()]
            if asked is None or asked in names:
                raise
            raise ToolNotFoundError(f"{error} in {file or default_path()}{_what_next(asked, names)}") from error


def _what_next(asked: str, names: list[str]) -> str:
    near = get_close_matches(asked, names)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return "; `latm tools list` shows which there are" if names else ", which is empty"
