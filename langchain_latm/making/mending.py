"""Adds what small models forget, imports and docstrings, and the helpers that a function calls.

Imports of all names of a module become imports of those that are used.

A model that completes a function may also copy the examples in its docstring. They are removed: a tool's description
has no examples.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from langchain_latm._core.source import names_needed, parse_source
from langchain_latm.making.helpers.inlining import with_helpers
from langchain_latm.making.helpers.parts import FoundPart, with_parts
from langchain_latm.making.prompts import SHOWN_QUESTION, SHOWN_VALUES
from langchain_latm.sandbox.modules import TOOL_MODULES

_HOMES: Final = {
    **dict.fromkeys(("Counter", "defaultdict", "deque", "OrderedDict", "namedtuple"), "collections"),
    **dict.fromkeys(("gcd", "lcm", "sqrt", "ceil", "floor", "prod", "isqrt", "comb", "factorial"), "math"),
    **dict.fromkeys(("permutations", "combinations", "product", "groupby", "chain", "accumulate"), "itertools"),
    **dict.fromkeys(("reduce", "lru_cache", "cache"), "functools"),
    **dict.fromkeys(("timedelta", "date"), "datetime"),
    **dict.fromkeys(("List", "Dict", "Tuple", "Set", "Optional", "Union", "Any"), "typing"),
    **dict.fromkeys(("Fraction",), "fractions"),
    **dict.fromkeys(("Decimal",), "decimal"),
}
_EXAMPLES: Final = re.compile(rf"(?:{SHOWN_QUESTION}|{SHOWN_VALUES}|>>> ).*", re.DOTALL)
_OF_DATETIME_MODULE: Final = frozenset({"datetime", "timedelta", "date", "time", "timezone"})


def mended(source: str, *, docstring: str, modules: Sequence[str] = (), parts: Sequence[FoundPart] = ()) -> str:
    """Add missing imports and helpers to a source, and a docstring without examples to each function.

    Args:
        source: The source.
        docstring: The docstring of functions that have none, or only examples.
        modules: Modules of packages that the source may import besides the standard library.
        parts: Functions that a search found, which the source may call.

    Returns:
        The source; unchanged if it is not Python, since `entry_of` reports the error.
    """
    try:
        source = _without_examples(with_parts(with_helpers(_with_named_imports(source)), parts), docstring)
        module = parse_source(source)
        imports = _missing_imports(module, modules)
        bare = [node for node in module.body if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node)]
        if bare:
            for node in bare:
                node.body.insert(0, ast.Expr(ast.Constant(docstring)))
            source = ast.unparse(ast.fix_missing_locations(module)) + "\n"
        return _with_imports(source, imports) if imports else source
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source


def _with_named_imports(source: str) -> str:
    """Replace `from math import *` by an import of the used names. The gate rejects imports of all names."""
    module = parse_source(source)
    stars = [node for node in module.body if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    if not stars:
        return source
    used = {node.id for node in ast.walk(module) if isinstance(node, ast.Name)}
    lines = re.split(r"\r\n|\r|\n", source)  # as Python counts lines
    for node in stars:
        if node.module in TOOL_MODULES:
            exported = import_module(node.module)
            public = getattr(exported, "__all__", None) or [name for name in vars(exported) if name[0] != "_"]
            named = ", ".join(sorted(used.intersection(public)))
            if lines[node.lineno - 1].split() == ["from", node.module, "import", "*"]:
                lines[node.lineno - 1] = f"from {node.module} import {named}" if named else ""
    return "\n".join(lines).lstrip("\n")


def _without_examples(source: str, docstring: str) -> str:
    """Remove the examples from docstrings, without changing layout and comments of the code."""
    if not _EXAMPLES.search(source):
        return source
    lines = re.split(r"\r\n|\r|\n", source)  # as Python counts lines
    functions = [node for node in ast.walk(parse_source(source)) if isinstance(node, ast.FunctionDef)]
    for node in sorted(functions, key=lambda each: each.lineno, reverse=True):
        said, first = ast.get_docstring(node) or "", node.body[0]
        if not _EXAMPLES.search(said):
            continue
        kept = _EXAMPLES.sub("", said).strip() or docstring
        last = first.end_lineno or first.lineno
        before = lines[first.lineno - 1].encode()[: first.col_offset].decode()
        after = lines[last - 1].encode()[first.end_col_offset :].decode()
        lines[first.lineno - 1 : last] = [before + _literal(kept, " " * first.col_offset) + after]
    return "\n".join(lines)


def _literal(text: str, indent: str) -> str:
    """Write a docstring as a literal, over several lines unless it needs escapes."""
    plain = text.replace("\n", "").isprintable() and not {"\\", '"'} & set(text)
    return f'"""{text}"""'.replace("\n", f"\n{indent}") if plain else repr(text)


def _with_imports(source: str, imports: list[str]) -> str:
    """Put imports at the top, but after those from `__future__`, as Python requires."""
    future = [
        node.end_lineno or 0
        for node in parse_source(source).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    lines, start = source.split("\n"), max(future, default=0)
    return "\n".join([*lines[:start], *imports, "", "", *lines[start:]])


def _missing_imports(module: ast.Module, modules: Sequence[str]) -> list[str]:
    nodes = list(ast.walk(module))
    lines = []
    for name in sorted(names_needed(module)):
        if name == "datetime" and not _attributes(nodes, name) & _OF_DATETIME_MODULE:
            lines.append("from datetime import datetime")
        elif name in _HOMES:
            lines.append(f"from {_HOMES[name]} import {name}")
        elif name in (*TOOL_MODULES, *modules) and _attributes(nodes, name):
            lines.append(f"import {name}")
    return lines


def _attributes(nodes: list[ast.AST], name: str) -> set[str]:
    """Return the attributes of a name in the code, such as `timedelta` in `datetime.timedelta(1)`."""
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    }
