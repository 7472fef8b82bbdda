"""Reading generated Python text as a tree. It is parsed, never compiled to code, here."""

from __future__ import annotations

import ast
import warnings


def parse_source(source: str) -> ast.Module:
    """Parse generated code, quietly: Python's advice on its style is for its author, who is a model.

    Raises:
        SyntaxError: It is not Python.
        ValueError: It holds what no source may, such as NUL.
        RecursionError: It is nested too deep.
        MemoryError: The same, found by the parser.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        return ast.parse(source)
