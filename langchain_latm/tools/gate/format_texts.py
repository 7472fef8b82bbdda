"""Whether a format string may hold a field that reads the inside of Python, such as `{0.__globals__}`.

A constant with such a field is found directly. A format string may also be computed, which can join two underscores
that are apart in the source. Such computations are followed as far as possible.
"""

from __future__ import annotations

import ast
from enum import IntEnum
from typing import Final

from langchain_latm.tools.gate.bindings import Bindings

_CHANGES: Final = frozenset(
    {"join", "strip", "lstrip", "rstrip", "ljust", "rjust", "center", "lower", "upper", "title"}
)
"""Methods of `str` that neither add new characters nor remove any between two others."""
_PICKS: Final = frozenset({"copy", "dedent", "get", "items", "values"})
"""Methods that return one or all of several texts, and `textwrap.dedent`."""
_VALUES: Final = frozenset(
    {"abs", "float", "int", "iter", "len", "list", "max", "min", "next", "range", "reversed", "round", "sorted", "str"}
    | {"sum", "tuple", "zip"}
)
"""Functions that return a number, or the text or the parts of their argument."""


class _Change(IntEnum):
    """What happens to a text before it is used as a format string."""

    WHOLE = 0
    JOINED = 1
    CUT = 2


def may_read_attributes(receiver: ast.expr, bindings: Bindings, seen: set[tuple[str, int]]) -> bool:
    """Whether a format string of the source may name an attribute with two underscores.

    Args:
        receiver: The expression whose method `format` is called.
        bindings: The values of the names in it.
        seen: Names that need not be followed again, in this source.
    """
    waiting: list[tuple[ast.AST, _Change]] = [(receiver, _Change.WHOLE)]
    while waiting:
        node, change = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            values = bindings.values(name)
            if values is None:
                return True
            change = _Change.CUT if change else change  # a loop over a text yields its characters
            if (name, change) not in seen:
                seen.add((name, change))
                waiting += [(value, change) for value in values]
        elif isinstance(node, ast.Constant):
            if _makes_two_underscores(str(node.value), change):
                return True
        elif (parts := _parts(node)) is None:
            return True
        else:
            waiting += [(part, max(change, _change_in(node, change))) for part in parts]
    return False


def _makes_two_underscores(text: str, change: _Change) -> bool:
    if change is _Change.JOINED:
        return "__" in text or text.startswith("_") or text.endswith("_")
    return change is _Change.CUT and "_" in text


def _change_in(node: ast.AST, change: _Change) -> _Change:
    if isinstance(node, ast.BinOp | ast.JoinedStr):
        return _Change.JOINED
    if isinstance(node, ast.Subscript):
        return _Change.CUT if change or isinstance(node.slice, ast.Slice) else _Change.WHOLE
    picks = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _PICKS
    return _Change.CUT if isinstance(node, ast.Call) and not picks else _Change.WHOLE


def _parts(node: ast.AST) -> list[ast.expr] | None:  # noqa: PLR0911 - one for each kind of expression
    """Return the expressions that contribute to the text of an expression; None if they are not known."""
    if isinstance(node, ast.Subscript | ast.Starred | ast.NamedExpr):
        return [node.value]
    if isinstance(node, ast.FormattedValue):
        return [node.value, *([node.format_spec] if node.format_spec else [])]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.JoinedStr | ast.BoolOp | ast.Dict):
        return [*node.values]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [*node.elts]
    if isinstance(node, ast.UnaryOp | ast.Compare):
        return []  # no text
    return _parts_of_call(node, node.func) if isinstance(node, ast.Call) else None


def _parts_of_call(node: ast.Call, called: ast.expr) -> list[ast.expr] | None:
    if isinstance(called, ast.Attribute):
        of_module = isinstance(called.value, ast.Name) and called.value.id == "textwrap"
        if called.attr in _CHANGES | _PICKS:
            return [*node.args] if of_module else [called.value, *node.args]
    if isinstance(called, ast.Name) and called.id in _VALUES:
        return [*node.args]
    return None
