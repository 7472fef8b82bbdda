"""The paper's table beside ours."""

from __future__ import annotations

from langchain_latm.benchmarks.making.figures import (
    BaselineFigures,
    MakingFigures,
    MethodFigures,
    TestFigures,
)
from langchain_latm.benchmarks.making.paper_figures import PAPER, best_alone, with_paper
from langchain_latm.benchmarks.names import PAPER_TASKS
from langchain_latm.benchmarks.report import Spread

SORTING = "word_sorting"


def method(name: str, made: int, accuracy: Spread | None) -> MethodFigures:
    return MethodFigures(
        task=SORTING,
        source="bbh",
        method=name,
        runs=2,
        made=made,
        solved=0,
        accuracy=accuracy,
        tokens=Spread.of([1_000]),
        seconds=Spread.of([10]),
        solved_tokens=None,
        use_tokens=None,
        break_even={},
    )


def baseline(name: str, right: int) -> BaselineFigures:
    test = TestFigures(requests=20, right=right, failed=0, without_model=0, tokens=100, calls=1, seconds=1)
    return BaselineFigures(task=SORTING, source="bbh", method=name, test=test)


FIGURES = MakingFigures(
    model="small",
    seed=0,
    test=20,
    runs=(),
    methods=(method("default", 2, Spread.of([1.0, 0.5])), method("paper", 0, None)),
    baselines=(baseline("direct", 2), baseline("pot", 5)),
    missing=(),
)


def test_the_papers_tasks_are_those_of_the_benchmark() -> None:
    assert {each.task for each in PAPER} == set(PAPER_TASKS)


def test_the_table_shows_what_was_published_and_what_was_measured() -> None:
    table = with_paper(FIGURES)
    rows = {row[0]: list(row[1:]) for row in table.rows}
    assert rows["word sorting"] == ["5 of 5", "59.2%", "98.3%", "25% (pot)", "2 of 2", "75%", "0 of 2", "-"]
    assert rows["schedule meeting"] == ["3 of 5", "18.9%", "100.0%", "not run", "not run", "-", "not run", "-"]


def test_the_best_baseline_is_shown() -> None:
    best = best_alone(FIGURES, SORTING)
    assert best is not None
    assert best.method == "pot"
    assert best_alone(FIGURES, "schedule_meeting") is None
    assert FIGURES.accuracy(SORTING, "direct") == 0.1
    assert FIGURES.accuracy("schedule_meeting", "direct") is None
    assert FIGURES.accuracy(SORTING, "default") == 0.75
    assert FIGURES.accuracy(SORTING, "paper") is None
