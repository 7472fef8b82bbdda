"""Entries of a file: questions or rows of inputs, with their places."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from langchain_latm.exceptions import TaskError
from langchain_latm.text.json_values import json_key, same_json
from langchain_latm.types import Example, Inputs, check_inputs, first_error, shorten


@dataclass(frozen=True)
class Entry:
    """An example of a file, or a request without an answer.

    Attributes:
        where: "FILE:LINE", or "FILE, example N".
        question: The question; empty if there are inputs.
        answer: The answer; None if there is none.
        inputs: The inputs of a row.
        system: The system prompt of a question; empty if there is none.
    """

    where: str
    question: str
    answer: Any
    inputs: Inputs | None = None
    system: str = ""

    @property
    def example(self) -> Example:
        """The example, for an entry with an answer."""
        if self.inputs is None:
            return Example(question=self.question, answer=self.answer)
        return Example(inputs=self.inputs, answer=self.answer)


class SpelledNumber(str):
    """A number in its spelling in the file: compared as text, `5.10` is not `5.1`."""

    __slots__ = ()


def require_alike(entries: list[Entry]) -> list[Entry]:
    """Return the entries if all are questions under one system prompt, or all are rows with the same inputs.

    Raises:
        TaskError: An entry differs from the first.
    """
    first = entries[0] if entries else None
    for entry in entries:
        assert first is not None  # noqa: S101 - for the type checker: there is an entry
        if (entry.inputs is None) != (first.inputs is None):
            has, others = ("a 'question'", "'inputs'") if entry.inputs is None else ("'inputs'", "a 'question'")
            raise TaskError(f"{entry.where}: this entry has {has}, but {first.where} has {others}; use one of them")
        if entry.system.split() != first.system.split():
            raise TaskError(
                f"{entry.where}: the system prompt differs from that of {first.where}. Requests under different system "
                "prompts are of different kinds: make one tool for each"
            )
        if entry.inputs is None or first.inputs is None or entry.inputs.keys() == first.inputs.keys():
            continue
        missing = [repr(shorten(name)) for name in first.inputs if name not in entry.inputs]
        unknown = [repr(shorten(name)) for name in entry.inputs if name not in first.inputs]
        said = [
            *([f"the input {', '.join(missing)} is missing"] if missing else []),
            *([f"{first.where} has no input {', '.join(unknown)}"] if unknown else []),
        ]
        raise TaskError(f"{entry.where}: the field 'inputs' differs from that of {first.where}: {'; '.join(said)}")
    return entries


def distinct_rows(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return the distinct rows with an answer, and the distinct rows without one.

    Raises:
        TaskError: Two rows with the same inputs have different answers.
    """
    solved: dict[str, Entry] = {}
    for entry in entries:
        if entry.answer is None:
            continue
        first = solved.setdefault(json_key(entry.inputs), entry)
        if not same_json(first.answer, entry.answer):
            raise TaskError(
                f"{entry.where}: the answer is {_shown(entry.answer)}, but {first.where} answers the same inputs "
                f"{_shown(first.answer)}"
            )
    others = {json_key(entry.inputs): entry for entry in reversed(entries) if entry.answer is None}
    return [*solved.values()], [entry for key, entry in reversed(others.items()) if key not in solved]


def _shown(answer: Any) -> str:
    return shorten(json.dumps(answer, ensure_ascii=False), 40)


def row_entry(where: str, item: dict[str, Any]) -> Entry:
    """Return the entry of an object with inputs."""
    if also := [name for name in ("question", "input") if name in item]:
        raise TaskError(f"{where}: the fields 'inputs' and '{also[0]}' exclude each other")
    try:
        inputs, answer = _with_numbers(item["inputs"]), _with_numbers(item.get("answer"))
    except (ValueError, RecursionError) as error:
        raise TaskError(f"{where}: a number has too many digits, or values are nested too deep") from error
    if not isinstance(inputs, dict):
        raise TaskError(f"{where}: the field 'inputs' must be an object with a value for each name")
    try:
        check_inputs(inputs)
        if answer is not None:
            Example(inputs=inputs, answer=answer)
    except ValidationError as error:
        raise TaskError(f"{where}: {_field(first_error(error))}") from error
    except ValueError as error:
        raise TaskError(f"{where}: {_field(str(error))}") from error
    return Entry(where, "", answer, inputs)


def _field(problem: str) -> str:
    """Write an error of a field like the other errors of a file."""
    name, colon, what = problem.partition(": ")
    return f"the field '{name}': {what}" if colon else problem


def _with_numbers(value: Any) -> Any:
    """Return JSON data with a number in place of each `SpelledNumber`."""
    if isinstance(value, SpelledNumber):
        return json.loads(value)
    if isinstance(value, list):
        return [_with_numbers(each) for each in value]
    if isinstance(value, dict):
        return {name: _with_numbers(each) for name, each in value.items()}
    return value
