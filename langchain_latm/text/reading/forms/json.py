"""A list in the notation of JSON."""

from __future__ import annotations

from typing import Any

from langchain_latm.text.reading.forms._literals import LiteralForm, read_json


class Json(LiteralForm):
    """A list in the notation of JSON: `[1, ["a", 2.5]]`."""

    name = "json"
    rank = 30

    def read(self, text: str, separator: str = "") -> list[Any] | None:
        """Read the list; None if the text is not one, or it holds anything but texts, numbers and lists."""
        del separator
        return read_json(text)
