"""Items of a label and a number: "Ann 12", "Ann: 12", "apples = 3"."""

from __future__ import annotations

import re
from typing import Final

from langchain_latm.text.lexing.numbers import PLAIN_NUMBER, read_number

_LABELLED: Final = re.compile(rf"(?P<label>\S(?:.*[^\s:=])?)(?:\s*[:=]\s*|\s+)(?P<number>{PLAIN_NUMBER})")


def read_labelled(item: str) -> tuple[str, int | float] | None:
    """Return the label and the plain number of an item; None if it is not of this form."""
    found = _LABELLED.fullmatch(item)
    number = None if found is None else read_number(found["number"])
    return None if found is None or number is None else (found["label"], number)
