"""Converts numbers to texts, and texts of digits to numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer


@dataclass(frozen=True)
class AsText(Operator):
    """A number as Python prints it."""

    cost: ClassVar[float] = 0.1

    def of(self, value: Any) -> str:
        return str(value)

    def write(self, code: Writer, value: str) -> str:  # noqa: ARG002 - needs no statement
        return f"str({value})"

    def says(self, what: str) -> str:
        return what


@dataclass(frozen=True)
class AsNumber(Operator):
    """A text of digits as a number of Python."""

    whole: bool

    cost: ClassVar[float] = 0.1

    def of(self, text: str) -> int | float | None:
        """Return the number; None if the text is none."""
        if len(text) > 25 or re.fullmatch(r"-?\d+" if self.whole else r"-?\d+(?:\.\d+)?", text) is None:  # noqa: PLR2004 - no answer is longer
            return None
        return int(text) if self.whole else float(text)

    def write(self, code: Writer, text: str) -> str:  # noqa: ARG002 - int and float raise ValueError themselves
        return f"{'int' if self.whole else 'float'}({text})"

    def says(self, what: str) -> str:
        return what
