"""Numbers of a fixed width: "007", "00042", "No. 0012"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from langchain_latm.text.writing.form import Column, Form

_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")
_LEAST_DIFFERENT: Final = 2
"""Minimum number of different numbers that separate them from the text around them."""
_LONGEST: Final = 200
"""Maximum length of an answer."""


class LeadingZeros(Form):
    """Writes a whole number padded with zeros to a width.

    At least one example must have such a zero. A number with more digits than the width is written unchanged. A
    negative number is an error.
    """

    name = "leading_zeros"
    rank = 48

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the number in the width that the examples have."""
        whole = all(isinstance(value, int) for value in column.values) and column.holds_numbers
        texts = [str(value) for value in column.values]
        if not (whole or column.holds_texts) or not all(_DIGITS.fullmatch(text) for text in texts):
            return
        found = [_row(text, answer.strip()) for text, answer in zip(texts, column.answers, strict=True)]
        rows = [row for row in found if row is not None]
        if len(rows) < len(found) or len({(before, after) for before, _, after in rows}) != 1:
            return
        before, _, after = rows[0]
        widths = {len(digits) for (_, digits, _), text in zip(rows, texts, strict=True) if len(digits) > len(text)}
        if len(widths) != 1 or (before + after and len(set(texts)) < _LEAST_DIFFERENT):
            return
        (width,) = widths
        if all(len(digits) >= width for _, digits, _ in rows):
            refused = "not str(value).isdecimal()"
            message = "raise ValueError(f'no example shows how {value} is written')"
            parts = [repr(before) if before else "", f"str(value).zfill({width})", repr(after) if after else ""]
            yield f"if {refused}:\n    {message}\n{' + '.join(filter(None, parts))}"


def _row(number: str, answer: str) -> tuple[str, str, str] | None:
    """Split an answer at the only occurrence of a number, with or without leading zeros."""
    if len(answer) > _LONGEST:
        return None
    found = [each for each in _DIGITS.finditer(answer) if each[0].lstrip("0") == number.lstrip("0")]
    if len(found) != 1:
        return None
    (one,) = found
    return answer[: one.start()], one[0], answer[one.end() :]
