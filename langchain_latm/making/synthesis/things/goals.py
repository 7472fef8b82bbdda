"""What is to be computed of the things of sentences: the answer, or a number that is written as the answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from langchain_latm._core.source import free_name, parse_source
from langchain_latm.making.synthesis.problem import Problem, Program

_WRITTEN: Final = 0.4
"""Cost of another way to write the answer."""
_DURATION: Final = re.compile(r"(\d{1,4})( ?h(?:ours?|rs?)?,?(?: and)? ?)([0-5]?\d)( ?m(?:in(?:ute)?s?)?)")
_WITH_UNIT: Final = re.compile(r"(-?\d+(?:\.\d+)?)( ?)([^\W\d_]{1,20})")
_UNIT: Final = "unit"


@dataclass(frozen=True)
class Goal:
    """What a search looks for, and how the answer is written of it.

    Attributes:
        problem: The values and what is to be computed of them.
        name: Name of the function that writes the answer.
        code: Python expression of the answer, of `value`; empty if the value is the answer.
        write: The same function on the host.
        unit: Name of the value that is the unit; empty if the answer has none.
    """

    problem: Problem
    name: str = ""
    code: str = ""
    write: Callable[[Any, Mapping[str, Any]], Any] = lambda value, _: value
    unit: str = ""

    def written(self, inner: Program) -> Program:
        """Return a program that writes the answer."""
        if not self.code:
            return inner
        *_, function = parse_source(inner.source).body
        if not isinstance(function, ast.FunctionDef):
            raise AssertionError("the last statement of a program is its function")  # noqa: TRY004 - a fault of ours
        parameters = ast.unparse(function.args)
        given = ", ".join(f"{each.arg}={each.arg}" for each in function.args.args)
        shown = f"{parameters}, {self.unit}: str" if self.unit else parameters
        lines = [
            f"def {self.name}({shown}) -> str:",
            '    """Write the answer."""',
            f"    value = {function.name}({given})",
            f"    return {self.code}",
        ]

        def run(row: Mapping[str, Any]) -> Any:
            plain = {name: value for name, value in row.items() if name != self.unit}
            return self.write(inner.run(plain), row)

        source = f"{inner.source.rstrip()}\n\n\n" + "\n".join(lines) + "\n"
        return Program(source, round(inner.cost + _WRITTEN, 3), run)


def goals(derived: Problem) -> Iterator[Goal]:
    """Yield the answers as goals, and the numbers in them: minutes of "2 h 5 min", or numbers with their unit."""
    yield Goal(derived)
    answers = [answer for _, answer in derived.examples]
    if not answers or not all(isinstance(answer, str) for answer in answers):
        return
    name = free_name(f"{derived.name}_written", {*derived.examples[0][0]})
    durations = [each for answer in answers if (each := _DURATION.fullmatch(answer))]
    marks = {(each[2], each[4]) for each in durations}
    if len(durations) == len(answers) and len(marks) == 1:
        ((hours, minutes),) = marks
        width = "02" if any(len(each[3]) > len(str(int(each[3]))) for each in durations) else ""
        totals = [int(each[1]) * 60 + int(each[3]) for each in durations]
        code = f"f'{{value // 60}}{hours}{{value % 60:{width}}}{minutes}'"
        yield Goal(
            _with_answers(derived, totals), name, code,
            lambda value, _: f"{value // 60}{hours}{value % 60:{width}}{minutes}",
        )  # fmt: skip
    numbers = [each for answer in answers if (each := _WITH_UNIT.fullmatch(answer))]
    gaps = {each[2] for each in numbers}
    units = [row.get(_UNIT) for row, _ in derived.examples]
    if len(numbers) == len(answers) and len(gaps) == 1 and [each[3] for each in numbers] == units:
        (gap,) = gaps
        bare = replace(
            derived,
            examples=tuple((_without(row, _UNIT), answer) for row, answer in derived.examples),
            others=tuple(_without(row, _UNIT) for row in derived.others),
        )
        texts = [each[1] for each in numbers]
        yield Goal(
            _with_answers(bare, texts), name, f"f'{{value}}{gap}{{{_UNIT}}}'",
            lambda value, row: f"{value}{gap}{row[_UNIT]}", _UNIT,
        )  # fmt: skip
        if not any("." in text and text.endswith("0") for text in texts):
            yield Goal(
                _with_answers(bare, [float(text) if "." in text else int(text) for text in texts]),
                name,
                f"f'{{value:.10f}}'.rstrip('0').rstrip('.') + f'{gap}{{{_UNIT}}}'",
                lambda value, row: f"{value:.10f}".rstrip("0").rstrip(".") + f"{gap}{row[_UNIT]}",
                _UNIT,
            )


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _with_answers(problem: Problem, answers: Sequence[Any]) -> Problem:
    rows = (row for row, _ in problem.examples)
    return replace(problem, examples=tuple(zip(rows, answers, strict=True)))
