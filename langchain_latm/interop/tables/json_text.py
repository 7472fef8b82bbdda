"""Writes rows as JSON lines: rows that were read from JSON lines keep their text, and added keys come last."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from langchain_latm.interop.tables.added import KEEP, Added
from langchain_latm.interop.tables.cells import json_text, json_value
from langchain_latm.interop.tables.table import Chunk

_EMPTY: Final = re.compile(r"\s*\{\s*\}\s*")


class JsonText:
    """Writes rows as JSON lines.

    Args:
        added: The columns besides those of the table.
        from_json: Whether the table is JSON lines.
    """

    def __init__(self, added: Added, *, from_json: bool) -> None:
        self._added = added
        self._keeps = from_json and added.behind
        self._keys = [json.dumps(name, ensure_ascii=False) for name in added.names]

    def rows(self, chunk: Chunk, columns: Sequence[Sequence[Any]]) -> str:
        """Return the rows of a chunk, with the values of each added column."""
        values = zip(*columns, strict=True) if columns else ((),) * len(chunk.rows)
        if not self._keeps or chunk.texts is None:
            names = self._added.all_columns
            return "".join(
                json.dumps(
                    {key: json_value(value) for key, value in zip(names, self._added.joined(row, new), strict=True)},
                    ensure_ascii=False,
                )
                + "\n"
                for row, new in zip(chunk.rows, values, strict=True)
            )
        parts = [chunk.lead]
        for text, end, new in zip(chunk.texts, chunk.ends, values, strict=True):
            more = ", ".join(
                f"{key}: {json_text(value)}" for key, value in zip(self._keys, new, strict=True) if value is not KEEP
            )
            body = text[: text.rindex("}")].rstrip()
            comma = "" if _EMPTY.fullmatch(text) or not more else ", "
            parts += (body, comma, more, text[len(body) :], end)
        return "".join(parts)
