"""Adds the code that writes a value to a tool's source."""

from __future__ import annotations

import ast
from typing import Final

from langchain_latm._core.source import free_name, functions_in, names_bound, names_in, names_needed, parse_source

MODULES: Final = frozenset({"datetime", "decimal", "json", "re"})
"""Modules that the code of a form may use; the sandbox has all of them."""
HIDDEN: Final = MODULES | {"value"}
"""Names under which the code of a form sees no argument."""


def with_writing(source: str, entry: str, writing: str) -> tuple[str, str]:
    """Add a function that writes the value of `entry` as text.

    Args:
        source: The tool's source.
        entry: Name of the function that returns the value.
        writing: Code of a form (see `Form.writings`).

    Returns:
        The new source, and the name of its entry function.
    """
    module = parse_source(source)
    inner = functions_in(module)[entry]
    taken = names_in(module)
    outer = free_name(f"{entry}_text", taken)
    parameters = [argument.arg for argument in (*inner.args.args, *inner.args.kwonlyargs)]
    code = parse_source(writing)
    modules = sorted(names_needed(code) & MODULES)
    # If a parameter or a variable hides the function, the new function calls it by another name.
    hidden = entry in {*parameters, *modules, "value"} | names_bound(code)
    called = free_name(f"{entry}_value", taken | {outer}) if hidden else entry
    given = ", ".join(f"{name}={name}" for name in parameters)
    *before, last = code.body
    lines = [
        repr(ast.get_docstring(inner, clean=False)),
        f"value = {called}({given})",
        *(f"import {name}" for name in modules),  # after the call, since a parameter may have such a name
        *map(ast.unparse, before),
        f"return {ast.unparse(last)}",
    ]
    body = "\n".join(lines).replace("\n", "\n    ")
    written = f"def {outer}({ast.unparse(inner.args)}) -> str:\n    {body}\n"
    again = f"{called} = {entry}\n" if hidden else ""
    return f"{source.rstrip()}\n\n\n{ast.unparse(parse_source(written + again))}\n", outer
