from __future__ import annotations

import ast
import time

import pytest

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.search import synthesise
from langchain_latm.making.synthesis.writing import Writer
from tests.unit_tests.making.synthesis.column_kinds import KINDS
from tests.unit_tests.making.synthesis.known_column_kinds import KNOWN_KINDS
from tests.unit_tests.making.synthesis.more_column_kinds import MORE_KINDS
from tests.unit_tests.making.synthesis.rows import named, outcome, problem, python


@pytest.mark.slow
def test_kinds_of_columns_are_solved_on_held_out_rows() -> None:
    """The source code passes the gate and computes the same as the search."""
    wrong = []
    for name, (shown, lines) in {**KINDS, **MORE_KINDS, **KNOWN_KINDS}.items():
        rows = [(named(cells), answer) for cells, answer in lines]
        programs = synthesise(Problem(tuple(rows[:shown]), tuple(row for row, _ in rows[shown:])), seconds=120)
        runs = [python(programs[0]), programs[0].run] if programs else []
        found = [[outcome(run, row) for row, _ in rows] for run in runs]
        if found != [[answer for _, answer in rows]] * 2:
            wrong.append((name, found))
    assert not wrong


@pytest.mark.slow
def test_source_and_search_agree_on_rows_that_do_not_fit() -> None:
    odd = [
        "",
        " ",
        "x",
        "12",
        "a,b",
        "31/02/2024",
        "99:99",
        "é" * 70,
        "\ud83c",
        "1" * 5_000,
        ", ; -",
        "٣/٤/٢٠٢٤",
        "a\nb",
    ]
    for name, (shown, lines) in {**KINDS, **MORE_KINDS, **KNOWN_KINDS}.items():
        rows = [(named(cells), answer) for cells, answer in lines]
        for program in synthesise(Problem(tuple(rows[:shown]), tuple(row for row, _ in rows[shown:])))[:3]:
            written = python(program)
            for text in odd:
                row = dict.fromkeys(rows[0][0], text)
                assert outcome(written, row) == outcome(program.run, row), (name, text, program.source)


def test_a_program_is_readable_python() -> None:
    (program, *_) = synthesise(problem([("Ada Lovelace", "Lovelace, A."), ("Grace Hopper", "Hopper, G.")]))

    assert (
        program.source
        == '''\
def answer(text: str) -> str:
    """Return the last part of `text` split at ' ' + ', ' + the first character of `text` + '.'."""
    parts = text.split(" ")
    if len(parts) < 2:
        raise ValueError("expected 2 or more parts with ' ' between them")
    if not text:
        raise ValueError("expected a text that is not empty")
    return f"{parts[-1]}, {text[0]}."
'''
    )
    with pytest.raises(ValueError, match="2 or more parts"):
        python(program)({"text": "Plato"})


def test_texts_are_written_as_literals() -> None:
    code = Writer({"text": ""}, "answer", str)
    for text in (
        "",
        "a",
        '"',
        "'",
        "\"'",
        "\\",
        "\\'",
        '\\"',
        "\n\t\0",
        "{}",
        "é",
        "\ud83c",
        "'" * 3,
        '"' * 3,
        "\u202e",
    ):
        literal = code.literal(text)
        assert (ast.literal_eval(literal), literal[0]) == (text, '"'), literal


@pytest.mark.slow
def test_marks_that_python_quotes_are_written_too() -> None:
    for pairs in (
        [
            ('{"id": 7, "name": "ada"}', "ada"),
            ('{"id": 12, "name": "bob"}', "bob"),
            ('{"id": 5, "name": "c d"}', "c d"),
        ],
        [("it's a {b} 'x'", 'x {"x"} \\'), ("it's 'yy'", 'yy {"yy"} \\'), ("'z'", 'z {"z"} \\')],
    ):
        programs = synthesise(problem(pairs), largest_cost=30)
        assert programs
        for program in programs[:3]:
            assert [python(program)({"text": text}) for text, _ in pairs] == [answer for _, answer in pairs]


@pytest.mark.slow
def test_answers_of_other_types() -> None:
    for pairs, row, answer in (
        ([("7 apples", 7), ("12 pears", 12), ("1 plum", 1)], "30 figs", 30),
        ([("2.5 kg", 2.5), ("1 kg", 1), ("0.25 kg", 0.25)], "3.75 kg", 3.75),
        ([("a-1", True), ("b2", False), ("c-3", True), ("d4", False), ("e-5", True), ("f", False)], "x-", True),
    ):
        (program, *_) = synthesise(problem(pairs))
        for run in (program.run, python(program)):
            found = run({"text": row})
            assert (type(found), found) == (type(answer), answer), program.source


def test_parameters_whose_names_the_source_uses() -> None:
    """Parameters keep their names, which callers of the function use."""
    days = [("2024-05-03", "Friday"), ("2023-01-01", "Sunday"), ("1999-12-31", "Friday")]
    (program, *_) = synthesise(Problem(tuple(({"date": day}, answer) for day, answer in days), name="weekday"))
    assert "def weekday(date: str) -> str:" in program.source
    for run in (program.run, python(program, "weekday")):
        assert run({"date": "2000-02-29"}) == "Tuesday"

    rows = tuple(
        ({"value": [number, 7, number + 2], "index": index}, [number * index, 7 * index, (number + 2) * index])
        for number, index in ((1, 3), (5, 14), (20, 5), (8, 2))
    )
    (program, *_) = synthesise(Problem(rows))
    for run in (program.run, python(program)):
        assert run({"value": [4, 5, 6, 7], "index": 10}) == [40, 50, 60, 70], program.source


def test_columns_with_invalid_names_are_refused() -> None:
    for name in ("First name", "class", "sum", "3"):
        with pytest.raises(ValueError, match="cannot name a parameter"):
            Problem((({name: "a"}, "b"),))


def test_other_rows_vote() -> None:
    """Both rows end in `.com`; the other rows show that the ending is data."""
    pairs = [("ada@example.com", "example.com"), ("bob@site.com", "site.com")]

    (program, *_) = synthesise(problem(pairs, ["cy@uni.edu", "dee@mail.co.uk"]))

    assert program.run({"text": "eve@host.org"}) == "host.org"


def test_conditions_by_the_shape_of_a_row() -> None:
    pairs = [("12:30", "12:30:00"), ("07:05", "07:05:00"), ("16:15:12", "16:15:12"), ("09:00:01", "09:00:01")]
    (program, *_) = synthesise(problem(pairs))

    assert [program.run({"text": text}) for text in ("23:59", "01:02:03")] == ["23:59:00", "01:02:03"]


def test_examples_without_information_give_no_program() -> None:
    for pairs in (
        [],
        [("a", "x"), ("a", "y")],
        [("kqz", "38"), ("wvu", "71"), ("plm", "xa"), ("rtz", "u-9"), ("bhn", "17"), ("cde", "9b")],
        [("a", None), ("b", None)],
        [("a", [1]), ("b", [2])],
        [(None, "a")],
    ):
        assert synthesise(problem(pairs), steps=150_000) == [], pairs


def test_later_examples_are_obeyed_too() -> None:
    """The first eight rows fit simpler programs; the ninth rules them out."""
    pairs = [(f"x{number} y{number}", f"{number}") for number in range(8)] + [("x1 y9", "9"), ("x3 y40", "40")]
    (program, *_) = synthesise(problem(pairs))

    assert program.run({"text": "x5 y6"}) == "6"


def test_equal_answers_have_no_rule() -> None:
    """Six rows do not show what the class depends on; the condition on a list of several numbers is expected."""
    years = [(str(year), "common") for year in (1913, 1900, 1933, 1998, 1917, 1987)]
    assert synthesise(problem(years, ["1924", "1984"])) == []
    assert (
        synthesise(problem([(cell, "[0]") for cell in ("[4, 2]", "[9]", "[3, 8, 5]")], ["[1, 1]"]), steps=100_000) == []
    )
    constant = [(cell, "[4, 0, 7]") for cell in ("[4, 2]", "[9]", "[3, 8, 5]")]
    assert synthesise(problem(constant, ["[1, 1]"]))[0].run({"text": "[6]"}) == "[4, 0, 7]"


def test_a_factor_that_rounding_leaves_open_is_offered_with_others() -> None:
    """The rows show only that the factor is between 1.7417 and 1.7447: it may be 1.743 or 1.744."""
    prices = [(str(value), str(round(value * 1.7432))) for value in (55, 81, 110, 147, 190, 240)]
    solved = problem(prices, ["900"])
    (asked,) = differing(synthesise(solved), solved.others)
    assert "1569" in asked.answers


def test_small_numbers_do_not_explain_long_programs() -> None:
    pairs = [("kqzw", 3), ("wvu", 9), ("plmtt", 1), ("rtz", 7), ("bhnee", 4), ("cdeoo", 8)]
    assert synthesise(problem(pairs), steps=300_000) == []


def test_codes_with_a_leading_zero_are_grouped() -> None:
    codes = [("6641532082965", "6 641532 082965"), ("0039174946268", "0 039174 946268")]
    assert synthesise(problem(codes))[0].run({"text": "3128681549783"}) == "3 128681 549783"


@pytest.mark.slow
def test_a_search_is_repeatable_and_bounded() -> None:
    solved = problem([("q w e", "7"), ("r t", "x"), ("z u i", "pp"), ("o", "l")])

    assert [each.source for each in synthesise(solved, steps=100_000)] == [
        each.source for each in synthesise(solved, steps=100_000)
    ]
    started = time.process_time()
    assert synthesise(solved, seconds=0.0) == []
    assert time.process_time() - started < 1


def test_few_answers_of_yes_and_no_prove_no_condition_on_numbers() -> None:
    """Any six rows fit one of thousands of conditions; twenty do not."""
    numbers = [3, 14, 25, 8, 91, 42, 7, 66, 50, 19, 33, 2, 77, 28, 61, 15, 84, 9, 46, 38]
    rows = [[number, number * 7 % 10, number // 3] for number in numbers]
    by_chance = [True, False, True, True, True, True]

    assert synthesise(problem(list(zip(rows[:6], by_chance, strict=True)))) == []
    found = synthesise(problem([(row, row[1] <= 5) for row in rows]))
    assert found
    assert [found[0].run({"text": [1, digit, 5]}) for digit in range(10)] == [True] * 6 + [False] * 4


def test_six_digits_by_chance_prove_no_condition_on_lists() -> None:
    """The lists and digits were drawn at random; the list engine alone finds a condition for them."""
    lists = ([1], [2, 4, 4], [0, 9, 2, 6, 6], [7, 8, 4, 0, 0], [5, 6, 6, 8], [2, 3, 3, 0, 2])
    solved = [({"items": each}, digit) for each, digit in zip(lists, (0, 0, 1, 1, 0, 1), strict=True)]
    assert not synthesise(Problem(tuple(solved)))


def test_equal_answers_that_no_input_holds_confirm_no_test() -> None:
    rows = [(str(number), "no") for number in (4, 6, 8, 9, 10, 12)]
    assert synthesise(problem(rows, ["7", "11", "25", "13"])) == []


def test_a_bound_is_found_where_some_rows_hold_no_number() -> None:
    rows = [("45", "fail"), ("72", "pass"), ("60", "pass"), ("59", "fail"), ("91", "pass"), ("absent", "-"), ("x", "-")]
    for program in synthesise(problem(rows, ["12", "61"])):
        assert program.run({"text": "72"}) == "pass"


def test_copied_digits_with_a_leading_zero_are_refused_where_answers_are_numbers() -> None:
    """The row with "0273" shows that the digits are codes, but no answer shows how such a code is written."""
    cards = [("3111 0273 4711", 4711), ("0042 9001 1234", 1234), ("7105 5550 8100", 8100), ("0900 0017 2468", 2468)]
    program = synthesise(problem(cards))[0]
    for run in (python(program), program.run):
        assert outcome(run, {"text": "5520 1171 9034"}) == 9034
        assert outcome(run, {"text": "5520 1171 0411"}) is ValueError
