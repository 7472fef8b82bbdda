"""The only function that may run text as code: that of the paper's tools, whose argument is a snippet of Python.

Each snippet is checked like a source before it runs (`check_code`), and each call has its own process
(`ToolSource.keeps_state`), so that no request affects later callers.
"""

from __future__ import annotations

import ast
from functools import cache
from itertools import product
from typing import Final

from langchain_latm._core.source import parse_source

# The last lines do the same as the authors' tool user after it runs a snippet (`get_ans`, `get_option`).
_RUNNER: Final = """\
def {entry}(snippet: str) -> str:
    {docstring}
    import re

    names = dict(globals())
    exec(compile(snippet, "<snippet>", "exec"), names)
    variables = re.findall(r"^\\s*(ans\\w*)\\s*=(?!=)", snippet, re.MULTILINE)
    if not variables:
        raise ValueError("the snippet puts no answer into a variable `ans`")
    answer = names[variables[-1]]
{conversion}    return str(answer)
"""
_TO_AN_OPTION: Final = """\
    if isinstance(answer, int) and not isinstance(answer, bool) and 1 <= answer <= 26:
        answer = chr(ord("A") + answer - 1)
    if isinstance(answer, str) and re.fullmatch("[A-Z]", answer):
        answer = f"({answer})"
"""
_TO_A_SPAN: Final = """\
    if isinstance(answer, (list, tuple)):
        answer = " - ".join(str(part) for part in answer)
"""


def snippet_runner(entry: str, docstring: str, *, to_option: bool, to_span: bool) -> str:
    """Return the source of a function that runs a snippet and returns the answer.

    Args:
        entry: Its name.
        docstring: Its docstring.
        to_option: Whether an answer becomes the letter of an option.
        to_span: Whether a list becomes a span, as of two times.
    """
    conversion = _TO_AN_OPTION * to_option + _TO_A_SPAN * to_span
    text = _RUNNER.format(entry=entry, docstring=repr(docstring), conversion=conversion)
    return ast.unparse(parse_source(text)) + "\n"


def without_runner(module: ast.Module, entry: str) -> ast.Module | None:
    """Return a source without the runner at its end; None if it does not end in exactly this runner."""
    last = module.body[-1]
    if not (isinstance(last, ast.FunctionDef) and last.name == entry):
        return None
    runs_text = any(isinstance(node, ast.Name) and node.id == "exec" for node in ast.walk(last))
    if not runs_text or _shape(last) not in _known_shapes():
        return None
    return ast.Module(body=module.body[:-1], type_ignores=[])


@cache
def _known_shapes() -> frozenset[str]:
    known = (snippet_runner("f", "x", to_option=a, to_span=b) for a, b in product((False, True), repeat=2))
    return frozenset(_shape(parse_source(text).body[0]) for text in known)


def _shape(function: ast.stmt) -> str:
    """Write a function without its name and docstring, to compare it with others."""
    assert isinstance(function, ast.FunctionDef)  # noqa: S101 - for the type checker
    return ast.dump(ast.FunctionDef("", function.args, function.body[1:], function.decorator_list))
