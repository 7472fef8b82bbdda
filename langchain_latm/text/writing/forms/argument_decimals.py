"""Numbers with as many decimals as the request: "7.980 + 0.1" gives "8.080", and "pi to 4 places" gives "3.1416"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from langchain_latm.text.writing.form import Column, Form
from langchain_latm.text.writing.numbers import minus_at_number, number_writings
from langchain_latm.text.writing.written_source import HIDDEN

_MOST_PLACES: Final = 17
"""Maximum number of decimals of a number that is not a text."""
_DECIMALS: Final = {point: rf"(?<=\d){re.escape(point)}(\d+)(?![.,]?\d)" for point in ".,"}
"""The digits after the decimal point of a number; a mark between groups of digits is not a decimal point."""
_REFUSED: Final = """\
if places and number == number.quantize(decimal.Decimal(1).scaleb(1 - places), decimal.ROUND_DOWN):
    raise ValueError(f'no example shows whether zeros at the end of {number} are written')"""


class ArgumentDecimals(Form):
    """Writes a number with as many decimals as the argument with the most, or as an argument says.

    Trailing zeros are written if an example has one. If none has, a number that would end in a zero is an error, unless
    the unseen examples show that the zero is written.
    """

    name = "argument_decimals"
    rank = 45
    overrules_text = True

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the number with its decimals; if no example has a trailing zero, first the code that refuses one."""
        for writing in number_writings(column, minus_at_number, counts=lambda point: _counts(column.arguments, point)):
            code = writing.code(texts=column.holds_texts)
            zero_at_end = rf"{re.escape(writing.notation.point)}\d*0(?!\d)"
            if not any(re.search(zero_at_end, answer) for answer in column.answers):
                before, written = code.split("\ntext = ", 1)
                yield f"{before}\n{_REFUSED}\ntext = {written}"
            yield code


def _counts(arguments: Sequence[Mapping[str, Any]], point: str) -> Iterator[tuple[str, list[int]]]:
    """Yield code that counts decimals in the arguments, and its counts in the examples."""
    names = [name for name in arguments[0] if name not in HIDDEN] if arguments else []
    for sign in dict.fromkeys((point, ".")):
        pattern = _DECIMALS[sign]
        for some in (names, *([name] for name in names if len(names) > 1)):
            given = f"str([{', '.join(some)}])"
            counted = [re.findall(pattern, str([row.get(name) for name in some])) for row in arguments]
            yield (
                f"max(map(len, re.findall({pattern!r}, {given})), default=0)",
                [max(map(len, found), default=0) for found in counted],
            )
    for name in names:
        said: list[Any] = [row.get(name) for row in arguments]
        if all(type(each) is int and 0 <= each <= _MOST_PLACES for each in said):
            yield f"min(max({name}, 0), {_MOST_PLACES})", said
