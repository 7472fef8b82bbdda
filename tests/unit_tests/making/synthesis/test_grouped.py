from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.grouped import within_group
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import problem, python

_SOLVED = [("upper lamp", "LAMP"), ("upper oak", "OAK"), ("upper river", "RIVER")]


def test_rows_without_a_word_that_all_solved_rows_share_are_asked_about() -> None:
    others = ["upper sea", "lower fig", "lower plum", "title pear"]
    programs = synthesise(problem(_SOLVED, others))

    assert programs[0].run({"text": "upper sea"}) == "SEA"
    asked = differing(programs, [{"text": text} for text in others])
    assert [each.row["text"] for each in asked] == ["lower fig"]
    assert asked[0].answers == ("FIG", None)


def test_the_program_of_one_group_fails_on_others_in_its_source_too() -> None:
    programs = synthesise(problem(_SOLVED, ["upper sea", "lower fig", "lower plum", "title pear"]))
    (narrow,) = [program for program in programs if "'upper' not in text" in program.source]

    for run in (narrow.run, python(narrow)):
        assert run({"text": "upper sea"}) == "SEA"
        with pytest.raises(ValueError, match="no example is without 'upper'"):
            run({"text": "lower fig"})


def test_a_word_in_nearly_all_rows_is_part_of_their_form() -> None:
    programs = synthesise(problem(_SOLVED, ["upper sea", "upper fig", "upper plum", "upper pear", "lower yew"]))

    assert not any("not in text" in program.source for program in programs)


def test_a_word_that_the_program_reads_is_not_asked_about() -> None:
    rows = problem(_SOLVED, ["upper sea", "lower fig", "lower plum", "title pear"])
    source = 'def answer(text: str) -> str:\n    """Read upper."""\n    return text.removeprefix({}).upper()\n'

    assert within_group(Program(source.format('"upper "'), 2.0, str), rows) is None
    assert within_group(Program(source.format('"x"'), 2.0, str), rows) is not None, "a docstring reads nothing"


def _as(rows: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "form": form} for name, form in rows]


def test_rows_of_a_choice_that_no_example_shows_are_asked_about() -> None:
    solved = [("Lamp", "big"), ("oak", "small"), ("River", "big"), ("Sun", "small"), ("fig", "small"), ("tea", "big")]
    answers = ["LAMP", "oak", "RIVER", "sun", "fig", "TEA"]
    others = _as([("Moss", "big"), ("Plum", "title"), ("Pear", "title"), ("Yew", "small")])
    programs = synthesise(Problem(tuple(zip(_as(solved), answers, strict=True)), tuple(others)))

    assert programs[0].run(others[0]) == "MOSS"
    asked = differing(programs, others)
    assert asked[0].row["form"] == "title"
    assert None in asked[0].answers
    narrow = next(program for program in programs if "not in ('big', 'small')" in program.source)
    for run in (narrow.run, python(narrow)):
        with pytest.raises(ValueError, match="no example has another text than 'big' or 'small' in 'form'"):
            run(others[1])


def test_a_column_of_many_texts_is_not_a_choice() -> None:
    """Names in two solved rows each, by chance, are not all names of the column."""
    solved = [("Lamp", "a"), ("oak", "b"), ("River", "a"), ("Sun", "b")]
    others = _as([("Moss", "c"), ("Plum", "d"), ("Pear", "e"), ("Yew", "f")])
    examples = tuple((row, row["name"].upper()) for row in _as(solved))
    assert not any("not in (" in each.source for each in synthesise(Problem(examples, tuple(others))))
