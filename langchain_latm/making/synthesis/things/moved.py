"""Programs on the date of a sentence, moved as its words say: "39 days after June 10th", "yesterday was ..."."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.calling import calling_program
from langchain_latm.making.synthesis.copying import copied_as
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.sentences.moves import moved_date
from langchain_latm.making.synthesis.sentences.things import in_digits
from langchain_latm.making.synthesis.things.reading import FEWEST, LONGEST, ORDERS, share_read
from langchain_latm.making.synthesis.things.writing import imports_and_rest

_COST: Final = 0.6


@lru_cache(maxsize=4096)
def _moved(text: str, order: str) -> str | None:
    """Return the moved date of a text; None if there is none."""
    try:
        return moved_date(in_digits(text), order).isoformat() if len(text) <= LONGEST else None
    except ValueError:
        return None


def moved_programs(
    problem: Problem, column: str, cells: Sequence[str], search: Callable[[Problem], Sequence[Program]]
) -> list[Program]:
    """Return programs on the only date of each text, moved as its words say.

    Args:
        problem: The solved rows, and others.
        column: The column of sentences.
        cells: Its cells, those of the solved rows first.
        search: Finds programs on the date.
    """
    solved = len(problem.examples)
    for order in ORDERS:
        days = [_moved(cell, order) for cell in cells]
        if min(share_read(days[:solved]), share_read(days)) < FEWEST:
            continue
        taken = {problem.name, *problem.examples[0][0]}
        name, reader = free_name("moved", taken), free_name(moved_date.__name__, taken)

        def read(row: Mapping[str, Any], order: str = order, name: str = name) -> dict[str, Any] | None:
            text = row.get(column)
            day = _moved(text, order) if isinstance(text, str) else None
            others = {key: value for key, value in row.items() if key != column}
            return None if day is None else {name: day, **others}

        derived = replace(
            problem,
            examples=tuple((given, answer) for row, answer in problem.examples if (given := read(row)) is not None),
            others=tuple(given for row in problem.others if (given := read(row)) is not None),
            name=free_name(f"{problem.name}_of_date", {name, *taken}),
        )
        digits = free_name(in_digits.__name__, taken)
        copied = copied_as({moved_date: reader, in_digits: digits}, taken)
        found = []
        for inner in search(derived):
            imports, rest = imports_and_rest(inner.source)
            lines = [*dict.fromkeys([*copied.imports, *imports]), "", "", copied.source, "", "", rest]
            says = f"Move the date in `{column}` as its words say, and write it."
            value = f"{reader}({digits}({column}), {order!r}).isoformat()"
            reading = replace(inner, source="\n".join(lines))
            values = [(name, value)]
            found.append(calling_program(problem, column, reading, read, says=says, values=values, cost=_COST))
        if found:
            return found
    return []
