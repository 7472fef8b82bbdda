"""Checks attributes that a text in the source names: in a format string, or in a call such as `getattr`."""

from __future__ import annotations

import ast
import re
from typing import Final

from langchain_latm.tools.gate.allowed import CALLED_ONLY, attribute_problem

BY_NAME: Final = {"builtins.getattr": 1, "builtins.setattr": 1, "builtins.delattr": 1}
"""Functions that take the name of an attribute, with its position."""
BY_NAMES: Final = ("operator.attrgetter", "operator.methodcaller")
_READS_ATTRIBUTES: Final = re.compile(r"\{[^{}]*[.\[]__")
"""A field of a format string that names an attribute with two underscores."""


class ProblemError(Exception):
    """A node does something that no tool may do."""


def check_attribute(name: str) -> None:
    """Refuse an attribute that leads to the inside of Python."""
    problem = attribute_problem(name)
    if problem:
        raise ProblemError(f"uses the attribute {name!r}, which {problem}")


def check_constant(value: object) -> None:
    """Refuse a text that is a format string with such an attribute."""
    if isinstance(value, str) and _READS_ATTRIBUTES.search(value):
        raise ProblemError("holds a format string that reads internals of Python; use an f-string")


def check_names(dotted: str, node: ast.Call) -> None:
    """Check a call of `attrgetter` or `methodcaller`."""
    names = node.args if dotted == "operator.attrgetter" else node.args[:1]
    for name in names or [ast.Constant(None)]:
        check_constant_name(dotted, [name])


def check_constant_name(dotted: str, names: list[ast.expr]) -> str:
    """Return the name of an attribute that is written in the source; refuse any other expression."""
    name = names[0].value if names and isinstance(names[0], ast.Constant) else None
    if not isinstance(name, str) or name.startswith("_") or any(map(attribute_problem, name.split("."))):
        rule = CALLED_ONLY.get(dotted) or CALLED_ONLY["builtins.setattr"]
        raise ProblemError(f"calls {dotted.removeprefix('builtins.')!r}, which {rule}")
    return name


def has_star(node: ast.Call) -> bool:
    """Whether a call has starred arguments, which the source does not spell out."""
    return any(isinstance(each, ast.Starred) for each in node.args)
