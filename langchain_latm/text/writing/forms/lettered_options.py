"""Letters of options: "(B)" for the second option in a list among the arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from langchain_latm.text.writing.form import AnswerForm, Column, Form

_LABEL: Final = re.compile(r"(?<![^\W_])[A-Za-z](?![^\W_])")
"""A single letter."""


class LetteredOptions(Form):
    """Writes an option, which is a text, as its letter with the text around it."""

    name = "lettered_options"
    rank = 12
    offered = "alone"

    def asked(self, column: Column) -> AnswerForm | None:
        """Ask for the option itself."""
        for name in column.arguments[0] if column.arguments else ():
            pairs = zip(column.answers, column.arguments, strict=True)
            chosen = [_option(text, listed.get(name)) for text, listed in pairs]
            if None not in chosen:
                return AnswerForm("str", tuple(chosen))
        return None

    def writings(self, column: Column) -> Iterator[str]:
        """Yield the letter at the option's index, for each argument that holds the options."""
        found = [(answer, _LABEL.search(answer)) for answer in column.answers]
        around = {(a[: label.start()], a[label.end() :], label[0].isupper()) for a, label in found if label}
        if not column.holds_texts or len(around) != 1:
            return
        ((before, after, upper),) = around
        letters = ascii_uppercase if upper else ascii_lowercase
        for name in column.arguments[0] if column.arguments else ():
            rows = zip(column.values, column.answers, column.arguments, strict=True)
            if all(value == _option(answer, given.get(name)) for value, answer, given in rows):
                yield f"{before!r} + {letters!r}[{name}.index(value)] + {after!r}"


def _option(text: str, options: Any) -> str | None:
    """Return the option that the letter in a text stands for; None if there is no such letter or option."""
    found = _LABEL.findall(text)
    if len(found) != 1 or not isinstance(options, list) or not all(isinstance(each, str) for each in options):
        return None
    number = ord(found[0].lower()) - ord("a")
    return options[number] if number < len(options) else None
