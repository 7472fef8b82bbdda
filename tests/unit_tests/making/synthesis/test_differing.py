from __future__ import annotations

from langchain_latm.making.synthesis.differing import differing
from langchain_latm.making.synthesis.problem import Program
from langchain_latm.making.synthesis.search import synthesise
from tests.unit_tests.making.synthesis.rows import problem


def _programs(*costs: float) -> list[Program]:
    """Return programs of some costs: each returns one character more than the last, and the second fails on "bad"."""

    def run(row: dict[str, str], most: int) -> str:
        if row["text"] == "bad" and most == 2:
            raise ValueError
        return row["text"][:most]

    return [Program("", cost, lambda row, n=n: run(dict(row), n)) for n, cost in enumerate(costs, 1)]  # type: ignore[misc]


def test_rows_on_which_likely_programs_differ_are_asked_for() -> None:
    rows = [{"text": "a"}, {"text": "ab"}, {"text": "abc"}, {"text": "xyz"}, {"text": "bad"}]

    found = differing(_programs(1, 2, 3, 9), rows)

    assert [(each.row["text"], each.answers) for each in found] == [("abc", ("a", "ab", "abc")), ("ab", ("a", "ab"))]
    assert differing(_programs(1, 2, 3), rows[-1:])[0].answers == ("b", None, "bad"), "the second program fails"
    assert differing(_programs(1, 9), rows) == [], "a far program is not asked"
    assert differing([], rows) == []


def test_values_of_other_types_differ() -> None:
    programs = [Program("", 1, lambda _: 1), Program("", 1, lambda _: True)]

    assert differing(programs, [{"text": ""}])[0].answers == (1, True)


def test_a_search_shows_where_its_examples_are_ambiguous() -> None:
    solved = problem([("$12.50", "1250"), ("$3.99", "399"), ("$100.00", "10000")], ["$7.10", "$0.05"])

    found = differing(synthesise(solved), solved.others)

    assert [(each.row["text"], set(each.answers)) for each in found] == [("$0.05", {"005", "5"})]


def test_several_unlikely_programs_weigh_as_much_as_a_likely_one() -> None:
    rows = [{"text": "abcdef"}]
    assert differing(_programs(1, 4.9), rows) == [], "one that costs 3.9 more has less than 3.5% of the likelihood"
    assert len(differing(_programs(1, 4.9, 4.9, 4.9), rows)) == 1
    assert differing(_programs(1, 4.9, 4.9, 4.9), rows, doubt=0.2) == []
