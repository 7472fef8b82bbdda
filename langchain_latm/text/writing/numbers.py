"""Derives how a column's answers write numbers, and generates code that does so; used by all forms of numbers.

An answer is a number with text around it. The text is the same in all answers of one sign: "Total: $18.90" and
"Total: -$5.00", or "(5.00)". If no answer is negative, the form's `Negated` function gives the text for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, NamedTuple

from langchain_latm.text.lexing.decimals import Notation, notations, numerals_in
from langchain_latm.text.writing.form import AnswerForm, Column

_PRECISION: Final = 28
"""Digits of Python's decimal context, in which the generated code rounds."""
_OPENING: Final = re.compile(r"(?:^|[\s(\[=:])$")
"""Text that may precede a minus."""
_MINUS: Final = "-\u2212"
_LONGEST: Final = 500
"""Maximum length of an answer. A longer one is a text in which numbers occur."""
_LEAST_DIFFERENT: Final = 2
"""Minimum number of different numbers that separate them from the text around them."""
_MODES: Final = ("ROUND_HALF_UP", "ROUND_HALF_EVEN")

Decimals = Literal["fixed", "needed", "whole"]
"""Which decimals are written: a fixed number, as many as needed ("2.5", "3"), or none for whole numbers ("4.50",
"3")."""


class Around(NamedTuple):
    """The text before and after a number."""

    before: str
    after: str


Counts = Callable[[str], Iterable[tuple[str, Sequence[int]]]]
"""Yields code that counts the decimals of each answer, and their numbers in the examples, for a decimal point."""
Negated = Callable[[Around], Around | None]
"""Returns the text around a negative number, given the text around other numbers; None if that is not clear."""


def minus_at_number(around: Around) -> Around | None:
    """Put a minus directly before the number; None if other text touches the number there."""
    before, after = around
    return Around(f"{before}-", after) if _OPENING.search(before) else None


@dataclass(frozen=True)
class NumberWriting:
    """How a column of numbers is written.

    Attributes:
        notation: Notation of the digits.
        decimals: Which decimals are written.
        places: Maximum number of decimals; None for all.
        mode: Rounding mode, by its name in the decimal module; None if further decimals are an error.
        shift: Number of places by which the decimal point moves, such as 2 from a fraction to percent.
        positive: The text around a number that is not negative; None if unknown.
        negative: The text around a negative number; None if unknown.
        counted: Code that gives the number of decimals, if it differs between requests; `places` is then the maximum
            in the examples.
    """

    notation: Notation
    decimals: Decimals
    places: int | None
    mode: str | None
    shift: int
    positive: Around | None
    negative: Around | None
    counted: str = ""

    @property
    def around(self) -> Around:
        """The text around the numbers that the column has."""
        return self.positive or self.negative or Around("", "")

    def code(self, *, texts: bool) -> str:
        """Return code that writes `value`.

        Args:
            texts: Whether values are texts of numbers. If values are numbers, the code returns a text unchanged.
        """
        shift = f".scaleb({self.shift})" if self.shift else ""
        lines = [] if texts else ["if isinstance(value, str):", "    return value"]
        if self.counted:  # first: an argument may have one of the names below
            lines.append(f"places = {self.counted}")
        lines.append(f"number = decimal.Decimal(str(value)){shift}")
        text = "number.copy_abs()"
        if self.counted:
            lines.append(f"number = number.quantize(decimal.Decimal(1).scaleb(-places), decimal.{self.mode})")
        elif self.mode is not None:
            unit = Decimal(1).scaleb(-(self.places or 0))
            lines.append(f"number = number.quantize(decimal.Decimal({str(unit)!r}), decimal.{self.mode})")
        else:
            refused = "not number.is_finite()" + (" or number != number.to_integral_value()" * (self.places == 0))
            lines += [f"if {refused}:", "    raise ValueError(f'no example shows how {value} is written')"]
        lines.append(f"text = {self._digits(text)}")
        lines += self._trimmed()
        return "\n".join([*lines, *self._marked(), *self._signed()])

    def _digits(self, number: str) -> str:
        group = "," if self.notation.group and not self.notation.indian else ""
        places = "" if self.places is None else ".{places}" if self.counted else f".{self.places}"
        return f'f"{{{number}:{group}{places}f}}"'

    def _trimmed(self) -> list[str]:
        if self.decimals == "needed":
            return ["if '.' in text:", "    text = text.rstrip('0').rstrip('.')"]
        return [f"text = text.removesuffix({'.' + '0' * (self.places or 0)!r})"] if self.decimals == "whole" else []

    def _marked(self) -> list[str]:
        """Return code that replaces Python's comma and point by the notation's marks."""
        lines = []
        if self.notation.indian:  # a comma before the last three digits, and before every two digits to their left
            lines += [
                'whole, point, decimals = text.partition(".")',
                r"""text = re.sub(r"(\d)(?=(\d\d)+\d$)", r"\1,", whole) + point + decimals""",
            ]
        signs = (self.notation.group or ",") + self.notation.point
        return lines if signs == ",." else [*lines, f"text = text.translate(str.maketrans(',.', {signs!r}))"]

    def _signed(self) -> list[str]:
        lines = []
        for around, condition, sign in ((self.negative, "<", "negative"), (self.positive, ">=", "positive")):
            if around is None:
                message = f"no example shows how a {sign} number is written"
                lines += [f"if number {condition} 0:", f"    raise ValueError({message!r})"]
        if self.positive and self.negative:
            lines += ["if number < 0:", f"    return {_joined(self.negative)}"]
        return [*lines, _joined(self.positive or self.around)]


def _joined(around: Around) -> str:
    return " + ".join([*map(repr, filter(None, around[:1])), "text", *map(repr, filter(None, around[1:]))])


class _Row(NamedTuple):
    """One answer: its value, and a number in it with the text around it."""

    value: Decimal
    around: Around
    numeral: str


def number_writings(
    column: Column, negated: Negated, shifts: Sequence[int] = (0,), counts: Counts | None = None
) -> Iterator[NumberWriting]:
    """Yield the ways a column of numbers may be written, the narrowest first; none if its answers are ambiguous.

    Numbers are rounded half up unless an example shows a tie. A bool is not a number.

    Args:
        column: Values that are numbers, or texts of numbers, with their answers.
        negated: Returns the text around a negative number if no example is negative.
        shifts: Numbers of places by which the decimal point may move between value and answer.
        counts: Yields, for a decimal point, code that counts the decimals of an answer, and the counts in the examples.
            Without it all answers have the same number of decimals, or as few as needed.
    """
    values = _decimals(column)
    if values is None:
        return
    for rows in _rows(values, column.answers):
        sides = _sides(rows, negated)
        if sides is None:
            continue
        numerals = [row.numeral for row in rows]
        if sides[0] != ("", "") and len(set(numerals)) < _LEAST_DIFFERENT:
            continue
        fitting = [(n, s) for n in notations(numerals) for s in shifts if _nearly(rows, n, s)]
        if len(fitting) == 1:
            ((notation, shift),) = fitting
            exact = [row.value.scaleb(shift).copy_abs() for row in rows]
            written = [notation.read(numeral) for numeral in numerals]
            for decimals, places, mode in _rounding(exact, written) if counts is None else ():
                yield NumberWriting(notation, decimals, places, mode, shift, *sides)
            for code, most, mode in _counted(exact, written, counts(notation.point) if counts else ()):
                yield NumberWriting(notation, "fixed", most, mode, shift, *sides, counted=code)


def _decimals(column: Column) -> list[Decimal] | None:
    """Return the values as decimal numbers; None if one is not a number or has too many digits."""
    if not (column.holds_numbers or column.holds_texts):
        return None
    try:
        values = [Decimal(str(value)) for value in column.values]
    except (InvalidOperation, ValueError):  # Python converts no integer with thousands of digits to text
        return None
    fits = all(each.is_finite() and len(each.as_tuple().digits) <= _PRECISION for each in values)
    return values if fits and all(abs(each.adjusted()) < _PRECISION for each in values) else None


def _rows(values: Sequence[Decimal], answers: Sequence[str]) -> Iterator[list[_Row]]:
    """Yield the answers split at their first number, at their second one, and so on."""
    if max(map(len, answers), default=0) > _LONGEST:
        return
    found = [numerals_in(answer.strip()) for answer in answers]
    for i in range(min(map(len, found), default=0)):
        split = [each[i] for each in found]
        yield [
            _Row(value, Around(before, after), numeral)
            for value, (before, numeral, after) in zip(values, split, strict=True)
        ]


def _sides(rows: Sequence[_Row], negated: Negated) -> tuple[Around | None, Around | None] | None:
    """Return the text around numbers that are not negative, and around negative numbers; None if it varies."""
    negative = {row.around for row in rows if row.value < 0 and row.numeral.strip("0.,")}
    positive = {row.around for row in rows if not (row.value < 0 and row.numeral.strip("0.,"))}
    if len(positive) > 1 or len(negative) > 1 or positive & negative:
        return None
    above, below = next(iter(positive), None), next(iter(negative), None)
    wrong = negated(below) if above and below else None
    if above and wrong == above._replace(before=above.before.replace("\u2212", "-")):
        return None  # the answers have a minus at numbers that are not negative
    if above is not None:
        return above, below or negated(above)
    before, after = below or ("", "")
    bare = [Around(before[:i] + before[i + 1 :], after) for i, sign in enumerate(before) if sign in _MINUS]
    return next((each for each in bare if negated(each) == below), None), below


def _nearly(rows: Sequence[_Row], notation: Notation, shift: int) -> bool:
    """Whether the numbers in the answers are the values, each rounded in some way."""
    for row in rows:
        number = notation.read(row.numeral)
        unit = Decimal(1).scaleb(-_places(number))
        if 2 * abs(row.value.scaleb(shift).copy_abs() - number) > unit:
            return False
    return True


def _rounding(
    exact: Sequence[Decimal], written: Sequence[Decimal]
) -> Iterator[tuple[Decimals, int | None, str | None]]:
    """Yield which decimals are written, their maximum number, and the rounding mode."""
    places = [_places(each) for each in written]
    most, rounded = max(places), [e != w for e, w in zip(exact, written, strict=True)]
    if len(set(places)) == 1 and (most or any(rounded)):
        yield from (("fixed", most, mode) for mode in _modes(exact, written, places))
    elif not most:
        yield "fixed", 0, None
    elif set(places) == {0, most} and any(_ends_in_zero(each) for each in written if _places(each)):
        yield from (("whole", most, mode) for mode in _modes(exact, written, [most] * len(exact)))
    if most and not any(_ends_in_zero(each) for each in written if _places(each)):
        if not any(rounded):
            yield "needed", None, None
        elif any(places[i] == most for i, each in enumerate(rounded) if each):
            yield from (("needed", most, mode) for mode in _modes(exact, written, [most] * len(exact)))


def _counted(
    exact: Sequence[Decimal], written: Sequence[Decimal], counts: Iterable[tuple[str, Sequence[int]]]
) -> Iterator[tuple[str, int, str]]:
    """Yield the code that counts the decimals of all examples, the most that one has, and how they are rounded."""
    places = [_places(each) for each in written]
    for code, numbers in counts:
        if places == list(numbers) and any(numbers):
            yield from ((code, max(numbers), mode) for mode in _modes(exact, written, numbers))


def _modes(exact: Sequence[Decimal], written: Sequence[Decimal], places: Sequence[int]) -> list[str]:
    """Return the rounding mode that fits numbers of decimals, or none; half up if both fit."""
    rows = [(each, Decimal(1).scaleb(-count)) for each, count in zip(exact, places, strict=True)]
    return [mode for mode in _MODES if [each.quantize(unit, mode) for each, unit in rows] == list(written)][:1]


def _places(number: Decimal) -> int:
    return max(0, -int(number.as_tuple().exponent))


def _ends_in_zero(number: Decimal) -> bool:
    return number.as_tuple().digits[-1] == 0


def numbers_asked(column: Column, fits: Callable[[Around], bool]) -> AnswerForm | None:
    """Return the numbers in a column of answers, for the maker to return; None if they are ambiguous.

    Args:
        column: Answers without values.
        fits: Whether the text around the numbers is of the form that asks.
    """
    found = []
    for rows in _rows([Decimal(0)] * len(column.answers), column.answers):
        split = [_without_minus(row.around) for row in rows]
        possible = notations([row.numeral for row in rows])
        is_clear = split[0][1] == ("", "") or len({row.numeral for row in rows}) >= _LEAST_DIFFERENT
        if is_clear and len({around for _, around in split}) == 1 and fits(split[0][1]) and len(possible) == 1:
            (notation,) = possible
            found.append([sign * notation.read(row.numeral) for (sign, _), row in zip(split, rows, strict=True)])
    if len(found) != 1:
        return None
    (numbers,) = found
    if all(not _places(number) for number in numbers):
        return AnswerForm("int", tuple(map(int, numbers)))
    return AnswerForm("float", tuple(map(float, numbers)))


def _without_minus(around: Around) -> tuple[int, Around]:
    """Return the sign of a number, and the text around it without a minus that may belong to the number."""
    before, after = around
    found = re.search(rf"(?:^|(?<=[\s(\[=:]))[{_MINUS}]|[{_MINUS}]$", before)
    return (-1, Around(before[: found.start()] + before[found.end() :], after)) if found else (1, around)
