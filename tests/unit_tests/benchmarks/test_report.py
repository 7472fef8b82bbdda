"""Shared parts of the benchmarks."""

from __future__ import annotations

from math import inf

import pytest

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.report import Goal, Report, Spread, break_even, p99, percent, three_digits


@pytest.mark.parametrize(
    ("making", "direct", "using", "after"),
    [
        (3_000, 100, 0, 30),
        (3_001, 100, 0, 31),
        (3_000, 100, 100, None),
        (3_000, 100, 150, None),
        (500, inf, 10, 1),
        (500, inf, inf, None),
    ],
)
def test_break_even(making: float, direct: float, using: float, after: int | None) -> None:
    assert break_even(making, direct, using) == after


def test_numbers_have_about_three_digits() -> None:
    assert [three_digits(value) for value in (1_234.5, 123.4, 12.34, 1.234, 0, -0.5, None)] == [
        *("1,234", "123", "12.3", "1.23", "0.00", "-0.50", "-")
    ]
    assert [percent(share) for share in (0.995, 1, None)] == ["99.5%", "100.0%", "-"]
    assert p99(range(200)) == 198
    assert p99([1]) == 1


def test_a_spread_shows_its_range_unless_all_values_are_the_same() -> None:
    assert f"{Spread.of([0.5, 1]):.0%}" == "75% (50% to 100%)"
    assert f"{Spread.of([1_000, 1_000]):,.0f}" == "1,000"


def test_a_report_is_a_page() -> None:
    table = PlainTable.of(
        "Sums", [(1, 2), (3, 4)], ("a", lambda pair: str(pair[0])), ("sum", lambda pair: str(sum(pair)))
    )
    assert table.rows == [["1", "3"], ["3", "7"]]
    page = Report("All", [table], ["It works."]).markdown
    assert page == "# All\n\nIt works.\n\n## Sums\n\n| a | sum |\n| --- | --- |\n| 1 | 3 |\n| 3 | 7 |\n"


def test_a_goal_is_met_missed_or_not_run() -> None:
    verdicts = [Goal.judged("a", "1", met=True), Goal.judged("b", "2", met=False), Goal.not_run("c")]
    assert [goal.verdict for goal in verdicts] == ["met", "missed", "not run"]
