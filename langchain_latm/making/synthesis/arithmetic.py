"""Learns arithmetic from the numbers in answers: sums of two numbers, factors and offsets, and their notation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, combinations, islice, permutations
from typing import Final

from langchain_latm.making.synthesis.dated import dates_of
from langchain_latm.making.synthesis.expression import Applied, Operator, applied_to
from langchain_latm.making.synthesis.fitting import are_on_a_line, lines
from langchain_latm.making.synthesis.operators import (
    date_steps,
    durations,
    epochs,
    fraction_texts,
    magnitudes,
    occurrences,
    units,
)
from langchain_latm.making.synthesis.operators.clock_numbers import TimeOf
from langchain_latm.making.synthesis.operators.counting import COUNTED, SUMS, Count
from langchain_latm.making.synthesis.operators.marks import marks_of
from langchain_latm.making.synthesis.operators.number_pairs import mixed, percents, writings
from langchain_latm.making.synthesis.operators.number_texts import WriteNumber, styles
from langchain_latm.making.synthesis.operators.numbers import (
    STATISTICS,
    Arithmetic,
    Part,
    ReadNumber,
)
from langchain_latm.making.synthesis.operators.quantities import AmountOf, ConvertedCell, ConvertedNumber
from langchain_latm.making.synthesis.operators.rounding import multiple_of, roundings
from langchain_latm.making.synthesis.operators.significant import (
    WriteSignificant,
    half_of_last,
    significant_styles,
)
from langchain_latm.making.synthesis.operators.times import CLOCK_PARTS, MinutesOf, ReadTime, holds_times
from langchain_latm.making.synthesis.table import Best, Found, Table

_MOST_NUMBERS: Final = 24
_MOST_COUNTED: Final = 4
_MOST_PAIRED: Final = 14
_MOST_SQUARED: Final = 4
_MOST_DATED: Final = 12
_MOST_UNITS: Final = 4
_MOST_TARGETS: Final = 4
_MOST_CLOCKED: Final = 6
_DIVISORS: Final = (60, 3600, 1000, 100, 10, 24, 7, 12, 16, 14, 2)
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SIGNED: Final = re.compile(r"-?\d+(?:[.,]\d+)*")
_DOTTED: Final = re.compile(r"\d\.\d+\.\d")
"""Several dots, as in a version, whose numbers are between them."""
_DIGITS: Final = re.compile(r"\d+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ '\u00a0]\d{3})+(?:[.,]\d+)?")
_POWER_OF_TEN: Final = re.compile(r"\de[+-]\d")
_POWERS: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")
"""Numbers as Python writes floats, such as 1.5e-05."""
_PERCENT: Final = re.compile(r"\d\s?%")
_UNIT: Final = re.compile(
    r"\d\s?(?:['\"\u2032]|(?:ft|feet|foot|in|inch|lbs?|pounds?|oz|st|stone|h|hrs?|hours?|m|mins?|minutes?|d|days?|w|weeks?)\b)"
)
"""Units that people write together with a smaller unit, as in feet and inches."""
_ALONE: Final = re.compile(r"\D{0,5}\d+(?:[.,]\d+)*\D{0,5}")
_LONGEST: Final = 300
"""Maximum length of an answer in which numbers are searched."""
_EXACT: Final = 12
"""Number of decimals of a number that is not rounded."""
_ROUNDED: Final = Decimal("2.0000002")
"""Maximum difference of a number and the same one as it is written, in halves of its last digit: it may be cut off."""


def read_numbers(table: Table, columns: Sequence[Found], parts: Sequence[Found]) -> list[Found]:
    """Return the numbers in texts, and counts of characters, words and marks in texts."""
    found = Best()
    for source in (*columns, *parts):
        for number in _readings(table, source):
            found.add(number)
    for source in columns:
        texts = [value for value in table.solved(source) if isinstance(value, str)]
        if texts:
            operators = [*map(Count, COUNTED), *(Count("mark", mark) for mark in marks_of(texts)[:4])]
            for operator in (*operators, *SUMS):
                found.add(table.applied(operator, source))
            found.add(table.applied(MinutesOf(), table.applied(ReadTime(), source)))
            for reading in durations.readings(texts):
                found.add(table.applied(reading, source))
    further = (
        *_epochs(table, columns, parts),
        *_days_between(table, columns, parts),
        *_of_all(table, columns),
        *_occurrences(table, columns),
        *_without_prefix(table, columns, parts),
    )
    return [*further, *found.cheapest(_MOST_NUMBERS)]


def _occurrences(table: Table, columns: Sequence[Found]) -> Iterator[Found]:
    """Yield how often the texts of a column occur in those of another."""
    texts = [each for each in columns if all(isinstance(value, str) for value in table.solved(each))]
    for text, part in permutations(texts[:_MOST_COUNTED], 2):
        if occurrences.are_in(table.solved(text), table.solved(part)):
            yield from (table.applied(operator, text, part) for operator in occurrences.OCCURRENCES)


def _of_all(table: Table, columns: Sequence[Found]) -> Iterator[Found]:
    """Yield the sum, mean, maximum and minimum of all columns of numbers, if there are three or more."""
    read = [table.applied(ReadNumber(), source) for source in columns]
    numbers = [number for number in read if None not in table.solved(number)]
    if len(numbers) > 2:  # noqa: PLR2004 - two are combined by `Arithmetic`
        for statistic in STATISTICS:
            yield table.applied(statistic, *numbers)


def _without_prefix(table: Table, columns: Sequence[Found], parts: Sequence[Found]) -> Iterator[Found]:
    """Yield numbers of units with SI prefixes, converted to the unit of another column or to no prefix."""
    named = [each for each in (*columns, *parts) if units.are_units(table.solved(each))][:_MOST_UNITS]
    if not named:
        return
    read = Best()
    for source in (*columns, *parts):
        for number in _readings(table, source):
            read.add(number)
    for number in [each for each in read.cheapest() if None not in table.solved(each)][:_MOST_UNITS]:
        for unit in named:
            yield table.applied(units.ChangePrefix(), number, unit)
            for other in named:
                if other is not unit:
                    yield table.applied(units.ChangePrefix(), number, unit, other)


def written_numbers(table: Table, numbers: Sequence[Found]) -> Iterator[Found]:
    """Yield numbers as hours, minutes and seconds, or with words for their magnitudes, if the answers hold such texts.

    A time of day is not a duration.
    """
    for manner in (*magnitudes.writings(table.answers), *writings(table.answers)):
        for number in numbers:
            yield table.applied(manner, number)
    computed = [number for number in numbers if not _is_read_time(number)]
    for writing in durations.writings(table.answers):
        for number in computed:
            yield table.applied(writing, number)
    yield from _clocks(table, numbers)


def _clocks(table: Table, numbers: Sequence[Found]) -> Iterator[Found]:
    """Yield the parts of times of day that are given by their hours and minutes, and seconds."""
    if not all(holds_times([answer]) for answer in table.answers):
        return
    read = [each for each in numbers if _is_plain(each) and None not in table.solved(each)][:_MOST_CLOCKED]
    for count in (2, 3):
        for arguments in permutations(read, count):
            time = table.applied(TimeOf(), *arguments)
            if _shows_minute(table, time):
                for part in CLOCK_PARTS:
                    yield table.applied(part, time)


def _is_plain(number: Found) -> bool:
    return isinstance(number.expression, Applied) and isinstance(number.expression.operator, ReadNumber)


def _shows_minute(table: Table, time: Found) -> bool:
    """Whether each answer holds the minute of a time."""
    return all(
        clock is not None and f"{clock.minute:02}" in answer
        for clock, answer in zip(table.solved(time), table.answers, strict=True)
    )


def _is_read_time(number: Found) -> bool:
    return isinstance(number.expression, Applied) and isinstance(
        number.expression.operator, MinutesOf | durations.Sixties
    )


def _epochs(table: Table, columns: Sequence[Found], parts: Sequence[Found]) -> Iterator[Found]:
    """Yield the dates of the columns, with their times, as epoch numbers, if the answers look like such numbers."""
    found = list(epochs.units_of(table.answers))
    if not found:
        return
    clocks = [table.applied(ReadTime(), source) for source in columns if _is_text(table, source)]
    known = [clock for clock in clocks if None not in table.solved(clock)]
    for day in _dates_in(table, (*columns, *parts[:_MOST_DATED])):
        for unit in found:
            yield table.applied(epochs.EpochOf(unit), day)
            for clock in known if unit != "days" else ():
                yield table.applied(epochs.EpochOf(unit), day, clock)


def _is_text(table: Table, source: Found) -> bool:
    return all(isinstance(value, str) for value in table.solved(source))


def _dates_in(table: Table, sources: Sequence[Found]) -> list[Found]:
    """Return the columns and parts that are dates in all solved rows, read as dates."""
    read = Best()
    for source in sources:
        if _is_text(table, source):
            for found in dates_of(table, source):
                if None not in table.solved(found):
                    read.add(found)
    return read.cheapest(4)


def _days_between(table: Table, columns: Sequence[Found], parts: Sequence[Found]) -> Iterator[Found]:
    """Yield the days and so on between two dates of different columns, or of parts of the only column."""
    sources = columns if len(columns) > 1 else parts[:_MOST_DATED]
    for start, end in permutations(_dates_in(table, sources), 2):
        passed = (table.applied(operator, start, end) for operator in date_steps.BETWEEN)
        yield from (each for each in passed if None not in table.solved(each))


def _readings(table: Table, source: Found) -> Iterator[Found]:
    """Yield a column or part read as numbers, if it looks like a number in at least half of the solved rows."""
    values = [value for value in table.solved(source) if value is not None]
    if all(isinstance(value, int | float) for value in values):
        yield table.applied(ReadNumber(), source)
    elif 2 * sum(value[:1].isdigit() or value[1:2].isdigit() for value in values) >= len(values):
        for reading in (ReadNumber(), ReadNumber("comma")):
            yield table.applied(reading, source)
    if all(isinstance(value, str) for value in values):
        for sized in (*magnitudes.readings(values), *durations.clock_readings(values)):
            yield table.applied(sized, source)
        if fraction_texts.are_fractions(values):
            yield table.applied(fraction_texts.ReadFraction(), source)


def combined(table: Table, numbers: Sequence[Found]) -> list[Found]:
    """Return numbers, the quotients and remainders of each, and the sums, products and so on of pairs."""
    found = Best()
    for number in numbers:
        found.add(number)
        for divisor in _DIVISORS:
            found.add(table.applied(Part(divisor, remainder=False), number))
            found.add(table.applied(Part(divisor, remainder=True), number))
        hours_off = table.applied(Part(60, remainder=False), number)
        found.add(table.applied(Part(60, remainder=True), hours_off))
    ordered = sorted(numbers, key=lambda number: number.expression.cost)
    few = [number for number in ordered if not _is_count(number)][:_MOST_PAIRED]
    counts = [number for number in numbers if _is_count(number)][:_MOST_PAIRED]
    for left, right in combinations(counts, 2):
        if left.expression.nodes.isdisjoint(right.expression.nodes):  # of two columns
            found.add(table.applied(Arithmetic("+"), left, right))
    for left, right in combinations(few, 2):
        for operator in (Arithmetic("+"), Arithmetic("*"), Arithmetic("max"), Arithmetic("min")):
            found.add(table.applied(operator, left, right))
    for number in few[:_MOST_SQUARED]:
        found.add(table.applied(Arithmetic("*"), number, number))
    several = sum(_is_number(table, name) for name in table.rows[0]) > 1
    shares, mixtures = several or _holds(table, _PERCENT), several or _holds(table, _UNIT)
    for left, right in permutations(few, 2):
        further: list[Operator] = [Arithmetic("-"), Arithmetic("/"), Arithmetic("//"), Arithmetic("%")]
        further += percents(table.solved(right)) if shares else ()
        further += mixed(table.solved(left), table.solved(right)) if mixtures else ()
        for each in further:
            found.add(table.applied(each, left, right))
    return found.cheapest()


def _holds(table: Table, pattern: re.Pattern[str]) -> bool:
    """Whether some cell of every solved row matches a pattern."""
    return all(any(pattern.search(str(cell)) for cell in row.values()) for row in table.rows[: table.size])


def _is_number(table: Table, column: str) -> bool:
    """Whether a column holds one number in each solved row, with few other characters."""
    return all(_ALONE.fullmatch(str(row[column])) for row in table.rows[: table.size])


def _is_count(number: Found) -> bool:
    return isinstance(number.expression, Applied) and isinstance(number.expression.operator, Count)


def learned_numbers(table: Table, numbers: Sequence[Found], rows: Sequence[int]) -> Iterator[Found]:
    """Yield texts of numbers that occur in the answers of some rows."""
    for targets in _targets([table.answers[row] for row in rows]):
        manners, significant = styles(targets), significant_styles(targets)
        if not (manners or significant) or (len(rows) > 1 and len(set(targets)) == 1):
            continue
        wanted = [_value(text, (manners or significant)[0]) for text in targets]
        places = next((manner.places for manner in manners if manner.places is not None), _EXACT)
        halves = [Decimal(5).scaleb(-places - 1)] * len(targets)
        loose = [max(halves[0], half_of_last(want, significant[-1].digits)) for want in wanted] if significant else []
        multiple = multiple_of(wanted)
        for number in numbers:
            table.budget.spend()
            values = [number.values[row] for row in rows]
            if None in values:
                continue
            rounded = () if multiple is None else roundings(values, wanted, multiple)
            fits = _as_it_is if _is_converted(number) else _fits
            for change in chain(rounded, fits(values, wanted, halves)) if manners else ():
                yield from _written(table, number, change, manners, (rows, targets))
            for change in fits(values, wanted, loose) if significant else ():
                yield from _written(table, number, change, significant, (rows, targets))


def _is_converted(number: Found) -> bool:
    return isinstance(number.expression, Applied) and isinstance(
        number.expression.operator, AmountOf | ConvertedCell | ConvertedNumber
    )


def _written(
    table: Table,
    number: Found,
    change: Operator | None,
    manners: Sequence[WriteNumber | WriteSignificant],
    wanted: tuple[Sequence[int], Sequence[str]],
) -> Iterator[Found]:
    """Yield a changed number, written in the manners that give the wanted texts in some rows.

    Most manners do not, so the values in other rows are computed only for those that do.
    """
    rows, targets = wanted
    values = [number.values[row] if change is None else table.value(row, change, number) for row in rows]
    written: set[bool] = set()
    pairs = list(zip(values, targets, strict=True))

    def writes(manner: WriteNumber | WriteSignificant) -> bool:
        return all(applied_to(manner, [value]) == target for value, target in pairs)

    manner: WriteNumber | WriteSignificant | None
    for each in manners:
        table.budget.spend()
        if isinstance(each, WriteSignificant):
            rounds = each.is_exact or any(value != _value(text, each) for value, text in pairs)
            manner = each.narrowed(writes) if rounds else None
        else:
            manner = each if writes(each) else None
        if manner is None:
            continue
        if manner.is_exact not in written:
            written.add(manner.is_exact)
            yield table.applied(manner, number if change is None else table.applied(change, number))
        if manner.is_exact and not any("." in target for target in targets):
            break  # the numbers are whole, so nothing shows that others would be rounded


def _targets(answers: Sequence[str]) -> Iterator[list[str]]:
    """Yield the numbers at the same position in all answers."""
    if any(len(answer) > _LONGEST for answer in answers):
        return
    seen = set()
    dotted = any(_DOTTED.search(answer) for answer in answers)
    powers = [_POWERS] if any(map(_POWER_OF_TEN.search, answers)) else []
    for pattern in (*powers, _GROUPED, _SIGNED, _NUMBER, *([_DIGITS] if dotted else [])):
        rows = [pattern.findall(answer) for answer in answers]
        for column in islice(zip(*rows, strict=False), _MOST_TARGETS):
            if column not in seen:
                seen.add(column)
                yield list(column)
    if len({len(_NUMBER.findall(answer)) for answer in answers}) > 1:
        column = tuple(found[-1] if (found := _NUMBER.findall(answer)) else "" for answer in answers)
        if all(column) and column not in seen:
            yield list(column)


def _value(text: str, manner: WriteNumber | WriteSignificant) -> Decimal:
    plain = text.replace(manner.group, "") if isinstance(manner, WriteNumber) and manner.group else text
    return Decimal(plain.replace(manner.point, "."))


def _as_it_is(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> Iterator[None]:
    """Yield None if numbers are the wanted ones up to rounding: a quantity in another unit is changed no further."""
    if _are_near(values, wanted, halves):
        yield None


def _are_near(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> bool:
    return all(abs(value - want) < half * _ROUNDED for value, want, half in zip(values, wanted, halves, strict=True))


def _fits(values: Sequence[Decimal], wanted: Sequence[Decimal], halves: Sequence[Decimal]) -> Iterator[Operator | None]:
    """Yield the factors and offsets that turn numbers into the wanted ones, up to rounding; None if they are equal."""
    if _are_near(values, wanted, halves):
        yield None
        if list(values) == list(wanted) or any(
            value % (2 * half) for value, half in zip(values, halves, strict=True) if half
        ):
            return  # a whole number is never rounded to its neighbour: 4 is one less than 5
    if len(set(values)) < 2 or not are_on_a_line(values, wanted, halves):  # noqa: PLR2004 - one point fits any line
        return
    yield from units.conversions(values, wanted, halves)
    yield from lines(values, wanted, halves)
