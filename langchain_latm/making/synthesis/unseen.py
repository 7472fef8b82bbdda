"""Programs that fail on rows unlike all solved ones: of a new shape, case or word, or a new text of a column not read.

The likeliest program may be right on such rows, but no answer confirms it. So a copy of it that fails there becomes a
rival: the two differ on these rows, and a person is asked. Only columns with few distinct shapes, words or texts count.
In free text, where each row has its own, a new one means nothing.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, Final

from langchain_latm.making.synthesis.operators.conditions import pattern_of, shape_of
from langchain_latm.making.synthesis.problem import Problem, Program

_WORD: Final = re.compile(r"[^\W\d_]+")
_FEWEST: Final = 3
"""Minimum number of solved rows."""
_FEWEST_OTHERS: Final = 4
_CLOSED: Final = 0.3
"""Maximum number of distinct shapes or texts of a column, as a share of its rows."""
_RARE: Final = 0.5
"""Maximum share of the other rows that may be new: if more are, the solved rows are not a sample of the column."""
_LONGEST: Final = 200
_GUARD: Final = 1.0


@dataclass(frozen=True)
class Guard:
    """A test of a row or an answer that all solved rows pass and few others fail.

    Attributes:
        passes: The test of a row, or of the answer.
        code: The test in Python: an expression over the parameters, or over `found`, the answer.
        missing: Message of the error if the test fails.
        of_answer: Whether the answer is tested, rather than the row.
        most: Maximum share of the other rows that may fail; if more do, the solved rows are the unusual ones.
    """

    passes: Callable[[Any], bool]
    code: str
    missing: str
    of_answer: bool = False
    most: float = _RARE


def unseen(program: Program, problem: Problem) -> list[Program]:
    """Return programs with the answers of a program that fail on rows unlike all solved ones.

    Args:
        program: The likeliest program.
        problem: The solved rows, at least three, and the others.
    """
    if len(problem.examples) < _FEWEST or len(problem.others) < _FEWEST_OTHERS:
        return []
    answers = [_answer(program, row) for row in problem.others]
    found = []
    for guard in (*_of_rows(program, problem), *_of_answers(problem, answers)):
        tested = answers if guard.of_answer else problem.others
        failing = sum(each is not None and not guard.passes(each) for each in tested)
        if 0 < failing <= guard.most * len(problem.others):
            found.append(_guarded(program, problem, guard))
    return found


def _answer(program: Program, row: Mapping[str, Any]) -> Any:
    try:
        return program.run(row)
    except ValueError:
        return None


def _of_rows(program: Program, problem: Problem) -> Iterator[Guard]:
    read = _names_in(program)
    for column in problem.examples[0][0]:
        solved = [row[column] for row, _ in problem.examples]
        cells = [*solved, *(row.get(column) for row in problem.others)]
        if not all(isinstance(cell, str) and len(cell) <= _LONGEST for cell in cells):
            continue
        shapes = frozenset(map(shape_of, solved))
        if len(set(map(shape_of, cells))) <= _CLOSED * len(cells):
            pattern = "|".join(map(pattern_of, sorted(shapes)))
            yield Guard(
                partial(_has_shape, column, shapes),
                f"re.fullmatch({pattern!r}, {column})",
                f"no example has {column!r} in this form",
            )
        yield from _of_case(column, solved, problem)
        if column not in read and len(set(cells)) <= _CLOSED * len(cells):
            counts = Counter(solved)
            often = {text for text, count in counts.items() if count > 1 or max(counts.values()) == 1}
            yield Guard(
                partial(_has_text, column, frozenset(often)),
                f"{column} in {sorted(often)!r}",
                f"no example has this text in {column!r}",
                most=1.0,
            )
        words = Counter(word for cell in solved for word in set(_WORD.findall(cell)))
        if words and min(words.values()) > 1:
            yield Guard(
                partial(_has_words, column, frozenset(words)),
                f"set(re.findall({_WORD.pattern!r}, {column})) <= set({sorted(words)!r})",
                f"no example has all words of this {column!r}",
            )


def _of_case(column: str, solved: Sequence[str], problem: Problem) -> Iterator[Guard]:
    """Yield a test of the case of a column whose solved cells are all in capitals, or all in small letters.

    It matters only if the answers hold letters: a code in the other case may be meant to be changed, or to stay.
    """
    if not any(str(answer).upper() != str(answer).lower() for _, answer in problem.examples):
        return
    for passes, code in ((_is_upper, "upper"), (_is_lower, "lower")):
        if all(passes(cell) for cell in solved) and all(cell.upper() != cell.lower() for cell in solved):
            yield Guard(
                partial(_has_case, column, passes),
                f"{column} == {column}.{code}()",
                f"no example has {column!r} in this case",
            )


def _is_upper(cell: str) -> bool:
    return cell == cell.upper()


def _is_lower(cell: str) -> bool:
    return cell == cell.lower()


def _has_case(column: str, passes: Callable[[str], bool], row: Mapping[str, Any]) -> bool:
    return passes(row[column])


def _has_shape(column: str, shapes: frozenset[str], row: Mapping[str, Any]) -> bool:
    return shape_of(row[column]) in shapes


def _has_text(column: str, texts: frozenset[str], row: Mapping[str, Any]) -> bool:
    return row[column] in texts


def _has_words(column: str, words: frozenset[str], row: Mapping[str, Any]) -> bool:
    return words.issuperset(_WORD.findall(row[column]))


def _has_form(pattern: str, answer: str) -> bool:
    return re.fullmatch(pattern, answer) is not None


def _names_in(program: Program) -> set[str]:
    """Return the names that a source reads."""
    return {node.id for node in ast.walk(ast.parse(program.source)) if isinstance(node, ast.Name)}


def _of_answers(problem: Problem, computed: Sequence[Any]) -> Iterator[Guard]:
    solved = [answer for _, answer in problem.examples]
    if not all(isinstance(answer, str) and len(answer) <= _LONGEST for answer in solved) or len(set(solved)) == 1:
        return
    forms = {_form(solved_of) for _, solved_of in groupby(sorted(solved, key=shape_of), key=shape_of)}
    every = {shape_of(answer) for answer in (*solved, *computed) if isinstance(answer, str)}
    if len(every) > max(_CLOSED * len(computed), 2):
        return
    pattern = "|".join(sorted(forms))
    yield Guard(
        partial(_has_form, pattern),
        f"re.fullmatch({pattern!r}, found)",
        "no example has an answer in this form",
        of_answer=True,
    )


_RUNS: Final = re.compile(r"\d+|[^\W\d_]+|\s+|.", re.DOTALL)


def _form(texts: Iterator[str]) -> str:
    """Return a pattern of texts of one shape; from three texts on, a run of the same length in all has that length."""
    rows = [_RUNS.findall(text) for text in texts]
    pieces = []
    for runs in zip(*rows, strict=True):
        lengths = set(map(len, runs))
        piece = pattern_of(shape_of(runs[0]))
        fixed = piece.endswith("+") and len(lengths) == 1 and len(rows) >= _FEWEST and not runs[0].isspace()
        pieces.append(f"{piece[:-1]}{{{lengths.pop()}}}" if fixed else piece)
    return "".join(pieces)


def _guarded(program: Program, problem: Problem, guard: Guard) -> Program:
    def run(row: Mapping[str, Any]) -> Any:
        if not guard.of_answer and not guard.passes(row):
            raise ValueError(guard.missing)
        answer = program.run(row)
        if guard.of_answer and not guard.passes(answer):
            raise ValueError(guard.missing)
        return answer

    inner = f"unchecked_{problem.name}"
    source = re.sub(rf"^def {problem.name}\b", f"def {inner}", program.source, count=1, flags=re.MULTILINE)
    head = next(line for line in program.source.split("\n") if line.startswith(f"def {problem.name}("))
    columns = [*problem.examples[0][0]]
    call = f"{inner}({', '.join(f'{column}={column}' for column in columns)})"
    test = [f"    if not {guard.code}:", f"        raise ValueError({guard.missing!r})"]
    body = [f"    found = {call}", *test, "    return found"] if guard.of_answer else [*test, f"    return {call}"]
    outer = [head, '    """Compute the answer, if an example is like it."""', "    import re", "", *body]
    return replace(
        program,
        source=source.rstrip("\n") + "\n\n\n" + "\n".join(outer) + "\n",
        cost=round(program.cost + _GUARD, 3),
        run=run,
    )
