"""A small kind of request for tests, sorting words, with scripts for its maker and its tool user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.messages import BaseMessage

from langchain_latm.types import Example, Task

GOOD = '''\
def sort_words(words: list[str]) -> str:
    """Sort words.

    Args:
        words: The words after the colon.
    """
    return " ".join(sorted(words))
'''
WRONG = GOOD.replace("sorted(words)", "words")

_LISTS = ("pear fig apple", "dove crow auk", "tin zinc iron", "red blue teal", "oak elm ash", "mars venus io")


def word_task(**changes: Any) -> Task:
    """Three demonstrations and three validation examples."""
    examples = [Example(question=f"Sort: {words}", answer=" ".join(sorted(words.split()))) for words in _LISTS]
    return Task(**{"name": "word_sorting", "demonstrations": examples[:3], "validation": examples[3:], **changes})


def code(source: str) -> str:
    """Write a source as a maker replies."""
    return f"Here it is:\n```python\n{source}```\n"


def question_in(messages: list[BaseMessage]) -> str:
    """Find the question that a tool user is asked about."""
    asked = next(m for m in reversed(messages) if m.type == "human" and "Question:" in str(m.content))
    return str(asked.content).rpartition("Question: ")[2].partition("\n")[0]


def read_words(messages: list[BaseMessage]) -> dict[str, Any]:
    """Read the arguments of `sort_words` as a perfect tool user does."""
    return {"words": question_in(messages).removeprefix("Sort: ").split()}


def is_reading(messages: list[BaseMessage]) -> bool:
    """Whether a prompt is the tool user's, not the maker's."""
    return "Read the arguments" in str(messages[0].content)


def both_roles(
    maker: Callable[[list[BaseMessage]], Any], reader: Callable[[list[BaseMessage]], Any] = read_words
) -> Callable[[list[BaseMessage]], Any]:
    """Join a maker's script and a tool user's into one model's."""
    return lambda messages: reader(messages) if is_reading(messages) else maker(messages)
