"""Problems from lines, and programs executed by Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.tools.gate.gate import check_source

Row = tuple[Mapping[str, Any], Any]


def named(cells: Sequence[Any]) -> dict[str, Any]:
    """Return cells as a row: one column is named `text`."""
    return {f"column_{number}" if len(cells) > 1 else "text": cell for number, cell in enumerate(cells, 1)}


def problem(pairs: Sequence[tuple[Any, Any]], others: Sequence[Any] = ()) -> Problem:
    """Return a problem with one column."""
    return Problem(tuple(({"text": text}, answer) for text, answer in pairs), tuple({"text": text} for text in others))


def python(program: Program, name: str = "answer") -> Callable[[Mapping[str, Any]], Any]:
    """Return the function that the source of a program defines, after the gate that all tools pass."""
    check_source(program.source, name)
    module: dict[str, Any] = {}
    exec(program.source, module)  # noqa: S102 - what this package wrote of its own operators

    def run(row: Mapping[str, Any]) -> Any:
        return module[name](**row)

    return run


def outcome(run: Callable[[Mapping[str, Any]], Any], row: Mapping[str, Any]) -> Any:
    """Return the value for a row, or ValueError; other errors pass."""
    try:
        return run(row)
    except ValueError:
        return ValueError
