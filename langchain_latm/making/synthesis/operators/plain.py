"""Values as texts, and texts as the values that an answer is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer


@dataclass(frozen=True)
class AsText(Operator):
    """A number as Python prints it."""

    @property
    def cost(self) -> float:
        """Almost nothing."""
        return 0.1

    def of(self, value: Any) -> str:
        """Return the text."""
        return str(value)

    def write(self, code: Writer, value: str) -> str:  # noqa: ARG002 - needs no statement
        """Return the conversion."""
        return f"str({value})"

    def says(self, what: str) -> str:
        """Return the words for the number."""
        return what


@dataclass(frozen=True)
class AsNumber(Operator):
    """A text of digits as a number of Python."""

    whole: bool

    @property
    def cost(self) -> float:
        """Almost nothing."""
        return 0.1

    def of(self, text: str) -> int | float | None:
        """Return the number; None where the text is none."""
        if len(text) > 25 or re.fullmatch(r"-?\d+" if self.whole else r"-?\d+(?:\.\d+)?", text) is None:  # noqa: PLR2004 - no answer is longer
            return None
        return int(text) if self.whole else float(text)

    def write(self, code: Writer, text: str) -> str:  # noqa: ARG002 - int and float raise ValueError themselves
        """Return the conversion."""
        return f"{'int' if self.whole else 'float'}({text})"

    def says(self, what: str) -> str:
        """Return the words for the text."""
        return what
