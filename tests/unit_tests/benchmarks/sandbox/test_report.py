"""The report of `latm bench sandbox`, on made-up figures."""

from __future__ import annotations

from langchain_latm.benchmarks.sandbox.figures import CallerFigures, Growth, SandboxFigures
from langchain_latm.benchmarks.sandbox.report import report

FIGURES = SandboxFigures(
    echo_us=12.34,
    json_echo_us=17.8,
    process_to_echo=3.21,
    process_to_json_echo=2.04,
    ways=[
        CallerFigures(
            name="process",
            locked=True,
            cold_ms=123.4,
            new_tool_ms=4.5,
            warm_us=50.04,
            warm_p99_us=99.9,
            loop_us=500,
            loop_p99_us=1_234,
            threads={1: 9_999, 2: 10_400, 8: 2_000_000, 64: 1},
            tasks={1: 10, 2: 20, 8: 30, 64: 40},
            batch=None,
            overshoot_ms=0.512,
            tool_mb=2.21,
        )
    ],
    growth=Growth(calls=1_000_000, host_mb=0.04, sandbox_mb=None, descriptors=0),
)

NONE_MEASURED = SandboxFigures(
    echo_us=None, json_echo_us=None, process_to_echo=None, process_to_json_echo=None, ways=[]
)


def test_tables() -> None:
    starts, calls, threads, tasks = report(FIGURES).tables
    assert starts.rows == [["process", "yes", "123", "4.50", "0.51", "2.21"]]
    assert calls.rows == [["process", "50.0", "99.9", "500", "1,234"]]
    assert threads.rows == [["process", "9,999", "10k", "2.0M", "1"]]
    assert tasks.rows == [["process", "10", "20", "30", "40", "-"]]
    assert all(len(row) == len(table.head) for table in (threads, tasks) for row in table.rows)
    echo, growth = report(FIGURES).sentences
    assert "takes 12 µs here, and 18 µs as JSON" in echo
    assert "3.2 and 2.0 times as long" in echo
    assert "1,000,000 calls" in growth
    assert "0.0 MB and 0 descriptors; the sandbox's processes gained unknown" in growth
    assert "| process | yes | 123 | 4.50 | 0.51 | 2.21 |" in report(FIGURES).markdown
    assert list(report(NONE_MEASURED).sentences) == []
