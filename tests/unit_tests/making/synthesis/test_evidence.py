from __future__ import annotations

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.evidence import explained_cost
from langchain_latm.making.synthesis.problem import Problem
from langchain_latm.making.synthesis.texts import text_programs


def test_more_and_longer_answers_confirm_longer_programs() -> None:
    assert explained_cost(["ab"] * 3) < explained_cost(["ab"] * 6) < explained_cost(["abcdefgh"] * 6)
    assert explained_cost(["ab"] * 8) == explained_cost(["ab"] * 20)


def test_small_numbers_confirm_less_than_words() -> None:
    assert explained_cost(["7", "9", "4"]) < explained_cost(["a", "b", "c"])


def test_a_search_leaves_out_programs_above_the_largest_cost() -> None:
    rows = tuple(({"text": text}, answer) for text, answer in [("a-1", "1/a!"), ("b-22", "22/b!"), ("cc-3", "3/cc!")])
    costs = [program.cost for program in text_programs(Problem(rows), Budget(10, 500_000))]
    assert costs
    assert text_programs(Problem(rows), Budget(10, 500_000, largest_cost=min(costs) - 0.1)) == []
