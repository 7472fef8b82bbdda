"""Programs over lists and numbers: found from a few rows, and right on others."""

import time
from collections.abc import Callable
from itertools import accumulate, pairwise
from typing import Any

import pytest

from langchain_latm.making.synthesis.lists.search import search
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.tools.gate.gate import check_source

SHOWN = [[3, 8, 1], [12, 5, 40, 2, 7], [6, 6, 9, 31], [90, 14, 3, 55, 8, 21], [4, 77, 18], [25, 2, 64, 9, 10]]
HIDDEN = [[1, 2, 3], [50, 7, 19, 33], [8, 8, 8, 2, 41, 60, 5], [11, 30, 4, 6]]


def found(*examples: tuple[dict[str, Any], Any], others: tuple[dict[str, Any], ...] = ()) -> list[Program]:
    return search(Problem(examples, others), time.monotonic() + 30)


def answers(program: Program, rows: list[dict[str, Any]]) -> list[Any]:
    """Return the value for a row; the search's operators and the source code must agree."""
    check_source(program.source, "answer")
    space: dict[str, Any] = {}
    exec(program.source, space)  # noqa: S102 - written by the search from our own rows
    values = []
    for row in rows:
        value = space["answer"](**row)
        assert program.run(row) == value, program.source
        values.append(value)
    return values


@pytest.mark.parametrize(
    "concept",
    [
        lambda x: x[1:],
        lambda x: [x[0], 7, *x[1:]],
        lambda x: [*x[:-1], 0],
        lambda x: [v for v in x if v % 2 == 0],
        pytest.param(lambda x: [v + 5 for v in x], marks=pytest.mark.slow),
        pytest.param(lambda x: [v * (i + 1) for i, v in enumerate(x)], marks=pytest.mark.slow),
        lambda x: [x[-1], *x[:-1]],
        pytest.param(lambda x: sorted(x, key=lambda v: v % 10), marks=pytest.mark.slow),
        lambda x: list(accumulate(x)),
        pytest.param(lambda x: [x[0], *sorted(x[1:])], marks=pytest.mark.slow),
        lambda x: [w for v in x for w in (v, len(x))],
        lambda x: [b for a, b in pairwise(x) if b > a],
        lambda x: [a + b for a, b in pairwise(x)],
        pytest.param(lambda x: [0 if v > 20 else v for v in x], marks=pytest.mark.slow),
        lambda x: [sum(x)],
        pytest.param(lambda x: sum(v for v in x if v % 2 == 0), marks=pytest.mark.slow),
        lambda x: max(x) - min(x),
        lambda x: x[0] > x[-1],
    ],
)
def test_a_concept_is_found_and_holds_on_other_rows(concept: Callable[[Any], Any]) -> None:
    programs = found(
        *(({"values": x}, concept(x)) for x in SHOWN), others=tuple({"values": list(map(int, x))} for x in HIDDEN)
    )
    assert programs
    assert answers(programs[0], [{"values": x} for x in HIDDEN]) == [concept(x) for x in HIDDEN], programs[0].source


@pytest.mark.parametrize(
    ("write", "read_back"),
    [
        (str, lambda x: str(x[1:])),
        (lambda x: " ".join(map(str, x)), lambda x: " ".join(map(str, x[1:]))),
        (lambda x: ";".join(map(str, x)), lambda x: ";".join(map(str, x[1:]))),
        (lambda x: str(x).replace(" ", ""), lambda x: str(x[1:]).replace(" ", "")),
        (lambda x: ", ".join(f"w{v}" for v in x), lambda x: ", ".join(f"w{v}" for v in x[1:])),
    ],
)
def test_texts_of_lists_are_read_and_written_in_their_own_form(write: Any, read_back: Any) -> None:
    program = found(*(({"cell": write(x)}, read_back(x)) for x in SHOWN))[0]
    assert answers(program, [{"cell": write(x)} for x in HIDDEN]) == [read_back(x) for x in HIDDEN]


def test_numbers_of_several_columns_are_combined() -> None:
    rows = [(7, 3), (12, 10), (5, 9), (31, 4), (8, 2), (100, 41)]
    program = found(*(({"width": a, "height": b}, 2 * (a + b)) for a, b in rows))[0]
    assert answers(program, [{"width": 1, "height": 6}]) == [14]


def test_numbers_inside_of_fixed_words_are_read() -> None:
    rows = [(2, 30), (11, 5), (0, 59), (7, 0), (23, 12), (4, 41)]
    program = found(*(({"text": f"{a} hours and {b} minutes"}, str(60 * a + b)) for a, b in rows))[0]
    assert answers(program, [{"text": "3 hours and 7 minutes"}]) == ["187"]
    with pytest.raises(ValueError, match="form of the examples"):
        program.run({"text": "3 days and 7 minutes"})


def test_a_list_and_a_number_make_one_answer() -> None:
    rows = [(x, n) for x, n in zip(SHOWN, [1, 3, 2, 4, 0, 2], strict=True)]
    program = found(*(({"values": x, "place": n}, x[n]) for x, n in rows))[0]
    assert answers(program, [{"values": [5, 6, 7], "place": 2}]) == [7]


def test_ambiguous_rows_give_several_programs() -> None:
    """The rows show that 3 is dropped and 40 kept; a row in between is undecided."""
    kept = [[3, 40], [1, 2, 60], [70, 3, 50], [2, 90], [3, 1, 45], [41, 2]]
    programs = found(*(({"values": x}, [v for v in x if v > 20]) for x in kept), others=({"values": [25, 4, 99]},))
    assert len({str(program.run({"values": [25, 4, 99]})) for program in programs[:6]}) > 1


def test_a_row_that_distinguishes_terms_is_compared_at_any_position() -> None:
    """All other rows begin with their smallest number: only the last distinguishes `values[0]` from `min(values)`."""
    rows = [[1, 49, 10, 75], [3, 48, 22, 4], [3, 40, 91, 91, 23], [1, 58, 34], [2, 93, 22]]
    others = tuple({"values": [n % 3, 50, 60, 70 + n]} for n in range(30))
    programs = found(*(({"values": x}, x[x[0]]) for x in rows), others=(*others, {"values": [2, 7, 1, 0]}))
    assert {program.run({"values": [2, 7, 1, 0]}) for program in programs[:2]} == {1, 2}


@pytest.mark.slow
def test_answers_without_a_rule_have_no_program() -> None:
    noise = [[5, 19], [2], [], [44, 3, 3], [0, 8], [71]]
    assert found(*(({"values": x}, y) for x, y in zip(SHOWN, noise, strict=True))) == []


def test_columns_of_plain_text_are_left_to_other_searches() -> None:
    assert found(*(({"name": name}, name[:1]) for name in ("Ada", "Grace", "Edsger", "Barbara"))) == []


def test_a_cell_of_another_form_is_an_error() -> None:
    program = found(*(({"cell": str(x)}, str(x[1:])) for x in SHOWN))[0]
    for cell in ("3, 4", "{}", 5, "[[1]]"):
        with pytest.raises(ValueError, match="not of the form"):
            program.run({"cell": cell})


@pytest.mark.slow
def test_rows_of_another_shape_are_value_errors_in_python_too() -> None:
    """The source code fails where the search does, and its error says why."""
    concepts: list[Callable[[list[int]], Any]] = [lambda x: [x[2], x[0]], lambda x: [max(x)], lambda x: [x[1] % x[0]]]
    for concept in concepts:
        (program, *_) = found(*(({"cell": str(x)}, str(concept(x))) for x in SHOWN))
        space: dict[str, Any] = {}
        exec(program.source, space)  # noqa: S102 - written by the search from our own rows
        for cell in ("[]", "[0]", "[1, 2]", '["a", "b", "c"]', "{}", "[[1], [2]]", "[null, 1, 2]", "x"):
            outcomes = []
            for run in (program.run, lambda row, space=space: space["answer"](**row)):
                try:
                    outcomes.append(run({"cell": cell}))
                except ValueError:
                    outcomes.append(ValueError)
            assert outcomes[0] == outcomes[1], (cell, program.source)


def test_divisors_of_large_numbers() -> None:
    numbers = (12, 7, 30, 49, 1, 28)
    program = found(*(({"number": n}, [divisor for divisor in range(1, n + 1) if n % divisor == 0]) for n in numbers))[
        0
    ]
    rows = [{"number": n} for n in (1_000_003, 36, 9_999_999_967)]
    assert [each[-1] for each in answers(program, rows)] == [1_000_003, 36, 9_999_999_967]


LABELS = (["ann", "bo", "cy"], ["dan", "eva"], ["flo", "gus", "hal", "ida"], ["jo", "kim", "lee"], ["mo", "ned", "oz"])
POINTS = ([4, 19, 7], [31, 2], [6, 11, 3, 25], [50, 8, 12], [9, 17, 40])


def test_the_label_of_the_largest_number_is_found() -> None:
    rows = [
        ({"labels": labels, "points": points}, labels[points.index(max(points))])
        for labels, points in zip(LABELS, POINTS, strict=True)
    ]
    assert answers(found(*rows)[0], [{"labels": ["x", "y"], "points": [1, 5]}]) == ["y"]


def test_the_number_of_a_label_is_found() -> None:
    rows = [
        ({"labels": labels, "points": points, "name": labels[i]}, points[i])
        for labels, points, i in zip(LABELS, POINTS, (1, 0, 2, 2, 0), strict=True)
    ]
    assert answers(found(*rows)[0], [{"labels": ["x", "y"], "points": [1, 5], "name": "y"}]) == [5]


def test_sums_are_not_filtered_by_the_numbers_that_they_are_sums_of() -> None:
    lists = [[500, 200, 30, 7], [90, 15, 45, 3, 8], [61, 20, 5], [300, 44, 12, 9]]
    rows = [({"values": each}, [sum(each[: place + 1]) for place in range(1, len(each))]) for each in lists]
    later = {"values": [10, 20, 30, 5]}
    assert found(*rows, others=(later,))[0].run(later) == [30, 60, 65]
