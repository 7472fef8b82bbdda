"""Which kinds only a helper solves."""

from __future__ import annotations

import pytest

from langchain_latm.benchmarks.making.helpers import kinds_served, table
from langchain_latm.benchmarks.making.tasks import BenchTask
from langchain_latm.making.helpers.inlining import fitting, is_left_out, without_helper
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import Example


def kind(name: str, answers: dict[str, str]) -> BenchTask:
    examples = tuple(Example(question=f"Please compute: {text}", answer=answer) for text, answer in answers.items())
    return BenchTask(name=name, source="own", pool=examples[:-2], test=examples[-2:])


SUMS = {
    "(3 + 4) * 2 - 1": "13", "12 / 4 + (5 - 1)": "7", "8 - (2 + 3) * 4": "-12", "7 * (6 - 4) / 2": "7",
    "250 - 3 * (20 + 2)": "184", "(40 + 2) * (19 - 8)": "462", "900 / (1 + 2) - 77": "223", "6 * (50 - 12) + 5": "233",
    "(1 + 1) * (9 - 2)": "14", "30 - 3 * (2 + 2)": "18", "(8 - 3) * 5 - 2": "23", "16 / (3 + 5) + 9": "11",
}  # fmt: skip
CAPITALS = {text: text.upper() for text in ("pear", "fig", "apple", "kiwi", "plum", "lime", "date", "olive")}


@pytest.mark.slow
@pytest.mark.usefixtures("searches")
def test_a_helper_serves_what_is_not_solved_without_it(sandbox: Sandbox) -> None:
    served = kinds_served([kind("sums", SUMS), kind("capitals", CAPITALS)], sandbox)
    assert served["evaluate"] == ["sums"]
    assert not any(found for name, found in served.items() if name != "evaluate")
    assert "| evaluate | 1 | sums |" in table(served).markdown


def test_a_helper_that_is_left_out_is_not_offered() -> None:
    with without_helper("evaluate"):
        assert is_left_out("evaluate")
        assert fitting([["2 + 3"], ["7 * 8"]]) == []
    assert fitting([["2 + 3"], ["7 * 8"]]) == ["evaluate"]
