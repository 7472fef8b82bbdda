"""Tables from one text to another. Each entry occurs in at least two solved rows: a single row is not a rule."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

_MOST_ENTRIES: Final = 12
_CONFIRMED: Final = 2
_WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 200


@dataclass(frozen=True)
class Lookup(Operator):
    """The entry of a text in a table; texts without an entry do not fit.

    Attributes:
        entries: Pairs of a text and its entry.
    """

    entries: tuple[tuple[str, str], ...]

    @property
    def cost(self) -> float:
        """Each entry is copied from the examples."""
        return 0.8 + 0.7 * len(self.entries)

    def bits(self, rows: int) -> float:
        """Return how many bits confirm the table, given the number of solved rows: those beyond one for each entry."""
        return (rows - len(self.entries)) * math.log2(len({new for _, new in self.entries}))

    def of(self, text: str) -> str | None:
        return dict(self.entries).get(text)

    def write(self, code: Writer, text: str) -> str:
        pairs = ", ".join(f"{code.literal(old)}: {code.literal(new)}" for old, new in self.entries)
        table = code.constant("TABLE", f"{{{pairs}}}")
        text = code.named(text)
        code.guard(f"{text} not in {table}", f"expected one of {len(self.entries)} known texts")
        return f"{table}[{text}]"

    def says(self, what: str) -> str:
        return f"the entry of {what} in the table"


def lookups(texts: Sequence[str | None], answers: Sequence[str]) -> Iterator[Lookup]:
    """Yield tables from the texts of the solved rows to the answers, or to a word of each answer."""
    known = [text for text in texts if text is not None]
    counts = Counter(known)
    if len(known) < len(answers) or not 1 < len(counts) <= _MOST_ENTRIES or min(counts.values()) < _CONFIRMED:
        return
    words = [_WORD.findall(answer[:_LONGEST]) for answer in answers]
    fewest = min(map(len, words))
    targets = [list(answers), *([row[index] for row in words] for index in range(min(fewest, 3)))]
    for target in targets:
        pairs = sorted(set(zip(known, target, strict=True)))
        if len(pairs) == len(counts) and any(old != new for old, new in pairs) and len({new for _, new in pairs}) > 1:
            yield Lookup(tuple(pairs))
