"""Enumerates the conversions of the quantities in a table's cells to the units that its cells or answers name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any, Final

from langchain_latm.making.synthesis.expression import Operator
from langchain_latm.making.synthesis.operators.numbers import ReadNumber
from langchain_latm.making.synthesis.operators.quantities import (
    AmountOf,
    Conventions,
    Conversion,
    ConvertedCell,
    ConvertedNumber,
    UnitOf,
    known,
    units_of,
)
from langchain_latm.making.synthesis.operators.quantity_texts import PLAIN_WORDS, quantities_in, unit_tokens
from langchain_latm.making.synthesis.operators.unit_names import Unit
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.table import Found, Table

_MOST_COLUMNS: Final = 6
_MOST_WORDS: Final = 24
_LONGEST: Final = 300
_MOST_LABELS: Final = 3
"""Maximum number of kinds of labels in one task, such as the country and the year: each doubles the conversions."""
_TARGETS: Final = (
    "m", "cm", "mm", "km", "in", "ft", "yd", "mi", "kg", "g", "mg", "lb", "oz", "s", "ms", "min", "h", "d", "L", "mL",
    "US gal", "m2", "ft2", "ha", "ac", "m3", "ft3", "m/s", "km/h", "mph", "kn", "°C", "°F", "K", "J", "kJ", "kcal",
    "kWh", "W", "kW", "hp", "Pa", "kPa", "bar", "psi", "N", "kN", "lbf", "bit", "B", "rad", "deg", "Hz", "mol", "A",
    "mA", "V",
)  # fmt: skip
"""Units of numbers in answers that no cell and no answer names."""
_ANSWER: Final = re.compile(r"[^\d\s]?[\d.,]*\d(?:[eE][+-]?\d+)?\s?-?(\D.*?)\.?")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]\d+)?")
_CLOSE: Final = Decimal("0.05")
"""Maximum relative difference of a converted number and a rounded one in the answer."""


@dataclass
class Conversions:
    """What the cells give, converted.

    Attributes:
        numbers: The numbers.
        units: The units of requests, as they name them.
    """

    numbers: list[Found] = field(default_factory=list)
    units: list[Found] = field(default_factory=list)


def conversions_of(table: Table, texts: Sequence[Found], numbers: Sequence[Found]) -> Conversions:
    """Return the conversions that all solved rows allow.

    Args:
        table: The rows.
        texts: The columns of text.
        numbers: The columns of numbers.
    """
    found = Conversions()
    texts = [each for each in texts if all(len(cell) <= _LONGEST for cell in table.solved(each))][:_MOST_COLUMNS]
    for text in texts:
        for operator in _of_requests(table.solved(text)):
            converted = table.applied(operator, text)
            found.numbers.append(table.applied(AmountOf(), converted))
            found.units.append(table.applied(UnitOf(), converted))
    found.numbers += _of_cells(table, texts, numbers)
    return found


def name_conversions(problem: Problem) -> bool:
    """Whether all solved rows have a request that names a quantity and another unit."""
    for column in problem.examples[0][0] if problem.examples else ():
        cells = [row[column] for row, _ in problem.examples]
        if all(isinstance(cell, str) and len(cell) <= _LONGEST for cell in cells) and any(_of_requests(cells)):
            return True
    return False


def _of_cells(table: Table, texts: Sequence[Found], numbers: Sequence[Found]) -> Iterator[Found]:
    """Yield the conversions of cells that are quantities, or numbers beside their unit."""
    units = [each for each in texts if all(map(units_of, table.solved(each)))]
    for text, notation in ((each, notation) for each in texts for notation in _notations(table.solved(each))):
        readings = _cell_readings(table.solved(text), notation)
        for target in (None, *(each for each in units if each is not text)) if readings is not None else ():
            yield from _to(table, (text,), target, readings or [], _cell(notation))
    for number, source in product(_read(table, texts, numbers) if units else [], units):
        readings = [reading for cell in table.solved(source) for reading in units_of(cell)]
        for target in (None, *(each for each in units if each is not source)):
            yield from _to(table, (number, source), target, readings, _number)


def _cell(notation: str) -> Callable[[Conventions, str], Operator]:
    return lambda conventions, target: ConvertedCell(notation, conventions, target)


def _number(conventions: Conventions, target: str) -> Operator:
    return ConvertedNumber(conventions, target)


def _read(table: Table, texts: Sequence[Found], numbers: Sequence[Found]) -> list[Found]:
    """Return the columns that are numbers."""
    read = [table.applied(ReadNumber(), each) for each in numbers]
    for text in texts:
        for notation in (ReadNumber(), ReadNumber("comma")):
            if all(notation.of(cell) is not None for cell in table.solved(text)):
                read.append(table.applied(notation, text))  # noqa: PERF401 - two nested loops with a condition
    return read


def _notations(texts: Sequence[str]) -> Iterator[str]:
    if all(any(map(str.isdigit, text)) for text in texts):
        yield "point"
        if any(re.search(r"\d[,.]\d", text) for text in texts):
            yield "comma"


def _of_requests(texts: Sequence[str]) -> Iterator[Operator]:
    """Yield the operators that read each text as a request."""
    for notation in _notations(texts):
        try:
            tokens = [token for text in texts for token in unit_tokens(text, notation, known())]
        except ValueError:
            continue
        named = dict.fromkeys(name.lower() for kind, name, *_ in tokens if kind == "word" and name.isalpha())
        words = tuple(sorted(named.keys() - PLAIN_WORDS - {"plus", "minus"}))
        if len(words) <= _MOST_WORDS:
            readings = [reading for *_, units in tokens for reading in units]
            yield from _fitting(
                lambda conventions, n=notation, w=words: Conversion(n, w, conventions),  # type: ignore[misc]
                readings,
                [(text,) for text in texts],
            )


def _cell_readings(texts: Sequence[str], notation: str) -> list[Unit] | None:
    """Return the readings of the units of quantities; None if a text is no quantity."""
    found: list[Unit] = []
    for text in texts:
        try:
            amounts, units = quantities_in(text, notation, (), known())
        except ValueError:
            return None
        if units or not amounts:
            return None
        found += [reading for _, readings in amounts for reading in readings]
    return found


def _to(
    table: Table,
    arguments: tuple[Found, ...],
    target: Found | None,
    readings: Sequence[Unit],
    operator: Callable[[Conventions, str], Operator],
) -> Iterator[Found]:
    """Yield a quantity in the unit of a column, or in fixed units that the answers suggest."""
    given = arguments if target is None else (*arguments, target)
    rows = list(zip(*(table.solved(each) for each in given), strict=True))
    if any(None in row for row in rows):
        return
    for name in [""] if target is not None else _fixed(table.answers):
        units = units_of(name) if target is None else [unit for *_, cell in rows for unit in units_of(cell)]
        if {each[0] for each in readings}.isdisjoint(each[0] for each in units):
            continue
        for each in _fitting(lambda conventions, n=name: operator(conventions, n), [*readings, *units], rows):  # type: ignore[misc]
            values = [each.of(*row) for row in rows]
            if all(_is_near(value, answer) for value, answer in zip(values, table.answers, strict=True)):
                yield table.applied(each, *given)


def _fixed(answers: Sequence[str]) -> Sequence[str]:
    """Return the unit at the end of all answers, or common ones if the answers are numbers."""
    ends = {match[1].strip() for answer in answers if (match := _ANSWER.fullmatch(answer[:80]))}
    if ends and all(map(units_of, ends)):
        return sorted(ends) if len(ends) == 1 else ()
    return _TARGETS if all(answer[:1].isdigit() or answer[1:2].isdigit() for answer in answers) else ()


def _is_near(value: Decimal, answer: str) -> bool:
    """Whether a number in an answer may be this one, rounded: this rules out most fixed units."""
    numbers = map(Decimal, _NUMBER.findall(answer[:_LONGEST].replace(",", "")))
    comma = map(Decimal, _NUMBER.findall(re.sub(r"[. ](?=\d{3}\b)", "", answer[:_LONGEST]).replace(",", ".")))
    return any(abs(value - each) <= max(_CLOSE * abs(value), Decimal("0.5")) for each in (*numbers, *comma))


def _fitting(
    operator: Callable[[Conventions], Any], readings: Iterable[Unit], rows: Sequence[tuple[Any, ...]]
) -> Iterator[Any]:
    """Yield the operators that give a value in each row, each with the fewest conventions.

    A name with several readings is understood only if the examples show which one is meant.
    """
    labels: dict[str, list[str]] = {}
    for reading in readings:
        for key, value in reading[3].items():
            labels.setdefault(key, [])
            if value not in labels[key]:
                labels[key].append(value)
    if len(labels) > _MOST_LABELS:
        return
    options = [[(), *(((key, value),) for value in sorted(values))] for key, values in sorted(labels.items())]
    chosen: list[set[tuple[str, str]]] = []
    for option in sorted(product(*options), key=lambda each: sum(map(len, each))):
        conventions: Conventions = tuple(pair for pairs in option for pair in pairs)
        if any(fewer <= set(conventions) for fewer in chosen):
            continue
        found = operator(conventions)
        if all(found.of(*row) is not None for row in rows):
            chosen.append(set(conventions))
            yield found
