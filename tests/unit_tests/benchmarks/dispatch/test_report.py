"""The report of `latm bench dispatch`, on made-up figures."""

from __future__ import annotations

from langchain_latm.benchmarks.dispatch.figures import DispatchFigures, Found, PaperSplit, SizeFigures
from langchain_latm.benchmarks.dispatch.report import report

ALL_RIGHT = Found(seen=10, seen_right=10, unseen=10, unseen_right=10, wrong_tool=0, seen_by_words=10, unseen_by_words=9)
NOTHING = Found(seen=0, seen_right=0, unseen=0, unseen_right=0, wrong_tool=0, seen_by_words=0, unseen_by_words=0)


def size(tools: int, **changes: object) -> SizeFigures:
    return SizeFigures.model_validate(
        {
            "real": ALL_RIGHT,
            "made_up": NOTHING,
            "mistaken": {},
            "p50_ms": 0.5,
            "p99_ms": 1.25,
            "cpu_p50_ms": 0.4,
            "opening_s": 12.34,
            "change_s": 0.001,
            "memory_mb": 3.0,
            "tools": tools,
            "real_tools": 6,
            "building_s": 123.4,
            **changes,
        }
    )


def figures(*sizes: SizeFigures, **changes: object) -> DispatchFigures:
    return DispatchFigures.model_validate(
        {"seed": 0, "examples": 3, "real_kinds": {"reasoning-gym": 0, "data": 12}, "sizes": sizes, **changes}
    )


def test_tables_and_goals() -> None:
    worse = Found(
        seen=10,
        seen_right=9,
        unseen=10,
        unseen_right=10,
        wrong_tool=3,
        seen_by_words=8,
        unseen_by_words=4,
        seen_silent=5,
        wrong_silent=1,
    )
    measured = figures(
        size(6),
        size(1_000, p50_ms=1.5, mistaken={"a -> b": 2}, made_up=worse),
        paper=[PaperSplit(tools=("a",), found=ALL_RIGHT), PaperSplit(tools=("b",), found=worse)],
        time_exponent=0.5,
        memory_exponent=1.2,
    )
    found, costs, paper, goals = report(measured).tables
    assert found.rows == [
        ["6", "6", "100.0%", "100.0%", "-", "-", "0.0%", "0 of 20", "0", "95.0%"],
        ["1,000", "6", "100.0%", "100.0%", "90.0%", "100.0%", "26.3%", "3 of 40", "1", "77.5%"],
    ]
    assert costs.rows[0] == ["6", "0.50", "1.25", "0.40", "12.3", "0.00", "3.00", "500", "123"]
    assert paper.rows[-1][1] == "95.0% (90.0% to 100.0%)"
    assert goals.rows == [
        ("p50 at 1,000 tools <= 1 ms", "1.50 ms", "missed"),
        ("p50 grows linearly or less", "n^0.50", "met"),
        ("memory grows linearly or less", "n^1.20", "missed"),
        ("paper's setting, a tool is found: >= 99%", "95.0%", "missed"),
        ("paper's setting, none fits: >= 99%", "100.0%", "met"),
        ("paper's setting, no model asked: >= 90%", "77.5%", "missed"),
        ("no model asked at any size: >= 90%", "77.5% (90.0% with a tool)", "missed"),
    ]
    assert len(paper.rows[0]) == len(paper.head)
    assert "a -> b (2)" in report(measured).markdown
    assert "the median time of a decision with the power 0.50" in report(measured).markdown


def test_the_report_says_what_is_left_out() -> None:
    text = " ".join(report(figures(size(6))).sentences)
    assert "12 from data" in text
    assert "reasoning-gym is not installed" in text
    assert "The paper's setting is left out" in text
    assert "power" not in text
    assert [table.title for table in report(figures(size(6))).tables][-1] == "Goals"
