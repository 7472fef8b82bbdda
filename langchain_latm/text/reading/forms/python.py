"""A list in the notation of Python."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from langchain_latm.text.lexing.numbers import PLAIN_NUMBER
from langchain_latm.text.reading.forms._literals import LiteralForm, read_json

_TOKEN: Final = re.compile(rf"\s*(?:([\[\](),])|({PLAIN_NUMBER})(?![\w.])|\"([^\"\\\n]*)\"|'([^'\\\n]*)')\s*")
_IN_JSON: Final = {"(": "[", ")": "]"}


class Python(LiteralForm):
    """A list in the notation of Python, with tuples as lists: `[('a', 1), ('b', 2.5)]`. Texts hold no backslash."""

    name = "python"
    rank = 40

    def read(self, text: str, separator: str = "") -> list[Any] | None:
        """Read the list; None if the text is not one, or it holds anything but texts, numbers, lists and tuples."""
        del separator
        written = _as_json(text)
        return None if written is None else read_json(written)


def _as_json(text: str) -> str | None:
    written: list[str] = []
    inside: list[tuple[str, int]] = []  # each open bracket, and the number of commas in it
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        position = token.end()
        sign, number, double, single = token.groups()
        if sign in {"[", "("}:
            inside.append((sign, 0))
        elif sign is not None:
            if not inside:
                return None
            opened, commas = inside.pop()
            if sign == ",":
                inside.append((opened, commas + 1))
            elif opened + sign not in {"[]", "()"} or (sign == ")" and not commas):  # `(1)` is the number 1
                return None
        written.append(_IN_JSON.get(sign, sign) if sign else number or json.dumps(single if double is None else double))
    return " ".join(written)
