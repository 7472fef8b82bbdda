"""Reading the authors' files. The code in them is parsed, never executed, here."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain_latm._source import parse_source
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.types import MAX_QUESTION_CHARACTERS, shorten

_MAX_BYTES = 4 * 1024 * 1024
_MAX_CODE = 20_000

_BLOCK = re.compile(r"```python\n(.*?)\n?```", re.DOTALL)
# Each part starts at its word and ends before the next one, so nothing is read twice.
_CASE = re.compile(
    r"Question:(?P<question>(?:(?!Question:).)*?)\n[ \t]*Solution:\s*```python\n(?P<snippet>.*?)\n?```", re.DOTALL
)
_PAIR = re.compile(r"Question:(?P<question>(?:(?!Question:).)*?)\nAnswer:(?P<answer>[^\n]*)", re.DOTALL)


@dataclass(frozen=True)
class PaperCase:
    """A use of the function that the authors show to the light model."""

    question: str
    snippet: str
    answer: str


@dataclass(frozen=True)
class PaperTool:
    """What a file holds.

    Attributes:
        name: The file's, as a tool's name.
        functions: The code, with its imports.
        function_name: The last function in it: the one that snippets call.
        cases: Its uses.
        seen: The forms of all questions in the conversation: they were used in the making.
        attempts: How often its maker was asked for the function.
    """

    name: str
    functions: str
    function_name: str
    cases: tuple[PaperCase, ...]
    seen: frozenset[str]
    attempts: int


def form_of(question: str) -> str:
    """Return what two writings of one question share: GPT-4 changed line breaks, points and brackets at its end."""
    return re.sub(r"[\s.]+|\)$", "", question)


def read_paper_file(path: Path) -> PaperTool:
    """Read a file of the authors' repository (tools/*.json).

    Raises:
        ToolRecordError: It cannot be read, or is not in this form; the text names file and field.
    """
    messages = _messages(path)
    where = f"{path}: message {len(messages)}"
    role, wrapper = messages[-1]
    if role != "assistant":
        raise ToolRecordError(f"{where}: the field 'role' must be 'assistant', since the last message holds the tool")
    block = _BLOCK.search(wrapper)
    if block is None:
        raise ToolRecordError(f"{where}: the field 'content' holds no ```python block with the function")
    functions = _code(f"{where}: the function", block[1])
    names = [node.name for node in parse_source(functions).body if isinstance(node, ast.FunctionDef)]
    if not names:
        raise ToolRecordError(f"{where}: the first ```python block of 'content' defines no function")
    pairs = [
        [(each["question"].strip(), each["answer"].strip()) for each in _PAIR.finditer(content)]
        for role, content in messages[:-1]
        if role == "user"
    ]
    told = {form_of(question): (question, answer) for found in pairs for question, answer in found}
    cases = [
        _case(f"{where}: use case {n}", each, told) for n, each in enumerate(_CASE.finditer(wrapper, block.end()), 1)
    ]
    if not cases:
        raise ToolRecordError(f"{where}: the field 'content' holds no use case (Question: ... Solution: ```python ...)")
    return PaperTool(
        name=re.sub(r"[^a-zA-Z0-9_-]+", "_", path.stem)[:64] or "tool",
        functions=functions,
        function_name=names[-1],
        cases=tuple(cases),
        seen=frozenset(told) | {form_of(case.question) for case in cases},
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
        raise ToolRecordError(f"{path} is no tool of the LATM paper: it must be a list of messages")
    for number, message in enumerate(messages, 1):
        for field in ("role", "content"):
            if not isinstance(message, dict) or not isinstance(message.get(field), str):
                raise ToolRecordError(f"{path}: message {number}: the field {field!r} is missing, or no text")
    return [(message["role"], message["content"].replace("\r\n", "\n")) for message in messages]


def _case(where: str, found: re.Match[str], told: dict[str, tuple[str, str]]) -> PaperCase:
    question, _, answer = found["question"].strip().partition("\nAnswer:")
    # GPT-4 left most answers out and wrote some questions differently; what it was asked has both.
    question, told_answer = told.get(form_of(question), (question.strip(), ""))
    answer = answer.strip() or told_answer
    for field, text in (("question", question), ("answer", answer)):
        if not text:
            raise ToolRecordError(f"{where}: the {field} is missing")
        if len(text) > MAX_QUESTION_CHARACTERS or re.search("[\ud800-\udfff]", text):
            raise ToolRecordError(f"{where}: the {field} is too long, or no text")
    return PaperCase(question, _code(f"{where}: the snippet", found["snippet"]).rstrip(), answer)


def _code(where: str, code: str) -> str:
    """Return code that is Python, by its form.

    Raises:
        ToolRecordError: It is none.
    """
    if len(code) > _MAX_CODE:
        raise ToolRecordError(f"{where} has more than {_MAX_CODE:,} characters")
    try:
        parse_source(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolRecordError(f"{where} is not valid Python: {shorten(str(error))}") from error
    return code.strip() + "\n"
