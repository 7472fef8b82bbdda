"""The format of the LATM paper's published tools. Code in the files is parsed here, never executed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from langchain_latm._core.plain_names import plain_name
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.making.paper.snippet import (
    PaperCase,
    WrappedTool,
    WrappingError,
    normalized_question,
    read_wrapping,
)
from langchain_latm.types import MAX_QUESTION_CHARACTERS, shorten

_MAX_BYTES = 4 * 1024 * 1024

_PAIR = re.compile(r"Question:(?P<question>(?:(?!Question:).)*?)\nAnswer:(?P<answer>[^\n]*)", re.DOTALL)


@dataclass(frozen=True)
class PaperTool(WrappedTool):
    """A tool in a file of the authors.

    Attributes:
        seen: The normalised questions of the conversation, which were used in the making.
        attempts: How often the maker was asked for the function.
    """

    seen: frozenset[str]
    attempts: int


def read_paper_file(path: Path) -> PaperTool:
    """Read a file of the authors' repository (tools/*.json).

    Raises:
        ToolRecordError: It cannot be read or is not in this format; the text names file and field.
    """
    messages = _messages(path)
    where = f"{path}: message {len(messages)}"
    role, wrapper = messages[-1]
    if role != "assistant":
        raise ToolRecordError(f"{where}: the field 'role' must be 'assistant', because the last message holds the tool")
    name = plain_name(path.stem) or "tool"
    try:
        wrapped = read_wrapping(name, wrapper)
    except WrappingError as error:
        raise ToolRecordError(f"{where}: the field 'content': {error}") from error
    pairs = [
        [(each["question"].strip(), each["answer"].strip()) for each in _PAIR.finditer(content)]
        for role, content in messages[:-1]
        if role == "user"
    ]
    asked = {normalized_question(question): (question, answer) for found in pairs for question, answer in found}
    cases = [_completed(f"{where}: use case {number}", case, asked) for number, case in enumerate(wrapped.cases, 1)]
    return PaperTool(
        name=name,
        functions=wrapped.functions,
        function_name=wrapped.function_name,
        cases=tuple(cases),
        seen=frozenset(asked) | {normalized_question(case.question) for case in cases},
        attempts=1 + sum(content.startswith("Failed to execute") for role, content in messages if role == "user"),
    )


def _messages(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise ToolRecordError(f"{path} is larger than {_MAX_BYTES // 2**20} MB")
        messages: Any = json.loads(data)
    except OSError as error:
        raise ToolRecordError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ToolRecordError(f"{path} is not JSON: {shorten(str(error))}") from error
    if not isinstance(messages, list) or not messages:
        raise ToolRecordError(f"{path} is not a tool of the LATM paper: it must be a list of messages")
    for number, message in enumerate(messages, 1):
        for field in ("role", "content"):
            if not isinstance(message, dict) or not isinstance(message.get(field), str):
                raise ToolRecordError(f"{path}: message {number}: the field {field!r} is missing or not text")
    return [(message["role"], message["content"].replace("\r\n", "\n")) for message in messages]


def _completed(where: str, case: PaperCase, asked: dict[str, tuple[str, str]]) -> PaperCase:
    """Complete a use case from the conversation, since GPT-4 omitted most answers and reworded some questions."""
    question, known_answer = asked.get(normalized_question(case.question), (case.question, ""))
    answer = case.answer or known_answer
    for field, text in (("question", question), ("answer", answer)):
        if not text:
            raise ToolRecordError(f"{where}: the {field} is missing")
        if len(text) > MAX_QUESTION_CHARACTERS or re.search("[\ud800-\udfff]", text):
            raise ToolRecordError(f"{where}: the {field} is too long or not valid text")
    return replace(case, question=question, answer=answer)
