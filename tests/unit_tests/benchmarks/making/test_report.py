"""The report of `latm bench making|using|all`, on made-up events."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.events import Event, PlannedTask, Settings, Unit
from langchain_latm.benchmarks.making.goals import goals
from langchain_latm.benchmarks.making.report import report
from langchain_latm.benchmarks.making.summary import figures_of
from langchain_latm.exceptions import TaskError
from langchain_latm.types import TokenUsage


def settings(runs: int = 1, tasks: Sequence[str] = ("a", "b"), methods: Sequence[str] = ("default", "paper")) -> Event:
    return Settings(
        model="small",
        seed=0,
        test=20,
        tasks={name: PlannedTask(source="own", runs=runs, fingerprint="x") for name in tasks},
        methods=tuple(methods),
        baselines=("direct", "pot"),
    )


def unit(method: str, task: str, run: int = 0) -> Unit:
    return Unit(phase="making" if method in ("default", "paper") else "using", method=method, task=task, run=run)


def usage(tokens: int, calls: int = 1) -> TokenUsage:
    return TokenUsage(input_tokens=tokens, calls=calls)


def was_tested(of: Unit, right: int, tokens: int, *, without_model: int = 0) -> Event:
    return events.Tested(
        unit=of,
        requests=20,
        right=right,
        failed=20 - right,
        without_model=without_model,
        usage=usage(20 * tokens, 20 - without_model),
        seconds=tuple(float(number) for number in range(20)),
    )


def made(
    method: str, task: str, run: int = 0, *, right: int, tokens: int, use: int = 10, without_model: int = 0
) -> list[Event]:
    of = unit(method, task, run)
    making = events.Made(
        unit=of, attempts=2, usage={"proposing": usage(tokens - 1), "verification": usage(1)}, seconds=30
    )
    return [events.Begin(unit=of), making, was_tested(of, right, use, without_model=without_model)]


def failed(method: str, task: str, run: int = 0, *, tokens: int) -> list[Event]:
    of = unit(method, task, run)
    event = events.Failed(unit=of, attempts=6, usage={"proposing": usage(tokens)}, seconds=60, message="no tool")
    return [events.Begin(unit=of), event]


def answered(method: str, task: str, *, right: int, tokens: int) -> list[Event]:
    return [events.Begin(unit=unit(method, task)), was_tested(unit(method, task), right, tokens)]


WHOLE: list[Event] = [
    settings(),
    *made("default", "a", right=19, tokens=3_000, use=0, without_model=20),
    *made("paper", "a", right=18, tokens=1_000),
    *answered("direct", "a", right=4, tokens=100),
    *answered("pot", "a", right=19, tokens=210),
    *made("default", "b", right=20, tokens=5_000, use=150),
    *failed("paper", "b", tokens=1_000),
    *answered("direct", "b", right=0, tokens=100),
    *answered("pot", "b", right=10, tokens=250),
]


def test_a_tool_below_95_percent_is_not_a_success_whatever_its_method() -> None:
    figures = figures_of(WHOLE)
    outcomes = {(run.method, run.task): (run.test is not None, run.solved) for run in figures.runs}
    assert outcomes == {
        ("default", "a"): (True, True),
        ("paper", "a"): (True, False),
        ("default", "b"): (True, True),
        ("paper", "b"): (False, False),
    }
    by_kind = {(each.method, each.task): each for each in figures.methods}
    assert by_kind["default", "a"].break_even == {"direct": 30, "pot": 15}
    assert by_kind["default", "b"].break_even == {"direct": None, "pot": 50}
    assert by_kind["paper", "a"].break_even == {}
    assert (by_kind["paper", "a"].made, by_kind["paper", "a"].solved) == (1, 0)


def test_goals_are_met_or_missed() -> None:
    found = {goal.goal.partition(":")[0]: (goal.measured, goal.verdict) for goal in goals(figures_of(WHOLE))}
    assert found == {
        "makings that end in a tool with >= 95% of the test right": ("2 of 2 (100%)", "met"),
        "such makings compared with `paper`": ("2 and 0 of 2", "met"),
        "tokens of a making compared with `paper`": ("4,000 and 1,000, 4.00 times", "met"),
        "more of the test right than `direct`, on each solved kind": ("2 of 2", "met"),
        "more of the test right than `pot`, on each solved kind": ("1 of 2; not on a (95% and 95%)", "missed"),
        "solved kinds whose requests are answered with 0 model calls": (
            "1 of 2 (50%) kinds; 20 of 40 (50%) requests",
            "missed",
        ),
    }


def test_only_runs_that_both_methods_finished_are_compared() -> None:
    happened = [settings(2), *WHOLE[1:], *made("default", "a", 1, right=10, tokens=90_000)]
    happened += [*made("default", "b", 1, right=20, tokens=5_000), *made("paper", "b", 1, right=20, tokens=1_000)]
    share, times, tokens, *_ = goals(figures_of(happened))
    assert share.measured == "3 of 4 (75%)"
    assert (times.measured, times.verdict) == ("3 and 1 of 3, 3.00 times", "met")
    assert (tokens.measured, tokens.verdict) == ("4,333 and 1,000, 4.33 times", "missed")


def test_the_report_says_what_was_not_run() -> None:
    nothing = figures_of([settings()])
    assert {goal.verdict for goal in goals(nothing)} == {"not run"}
    assert len(nothing.missing) == 8
    page = report(nothing).markdown
    assert "0 of 8 parts are finished" in page
    assert "default, a, run 0: it was not begun" in page
    assert "not run: `direct`, `cot`, `pot`" in page
    alone = figures_of(
        [settings(), *made("default", "a", right=3, tokens=10), *answered("direct", "a", right=1, tokens=9)]
    )
    assert [goal.verdict for goal in goals(alone)] == ["missed", "not run", "not run", "missed", "not run", "missed"]
    with pytest.raises(TaskError, match="hold no settings"):
        figures_of([])


def test_missing_units_have_a_reason() -> None:
    error = events.Error(unit=unit("direct", "a"), message="The model small cannot be reached.")
    cut = [
        settings(),
        *WHOLE[1:4],
        events.Begin(unit=unit("paper", "a")),
        events.Begin(unit=unit("direct", "a")),
        error,
    ]
    figures = figures_of(cut)
    why = {(each.unit.method, each.unit.task): each.why for each in figures.missing}
    assert why["paper", "a"] == "it was cut short"
    assert why["direct", "a"] == "The model small cannot be reached."
    assert why["pot", "b"] == "it was not begun"
    assert figures.ended == error.message
    assert "1 of 8 parts are finished. The last run ended early: The model small" in report(figures).sentences[0]
    assert figures_of([*cut, events.Begin(unit=unit("direct", "a"))]).ended is None


def test_what_tokens_give_is_compared_on_the_kinds_that_both_ways_finished() -> None:
    happened = [
        settings(),
        *made("default", "a", right=20, tokens=1_000, use=0),
        *answered("pot", "a", right=10, tokens=100),
    ]
    happened += made("default", "b", right=0, tokens=99_000, use=0)
    (ours, programs) = report(figures_of(happened)).tables[1].rows
    assert ours == ["own", "default", "2", "50%", "50,000", "0.20", "4.00"]
    assert programs[-1] == "1.00"


def test_a_tool_that_answers_wrongly_is_a_false_proof_and_one_that_refuses_is_not() -> None:
    refuses = made("default", "a", right=10, tokens=10)
    wrong = made("default", "b", right=18, tokens=10)
    wrong[-1] = wrong[-1].model_copy(update={"failed": 0})
    figures = figures_of([settings(methods=["default"]), *refuses, *wrong])
    assert [(run.task, run.false_proof) for run in figures.runs] == [("a", False), ("b", True)]
    assert report(figures).tables[0].rows == [["own", "default", "2 of 2", "0 of 2 (0%)", "1", "0 of 2", "10"]]


def test_a_function_that_the_examples_cannot_prove_is_counted_apart() -> None:
    by_chance = failed("default", "a", tokens=10)
    by_chance[-1] = by_chance[-1].model_copy(update={"unproven": True})
    page = report(figures_of([settings(methods=["default"]), *by_chance, *failed("default", "b", tokens=10)]))
    assert page.tables[0].head[4] == "too few examples"
    assert page.tables[0].rows[0][4] == "1"
    assert "so might a guess be" in page.markdown


def test_a_report_says_the_half_the_roles_and_what_was_left_out() -> None:
    drawn = settings().model_copy(update={"half": "final", "left_out": {"c": "two answers"}, "user": "light"})
    found = report(figures_of([drawn, *WHOLE[1:]]))
    assert found.sentences[0].startswith("**Final half.** The kinds are drawn from seed 0")
    assert "The model small made the tools; light read the arguments" in found.sentences[1]
    assert found.tables[-1].rows == [("c", "two answers")]
    assert "Goals" not in found.markdown


def test_tables() -> None:
    happened = [settings(2), *WHOLE[1:], *failed("default", "a", 1, tokens=1_000)]
    aims, sources, tokens, making, answering, pays, runs = report(figures_of(happened), with_goals=True).tables
    assert ["own", "default", "2 of 3", "2 of 3 (67%)", "0", "2 of 2", "3,000"] in sources.rows
    # 39 right for 9,000 tokens of makings and 3,000 of tests; `pot` has 29 right for 9,200 on the same kinds.
    assert tokens.rows[0] == ["own", "default", "2", "65%", "4,000", "3.25", "1.03"]
    assert tokens.rows[-1] == ["own", "pot", "2", "72%", "4,600", "3.15", "1.00"]
    assert making.rows[0] == ["a", "default", "1 of 2", "1 of 2", "95%", "2,000 (1,000 to 3,000)", "45 (30 to 60)"]
    assert making.rows[1][:5] == ["a", "paper", "1 of 1", "0 of 1", "90%"]
    assert answering.rows[0] == ["a", "default, run 0", "19 of 20 (95%)", "1", "20", "0", "0.0", "9.50"]
    assert answering.rows[-1] == ["b", "pot", "10 of 20 (50%)", "10", "0", "250", "1.0", "9.50"]
    assert pays.rows == [
        ["a", "default", "30", "-", "15"],
        ["a", "paper", "not solved", "not solved", "not solved"],
        ["b", "default", "never", "-", "50"],
        ["b", "paper", "not solved", "not solved", "not solved"],
    ]
    assert [row[3] for row in runs.rows] == ["solved", "made, not solved", "solved", "no tool", "no tool"]
    for table in (aims, sources, tokens, making, answering, pays, runs):
        assert all(len(row) == len(table.head) for row in table.rows)
    page = report(figures_of(WHOLE)).markdown
    assert "partial" not in page
    assert "which no making has seen" in page
