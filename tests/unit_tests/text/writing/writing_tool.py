"""A tool that returns its argument, with the code of a form that writes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.answer_forms import with_writing, writings

_ANY = "float | int | str | bool | list[int] | None"


def _written(sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], kind: str) -> ToolSource | None:
    """Return the tool with the first code that writes these values as these answers."""
    echo = f'def echo(value: {kind}) -> {kind}:\n    """Return it."""\n    return value\n'
    for writing in writings(values, answers):
        source, entry = with_writing(echo, "echo", writing)
        tool = ToolSource(source=source, entry=entry)
        if [each.value for each in sandbox.batch(tool, [{"value": value} for value in values])] == list(answers):
            return tool
    return None


def is_written(sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], kind: str = _ANY) -> bool:
    """Whether a form writes these values, which are of a type of Python, as these answers."""
    return _written(sandbox, values, answers, kind) is not None


def written_later(sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], later: Iterable[Any]) -> list[Any]:
    """Return how later values are written by the first code that writes these values as these answers.

    A value that is refused gives None; all do where no form fits.
    """
    tool = _written(sandbox, values, answers, _ANY)
    if tool is None:
        return [None for _ in later]
    return [each.value for each in sandbox.batch(tool, [{"value": value} for value in later])]
