"""Fractions and ratios as texts: "1/2", "3 1/4", "6:30"."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_FRACTION: Final = r"(?:(\d{1,9})(?:\s+|-))?(\d{1,9})\s?/\s?(\d{1,9})"
_RATIO: Final = r"(\d{1,15})(\s?[:/]\s?)(\d{1,15})"
_LONGEST: Final = 40


@dataclass(frozen=True)
class ReadFraction(Operator):
    """The value of a fraction, with or without a whole number before it, or of a whole number alone."""

    cost: ClassVar[float] = 0.7  # less than arithmetic with its parts

    def of(self, text: Any) -> Decimal | None:
        """Return the number; None for a fraction of zero."""
        if not isinstance(text, str) or len(text) > _LONGEST:
            return None
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            return Decimal(text)
        found = re.fullmatch(_FRACTION, text, re.ASCII)
        if found is None or int(found[3]) == 0:
            return None
        return int(found[1] or 0) + Decimal(found[2]) / int(found[3])

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        code.needs("from decimal import Decimal")
        text = code.named(text)
        whole = code.local("is_whole", rf're.fullmatch(r"\d{{1,9}}", {text}, re.ASCII)')
        found = code.local("fraction", f're.fullmatch(r"{_FRACTION}", {text}, re.ASCII)')
        code.guard(f"not {whole} and (not {found} or int({found}[3]) == 0)", "expected a fraction")
        parts = f"int({found}[1] or 0) + Decimal({found}[2]) / int({found}[3])"
        return code.local("number", f"Decimal({text}) if {whole} else {parts}", endless=True)

    def says(self, what: str) -> str:
        return f"the fraction {what} as a number"


@dataclass(frozen=True)
class Reduced(Operator):
    """A fraction or ratio in lowest terms."""

    cost: ClassVar[float] = 1.0

    def of(self, text: str) -> str | None:
        """Return the fraction; None if both numbers are zero."""
        found = re.fullmatch(_RATIO, text, re.ASCII) if len(text) <= _LONGEST else None
        common = math.gcd(int(found[1]), int(found[3])) if found else 0
        return f"{int(found[1]) // common}{found[2]}{int(found[3]) // common}" if found and common else None

    def write(self, code: Writer, text: str) -> str:
        code.needs("import math")
        code.needs("import re")
        found = code.local("ratio", f're.fullmatch(r"{_RATIO}", {text}, re.ASCII)')
        code.guard(f"not {found}", "expected a fraction or ratio")
        common = code.local("common", f"math.gcd(int({found}[1]), int({found}[3]))")
        code.guard(f"{common} == 0", "expected a number that is not zero")
        return f'f"{{int({found}[1]) // {common}}}{{{found}[2]}}{{int({found}[3]) // {common}}}"'

    def says(self, what: str) -> str:
        return f"{what} in lowest terms"


def are_fractions(texts: Sequence[str]) -> bool:
    """Whether all texts are fractions or whole numbers, and some are fractions."""
    return any("/" in text for text in texts) and all(ReadFraction().of(text) is not None for text in texts)


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield the reduction to lowest terms, for texts that are fractions or ratios, and answers that hold some."""
    if any(re.search(r"\d\s?[:/]\s?\d", answer[:200]) for answer in answers) and all(
        re.fullmatch(_RATIO, text[:_LONGEST], re.ASCII) for text in texts
    ):
        yield Reduced()
