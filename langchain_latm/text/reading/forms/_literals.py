"""Base of the forms for lists in the notation of JSON or Python."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any, Final

from langchain_latm.text.lexing.numbers import json_number
from langchain_latm.text.reading.forms._base import GapForm, Stage

_MOST_NESTED: Final = 4


class LiteralForm(GapForm):
    """A list of texts, numbers, or lists of these, in the notation of a programming language."""

    default_name = "items"
    annotation = "list"
    stage = Stage.VALUE
    has_number_type = True
    is_list = True

    def annotate(self, values: Sequence[Any]) -> str:
        """Return the type of all values; `list` alone if the types inside differ."""
        return type_of(values) or self.annotation


def read_json(text: str) -> list[Any] | None:
    """Read a JSON list without objects, truth values and null; None if the text is not one."""
    try:
        value = json.loads(text, parse_constant=lambda _: None, parse_int=json_number, parse_float=json_number)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and _is_plain(value, 0) else None


def _is_plain(value: Any, depth: int) -> bool:
    if isinstance(value, list):
        return depth < _MOST_NESTED and all(_is_plain(each, depth + 1) for each in value)
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)  # JSON can spell lone surrogates
    return type(value) is int or (type(value) is float and math.isfinite(value))


def type_of(values: Sequence[Any]) -> str:
    """Return the type of all values; empty if they differ."""
    if all(isinstance(value, list) for value in values) and values:
        inside = type_of([each for value in values for each in value])
        return f"list[{inside}]" if inside else "list"
    types = {type(value) for value in values}
    if types and types <= {int, float}:
        return "float" if float in types else "int"
    return "str" if types == {str} else ""
