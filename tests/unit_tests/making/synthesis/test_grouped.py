from __future__ import annotations

import pytest

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.grouped import within_group
from langchain_latm.making.synthesis.problem import Program
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


def test_what_nearly_all_rows_have_is_a_part_of_their_form() -> None:
    programs = synthesise(problem(_SOLVED, ["upper sea", "upper fig", "upper plum", "upper pear", "lower yew"]))

    assert not any("not in text" in program.source for program in programs)


def test_a_word_that_the_program_reads_is_no_doubt() -> None:
    rows = problem(_SOLVED, ["upper sea", "lower fig", "lower plum", "title pear"])
    source = 'def answer(text: str) -> str:\n    """Read upper."""\n    return text.removeprefix({}).upper()\n'

    assert within_group(Program(source.format('"upper "'), 2.0, str), rows) is None
    assert within_group(Program(source.format('"x"'), 2.0, str), rows) is not None, "a docstring reads nothing"
