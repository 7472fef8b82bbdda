"""Names that every provider accepts: ASCII letters, digits and underscores, at most 64."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count

from anyascii import anyascii

LONGEST = 64
"""Longest name of a tool or of a key in its schema: OpenAI's and Anthropic's limit."""


def plain_name(text: str, *, longest: int = LONGEST) -> str:
    """Return an ASCII name for a text in any script; empty if no part of it can be written in ASCII."""
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", anyascii(text)).strip("_")[:longest].rstrip("_")


def plain_keys(keys: Iterable[str]) -> dict[str, str]:
    """Return a unique name for each key that every provider accepts. A key that is such a name stays."""
    given = list(keys)
    taken = {key for key in given if _is_plain(key)}
    names: dict[str, str] = {}
    for key in given:
        name = key
        if not _is_plain(key):
            stem = re.sub(r"\W", "_", plain_name(key, longest=LONGEST - 4)).lstrip("_0123456789") or "value"
            name = next(each for each in chain([stem], (f"{stem}_{i}" for i in count(2))) if each not in taken)
            taken.add(name)
        names[key] = name
    return names


def _is_plain(key: str) -> bool:
    return key.isascii() and key.isidentifier() and len(key) <= LONGEST
