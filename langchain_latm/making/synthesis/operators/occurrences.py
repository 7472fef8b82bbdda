"""How often one value of a row occurs in another: "s" in "Mississippi", the word "row" in "row, row your boat"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_LONGEST = 40
"""Maximum length of a text that is counted."""


@dataclass(frozen=True)
class Occurrences(Operator):
    """How often the second text occurs in the first.

    Attributes:
        any_case: Whether capitals and small letters count as equal.
        whole: Whether only whole words count.
    """

    any_case: bool = False
    whole: bool = False

    @property
    def cost(self) -> float:
        """Both texts are values of the row, so nothing is copied from the examples."""
        return 1.2 + 0.3 * self.any_case + 0.3 * self.whole

    def of(self, text: str, part: str) -> Decimal | None:
        if not part:
            return None
        if self.any_case:
            text, part = text.lower(), part.lower()
        return Decimal(len(re.findall(rf"\b{re.escape(part)}\b", text)) if self.whole else text.count(part))

    def write(self, code: Writer, text: str, part: str) -> str:
        code.guard(f"not {part}", "expected a text to count")
        lower = ".lower()" if self.any_case else ""
        if not self.whole:
            return code.local("count", f"{text}{lower}.count({part}{lower})", whole=True)
        code.needs("import re")
        pattern = code.local("pattern", rf'r"\b" + re.escape({part}{lower}) + r"\b"')
        return code.local("count", f"len(re.findall({pattern}, {text}{lower}))", whole=True)

    def says(self, what: str, part: str) -> str:
        return f"how often {part} occurs in {what}{' in any case' if self.any_case else ''}"


def are_in(texts: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether short texts occur in longer ones in most rows."""
    rows = list(zip(texts, parts, strict=True))
    short = all(0 < len(part) <= _LONGEST and len(part) < len(text) for text, part in rows)
    return short and 2 * sum(part.lower() in text.lower() for text, part in rows) >= len(rows)


OCCURRENCES = (
    Occurrences(),
    Occurrences(any_case=True),
    Occurrences(whole=True),
    Occurrences(any_case=True, whole=True),
)
