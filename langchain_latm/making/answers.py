"""Converts answers of a task to text and back, for persons, models and records.

The answer to a question is text already. If all known answers of a typed task are texts, they are written unchanged; if
not, every answer is written as JSON, so that "7" and 7 differ.
"""

from __future__ import annotations

import json
from typing import Any

from langchain_latm.exceptions import TaskError
from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import Example, Task, shorten


def written_answer(task: Task, value: Any) -> str:
    """Return a function's value as a text that `read_answer` reads."""
    if not task.typed or (_all_texts(task) and isinstance(value, str)):
        return answer_text(value)
    return json.dumps(value, ensure_ascii=False)


def read_answer(task: Task, text: str) -> Any:
    """Return the answer that a text holds.

    Raises:
        TaskError: The answers are JSON values, and the text is not one.
    """
    if not task.typed or _all_texts(task):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TaskError(f"the answer {shorten(text)!r} is not a JSON value; write a text in double quotes") from error


def example_of(task: Task, text: str, answer: str) -> Example:
    """Return the example of a request, given as `Example.text`, with an answer as text.

    Raises:
        TaskError: As for `read_answer`.
    """
    return example_with(task, text, read_answer(task, answer))


def example_with(task: Task, text: str, answer: Any) -> Example:
    """Return the example of a request, given as `Example.text`, with its answer."""
    if not task.typed:
        return Example(question=text, answer=answer)
    return Example(inputs=json.loads(text), answer=answer)


def _all_texts(task: Task) -> bool:
    return all(isinstance(example.answer, str) for example in task.examples)
