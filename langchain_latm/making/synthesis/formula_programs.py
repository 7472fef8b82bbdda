"""Programs that compute a number from a few numbers: "8 people, 2.5 kg more each, 75 kg" gives 95."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.budget import Budget, Exhausted
from langchain_latm.making.synthesis.copying import copied_as
from langchain_latm.making.synthesis.formulas import (
    FEWEST_EXAMPLES,
    LARGEST,
    MOST_NUMBERS,
    Cheapest,
    Formula,
    formulas,
    reaching,
)
from langchain_latm.making.synthesis.operators.significant import (
    WriteSignificant,
    significant_styles,
    significant_text,
)
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.text.json_values import is_number

_OTHERS: Final = 6
"""Rows without an answer on which formulas are compared."""
_KEPT: Final = 4
_OTHER_STYLE: Final = 0.4
"""Cost of a way to write the answer that fits the examples as well as the usual one."""
_DECIMALS: Final = 12
"""Decimals of a number that is not rounded."""


@dataclass(frozen=True)
class _Numbers:
    """How the numbers of a row are read.

    Attributes:
        names: The columns of numbers, or the only column of lists.
        count: Number of numbers that are read.
        listed: Whether they are the last items of a list.
        more: Whether the list may have more items.
    """

    names: tuple[str, ...]
    count: int
    listed: bool
    more: bool = False

    def read(self, row: Mapping[str, Any]) -> list[Fraction] | None:
        """Return the numbers of a row; None if the row does not fit."""
        cells = row.get(self.names[0]) if self.listed else [row.get(name) for name in self.names]
        if not isinstance(cells, list) or not all(map(_is_number, cells)):
            return None
        fits = len(cells) >= self.count if self.more else len(cells) == self.count
        return [Fraction(str(cell)) for cell in cells[-self.count :]] if fits else None

    @property
    def code(self) -> list[str]:
        """Python statements that bind `a`, `b` and so on."""
        letters = ", ".join(string.ascii_lowercase[: self.count])
        name = self.names[0]
        if not self.listed:
            return [f"{letters} = {', '.join(f'Fraction(str({name}))' for name in self.names)}"]
        condition = f"len({name}) {'<' if self.more else '!='} {self.count}"
        some = f"{name}[-{self.count}:]" if self.more else name
        return [
            f"if {condition}:\n        raise ValueError('expected {self.count} numbers')",
            f"{letters} = (Fraction(str(each)) for each in {some})",
        ]


@dataclass(frozen=True)
class _Style:
    """How answers are written.

    Attributes:
        answer_type: Type of the answers.
        places: Maximum number of decimals.
        is_fixed: Whether all answers have this number of decimals.
        rounds: Whether further decimals are rounded.
        significant: How numbers of significant digits are written, if answers have these instead of decimals.
    """

    answer_type: type
    places: int
    is_fixed: bool
    rounds: bool
    significant: WriteSignificant | None = None

    @property
    def is_whole(self) -> bool:
        """Whether answers are whole numbers."""
        return self.answer_type is not float and self.places == 0

    def write(self, value: Fraction) -> Any:
        """Return the answer for a value.

        Raises:
            ValueError: No example shows how to write it.
        """
        if self.is_whole:
            if value.denominator != 1:
                raise ValueError("expected a whole number")
            return self.answer_type(value.numerator)
        number = Decimal(value.numerator) / Decimal(value.denominator)
        if self.significant is not None:
            text = self.significant.of(number)
            if text is None:
                raise ValueError("no example shows how to write this number")
            return self.answer_type(text)
        places = self.places if self.rounds else _DECIMALS
        rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if not self.rounds and number != rounded:
            raise ValueError(f"expected a number of at most {_DECIMALS} decimals")
        if self.answer_type is float:
            return float(rounded)
        return f"{rounded:.{self.places}f}" if self.is_fixed else f"{rounded.normalize():f}"

    def code(self, significant: str) -> list[str]:
        """Return Python statements that return the answer for `result`.

        Args:
            significant: Name of `significant_text` in the program.
        """
        if self.is_whole:
            refused = "if result.denominator != 1:\n        raise ValueError('expected a whole number')"
            return [refused, f"return {self.answer_type.__name__}(result.numerator)"]
        if self.significant is not None:
            digits, manners, halves = self.significant.digits, self.significant.manners, self.significant.halves
            number = "Decimal(result.numerator) / Decimal(result.denominator)"
            text = f"{significant}({number}, {digits}, {manners!r}, {halves!r})"
            return [f"return {text}" if self.answer_type is str else f"return {self.answer_type.__name__}({text})"]
        places = self.places if self.rounds else _DECIMALS
        lines = [
            "exact = Decimal(result.numerator) / Decimal(result.denominator)",
            f"rounded = exact.quantize(Decimal('1e-{places}'), ROUND_HALF_UP)",
        ]
        if not self.rounds:
            lines.append(f"if rounded != exact:\n        raise ValueError('expected at most {_DECIMALS} decimals')")
        text = f"{{rounded:.{self.places}f}}" if self.is_fixed else "{rounded.normalize():f}"
        return [*lines, "return float(rounded)" if self.answer_type is float else f'return f"{text}"']


def formula_programs(problem: Problem, budget: Budget) -> list[Program]:
    """Return programs that compute numbers from numbers, the cheapest first.

    Columns of texts are not read. All rows must have the same number of numbers, but only the last three items of long
    lists are read.

    Args:
        problem: The solved rows, and others.
        budget: The budget of the search.
    """
    answers = _plain_numbers([answer for _, answer in problem.examples])
    numbers = _numbers_of(problem)
    if answers is None or numbers is None or len(answers) < FEWEST_EXAMPLES:
        return []
    rows = [row for row in (numbers.read(row) for row, _ in problem.examples) if row is not None]
    others = [row for row in map(numbers.read, problem.others) if row is not None]
    if len(rows) < len(answers):
        return []
    places = max(_places(answer) for answer in answers)
    fixed = [Fraction(1, 2 * 10**places) if places else Fraction(0)] * len(answers)
    significant = _significant(problem, answers)
    loose = [Fraction(significant[0].error(str(answer))) for answer in answers] if significant else None
    values = list(map(Fraction, answers))
    found = Cheapest()
    try:
        for formula in formulas([*rows, *others[:_OTHERS]], budget):
            for errors in (fixed, loose) if loose is not None else (fixed,):
                for each in reaching(formula, values, errors):
                    found.keep(each)
    except Exhausted:
        pass
    best = sorted(found.values(), key=lambda each: each.cost)[:_KEPT]
    return [
        _program(replace(each, cost=each.cost + _OTHER_STYLE * number), problem, numbers, style)
        for each in best
        for number, style in enumerate(_styles(problem, answers, each))
    ]


def _significant(problem: Problem, answers: Sequence[Decimal]) -> list[WriteSignificant]:
    """Return the ways in which answers may have been rounded to significant digits."""
    texts = [
        answer if isinstance(answer, str) else f"{value:f}"
        for (_, answer), value in zip(problem.examples, answers, strict=True)
    ]
    return [style for style in significant_styles(texts) if not style.is_exact and style.point == "."]


def _plain_numbers(answers: Sequence[Any]) -> list[Decimal] | None:
    """Return the values of answers; None if one is not a plain number or its text."""
    types = {type(answer) for answer in answers}
    if not types or not (types == {str} or types <= {int, float}):
        return None
    texts = [str(answer) for answer in answers]
    try:
        values = [Decimal(text) for text in texts]
    except InvalidOperation:
        return None
    if types != {str}:
        return [value.normalize() if value % 1 else value.to_integral_value() for value in values if value.is_finite()]
    plain = all(value.is_finite() and f"{value:f}" == text for value, text in zip(values, texts, strict=True))
    return values if plain else None


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _numbers_of(problem: Problem) -> _Numbers | None:
    """Return how to read the numbers of rows: from columns of numbers, or from the only column of lists."""
    rows = [row for row, _ in problem.examples]
    if not rows:
        return None
    cells = {name: [row.get(name) for row in rows] for name in rows[0]}
    names = tuple(name for name, column in cells.items() if not all(isinstance(cell, str) for cell in column))
    if not names:
        return None
    if all(_is_number(cell) for name in names for cell in cells[name]):
        return _Numbers(names, len(names), listed=False) if 1 < len(names) <= MOST_NUMBERS else None
    lengths = {len(cell) for cell in cells[names[0]] if isinstance(cell, list)}
    if len(names) > 1 or not all(isinstance(cell, list) for cell in cells[names[0]]):
        return None
    if lengths <= set(range(2, MOST_NUMBERS + 1)) and len(lengths) == 1:
        return _Numbers(names, lengths.pop(), listed=True)
    return _Numbers(names, MOST_NUMBERS - 1, listed=True, more=True) if min(lengths, default=0) > MOST_NUMBERS else None


def _is_number(cell: Any) -> bool:
    return is_number(cell) and abs(cell) < LARGEST


def _styles(problem: Problem, answers: Sequence[Decimal], formula: Formula) -> Iterator[_Style]:
    """Yield the ways to write the values that fit all examples, the usual one first."""
    types = {type(answer) for _, answer in problem.examples}
    places = [_places(answer) for answer in answers]
    most, is_fixed = max(places), len(set(places)) == 1
    rounds = any(value != Fraction(answer) for value, answer in zip(formula.values, answers, strict=False))
    answer_type = types.pop() if len(types) == 1 else float
    pairs = [(value, answer) for value, answer in zip(formula.values, answers, strict=False) if value is not None]
    for each in _significant(problem, answers) if rounds else ():
        significant = each.narrowed(lambda manner: all(_is_written(manner, value, answer) for value, answer in pairs))
        if significant is not None:
            yield _Style(answer_type, most, is_fixed=False, rounds=True, significant=significant)
            break
    if any(abs(value - Fraction(answer)) > Fraction(1, 2 * 10**most) for value, answer in pairs):
        return  # a fixed number of decimals does not explain it
    yield _Style(answer_type, most, is_fixed, rounds or (is_fixed and most > 0 and answer_type is str))
    shows_zeros = any(answer.as_tuple().digits[-1] == 0 for answer in answers if _places(answer))
    if most and not shows_zeros and (not rounds or (is_fixed and answer_type is str)):
        yield _Style(answer_type, most, is_fixed=False, rounds=True)


def _is_written(style: WriteSignificant, value: Fraction, answer: Decimal) -> bool:
    text = style.of(Decimal(value.numerator) / Decimal(value.denominator))
    return text is not None and Decimal(text) == answer


def _program(formula: Formula, problem: Problem, numbers: _Numbers, style: _Style) -> Program:
    def run(row: Mapping[str, Any]) -> Any:
        read = numbers.read(row)
        value = None if read is None else formula.compute(read)
        if value is None:
            raise ValueError(f"the program does not fit the row {row!r}")
        try:
            return style.write(value)
        except InvalidOperation:
            raise ValueError(f"the program cannot compute the row {row!r}") from None

    return Program(_source(formula, problem, numbers, style), round(formula.cost, 3), run)


def _source(formula: Formula, problem: Problem, numbers: _Numbers, style: _Style) -> str:
    rows = [row for row, _ in problem.examples]
    parameters = ", ".join(f"{name}: {_hint([row[name] for row in rows])}" for name in rows[0])
    letters = ", ".join(string.ascii_lowercase[: numbers.count])
    columns = ", ".join(f"`{name}`" for name in numbers.names)
    imports, defined = ["from fractions import Fraction"], []
    significant = free_name(significant_text.__name__, {problem.name, *rows[0]})
    if style.significant is not None:
        copied = copied_as({significant_text: significant}, (problem.name,))
        imports, defined = [*copied.imports, *imports], ["", "", copied.source]
    elif not style.is_whole:
        imports.insert(0, "from decimal import ROUND_HALF_UP, Decimal")
    which = "last numbers" if numbers.more else "numbers"
    lines = [
        f'"""Return `{formula.code}`, where {letters} are the {which} of {columns}."""',
        *numbers.code,
        f"result = {formula.code}",
        *style.code(significant),
    ]
    body = "\n    ".join(lines)
    return "\n".join(
        [
            *imports,
            *defined,
            "",
            "",
            f"def {problem.name}({parameters}) -> {style.answer_type.__name__}:",
            f"    {body}",
            "",
        ]
    )


def _hint(cells: Sequence[Any]) -> str:
    if isinstance(cells[0], list):
        return f"list[{_hint([each for cell in cells for each in cell] or [0])}]"
    types = {type(cell) for cell in cells}
    return "str" if str in types else "float" if float in types else "int"
