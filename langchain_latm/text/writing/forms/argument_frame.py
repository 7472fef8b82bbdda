"""Values with the text around the values of the request: "5 km" for a request in km, "€ 3" for one in €."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from langchain_latm._core.source import parse_source
from langchain_latm.text.writing.form import Column, Form
from langchain_latm.text.writing.forms import forms
from langchain_latm.text.writing.written_source import HIDDEN

_TELLING: Final = 2
"""Minimum number of different texts around values that show that the text comes from an argument."""
_FRAME: Final = "frame_of_answer"
_NUMBERS: Final = r"[\d.,'\u2019\s+\u2212-]+"
_REFUSED: Final = "raise ValueError('no example shows how this answer is written')"


class _Source(NamedTuple):
    """Where the text beside a value comes from.

    Attributes:
        code: Statements that assign the text to `frame_of_answer`.
        texts: The text in each example.
    """

    code: str
    texts: Sequence[str]


class ArgumentFrame(Form):
    """Writes a value before or after a text from an argument: its unit, its currency, or all of it.

    The text must differ between examples, to show that it comes from the request. An argument whose items have
    different units is an error, and so is a negative number directly after a sign, such as "€-5".
    """

    name = "argument_frame"
    rank = 92

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the value, as it is or in another form, with the text before or after it."""
        answers = [answer.strip() for answer in column.answers]
        for source in _sources(column):
            if len(set(source.texts)) < _TELLING or not all(source.texts):
                continue
            for before in (True, False):
                inner = _inner(answers, source.texts, before=before)
                if inner is not None:
                    space, rests = inner
                    yield from _framed(replace(column, answers=rests), source.code, space, before=before)


def _sources(column: Column) -> Iterator[_Source]:
    for name in column.arguments[0] if column.arguments else ():
        values: list[Any] = [row.get(name) for row in column.arguments]
        if name in HIDDEN:
            continue
        if all(isinstance(value, str) for value in values):
            yield _Source(f"{_FRAME} = {name}.strip()", [value.strip() for value in values])
            yield _units(f"[{name}]", [[value] for value in values])
        elif all(isinstance(value, list) and all(isinstance(each, str) for each in value) for value in values):
            yield _units(name, values)


def _units(items: str, rows: Sequence[Sequence[str]]) -> _Source:
    """Return the source of the unit: what is left of each item of an argument without its numbers."""
    lines = (
        f"units = {{re.sub({_NUMBERS!r}, ' ', each).strip() for each in {items}}}",
        f"if len(units) != 1:\n    {_REFUSED}",
        f"{_FRAME} = units.pop()",
    )
    units = [{re.sub(_NUMBERS, " ", each).strip() for each in row} for row in rows]
    return _Source("\n".join(lines), [each.pop() if len(each) == 1 else "" for each in units])


def _inner(answers: Sequence[str], texts: Sequence[str], *, before: bool) -> tuple[str, list[str]] | None:
    """Return the space between texts and values, and the written values; None if an answer lacks its text."""
    rows = list(zip(answers, texts, strict=True))
    if not all(answer.startswith(text) if before else answer.endswith(text) for answer, text in rows):
        return None
    rests = [answer[len(text) :] if before else answer[: -len(text)] for answer, text in rows]
    spaces = {re.match(r"\s*", rest if before else rest[::-1])[0] for rest in rests}  # type: ignore[index]  # any text
    stripped = [rest.strip() for rest in rests]
    return (spaces.pop(), stripped) if len(spaces) == 1 and all(stripped) else None


def _framed(column: Column, frame: str, space: str, *, before: bool) -> Iterator[str]:
    """Yield the code of each form that writes a column, with a text added to what it writes."""
    touched = before and not space and column.holds_numbers and not any(value < 0 for value in column.values)
    refused = [f"if not isinstance(value, str) and value < 0:\n    {_REFUSED}"] if touched else []
    plain = ["str(value)"] if [str(value) for value in column.values] == list(column.answers) else []
    others = [form for form in forms() if form.name not in {"argument_frame", "surrounded"}]
    overruling = [code for form in others if form.overrules_text for code in form.writings(column)]
    further = (code for form in others if not form.overrules_text for code in form.writings(column))
    for code in (*overruling, *plain, *further):
        module = parse_source(code)
        _around(module.body, lambda value: _joined(value, space, before=before))
        yield "\n".join([frame, *refused, ast.unparse(ast.fix_missing_locations(module))])


def _around(body: list[ast.stmt], framed: Callable[[ast.expr], ast.expr]) -> None:
    """Add the text to each returned value, except a variable, which is returned unchanged as a text."""
    *_, last = body
    for node in (each for statement in body for each in ast.walk(statement)):
        if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Name):
            node.value = framed(node.value)
    if isinstance(last, ast.Expr):
        last.value = framed(last.value)


def _joined(value: ast.expr, space: str, *, before: bool) -> ast.expr:
    parts: list[Any] = [ast.Name(_FRAME, ast.Load()), *([ast.Constant(space)] if space else []), value]
    first, *others = parts if before else parts[::-1]
    for each in others:
        first = ast.BinOp(first, ast.Add(), each)
    return first  # type: ignore[no-any-return]  # an expression
