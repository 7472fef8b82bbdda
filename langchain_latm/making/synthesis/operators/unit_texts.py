"""The unit or currency beside the one number of a text: "kg" of "3,5 kg", "US $" of "US $1.20"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_SIGN: Final = r"[$%\u00a2-\u00a5\u00b0\u0e3f\u2030\u20a0-\u20cf]"
_UNIT: Final = rf"(?:[^\W\d_]{{1,20}}\.?|(?:[A-Z]{{1,3}} )?{_SIGN}[A-Z]?)"
_NUMBER: Final = r"[-+\u2212]?\d{1,15}(?:[.,'\u2019 \u00a0\u202f]\d{2,3})*(?:[.,]\d{1,9})?"
_PATTERN: Final = rf"\s*(?:({_UNIT})\s*{_NUMBER}|{_NUMBER}\s*({_UNIT}))\s*"


@dataclass(frozen=True)
class UnitText(Operator):
    """The unit of a text that is one number with a unit."""

    cost: ClassVar[float] = 1.1

    def of(self, text: str) -> str | None:
        found = re.fullmatch(_PATTERN, text)
        return None if found is None else found[1] or found[2]

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        pattern = code.constant("QUANTITY", repr(_PATTERN))
        found = code.local("quantity", f"re.fullmatch({pattern}, {text})")
        code.guard(f"not {found}", "expected a number with its unit")
        return f"({found}[1] or {found}[2])"

    def says(self, what: str) -> str:
        return f"the unit of {what}"


def offers(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield the unit, if most of the texts have one."""
    unit = UnitText()
    if 2 * sum(unit.of(text) is not None for text in texts) >= len(texts) > 1:
        yield unit
