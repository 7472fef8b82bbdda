"""A kind of request for tests of proven functions that differ: sort words that a parser reads."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import BaseMessage

from langchain_latm.making.maker import ToolMaker, create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example, Task
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import both_roles, code, question_in

OPENING = "Sort the words in this list:"
PLAIN = "return ' '.join(sorted(words))"
SAME = "words.sort()\n    return ' '.join(words)"
ANY_CASE = "return ' '.join(sorted(words, key=str.lower))"
NO_REPEATS = "return ' '.join(sorted(set(words)))"
_LISTS = ("pear fig apple", "dove crow auk", "tin zinc iron", "red blue teal", "oak elm ash", "mars venus io")


def asked(words: str) -> str:
    return f"{OPENING} {words}"


def sorting_task(**changes: Any) -> Task:
    examples = [Example(question=asked(words), answer=" ".join(sorted(words.split()))) for words in _LISTS]
    return Task(**{"name": "sort", "demonstrations": examples[:3], "validation": examples[3:], **changes})


def read_list(messages: list[BaseMessage]) -> dict[str, Any]:
    """Return the argument of a function that takes the words under any name, as a list or as one text."""
    text, signature = question_in(messages).removeprefix(OPENING).strip(), str(messages[0].content)
    if "(text: str)" in signature:
        return {"text": text}
    return {"things" if "(things: " in signature else "words": text.split()}


def sorter(body: str, head: str = "def sort(words: list[str]) -> str", docstring: str = "Sort.") -> str:
    return f'{head}:\n    """{docstring}"""\n    {body}\n'


def sorting_model(*sources: str) -> ScriptedChatModel:
    """Return a model that writes these functions in turn and reads all arguments correctly."""
    return ScriptedChatModel(script=both_roles(in_turn(*map(code, sources)), read_list))


def sorting_maker(sandbox: Sandbox, *bodies: str, **options: Any) -> ToolMaker:
    """Return a maker whose model writes functions with these bodies in turn."""
    return create_tool_maker(sorting_model(*map(sorter, bodies)), sandbox=sandbox, **options)
