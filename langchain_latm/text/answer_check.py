"""Checks that compare a tool's value with a known answer.

A check is plain data and is stored with a tool. Only `CustomCheck` holds a function of the caller, which is not stored.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from langchain_latm.exceptions import TaskError
from langchain_latm.text.evaluators import as_check, is_evaluator
from langchain_latm.text.json_values import same_json


def answer_text(value: Any) -> str:
    """Return a JSON value as an answer: text unchanged, numbers as Python prints them, the rest as JSON."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool | int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Check(BaseModel):
    """Base of the checks.

    Attributes:
        values: Whether the answers are JSON values, as in a typed task; if not, they are texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: bool = False

    @model_serializer(mode="wrap")
    def _without_default(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out `values` if answers are texts, so that older records keep their ids."""
        plain: dict[str, Any] = dump(self)
        if not self.values:
            plain.pop("values", None)
        return plain


class ExactCheck(_Check):
    """The same text, ignoring white space at both ends and Unicode normalization; or the same JSON value.

    Values are the same if their types are: `18.90` is `18.9`, but `"007"` is neither `7` nor `"7"`, and 1 is not True.
    """

    kind: Literal["exact"] = "exact"

    def matches(self, value: Any, answer: Any) -> bool:
        """Whether `value` is the answer."""
        if self.values:
            return same_json(value, answer)
        text, known = answer_text(value).strip(), answer.strip()
        return bool(text == known) or (
            not text.isascii() and unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", known)
        )


class TextCheck(_Check):
    """The same text, ignoring case and the amount of white space between words.

    In JSON values, each text is compared so; other parts must be the same.
    """

    kind: Literal["text"] = "text"

    def matches(self, value: Any, answer: Any) -> bool:
        """Whether `value` is the answer."""
        if self.values:
            return same_json(value, answer, leaf=_same_words)
        return bool(answer_text(value).casefold().split() == answer.casefold().split())


def _same_words(one: Any, other: Any) -> bool | None:
    """Compare two texts without case and white space; None for other values."""
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold().split() == other.casefold().split()
    return None


class NumericCheck(_Check):
    """The same number within a tolerance. Commas, spaces and a leading currency sign are ignored.

    In JSON values, each number is compared so, whether it is a number or a text; other parts must be the same.

    Attributes:
        absolute: Largest difference that passes, in the unit of the answer.
        relative: Largest difference that passes, as a share of the larger number.
    """

    kind: Literal["numeric"] = "numeric"
    absolute: Tolerance = 1e-9
    relative: Tolerance = 1e-9

    def matches(self, value: Any, answer: Any) -> bool:
        """Whether `value` is the answer. A text that is not a number never matches, except inside equal JSON values."""
        if self.values:
            return same_json(value, answer, leaf=self._close)
        return bool(self._close(answer_text(value), answer_text(answer)))

    def _close(self, one: Any, other: Any) -> bool | None:
        """Compare two numbers in any notation; None if one side is not a number."""
        numbers = [None if isinstance(side, bool) else _number(answer_text(side)) for side in (one, other)]
        if None in numbers:
            return None
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
    function: Callable[[Any, Any], bool] | None = Field(default=None, exclude=True, repr=False)

    def matches(self, value: Any, answer: Any) -> bool:
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
        kind, colon, tolerance = value.partition(":")
        return {"kind": kind, "absolute": tolerance} if colon and kind == "numeric" else {"kind": value}
    if callable(value) and not isinstance(value, BaseModel):
        value = as_check(value) if is_evaluator(value) else value
        return CustomCheck(name=getattr(value, "__qualname__", type(value).__qualname__), function=value)
    return value


AnswerCheck = Annotated[
    ExactCheck | TextCheck | NumericCheck | CustomCheck,
    Field(discriminator="kind"),
    BeforeValidator(_as_check),
]
"""A check, or a short form of one: `"exact"`, `"text"`, `"numeric"`, `"numeric:0.01"` with the largest difference in
the unit of the answer, a function `(value, answer) -> bool`, or an evaluator of LangSmith or openevals: a function of
`outputs` and `reference_outputs` that returns True or a score of 1 for a right answer."""
