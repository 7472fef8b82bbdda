"""Writes programs that read the things of a sentence and call a program on their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.calling import calling_program
from langchain_latm.making.synthesis.copying import copied_as
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.sentences.choices import names_of
from langchain_latm.making.synthesis.sentences.measures import units_in
from langchain_latm.making.synthesis.sentences.things import (
    dates_of,
    in_digits,
    in_signs,
    things_in,
    times_of,
    values_of,
)
from langchain_latm.making.synthesis.sentences.twins import same_sense
from langchain_latm.making.synthesis.things.reading import CHOICES, NAMES, Reading
from langchain_latm.making.synthesis.things.units import MEASURED, units_of

_COST, _ORDERED = 0.8, 0.3
"""Costs of a reading, and of an order by size or by words."""


def reading_program(problem: Problem, reading: Reading, inner: Program) -> Program:
    """Return the program that reads a column and calls a program on the values.

    Args:
        problem: The problem with the column.
        reading: How the column is read.
        inner: The program on the values.
    """
    taken = {problem.name, *reading.names, *problem.examples[0][0]}
    sorts = {*(sort for sort, *_ in reading.wanted), *reading.also}
    kinds = {sort.removeprefix("range of ").removeprefix("list of ") for sort in sorts}
    if "plain" in reading.options:
        kinds |= {*MEASURED, "speed"}
    readers: list[Callable[..., Any]] = [
        *([in_digits] if "words" in reading.options else []),
        *([dates_of] if "date" in kinds else []),
        *([times_of] if "time" in kinds else []),
    ]
    readers += [same_sense, in_signs, units_in, things_in, values_of]
    readers += [names_of if choice == NAMES else CHOICES[choice] for choice in reading.choices]
    names = {each: free_name(each.__name__, taken) for each in readers}
    copied = copied_as(names, taken)
    local, found = (free_name(each, {*taken, *names.values()}) for each in ("plain", "things"))
    text = f"{names[same_sense]}({reading.column}, {reading.turning!r})"
    text = f"{names[in_digits]}({text})" if in_digits in readers else text
    parts = [f"{names[dates_of]}({local}, {reading.order!r})"] if dates_of in readers else []
    parts += [f"{names[times_of]}({local}, {parts[0] if parts else '[]'})"] if times_of in readers else []
    given = " + ".join(parts) or "[]"
    units = free_name("UNITS", taken)
    read = reading.names[: len(reading.names) - len(reading.choices)]
    before: tuple[str, ...] = (
        f"{local} = {names[in_signs]}({text})",
        f"{found} = {names[things_in]}({local}, {given}, {names[units_in]}({units}), {reading.options!r})",
        f"{', '.join(read) or '_'}{',' if len(read) == 1 else ''} = {names[values_of]}(",
        f"    {found}, {reading.wanted!r},",
        f"    also={reading.also!r}, by_size={reading.by_size!r}, by_words={reading.told!r},",
        ")",
        *(
            f"{name} = {names[names_of]}({reading.column}, len({reading.names[0]}), {reading.others!r})"
            if choice == NAMES
            else f"{name} = {names[CHOICES[choice]]}({reading.column})"
            for name, choice in zip(reading.names[len(read) :], reading.choices, strict=True)
        ),
    )
    imports, rest = imports_and_rest(inner.source)
    lines = [
        *dict.fromkeys([*copied.imports, *imports]),
        "",
        f'{units} = """\\\n{units_of(kinds)}"""',
        "",
        "",
        copied.source,
    ]
    inner = replace(inner, source="\n".join([*lines, "", "", rest]))
    return calling_program(
        problem,
        reading.column,
        inner,
        reading.read,
        says=f"Read the typed things of `{reading.column}`, and compute the answer from them.",
        values=[(name, name) for name in reading.names],
        before=before,
        cost=_COST + _ORDERED * bool(reading.by_size or reading.by_words),
    )


def imports_and_rest(source: str) -> tuple[list[str], str]:
    """Return the import statements at the beginning of a source, and the rest."""
    lines = source.split("\n")
    count = next(i for i, line in enumerate(lines) if line and not line.startswith(("import ", "from ")))
    return [line for line in lines[:count] if line], "\n".join(lines[count:])
