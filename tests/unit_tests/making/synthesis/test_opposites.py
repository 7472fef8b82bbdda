"""Words that turn a computation into its opposite."""

from __future__ import annotations

from typing import Any

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.opposites import opposite_programs
from langchain_latm.making.synthesis.problem import Problem, Program

Row = dict[str, Any]


def programs_of(*solved: tuple[Row, Any], others: tuple[Row, ...] = ()) -> list[Program]:
    return opposite_programs(Problem(solved, others), Budget(5, 10_000))


def run(source: str, row: Row) -> Any:
    """Execute a program of the search; no model wrote it."""
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102
    return scope["answer"](**row)


def filtering(verb: str, test: str, bound: float, items: list[Any]) -> Row:
    return {"verb": verb, "test": test, "bound": bound, "items": items}


def test_three_rows_determine_the_fourth_combination_of_two_choices() -> None:
    for keep, drop, above, below in (("Keep", "Drop", "above", "below"), ("Оставь", "Удали", "выше", "ниже")):
        found = programs_of(
            (filtering(keep, above, 3, [4, 1, 7, 3]), [4, 7]),
            (filtering(drop, above, 2.5, [1, 3.5, 2]), [1, 2]),
            (filtering(keep, below, 10, [12, 9, 3, 10]), [9, 3]),
        )
        row = filtering(drop, below, 5, [5, 6, 4])
        assert found[0].run(row) == run(found[0].source, row) == [5, 6], found[0].source


def test_numbers_that_are_texts_keep_their_spelling() -> None:
    found = programs_of(
        (filtering("Keep", "above", 3, ["4.50", "1", "-7", "3"]), ["4.50"]),
        (filtering("Keep", "below", 10, ["12", "9.0", "3"]), ["9.0", "3"]),
        (filtering("Drop", "below", 0, ["2", "-1", "0"]), ["2", "0"]),
    )
    row = filtering("Drop", "above", 5, ["5", "6.25"])
    assert found[0].run(row) == run(found[0].source, row) == ["5"]


def test_one_choice_reverses_orders_extremes_arithmetic_and_comparisons() -> None:
    cases: list[tuple[tuple[tuple[Row, Any], ...], Row, Any]] = [
        (
            (({"how": "up", "of": ["b", "a"]}, ["a", "b"]), ({"how": "down", "of": ["x", "z"]}, ["z", "x"])),
            *({"how": "up", "of": ["d", "c"]}, ["c", "d"]),
        ),
        (
            (({"how": "most", "of": ["2", "10"]}, "10"), ({"how": "least", "of": ["7", "30", "8"]}, "7")),
            *({"how": "least", "of": ["100", "9"]}, "9"),
        ),
        (
            (
                ({"how": "most", "of": ["1,234.5", "99"]}, 1234.5),
                ({"how": "least", "of": ["7,000", "8"]}, 8.0),
            ),
            *({"how": "least", "of": ["2,000", "1,999.0"]}, 1999.0),
        ),
        (
            (({"how": "Add", "a": 2, "b": 5}, 7), ({"how": "Take", "a": 9, "b": 4}, 5)),
            *({"how": "Take", "a": 4, "b": 9}, -5),
        ),
        (
            (({"how": "even", "of": [1, 2, 4]}, 2), ({"how": "odd", "of": [1, 3, 5, 6]}, 3)),
            *({"how": "odd", "of": [2, 3]}, 1),
        ),
        (
            (({"how": "over", "a": 2, "b": 5}, False), ({"how": "under", "a": 2, "b": 4}, True)),
            *({"how": "under", "a": 5, "b": 3}, False),
        ),
    ]  # fmt: skip
    for solved, row, answer in cases:
        found = programs_of(*solved, others=(row,))
        assert any(program.run(row) == run(program.source, row) == answer for program in found), row


def test_a_word_of_another_meaning_is_not_answered() -> None:
    solved = [({"how": "up", "of": [3, 1]}, [1, 3]), ({"how": "down", "of": [5, 9]}, [9, 5])]
    (first, *_) = programs_of(*solved, ({"how": "up", "of": [8, 7]}, [7, 8]))
    for compute in (first.run, lambda row: run(first.source, row)):
        try:
            value = compute({"how": "sideways", "of": [1, 2]})
        except ValueError:
            continue
        raise AssertionError(value)


def test_the_second_of_two_values_need_not_be_solved_but_a_third_must() -> None:
    solved = (({"how": "up", "of": [3, 1]}, [1, 3]), ({"how": "up", "of": [5, 9]}, [5, 9]))
    down, flat = {"how": "down", "of": [1, 2]}, {"how": "flat", "of": [1, 2]}
    assert programs_of(*solved, others=(down,))[0].run(down) == [2, 1]
    assert programs_of(*solved, others=(down, flat)) == []


def test_there_are_no_programs_without_a_choice_or_without_an_opposite() -> None:
    assert programs_of(({"a": 1, "b": 2}, 3), ({"a": 3, "b": 2}, 5)) == []
    assert programs_of(({"how": "up", "of": [3, 1]}, [9]), ({"how": "down", "of": [5, 9]}, [1])) == []
    assert programs_of(({"name": "Ann", "of": [3, 1]}, [1, 3]), ({"name": "Bo", "of": [5, 9]}, [5, 9])) == []
