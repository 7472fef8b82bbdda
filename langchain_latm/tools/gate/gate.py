"""The one check of a tool's text: when it is made, imported, exported, loaded and used.

The sandbox is the security boundary; it also stops what this check misses. The check protects trust in tools: a tool
that runs text as code lets one request change the results of later callers, and as an export, outside of the sandbox,
it could run anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from langchain_latm._core.source import MAX_SOURCE_CHARACTERS, parse_source
from langchain_latm.sandbox.packages.folder import Members, members
from langchain_latm.tools.gate.named_attributes import ProblemError
from langchain_latm.tools.gate.rules import Rules
from langchain_latm.tools.gate.snippet_runner import without_runner
from langchain_latm.types import shorten

MAX_NODES: Final = 20_000
"""Maximum number of syntax nodes of a source. The largest of 500 honest tools has 1,500."""
MAX_DEPTH: Final = 120
"""Maximum nesting of a source. Unparsing it takes five of Python's 1,000 stack frames for each level."""
MAX_DESCRIPTION: Final = 20_000
"""Maximum number of characters of a tool's description."""
_LONGEST_NUMBER: Final = 4_300 * 10 // 3
"""Bits of an integer with 4,300 digits, the most that Python prints."""


class RefusedSourceError(ValueError):
    """A source that no tool may have. The message is for the model or the person who corrects it."""


@lru_cache(maxsize=256)
def check_source(source: str, entry: str, packages: str = "") -> bool:
    """Check the source of a tool. It is parsed, not executed.

    Args:
        source: The source.
        entry: Name of its function.
        packages: Key of the packages that it may import besides the standard library.

    Returns:
        Whether it is a tool of the paper, whose argument is a snippet of code that must pass this check too.

    Raises:
        RefusedSourceError: It is too long, not valid Python, without the function `entry`, or does what no tool may do.
        PackageError: The packages are not installed on this machine.
    """
    module = parsed(source)
    if not any(isinstance(node, ast.FunctionDef) and node.name == entry for node in module.body):
        raise RefusedSourceError(f"the source has no function {shorten(entry)!r}")
    checked = without_runner(module, entry)
    _check(checked or module, members=members(packages))
    return checked is not None


def check_code(code: str, what: str = "this") -> None:
    """Check a piece of code that a tool of the paper runs.

    Args:
        code: The code.
        what: What it is, for the error.

    Raises:
        RefusedSourceError: It is too long, not valid Python, or does what no tool may do.
    """
    _check(parsed(code, what), what)


def check_description(description: str) -> None:
    """Check the description of a tool.

    Raises:
        RefusedSourceError: It is too long.
    """
    if len(description) > MAX_DESCRIPTION:
        raise RefusedSourceError(
            f"the description has {len(description):,} characters; at most {MAX_DESCRIPTION:,} are taken"
        )


def parsed(source: str, what: str = "the code") -> ast.Module:
    """Parse a source, if it is not too large.

    Args:
        source: The source.
        what: What it is, for the error.

    Raises:
        RefusedSourceError: It is too long, nested too deep, or not valid Python.
    """
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise RefusedSourceError(f"{what} has {len(source):,} characters; at most {MAX_SOURCE_CHARACTERS:,} are taken")
    try:
        module = parse_source(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        where = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        raise RefusedSourceError(f"{what} is not valid Python{where}: {getattr(error, 'msg', error)}") from None
    for count, (node, depth) in enumerate(_depths(module), 1):
        if count > MAX_NODES:
            raise RefusedSourceError(f"{what} has more than {MAX_NODES:,} parts; write less")
        number = node.value if isinstance(node, ast.Constant) else None
        if isinstance(number, int) and number.bit_length() > _LONGEST_NUMBER:
            raise RefusedSourceError(f"{what} holds a number of more than 4,300 digits; compute it")
        if depth > MAX_DEPTH:
            raise RefusedSourceError(f"{what} is nested too deep; use a loop or a table")
    return module


def _check(module: ast.Module, what: str = "", members: Members = MappingProxyType({})) -> None:
    try:
        Rules(module, members).check()
    except ProblemError as problem:
        raise RefusedSourceError(f"{what}, {problem}" if what else str(problem)) from None


def _depths(module: ast.Module) -> Iterator[tuple[ast.AST, int]]:
    """Yield each node, and how deep it is nested. The branches of an `if` with `elif` are equally deep."""
    waiting: list[tuple[ast.AST, int]] = [(module, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        further = node.orelse[0] if isinstance(node, ast.If) and len(node.orelse) == 1 else None
        waiting += [(child, depth if child is further else depth + 1) for child in ast.iter_child_nodes(node)]
