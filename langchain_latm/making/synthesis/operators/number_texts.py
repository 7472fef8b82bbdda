"""Writes numbers: rounding, grouping, decimal marks and leading zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

Rounding = Literal["half up", "half even", "down"]
_ROUNDINGS: Final[dict[Rounding, str]] = {
    "half up": ROUND_HALF_UP,
    "half even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
}


@dataclass(frozen=True)
class WriteNumber(Operator):
    """A number as text.

    Attributes:
        places: Digits after the decimal point; None for as many as there are.
        group: The text between groups of three digits.
        point: The decimal mark.
        rounding: How a number halfway between two is rounded.
        width: Least digits before the point, filled with zeros.
        at_most: Whether `places` is an upper limit: zeros at the end of the decimals are left out, as spreadsheets do.
    """

    places: int | None = None
    group: str = ""
    point: str = "."
    rounding: Rounding = "half up"
    width: int = 0
    at_most: bool = False

    @property
    def cost(self) -> float:
        """Plain digits are the cheapest."""
        return (
            0.2
            + 0.2 * (self.places is not None)
            + 0.4 * bool(self.group)
            + 0.4 * (self.point != ".")
            + 0.2 * (self.rounding != "half up")
            + 0.4 * bool(self.width)
            + 0.1 * self.at_most
        )

    @property
    def is_exact(self) -> bool:
        """Whether numbers are not rounded."""
        return self.places is None

    def of(self, number: Decimal) -> str | None:
        if self.places is None:
            if number.as_tuple().exponent < -12:  # type: ignore[operator]  # noqa: PLR2004 - non-terminating
                return None
            text = f"{number.normalize():,f}"
        else:
            exact = Decimal(1).scaleb(-self.places)
            rounded = number.quantize(exact, rounding=_ROUNDINGS[self.rounding])
            text = f"{rounded.normalize() if self.at_most else rounded:,f}"
        return self._marked(text if text != "-0" else "0")

    def _marked(self, text: str) -> str:
        whole, point, fraction = text.partition(".")
        whole = whole.replace(",", self.group)
        return f"{whole.zfill(self.width)}{point and self.point}{fraction}"

    def write(self, code: Writer, number: str) -> str:
        value = number
        if number in code.whole and not self.places and not self.group:
            return f"str({number})" if not self.width else f'f"{{{number}:0{self.width}}}"'
        if self.places is None:
            code.needs("from decimal import Decimal")
            if number in code.endless:
                code.guard(f"Decimal({number}).as_tuple().exponent < -12", "expected a number of at most 12 decimals")
            text = f'f"{{Decimal({number}).normalize():{"," if self.group else ""}f}}"'
        else:
            code.needs("from decimal import Decimal")
            code.needs(f"from decimal import {_ROUNDINGS[self.rounding]}")
            exact = f'Decimal("{Decimal(1).scaleb(-self.places)}")'
            value = code.local("rounded", f"Decimal({number}).quantize({exact}, {_ROUNDINGS[self.rounding]})")
            trimmed = ".normalize()" * self.at_most
            text = f'f"{{{value}{trimmed}:{"," if self.group else ""}f}}"'
        if self.width:
            return f"{text}.zfill({self.width})"
        if self.group not in {"", ","} or (self.point != "." and self.group == ","):
            shown = code.local("shown", text)
            swap = {",": self.group, ".": self.point}
            return f"{shown}.translate(str.maketrans({_pairs(swap)}))"
        return f'{text}.replace(".", {code.literal(self.point)})' if self.point != "." else text

    def says(self, what: str) -> str:
        decimals = f"{self.places} decimal{'s' * (self.places != 1)}"
        places = "" if self.places is None else f" with {'at most ' * self.at_most}{decimals}"
        return f"{what}{places}{' and grouped digits' if self.group else ''}"


def _pairs(swap: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{old}": "{new}"' for old, new in swap.items()) + "}"


def styles(texts: Sequence[str]) -> list[WriteNumber]:
    """Return the ways in which numbers may have been written as these texts."""
    fractions = [text.partition(".")[2] for text in texts]
    if all(re.fullmatch(r"-?\d{1,18}(?:\.\d{1,12})?", text) for text in texts):
        return _plain_styles(texts, fractions, "", ".")
    for group, point in ((",", "."), (".", ","), (" ", ","), ("'", "."), (" ", "."), ("", ",")):
        marks = re.escape(group)
        pattern = (
            rf"-?\d{{1,3}}(?:{marks}\d{{3}})*(?:{re.escape(point)}\d{{1,12}})?" if group else r"-?\d+(?:,\d{1,12})?"
        )
        if all(re.fullmatch(pattern, text) for text in texts):
            return _plain_styles(texts, [text.partition(point)[2] for text in texts], group, point)
    return []


def _plain_styles(texts: Sequence[str], fractions: Sequence[str], group: str, point: str) -> list[WriteNumber]:
    lengths = set(map(len, fractions))
    if any(len(text) > 1 and text[0] == "0" and text[1].isdigit() for text in texts):
        widths = set(map(len, texts))
        return [WriteNumber(0, width=widths.pop())] if len(widths) == 1 and lengths == {0} and not group else []
    varied = len(lengths) > 1
    ends_in_zero = any(fraction.endswith("0") for fraction in fractions)
    found = [] if ends_in_zero else [WriteNumber(None, group, point)]
    if not (varied and ends_in_zero):
        found += [WriteNumber(max(lengths), group, point, rounding, at_most=varied) for rounding in _ROUNDINGS]
    return found
