"""Texts in the letter case of the request: "PARIS" for an argument in capitals, "Paris" for a capitalised one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from langchain_latm.text.writing.form import Column, Form
from langchain_latm.text.writing.written_source import HIDDEN

_CASES: Final[dict[str, tuple[Callable[[str], bool], Callable[[str], str]]]] = {
    "upper": (str.isupper, str.upper),
    "lower": (str.islower, str.lower),
    "title": (str.istitle, str.title),
}
_TELLING: Final = 2
"""Minimum number of different cases that show that the case comes from an argument."""


class ArgumentCase(Form):
    """Writes a text in capitals, in small letters or capitalised, like one of the arguments.

    An argument in a case that no example shows is an error.
    """

    name = "argument_case"
    rank = 82

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the text in the case of one of the arguments."""
        if not column.holds_texts or not column.arguments:
            return
        for name in column.arguments[0]:
            given: list[Any] = [row.get(name) for row in column.arguments]
            if name in HIDDEN or not all(isinstance(each, str) for each in given):
                continue
            cases = [next((case for case, (has, _) in _CASES.items() if has(each)), "") for each in given]
            rows = zip(cases, column.values, column.answers, strict=True)
            if len(set(cases)) < _TELLING or not all(
                case and _CASES[case][1](value) == answer.strip() for case, value, answer in rows
            ):
                continue
            lines = [f"if {name}.is{case}():\n    return value.{case}()" for case in _CASES if case in cases]
            yield "\n".join([*lines, "raise ValueError('no example shows this case')", "value"])
