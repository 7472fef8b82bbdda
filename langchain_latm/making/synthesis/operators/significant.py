"""Numbers rounded to significant digits: "0.107", "1960.0", "8.98e-06"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

MANNERS: Final = ("float", "plain", "general", "kept", "whole", "whole kept")
"""As Python writes a float; without zeros at the end; as Python's format "g"; with all digits; and the last two with
whole numbers that are not rounded further."""
EXACT: Final = 15
"""Digits of a number that is not rounded: a float has as many."""
_FEWEST: Final = 2
"""Minimum number of answers that have all digits, and of these digits: numbers of one digit are common."""
_MOST: Final = 12
_HALVES: Final = ("unknown", "up", "even", "down")
_TEXT: Final = re.compile(r"-?\d{1,18}(?:[.,]\d{1,18})?(?:e[+-]\d{1,2})?")


def significant_text(number: Decimal, digits: int, manners: Iterable[str], halves: str) -> str:
    """Return a number rounded to significant digits, if the possible manners of writing it agree.

    Args:
        number: The number.
        digits: Number of significant digits.
        manners: The manners that the examples allow.
        halves: Whether a number halfway between two is rounded up, down or to an even digit, if the examples show it.

    Raises:
        ValueError: No example shows how to write such a number.
    """
    roundings = {"up": ROUND_HALF_UP, "even": ROUND_HALF_EVEN, "down": ROUND_HALF_DOWN}
    found = set()
    for rounding in [roundings[halves]] if halves in roundings else roundings.values():
        rounded = Context(prec=digits, rounding=rounding).plus(number)
        last = rounded.adjusted() - digits + 1
        whole = number.quantize(Decimal(1).scaleb(min(0, last)), rounding)
        texts = {
            "float": str(float(rounded)),
            "plain": f"{rounded.normalize():f}",
            "general": f"{float(rounded):.{digits}g}",
            "kept": f"{rounded.quantize(Decimal(1).scaleb(last)):f}",
            "whole": f"{whole.normalize():f}",
            "whole kept": f"{whole:f}",
        }
        found |= {texts[manner] for manner in manners}
    if len(found) != 1:
        raise ValueError("expected a number like those of the examples")
    return found.pop()


@dataclass(frozen=True)
class WriteSignificant(Operator):
    """A number rounded to significant digits, as text.

    Attributes:
        digits: Number of significant digits.
        manners: The manners that the examples allow: a number on which they differ is not written.
        halves: How a number halfway between two is rounded.
        point: The decimal mark.
    """

    digits: int
    manners: tuple[str, ...]
    halves: str = "unknown"
    point: str = "."

    @property
    def cost(self) -> float:
        """As much as of a number of fixed decimals, whose digits are less confirmed."""
        return 0.4 + 0.4 * (self.point != ".") + 0.1 * (self.halves != "unknown")

    @property
    def is_exact(self) -> bool:
        """Whether numbers with more digits are not written."""
        return self.digits == EXACT

    def of(self, number: Decimal) -> str | None:
        if self.is_exact and Context(prec=EXACT).plus(number) != number:
            return None
        try:
            text = significant_text(number, self.digits, self.manners, self.halves)
        except ValueError:
            return None
        return text.replace(".", self.point)

    def write(self, code: Writer, number: str) -> str:
        name = code.copy(significant_text)
        if self.is_exact:
            code.needs("from decimal import Context")
            code.guard(f"Context(prec={EXACT}).plus(Decimal({number})) != {number}", "expected a number of few digits")
        code.needs("from decimal import Decimal")
        text = f'{name}(Decimal({number}), {self.digits}, {self.manners!r}, "{self.halves}")'
        return f'{text}.replace(".", "{self.point}")' if self.point != "." else text

    def narrowed(self, fits: Callable[[WriteSignificant], bool]) -> WriteSignificant | None:
        """Return the writing with those manners that fit the exact numbers of the examples; None if none does.

        The answers alone leave more open: 1460 may be 1464.4 in whole digits or not, which the exact number shows.
        """
        manners = tuple(manner for manner in self.manners if fits(replace(self, manners=(manner,))))
        return replace(self, manners=manners) if manners else None

    def says(self, what: str) -> str:
        return what if self.is_exact else f"{what} with {self.digits} significant digits"

    def error(self, text: str) -> Decimal:
        """Return the largest rounding error of a number that is written as a text: half of its last digit."""
        return half_of_last(Decimal(text.replace(",", ".")), self.digits)


def half_of_last(number: Decimal, digits: int) -> Decimal:
    """Return half of the last significant digit of a number."""
    return Decimal(5).scaleb(number.adjusted() - digits) if number else Decimal(0)


def significant_styles(texts: Sequence[str]) -> tuple[WriteSignificant, ...]:
    """Return the ways in which numbers may have been rounded to significant digits and written as these texts.

    At least two must have all these digits, and be of different size, since the decimals of numbers of one size show
    no difference. The exact numbers are needed to tell whether any was rounded.
    """
    return _styles(tuple(texts))


@lru_cache(maxsize=1024)  # the search asks for the same answers again for each choice among rows
def _styles(texts: tuple[str, ...]) -> tuple[WriteSignificant, ...]:
    if not all(map(_TEXT.fullmatch, texts)):
        return ()
    point = "," if any("," in text for text in texts) else "."
    if point == "," and any("." in text for text in texts):
        return ()
    plain = [text.replace(",", ".") for text in texts]
    numbers = list(map(Decimal, plain))
    found = []
    if any(re.search(r"\.0$|e", text) for text in plain) and _manners(plain, numbers, EXACT) == ("float",):
        found.append(WriteSignificant(EXACT, ("float",), "unknown", point))
    shown = [len(number.normalize().as_tuple().digits) for number in numbers]
    written = [len(number.as_tuple().digits) if "." in text else 0 for number, text in zip(numbers, plain, strict=True)]
    for counts in (shown, written):
        digits = max(counts)
        full = {number.adjusted() for number, count in zip(numbers, counts, strict=True) if count == digits}
        if _FEWEST <= digits <= _MOST and counts.count(digits) >= _FEWEST <= len(full):
            manners = _manners(plain, numbers, digits)
            if manners and all(each.digits != digits for each in found):
                found += [WriteSignificant(digits, manners, halves, point) for halves in _HALVES]
    return tuple(found)


def _manners(texts: Sequence[str], numbers: Sequence[Decimal], digits: int) -> tuple[str, ...]:
    """Return the manners that write all numbers as these texts."""
    return tuple(
        manner
        for manner in MANNERS
        if all(
            significant_text(number, digits, (manner,), "up") == text
            for number, text in zip(numbers, texts, strict=True)
        )
    )
