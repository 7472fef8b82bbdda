"""Lists as JSON or Python literals: '["b", "a"]', "[1, 2]"."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_latm.text.writing.form import AnswerForm, Column, Form


class LiteralLists(Form):
    """Writes a list as a literal, in its own order or sorted."""

    name = "literal_lists"
    rank = 25
    offered = "before"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the list."""
        values: list[Any] = []
        for text in column.answers:
            if not text.startswith("["):
                return None
            try:
                values.append(json.loads(text))
            except (ValueError, RecursionError):
                try:
                    values.append(ast.literal_eval(text))
                except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                    return None
        return AnswerForm(_type_of(values), tuple(values))

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the list as JSON, as Python, and as Python with every item as a text."""
        if not all(isinstance(value, list) for value in column.values):
            return
        for listed in ("value", "sorted(value)", "sorted(sorted(each) for each in value)"):
            yield f"json.dumps({listed}, ensure_ascii=False)"
            yield f"str({listed})"
            yield f"str([str(each) for each in {listed}])"


def _type_of(values: Sequence[Sequence[Any]]) -> str:
    items = [each for value in values for each in value]
    types = {type(each) for each in items}
    if types <= {list}:  # also if there are no items
        return f"list[{_type_of(items) if any(items) else 'list'}]"
    names = {str: "list[str]", int: "list[int]", float: "list[float]"}
    return names.get(types.pop(), "list") if len(types) == 1 else "list"
