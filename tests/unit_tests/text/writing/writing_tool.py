"""A tool that returns its argument, with the code of a form that writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.text.writing.answer_forms import with_writing, writings

_ANY = "float | int | str | bool | list[int] | None"


def _written(
    sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], kind: str, given: Sequence[Mapping[str, Any]] = ()
) -> ToolSource | None:
    """Return the tool with the first code that writes these values as these answers."""
    given = given or [{} for _ in values]
    parameters = "".join(f", {name}: {_kind_of(value)}" for name, value in given[0].items())
    echo = f'def echo(value: {kind}{parameters}) -> {kind}:\n    """Return it."""\n    return value\n'
    rows = [{"value": value, **row} for value, row in zip(values, given, strict=True)]
    for writing in writings(values, answers, given):
        source, entry = with_writing(echo, "echo", writing)
        tool = ToolSource(source=source, entry=entry)
        if [each.value for each in sandbox.batch(tool, rows)] == list(answers):
            return tool
    return None


def _kind_of(value: Any) -> str:
    if isinstance(value, list):
        return f"list[{_kind_of(value[0])}]"
    return type(value).__name__


def is_written(sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], kind: str = _ANY) -> bool:
    """Whether a form writes these values, of a Python type, as these answers."""
    return _written(sandbox, values, answers, kind) is not None


def written_later(sandbox: Sandbox, values: Sequence[Any], answers: Sequence[str], later: Iterable[Any]) -> list[Any]:
    """Return how later values are written by the first code that writes these values as these answers.

    A value that is refused gives None; all do where no form fits.
    """
    return written_for(
        sandbox,
        [(value, {}, answer) for value, answer in zip(values, answers, strict=True)],
        later=[(value, {}) for value in later],
    )


def written_for(
    sandbox: Sandbox,
    examples: Sequence[tuple[Any, Mapping[str, Any], str]],
    later: Sequence[tuple[Any, Mapping[str, Any]]],
) -> list[Any]:
    """Do as `written_later` for a function with more parameters.

    Args:
        sandbox: Where the tool runs.
        examples: Values, the other arguments, and how the value is written.
        later: Later values with the other arguments.
    """
    values, given, answers = zip(*examples, strict=True)
    tool = _written(sandbox, values, answers, _ANY, given)
    if tool is None:
        return [None for _ in later]
    return [each.value for each in sandbox.batch(tool, [{"value": value, **row} for value, row in later])]
