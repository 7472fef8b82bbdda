"""Times of day from numbers of hours, minutes and seconds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.times import Clock
from langchain_latm.making.synthesis.writing import Writer

_DAY: Final = 24 * 60 * 60


@dataclass(frozen=True)
class TimeOf(Operator):
    """The time of day from hours, minutes and seconds after midnight, as `TIME` in spreadsheets.

    Unlike there, numbers may be negative. More than a day wraps around at midnight.
    """

    cost: ClassVar[float] = 0.8  # about that of a sum

    def of(self, *numbers: Decimal) -> Clock | None:
        """Return the time, without seconds if none are given."""
        if any(number != int(number) for number in numbers):
            return None
        hours, minutes, *seconds = map(int, numbers)
        moment = (hours * 3600 + minutes * 60 + sum(seconds)) % _DAY
        return Clock(moment // 3600, moment // 60 % 60, moment % 60 if seconds else None)

    def write(self, code: Writer, *numbers: str) -> str:
        fractions = " or ".join(f"{number} != int({number})" for number in numbers)
        code.guard(fractions, "expected whole numbers")
        hours, minutes, *seconds = (f"int({number})" for number in numbers)
        if seconds:
            moment = code.local("moment", f"({hours} * 3600 + {minutes} * 60 + {seconds[0]}) % {_DAY}")
            second = code.local("second", f'f"{{{moment} % 60:02}}"')
            return f"{moment} // 3600, {moment} // 60 % 60, {second}"
        moment = code.local("moment", f"({hours} * 60 + {minutes}) % {_DAY // 60}")
        return f'{moment} // 60, {moment} % 60, ""'

    def says(self, *numbers: str) -> str:
        units = ("hours", "minutes", "seconds")
        return f"the time of {' and '.join(f'{what} {unit}' for what, unit in zip(numbers, units, strict=False))}"
