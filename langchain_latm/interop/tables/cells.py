"""Values as cells of text, and cells of any format as JSON data."""

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
"""What the text of a cell begins with that some spreadsheet program takes for a formula, as a pattern.

Some leave out white space and invisible characters before it, and some take the full-width forms of the signs.
"""
_FORMULA: Final = re.compile(MAY_BE_FORMULA)
_PLAIN_NUMBER: Final = re.compile(r"[-+]?\d+([.,]\d+)*")


def cell_text(value: Any) -> str:
    """Return a value as the text of a cell: nothing for None, an answer's text for the rest."""
    if type(value) is str:
        return value
    return "" if value is None else answer_text(json_value(value))


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing, or white space alone."""
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
    """Return the value of a cell as JSON text, with all characters as they are."""
    return json.dumps(json_value(value), ensure_ascii=False)


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula: what may be one begins with an apostrophe.

    Source: https://owasp.org/www-community/attacks/CSV_Injection
    """
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
