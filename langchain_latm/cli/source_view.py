"""A tool's source, as a person reads it."""

from __future__ import annotations

import textwrap

from rich.console import Console
from rich.syntax import Syntax

from langchain_latm._core.visible import visible


def show_source(screen: Console, source: str, *, indent: int = 0) -> None:
    """Print it: coloured on a terminal; elsewhere as it is, since a line that is folded is no Python."""
    text = visible(source.rstrip())
    if screen.is_terminal:
        screen.print(Syntax(text, "python", padding=(0, indent), word_wrap=True))
    else:
        screen.print(textwrap.indent(text, " " * indent), markup=False, soft_wrap=True)
