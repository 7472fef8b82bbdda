"""Selects the helpers that fit a task, and adds their text to the sources that call them.

So a tool is one source, which is all that its exports, its gate and its hash see.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from langchain_latm._core.source import names_needed, parse_source, with_modules, without_statements
from langchain_latm.making.helpers import functions

HELPERS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType({
    function.__name__: function for function in (functions.evaluate,)
})  # fmt: skip
"""The helpers by name."""
_LEFT_OUT: ContextVar[str] = ContextVar("left_out_helper", default="")
_LONGEST: Final = 5_000
"""Maximum length of a text that is tried."""


@contextmanager
def without_helper(name: str) -> Iterator[None]:
    """Leave a helper out of searches and offers, to measure what it brings."""
    token = _LEFT_OUT.set(name)
    try:
        yield
    finally:
        _LEFT_OUT.reset(token)


def is_left_out(name: str) -> bool:
    """Whether a helper is left out (`without_helper`)."""
    return _LEFT_OUT.get() == name


def fitting(texts: Iterable[Sequence[Any]]) -> list[str]:
    """Return the names of the helpers to offer: those that read something off the same argument of each example.

    Args:
        texts: The arguments of each example, in the same order. No helper reads values that are not text.
    """
    columns = list(zip(*texts, strict=True))
    names = [name for name in HELPERS if not is_left_out(name)]
    return [name for name in names if any(all(_reads(HELPERS[name], cell) for cell in each) for each in columns)]


def offered(names: Sequence[str]) -> str:
    """Return the lines that offer helpers to a maker; an empty text if there are none."""
    return offer_of([f"- {name}{_signature(name)}: {inspect.getdoc(HELPERS[name])}" for name in names])


def offer_of(lines: Sequence[str]) -> str:
    """Return lines on functions under a sentence that offers them to a maker; an empty text if there are none."""
    return "\n".join(["These functions exist already; call them where they help:", *lines]) if lines else ""


def with_helpers(source: str) -> str:
    """Return a source with the text of the helpers that it calls.

    A small model may define a function that it was told exists, and wrongly (seen on Qwen2.5-Coder-1.5B). So a function
    with the name and the parameters of a helper is replaced.

    Raises:
        SyntaxError: The source is not Python.
        ValueError: The source is too long.
        RecursionError: The source is nested too deeply.
        MemoryError: Likewise, raised by the parser.
    """
    source = _without_copies(source)
    module = parse_source(source)
    called = [name for name in HELPERS if name in names_needed(module)]
    if not called:
        return source
    return with_modules(source, [*map(_text, called)])


def _without_copies(source: str) -> str:
    """Remove the functions with the name and parameters of a helper, unless nothing else is left."""
    written = [node for node in parse_source(source).body if isinstance(node, ast.FunctionDef)]
    copies = [
        node
        for node in written
        if node.name in HELPERS
        and [each.arg for each in node.args.args] == [*inspect.signature(HELPERS[node.name]).parameters]
    ]
    if not copies or len(copies) == len(written):
        return source
    return without_statements(source, copies)


def _reads(helper: Callable[[str], Any], cell: Any) -> bool:
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return False
    try:
        return helper(cell) not in ([], None)
    except (ValueError, ArithmeticError):
        return False


@cache
def _text(name: str) -> str:
    return inspect.getsource(HELPERS[name]).strip("\n")


def _signature(name: str) -> str:
    return _text(name).split("\n", 1)[0].removeprefix(f"def {name}").rstrip(":")
