"""Numbers rounded to a multiple of another number, up, down, or to the nearest one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.numbers import bounded
from langchain_latm.making.synthesis.writing import Writer

Direction = Literal["nearest", "up", "down"]
_ROUNDINGS: Final[dict[Direction, str]] = {
    "nearest": ROUND_HALF_UP,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}
_MULTIPLES: Final = tuple(
    map(Decimal, ("0.05", "0.25", "0.5", "1", "5", "10", "15", "20", "25", "30", "50", "100", "500", "1000"))
)
"""Common multiples for rounding: coins, quarters of an hour, round numbers."""


@dataclass(frozen=True)
class RoundTo(Operator):
    """A number rounded to a multiple of another number."""

    multiple: Decimal
    direction: Direction

    @property
    def cost(self) -> float:
        """The nearest multiple is the likeliest."""
        return 0.9 + 0.2 * (self.direction != "nearest")

    def of(self, number: Decimal) -> Decimal | None:
        count = (number / self.multiple).quantize(Decimal(1), _ROUNDINGS[self.direction])
        return bounded(count * self.multiple)

    def write(self, code: Writer, number: str) -> str:
        code.needs("from decimal import Decimal")
        rounding = _ROUNDINGS[self.direction]
        code.needs(f"from decimal import {rounding}")
        quotient = f'Decimal({number}) / Decimal("{self.multiple}")'
        return code.local("rounded", f'({quotient}).quantize(Decimal(1), {rounding}) * Decimal("{self.multiple}")')

    def says(self, what: str) -> str:
        where = {"nearest": "the nearest", "up": "the next higher", "down": "the next lower"}[self.direction]
        return f"{where} multiple of {self.multiple} to {what}"


def multiple_of(numbers: Sequence[Decimal]) -> Decimal | None:
    """Return the largest rounding step that divides all numbers; None if none does or all numbers are equal."""
    if len(set(numbers)) < 2:  # noqa: PLR2004 - one number shows nothing
        return None
    return next((each for each in reversed(_MULTIPLES) if not any(number % each for number in numbers)), None)


def roundings(values: Sequence[Decimal], wanted: Sequence[Decimal], multiple: Decimal) -> Iterator[RoundTo]:
    """Yield the roundings to a multiple that map numbers to the wanted ones, if some change."""
    for value, want in zip(values, wanted, strict=True):
        if abs(value - want) > multiple:
            return
    if list(values) == list(wanted):
        return
    for direction in ("up", "down") if multiple == 1 else _ROUNDINGS:  # `WriteNumber` rounds to the nearest whole
        operator = RoundTo(multiple, direction)
        if all(operator.of(value) == want for value, want in zip(values, wanted, strict=True)):
            yield operator
