"""Numbers with a word for their magnitude: "1.5K", "2.3 million", "640 KB"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from langchain_latm.making.synthesis.expression import Operator, quoted
from langchain_latm.making.synthesis.operators.numbers import bounded
from langchain_latm.making.synthesis.writing import Writer

_POWERS: Final = {
    "": 0, "k": 1, "thousand": 1, "m": 2, "mn": 2, "mio": 2, "million": 2, "b": 3, "bn": 3, "g": 3, "billion": 3,
    "t": 4, "tn": 4, "trillion": 4,
}  # fmt: skip
_BYTES: Final = {
    "b": 0,
    "byte": 0,
    "bytes": 0,
    "kb": 1,
    "mb": 2,
    "gb": 3,
    "tb": 4,
    "kib": 1,
    "mib": 2,
    "gib": 3,
    "tib": 4,
}
_SIZED: Final = r"[^\w\s+-]?([+-]?\d{1,12}(?:,\d{3})*(?:\.\d{1,9})?)\s?([A-Za-z]*)"
_LONGEST: Final = 40


@dataclass(frozen=True)
class ReadMagnitude(Operator):
    """The value of a number with a letter or word for thousands, millions and so on.

    A currency mark may precede it.

    Attributes:
        base: 1000, or 1024 for bytes.
        of_bytes: Whether the words are units of bytes.
    """

    base: int = 1000
    of_bytes: bool = False

    @property
    def cost(self) -> float:
        return 0.9 + 0.1 * (self.base == 1024)  # noqa: PLR2004

    @property
    def _words(self) -> dict[str, int]:
        return _BYTES if self.of_bytes else _POWERS

    def of(self, text: str) -> Decimal | None:
        found = re.fullmatch(_SIZED, text, re.ASCII) if isinstance(text, str) and len(text) <= _LONGEST else None
        if found is None or found[2].lower() not in self._words:
            return None
        return bounded(Decimal(found[1].replace(",", "")) * self.base ** self._words[found[2].lower()])

    def write(self, code: Writer, text: str) -> str:
        code.needs("import re")
        code.needs("from decimal import Decimal")
        table = code.constant("SIZES", repr(self._words))
        found = code.local("sized", f're.fullmatch(r"{_SIZED}", {text}, re.ASCII)')
        code.guard(f"not {found} or {found}[2].lower() not in {table}", "expected a number with a word for its size")
        power = f"{self.base} ** {table}[{found}[2].lower()]"
        return code.local("number", f'Decimal({found}[1].replace(",", "")) * {power}')

    def says(self, what: str) -> str:
        return f"the number {what}, written out"


@dataclass(frozen=True)
class WriteMagnitude(Operator):
    """A number in the largest of thousands, millions and so on that does not exceed it, with the letter or word.

    Attributes:
        words: The words for one, thousands, millions, and so on.
        places: Number of decimals; None for one if needed.
        base: 1000, or 1024 for bytes.
    """

    words: tuple[str, ...]
    places: int | None
    base: int = 1000

    @property
    def cost(self) -> float:
        """It costs less than a choice among quotients."""
        return 1.2 + 0.1 * (self.base == 1024)  # noqa: PLR2004

    def of(self, number: Decimal) -> str | None:
        power = 0
        while power < len(self.words) - 1 and abs(number) >= self.base ** (power + 1):
            power += 1
        exact = Decimal(1).scaleb(-1 if self.places is None else -self.places)
        if not power and number == int(number):
            return f"{int(number)}{self.words[0]}"
        shown = (number / self.base**power).quantize(exact, ROUND_HALF_UP)
        return f"{shown.normalize() if self.places is None else shown:f}{self.words[power]}"

    def write(self, code: Writer, number: str) -> str:
        code.needs("from decimal import Decimal")
        code.needs("from decimal import ROUND_HALF_UP")
        words = code.constant("SIZES", repr(list(self.words)))
        sizes = f"[each for each in range(1, {len(self.words)}) if abs({number}) >= {self.base} ** each]"
        power = code.local("power", f"len({sizes})")
        exact = Decimal(1).scaleb(-1 if self.places is None else -self.places)
        quotient = f'(Decimal({number}) / {self.base} ** {power}).quantize(Decimal("{exact}"), ROUND_HALF_UP)'
        quotient += ".normalize()" if self.places is None else ""
        whole = f"Decimal(int({number})) if not {power} and {number} == int({number})"
        return f'f"{{{code.local("shown", f"{whole} else {quotient}")}:f}}{{{words}[{power}]}}"'

    def says(self, what: str) -> str:
        return f"{what} with {quoted(self.words[1])} for thousands and so on"


def readings(texts: Sequence[str]) -> Iterator[ReadMagnitude]:
    """Yield the operators that read all texts, if some have a word for a magnitude."""
    found = [re.fullmatch(_SIZED, text[:_LONGEST], re.ASCII) for text in texts]
    words = {each[2].lower() for each in found if each}
    if None in found or not words - {"", "b"}:
        return
    if words <= set(_POWERS):
        yield ReadMagnitude()
    if words <= set(_BYTES):
        if not any("i" in word for word in words):
            yield ReadMagnitude(1000, of_bytes=True)
        yield ReadMagnitude(1024, of_bytes=True)


_SYSTEMS: Final = (
    ("", "K", "M", "B", "T"), ("", "k", "M", "B", "T"), ("", "K", "M", "G", "T"), ("", "k", "m", "b", "t"),
    (" B", " KB", " MB", " GB", " TB"), (" B", " kB", " MB", " GB", " TB"), (" B", " KiB", " MiB", " GiB", " TiB"),
    ("B", "KB", "MB", "GB", "TB"), ("", " thousand", " million", " billion", " trillion"),
)  # fmt: skip


def writings(answers: Sequence[str]) -> Iterator[WriteMagnitude]:
    """Yield the operators that may have written numbers with words for magnitudes in all answers."""
    found = [re.findall(r"\d+(?:\.(\d+))?( ?[A-Za-z]+)?", answer[:200], re.ASCII) for answer in answers]
    rows = [row for row in found if row]
    for words in _SYSTEMS:
        shown = [[(places, word) for places, word in row if word in words] for row in rows]
        if len(rows) < len(answers) or not all(shown) or not any(word.strip() for row in shown for _, word in row):
            continue
        if len({word for row in shown for _, word in row}) < 2:  # noqa: PLR2004 - a single magnitude is a factor
            continue
        sized = {len(places) for row in shown for places, word in row if word != words[0]}
        manners = [*sized, None] if len(sized) == 1 else [None]
        for base in (1000, 1024) if "B" in words[1] else (1000,):
            yield from (WriteMagnitude(words, places, base) for places in manners)
