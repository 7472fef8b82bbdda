"""Answers of a task as text, for persons, models and records; and the examples that they make.

The answer to a question is text already. Among the answers of a typed task, texts are written as they are if all known
answers are texts; else every answer is written as JSON, so that "7" and 7 differ.
"""

from __future__ import annotations

import json
from typing import Any

from langchain_latm.exceptions import TaskError
from langchain_latm.text.answer_check import answer_text
from langchain_latm.types import Example, Task, shorten


def written_answer(task: Task, value: Any) -> str:
    """Return a value of a function as a text that `read_answer` reads."""
    if not task.typed or (_all_texts(task) and isinstance(value, str)):
        return answer_text(value)
    return json.dumps(value, ensure_ascii=False)


def read_answer(task: Task, text: str) -> Any:
    """Return the answer that a text says.

    Raises:
        TaskError: The answers are JSON values, and the text is none.
    """
    if not task.typed or _all_texts(task):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TaskError(f"the answer {shorten(text)!r} is not a JSON value; write a text in double quotes") from error


def example_of(task: Task, text: str, answer: str) -> Example:
    """Return the example of a request, as `Example.text` writes it, with an answer as text.

    Raises:
        TaskError: As for `read_answer`.
    """
    return example_with(task, text, read_answer(task, answer))


def example_with(task: Task, text: str, answer: Any) -> Example:
    """Return the example of a request, as `Example.text` writes it, with its answer."""
    if not task.typed:
        return Example(question=text, answer=answer)
    return Example(inputs=json.loads(text), answer=answer)


def _all_texts(task: Task) -> bool:
    return all(isinstance(example.answer, str) for example in task.examples)
