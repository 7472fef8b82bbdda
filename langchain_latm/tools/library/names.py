"""Names and versions in a library's file, for a shell that completes a word: quick, and nothing is made or changed.

Opening the store imports LangGraph, which takes longer than anybody waits for a word. So this reads the table that
`SqliteStore` keeps, as it is, and finds nothing where that is not possible.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Final

_NAMESPACE: Final = "latm"
_MOST: Final = 1_000
"""More than that nobody reads in a list of completions."""
_WAIT_SECONDS: Final = 0.1
_NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What a tool's name looks like (`types.ToolName`); anything else in the table would be typed into somebody's shell."""


def names_in(file: Path, beginning: str, *, removed: bool = False) -> list[str]:
    """Return the names that begin with a text, in order.

    Args:
        file: The library's file; it need not be there.
        beginning: What they begin with.
        removed: Whether to return those too that mean no tool any more.
    """
    query = "SELECT key, value FROM store WHERE prefix = ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?"
    rows = _read(file, query, f"{_NAMESPACE}.names", len(beginning), beginning, _MOST)
    return [name for name, value in rows if _NAME.fullmatch(name) and (removed or _id(value))]


def versions_in(file: Path, name: str, beginning: str) -> list[str]:
    """Return the ids of a name's versions that begin with a text, newest first, as short as they are shown."""
    query = "SELECT key, value FROM store WHERE prefix = ? ORDER BY key DESC LIMIT ?"
    rows = _read(file, query, f"{_NAMESPACE}.history.{name}", _MOST)
    ids = dict.fromkeys(_id(value)[:12] for _, value in rows)
    return [each for each in ids if each.startswith(beginning) and _NAME.fullmatch(each)]


def _read(file: Path, query: str, *values: str | int) -> list[tuple[str, str]]:
    try:
        if not file.is_file():
            return []
        # A reader leaves files beside a library that nobody has open, but for this way, which looks at no other file.
        way = "mode=ro" if Path(f"{file}-wal").exists() else "immutable=1"
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?{way}", uri=True, timeout=_WAIT_SECONDS)
        try:
            return [(str(key), value) for key, value in connection.execute(query, values)]
        finally:
            connection.close()
    except (sqlite3.Error, OSError, ValueError):  # no library, a damaged one, or somebody is writing
        return []


def _id(value: str) -> str:
    try:
        found = json.loads(value)
    except (ValueError, RecursionError, TypeError):
        return ""
    return str(found.get("id") or "") if isinstance(found, dict) else ""
