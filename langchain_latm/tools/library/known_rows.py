"""Rows of typed tools as instances: question and answer are JSON, with the inputs in the order of the tool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from langchain_latm.text.json_values import json_type
from langchain_latm.types import inputs_text

if TYPE_CHECKING:
    from langchain_latm.tools.library.instances import Instance
    from langchain_latm.tools.made_tool import MadeTool


def asked_text(tool: MadeTool, question: str) -> str:
    """Return the text that identifies a request of a tool: its text, or its inputs in the order of the tool."""
    if tool.inputs is None:
        return question.strip()
    row = _row(question)
    return inputs_text({name: row[name] for name in tool.inputs}) if row.keys() == tool.inputs.keys() else question


def given_answer(tool: MadeTool, text: str) -> Any:
    """Return an answer as the tool's check compares it, from the text that people and feedback use.

    For a typed tool, that is a JSON value. The text is read as a number, a Boolean, a list or an object only if the
    tool's proof has answers of that type: `"007"` stays text beside other texts.
    """
    if tool.inputs is None:
        return text
    kinds = {json_type(case.expected) for case in tool.report.cases}
    try:
        value = json.loads({"True": "true", "False": "false"}.get(text.strip(), text))
    except (ValueError, RecursionError):
        return text
    return value if json_type(value) in kinds or str not in kinds else text


def row_instance(tool: MadeTool, known: Instance) -> Instance | None:
    """Return a row with its answer as an instance for a making; None if its inputs are not those of the tool."""
    question = asked_text(tool, known.question)
    if _row(question).keys() != (tool.inputs or {}).keys() or known.answer is None:
        return None
    answer = known.answer if known.typed else json.dumps(given_answer(tool, known.answer), ensure_ascii=False)
    return known.model_copy(update={"question": question, "answer": answer, "typed": True})


def _row(question: str) -> dict[str, Any]:
    try:
        row = json.loads(question)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}
