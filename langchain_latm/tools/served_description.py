"""The description of a tool for models: what it computes, and one proven example."""

from __future__ import annotations

import json
from typing import Final

from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import VerificationCase, VerificationReport

LONGEST_EXAMPLE: Final = 200
"""Maximum number of characters: every request that offers the tool pays for them."""


def served_description(
    description: str, report: VerificationReport, *, example: bool = True, most: int | None = None
) -> str:
    """Return a tool's description and, if one is short enough, its shortest proven example.

    The example is data of a request, which a stranger may have written: it is quoted as JSON on one line, without
    characters that hide or reorder text.

    Args:
        description: What the tool computes.
        report: Its proof.
        example: Whether to show an example.
        most: Maximum number of characters; a description that leaves no room gets no example, and is cut.
    """
    description = description[:most]
    shown = _example(report) if example else None
    if shown is None or (most is not None and len(description) + 1 + len(shown) > most):
        return description
    return f"{description}\n{shown}"


def _example(report: VerificationReport) -> str | None:
    proven = [case for case in report.cases if case.passed and case.arguments is not None]
    examples = [text for text in map(_written, proven) if len(text) <= LONGEST_EXAMPLE]
    return min(examples, key=len, default=None)


def _written(case: VerificationCase) -> str:
    arguments = json.dumps(case.arguments, ensure_ascii=False)
    value = json.dumps(answer_text(case.value), ensure_ascii=False)
    text = f"Example: {arguments} gives {value}"
    return "".join(character for character in text if character.isprintable())
