"""The replies of the scripted models: they sort words, write the function for it, and call the made tool."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from tests.unit_tests.word_task import GOOD

ANSWER = "kiwi lime plum"
REQUEST = "Sort: plum kiwi lime"


class Asked(NamedTuple):
    """A request, independent of the provider's dialect.

    Attributes:
        texts: The texts of all messages, the system prompt among them.
        tools: JSON schema of the arguments by tool.
        must_call: Whether a tool must be called.
        results: What tools returned, in the conversation so far.
    """

    texts: list[str]
    tools: dict[str, dict[str, Any]]
    must_call: bool
    results: list[str]


class Said(NamedTuple):
    """A reply: a text, or a call of a tool.

    Attributes:
        text: The text.
        tool: The tool that is called.
        arguments: Its arguments.
    """

    text: str = ""
    tool: str | None = None
    arguments: dict[str, Any] | None = None


def reply_to(asked: Asked) -> Said:
    """Reply like a perfect model."""
    whole = "\n".join(asked.texts)
    sorting = re.findall(r"Sort: ([a-z ]+)", whole)
    words = sorting[-1].split() if sorting else []
    calls = Said(tool=next(iter(asked.tools), None), arguments={"words": words})
    if "Read the arguments of a function" in whole:
        return calls if asked.must_call else Said(json.dumps(calls.arguments))
    made = f"```python\n{GOOD}```"
    told = {
        "You write one Python function": made,
        "You complete Python functions": made,
        "Reply with the number of that tool": "1",
    }
    for mark, text in told.items():
        if mark in whole:
            return Said(text)
    if asked.results or asked.tools:
        return Said(f"Sorted: {asked.results[-1]}") if asked.results else calls
    mark = "Answer: " if 'begins with "Answer:"' in whole else ""
    return Said(mark + " ".join(sorted(words)))
