"""Converts values to cells of text, and cells of any format to JSON data."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import math
import re
from typing import Any, Final

from langchain_latm.text.answer_check import answer_text

MAY_BE_FORMULA: Final = r"(?:[\s\x00-\x1f\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])"
"""Pattern for the beginning of a cell that some spreadsheet program treats as a formula.

Some programs skip white space and invisible characters before it, and some accept the full-width forms of the signs.
"""
_FORMULA: Final = re.compile(MAY_BE_FORMULA)
_PLAIN_NUMBER: Final = re.compile(r"[-+]?\d+([.,]\d+)*")


def cell_text(value: Any) -> str:
    """Return a value as the text of a cell: empty for None, else the answer's text."""
    if type(value) is str:
        return value
    return "" if value is None else answer_text(json_value(value))


def is_blank(cell: Any) -> bool:
    """Whether a cell is empty or holds only white space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def json_value(value: Any) -> Any:  # noqa: PLR0911 - one for each kind
    """Return the value of a cell as JSON data: dates and times as ISO text, decimals as numbers."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def json_text(value: Any) -> str:
    """Return the value of a cell as JSON text, without escaping non-ASCII characters."""
    return json.dumps(json_value(value), ensure_ascii=False)


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet program treats as a formula, with an apostrophe before a possible one.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
