"""Typed tasks of several languages, and scripted makers for them."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import BaseMessage

from langchain_latm.making.maker import ToolMaker, create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example, Task
from tests.unit_tests.making_prompt import signature_in
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel, in_turn
from tests.unit_tests.word_task import code

BADGES = (
    ("Ada", "Nguyen", "A. Nguyen"),
    ("Żaneta", "Kowal", "Ż. Kowal"),
    ("Oleg", "Bondar", "O. Bondar"),
    ("Ines", "Prado", "I. Prado"),
    ("Rui", "Falk", "R. Falk"),
    ("Tove", "Moe", "T. Moe"),
)
FIRST, LAST = "Vor name", "class"
"""Columns with a space in the name and with a keyword as name."""


def rows_task(solved: list[tuple[dict[str, Any], Any]], **changes: Any) -> Task:
    """Return a task whose first three examples are shown; the others are the proof."""
    examples = [Example(inputs=inputs, answer=answer) for inputs, answer in solved]
    return Task(**{"name": "column", "demonstrations": examples[:3], "validation": examples[3:], **changes})


def badge_task(**changes: Any) -> Task:
    return rows_task([({FIRST: a, LAST: b}, answer) for a, b, answer in BADGES], **{"name": "badge", **changes})


def row_maker(sandbox: Sandbox, *bodies: str, **options: Any) -> tuple[ToolMaker, ScriptedChatModel]:
    """Return a maker that replies with these bodies in turn, under the given signature."""
    left = in_turn(*bodies)

    def fill(messages: list[BaseMessage]) -> Reply:
        lines = str(left(messages)).split("\n")
        if lines[0].startswith("def "):
            return code("\n".join(lines) + "\n")
        return code("\n    ".join([f"{signature_in(messages)}:", '"""Do it."""', *lines]) + "\n")

    model = ScriptedChatModel(script=fill)
    return create_tool_maker(model, sandbox=sandbox, **{"second_attempts": 0, **options}), model
