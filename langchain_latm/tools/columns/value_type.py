"""The type of a column of values.

It is the type of the values in the tool's proof, so it does not depend on the data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from langchain_latm.tools.made_tool import MadeTool

Scalar = Literal["str", "int", "float", "bool", "json"]

_SCALARS: Final[dict[type, Scalar]] = {str: "str", int: "int", float: "float", bool: "bool"}
_INT64: Final = range(-(2**63), 2**63)
_WRONG: Final[dict[Scalar, str]] = {
    "str": "no text",
    "int": "no integer",
    "float": "no number",
    "bool": "neither true nor false",
}


class ValueType(NamedTuple):
    """The type of a column.

    Attributes:
        scalar: The type of its values, or of the items of its lists. `"json"` stands for everything else, which columns
            of a fixed type hold as JSON text.
        is_list: Whether its values are lists.
    """

    scalar: Scalar = "json"
    is_list: bool = False

    @classmethod
    def of(cls, tool: MadeTool) -> Self:
        """Return the type of a tool's values: that of all values in its proof."""
        known = [case.value for case in tool.report.cases if case.passed and case.value is not None]
        if known and all(type(value) is list for value in known):
            items = _scalar([item for value in known for item in value])
            return cls() if items == "json" else cls(items, True)
        return cls(_scalar(known))

    def fitted(self, value: Any) -> Any:
        """Return a value as the column holds it.

        Raises:
            ValueError: It is not of this type.
        """
        if value is None:
            return None
        if not self.is_list:
            return _fitted(value, self.scalar)
        if type(value) is not list:
            raise ValueError(f"the value {_shown(value)} is not a list, unlike all values of the proof")
        return [None if item is None else _fitted(item, self.scalar) for item in value]


def _scalar(values: Sequence[Any]) -> Scalar:
    found = {_SCALARS.get(type(value), "json") for value in values if value is not None}
    if found == {"int", "float"}:
        return "float"
    return found.pop() if len(found) == 1 else "json"


def _fitted(value: Any, scalar: Scalar) -> Any:
    if scalar == "json":
        return json.dumps(value, ensure_ascii=False)
    given = _SCALARS.get(type(value))
    if scalar == "float" and given == "int" and abs(value) <= 2**53:
        return float(value)
    if given != scalar:
        raise ValueError(f"the value {_shown(value)} is {_WRONG[scalar]}, unlike all values of the proof")
    if scalar == "int" and value not in _INT64:
        raise ValueError(f"the value {_shown(value)} does not fit into 64 bits")
    if scalar == "float" and not math.isfinite(value):
        raise ValueError("the value is not finite")
    return value


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - enough to recognise it
