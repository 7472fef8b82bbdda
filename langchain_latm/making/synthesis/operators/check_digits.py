"""Check digits of codes: of card numbers (Luhn), of articles (GS1: EAN, UPC, ISBN-13), and of ISBN-10."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.writing import Writer

Scheme = Literal["Luhn", "GS1", "ISBN-10"]
_LONGEST: Final = 40
_FEWEST: Final = 5
"""Minimum number of digits of a code."""
_SCHEMES: Final[dict[Scheme, tuple[Callable[[Sequence[int]], int], str, str]]] = {
    "Luhn": (
        lambda digits: sum(sum(divmod(digit * (2 - place % 2), 10)) for place, digit in enumerate(digits)),
        "sum(sum(divmod(digit * (2 - place % 2), 10)) for place, digit in enumerate({0}))",
        "0123456789",
    ),
    "GS1": (
        lambda digits: sum(digit * (3 - place % 2 * 2) for place, digit in enumerate(digits)),
        "sum(digit * (3 - place % 2 * 2) for place, digit in enumerate({0}))",
        "0123456789",
    ),
    "ISBN-10": (
        lambda digits: sum(digit * (place + 2) for place, digit in enumerate(digits)),
        "sum(digit * (place + 2) for place, digit in enumerate({0}))",
        "0123456789X",
    ),
}
"""For each scheme, the weighted sum of the digits from the last to the first, its Python code, and the check digits."""


@dataclass(frozen=True)
class CheckDigit(Operator):
    """The check digit that follows the digits of a code; spaces and hyphens in the code are ignored."""

    scheme: Scheme

    cost: ClassVar[float] = 1.2

    def of(self, text: str) -> str | None:
        return _digit_of(self.scheme, _bare(text))

    def write(self, code: Writer, text: str) -> str:
        bare = code.local("code", _BARE.format(text))
        return _write_digit(code, self.scheme, bare)

    def says(self, what: str) -> str:
        return f"the {self.scheme} check digit of {what}"


@dataclass(frozen=True)
class EndsInCheckDigit(Operator):
    """Whether the last character of a code is the check digit of those before it."""

    scheme: Scheme

    cost: ClassVar[float] = 1.2

    def of(self, text: str) -> bool | None:
        code = _bare(text)
        digit = _digit_of(self.scheme, code[:-1])
        return None if digit is None else code[-1].upper() == digit

    def write(self, code: Writer, text: str) -> str:
        bare = code.local("code", _BARE.format(text))
        digit = _write_digit(code, self.scheme, code.local("body", f"{bare}[:-1]"))
        return f"{bare}[-1].upper() == {digit}"

    def says(self, what: str) -> str:
        return f"{what} ends in its {self.scheme} check digit"


def _bare(text: str) -> str:
    return text.replace("-", "").replace(" ", "")


_BARE: Final = '{}.replace("-", "").replace(" ", "")'


def _digit_of(scheme: Scheme, code: str) -> str | None:
    if not re.fullmatch(f"[0-9]{{1,{_LONGEST}}}", code):
        return None
    weigh, _, marks = _SCHEMES[scheme]
    return marks[-weigh([int(digit) for digit in reversed(code)]) % len(marks)]


def _write_digit(code: Writer, scheme: Scheme, bare: str) -> str:
    code.needs("import re")
    code.guard(f'not re.fullmatch("[0-9]{{1,{_LONGEST}}}", {bare})', "expected a code of digits")
    digits = code.local("digits", f"[int(digit) for digit in reversed({bare})]")
    _, weighted, marks = _SCHEMES[scheme]
    total = code.local("total", weighted.format(digits))
    return f'"{marks}"[-{total} % {len(marks)}]'


def offers(texts: Sequence[str], answers: Sequence[str]) -> Iterator[Operator]:
    """Yield the check digits of all schemes, for codes whose answers end in different characters."""
    if len({answer[-1:] for answer in answers}) > 1 and _are_codes(texts):
        yield from map(CheckDigit, _SCHEMES)


def checks(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield the checks of all schemes, for codes."""
    if _are_codes(texts):
        yield from map(EndsInCheckDigit, _SCHEMES)


def _are_codes(texts: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[0-9][0-9 -]*[Xx]?", text) and len(_bare(text)) >= _FEWEST for text in texts)
