"""The form of returned answers: separators, case, formats of numbers, shared beginnings and ends."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from langchain_latm.making.repair.material import Material, constant
from langchain_latm.making.repair.mutations.wrapping import wrapped
from langchain_latm.making.repair.program import Edit, Program, edit

_FORMATS: Final = ("_value.capitalize()", "_value.title()", "_value.upper()", "_value.lower()", "f'{_value:,}'")


def edits(program: Program, material: Material) -> Iterator[Edit]:
    """Yield edits of the values that the entry function returns."""
    templates = [(text, 1.0) for text in _templates(material)]
    for node in program.expressions:
        parent = program.parents.get(id(node))
        if isinstance(parent, ast.Return) and program.owners[id(parent)] is program.entry_function:
            for text, cost in templates:
                yield edit(node, wrapped(text, node), cost)
            before, after = material.edges
            if before:
                yield edit(node, ast.BinOp(constant(before), ast.Add(), wrapped("str(_value)", node)), 1.5)
            if after:
                yield edit(node, ast.BinOp(wrapped("str(_value)", node), ast.Add(), constant(after)), 1.5)


def _templates(material: Material) -> Iterator[str]:
    """Yield expressions that write the value in the form of the answers."""
    for separator in material.separators:
        yield f"{separator!r}.join(map(str, _value))"
        if separator != " ":
            yield f"_value.replace(' ', {separator!r})"
            yield f"_value.replace({separator!r}, ' ')"
            yield f"_value.replace({separator!r}, '')"
    decimals = {len(found[1]) for each in material.answers if (found := re.fullmatch(r"-?[\d,]+\.(\d+)", each))}
    for number in sorted(decimals):
        yield f"f'{{_value:.{number}f}}'"
        yield f"round(_value, {number})"
    widths = {len(each) for each in material.answers if each.isdigit()}
    if len(widths) == 1:
        yield f"str(_value).zfill({next(iter(widths))})"
    yield from _FORMATS
    yield from ("str(_value)", "''.join(map(str, _value))", "', '.join(map(str, _value))")
    yield from ("'True' if _value else 'False'", "'Yes' if _value else 'No'", "'yes' if _value else 'no'")
