"""Parses a Google-style docstring: a description, and a sentence for each parameter."""

from __future__ import annotations

import inspect
import re

from langchain_latm.sandbox._wire import escape_lone_surrogates

_SECTION = re.compile(r"(Args|Arguments|Parameters|Attributes|Fields):\s*$")
# A name, perhaps a type in brackets, a colon, and text that may also start on the next line.
_ENTRY = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:(?:\s+|$)(.*)$")


def split_docstring(text: str | None) -> tuple[str, dict[str, str]]:
    """Return the docstring without its section on parameters, and that section by name.

    Continuation lines, which are indented more than the names, are joined with spaces.
    """
    kept: list[str] = []
    entries: dict[str, list[str]] = {}
    inside = False
    entry_indent = -1
    current: list[str] | None = None
    for line in inspect.cleandoc(escape_lone_surrogates(text or "")).splitlines():
        indent = len(line) - len(line.lstrip())
        if _SECTION.match(line):
            inside, entry_indent, current = True, -1, None
            continue
        if inside and line.strip() and indent == 0:
            inside = False
        if not inside:
            kept.append(line)
            continue
        if not line.strip():
            continue
        if entry_indent < 0:
            entry_indent = indent
        match = _ENTRY.match(line.strip()) if indent <= entry_indent else None
        if match:
            current = entries.setdefault(match[1], [])
            current.append(match[2].strip())
        elif current is not None:
            current.append(line.strip())
    description = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return description, {name: " ".join(filter(None, lines)) for name, lines in entries.items()}
