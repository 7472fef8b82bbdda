"""Recognises sources whose function reads its argument with readers of sentences only."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from langchain_latm._core.source import functions_in, parse_source
from langchain_latm.making.synthesis.copying import copied
from langchain_latm.making.synthesis.sentences.choices import (
    direction_of,
    items_of,
    names_of,
    order_of,
    parity_of,
    position_of,
)
from langchain_latm.making.synthesis.sentences.clock_times import time_in
from langchain_latm.making.synthesis.sentences.marks import form_in, shaped_in
from langchain_latm.making.synthesis.sentences.money import money_in
from langchain_latm.making.synthesis.sentences.moves import moved_date
from langchain_latm.making.synthesis.sentences.numerals import number_in
from langchain_latm.making.synthesis.sentences.quantities import quantity_in
from langchain_latm.making.synthesis.sentences.things import in_digits, in_signs, values_of
from langchain_latm.making.synthesis.sentences.twins import same_sense
from langchain_latm.making.synthesis.sentences.written_dates import date_in

_READERS: Final = (
    time_in, date_in, quantity_in, money_in, number_in, form_in, shaped_in,
    direction_of, order_of, parity_of, position_of, names_of, items_of,
)  # fmt: skip
_PREPARING: Final = (same_sense, in_digits, in_signs)
"""What only prepares a text for one of `_OF_PREPARED`."""
_OF_PREPARED: Final = (values_of, moved_date)


def reads_sentences(source: str, entry: str) -> bool:
    """Whether a function passes its only argument to readers of sentences and uses it for nothing else.

    Such a function refuses every text that does not hold exactly one thing of its kind, whatever its wording.
    """
    module = parse_source(source)
    functions, written = functions_in(module), {ast.unparse(_without_docstring(node)) for node in module.body}
    prepared = any(written >= _statements(each) for each in _OF_PREPARED)
    readers = (*_READERS, *(_PREPARING if prepared else ()))
    known = {each.__name__ for each in readers if written >= _statements(each)}
    if not known or entry not in functions:
        return False
    function = functions[entry]
    parameters = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    if len(parameters) != 1:
        return False
    read = {
        id(node.args[0])
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known and node.args
    }
    uses = [node for node in ast.walk(function) if isinstance(node, ast.Name) and node.id == parameters[0]]
    return bool(uses) and all(id(node) in read for node in uses)


def _without_docstring(node: ast.stmt) -> ast.stmt:
    """Return a statement of a module; of a function without the docstring that it got in a tool."""
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
        copied = ast.FunctionDef(**{name: getattr(node, name) for name in node._fields})
        copied.body = node.body[1:]
        return ast.copy_location(copied, node)
    return node


@cache
def _statements(reader: Callable[..., Any]) -> frozenset[str]:
    """Return what a source with a reader defines, written as `ast.unparse` does, without docstrings."""
    return frozenset(ast.unparse(_without_docstring(node)) for node in ast.parse(copied(reader).source).body)
