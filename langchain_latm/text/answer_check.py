"""Checks that compare a tool's value with a known answer.

A check is plain data and is stored with a tool. Only `CustomCheck` holds a function of the caller, which is not stored.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from langchain_latm.exceptions import TaskError


def answer_text(value: Any) -> str:
    """Return a JSON value as an answer: text unchanged, numbers as Python prints them, the rest as JSON."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Check(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExactCheck(_Check):
    """The same text, apart from white space at both ends."""

    kind: Literal["exact"] = "exact"

    def matches(self, value: Any, answer: str) -> bool:
        """Whether `value` is the answer."""
        return answer_text(value).strip() == answer.strip()


class TextCheck(_Check):
    """The same text, apart from case and the amount of white space between words."""

    kind: Literal["text"] = "text"

    def matches(self, value: Any, answer: str) -> bool:
        """Whether `value` is the answer."""
        return answer_text(value).casefold().split() == answer.casefold().split()


class NumericCheck(_Check):
    """The same number within a tolerance. Commas, spaces and a leading currency sign are ignored.

    Attributes:
        absolute: Largest difference that passes, in the unit of the answer.
        relative: Largest difference that passes, as a share of the larger number.
    """

    kind: Literal["numeric"] = "numeric"
    absolute: Tolerance = 1e-9
    relative: Tolerance = 1e-9

    def matches(self, value: Any, answer: str) -> bool:
        """Whether `value` is the answer. A text that is no number never matches."""
        numbers = [_number(answer_text(side)) for side in (value, answer)]
        if None in numbers:
            return False
        return math.isclose(numbers[0], numbers[1], rel_tol=self.relative, abs_tol=self.absolute)  # type: ignore[arg-type]


def _number(text: str) -> float | None:
    bare = re.sub(r"^([+-]?)[$€£¥]", r"\1", re.sub(r"[,_\s]", "", text))
    try:
        number = float(bare)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class CustomCheck(_Check):
    """A function of the caller: `function(value, answer) -> bool`.

    It runs outside the sandbox on values that a made tool returned, so it must not evaluate them.

    Attributes:
        name: What the stored record says in place of the function.
        function: Not stored; pass it again to verify a loaded tool.
    """

    kind: Literal["custom"] = "custom"
    name: str
    function: Callable[[Any, str], bool] | None = Field(default=None, exclude=True, repr=False)

    def matches(self, value: Any, answer: str) -> bool:
        """Whether the function accepts `value`.

        Raises:
            TaskError: The check was loaded from a record and has no function.
        """
        if self.function is None:
            msg = f"the answer check {self.name!r} is a function that is not stored: pass it again"
            raise TaskError(msg)
        return bool(self.function(value, answer))


def _as_check(value: Any) -> Any:
    if isinstance(value, str):
        return {"kind": value}
    if callable(value) and not isinstance(value, BaseModel):
        return CustomCheck(name=getattr(value, "__qualname__", type(value).__qualname__), function=value)
    return value


AnswerCheck = Annotated[
    ExactCheck | TextCheck | NumericCheck | CustomCheck,
    Field(discriminator="kind"),
    BeforeValidator(_as_check),
]
"""A check, or a short form of one: `"exact"`, `"text"`, `"numeric"`, or a function `(value, answer) -> bool`."""
