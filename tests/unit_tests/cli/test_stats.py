"""`latm stats`, as a user types it; each test has a library of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from langchain_latm import open_tool_library
from langchain_latm._core.flow import run_flow
from langchain_latm.tools.library.instances import Instance, failed_making
from langchain_latm.tools.library.library import loop_operations_of, operations_of
from langchain_latm.tools.library.loop_operations import AnswerNote
from langchain_latm.types import Doubt, TokenUsage
from tests.unit_tests.command_line import Run, command_line
from tests.unit_tests.made_tool import made_tool

PRICES = ("--price", "strong=2/8", "--price", "light=0.4/1.6")


@pytest.fixture
def latm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a wide screen; return exit code, output and errors."""
    monkeypatch.setenv("LATM_LIBRARY", str(tmp_path / "tools.sqlite"))
    monkeypatch.setenv("COLUMNS", "200")

    return command_line(monkeypatch, capsys)


@pytest.fixture
def filled(latm: Run, tmp_path: Path) -> Run:
    """The same, on a library with a tool of the loop, one of `latm make`, and a making without success."""
    sorting = made_tool()  # its making took 3 and 4 tokens of the model "strong"; "light" uses it
    instances = [
        Instance(
            id=f"answer-{number}",
            question=f"Sort: {number}",
            answer="x",
            model="strong",
            usage=TokenUsage(input_tokens=8, output_tokens=2, calls=1),
        )
        for number in range(3)
    ]
    note = AnswerNote(question="Sort: b a", text="a b", tool=sorting.name, tool_id=sorting.id, at="2026")
    usage = TokenUsage(input_tokens=4, output_tokens=1, calls=1)
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        kept = loop_operations_of(library)
        run_flow(kept.add_made(sorting, instances, [], "made"))
        for number in range(4):
            use = operations_of(library).use(sorting, number == 0, usage, None)
            run_flow(kept.keep_use(f"use-{number}", note, use))
        run_flow(kept.record_verdict(sorting.name, "use-1", sorting.id, True))
        run_flow(kept.record_verdict(sorting.name, "use-2", sorting.id, False))
        library.add(made_tool(name="spare"))
        library.record_use(made_tool(name="spare"), tokens=usage)
        lost = failed_making(
            "riddles", [], "no", {"proposing": TokenUsage(input_tokens=1_000)}, {"proposing": "strong"}
        )
        run_flow(kept.record_failure(lost))
    return latm


def cells(told: str, name: str) -> list[list[str]]:
    """The cells of the rows that begin with a name."""
    rows = [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in told.splitlines()]
    return [row for row in rows if row[0] == name]


def values(told: str) -> Any:
    return json.loads(told)


def test_an_empty_library_is_said_to_be_one(latm: Run) -> None:
    assert "created the library" in latm("stats")[2]
    assert latm("stats") == (0, "", "no tools yet: nothing was made, used or saved")
    told = values(latm("stats", "--json")[1])
    assert (told["tools"], told["failed_makings"], told["tokens"]["saved"]) == ([], 0, 0)


def test_a_row_for_each_tool_and_the_totals(filled: Run) -> None:
    code, told, said = filled("stats", *PRICES)
    assert (code, said) == (0, "")
    assert cells(told, "word_sorting") == [
        ["word_sorting", "4", "75%", "1", "1"],
        ["word_sorting", "7", "20", "10", "3", "after 3 uses"],  # 7 / (30 / 4 - 5) = 2.8
        # 38 / (96 / 4 - 12.8 / 4) = 1.8
        ["word_sorting", "$0.000038", "$0.000013", "$0.000032", "$0.000045", "after 2 uses"],
    ]
    assert cells(told, "spare") == [
        ["spare", "1", "100%", "0", "0"],
        ["spare", "7", "5", "unknown", "unknown", "unknown"],
        ["spare", "$0.000038", "$0.000003", "unknown", "unknown", "unknown"],
    ]
    unknown = (
        "The cost of direct answers is unknown for spare: no model answered such requests, and none was measured when "
        "the tool was made (latm make --direct-samples)."
    )
    left_out = "not counting spare, whose saving is unknown."
    sentences = [line for line in told.splitlines() if line.endswith((".", ")"))]
    assert sentences == [
        "Tokens: making took 14, using took 25, saved -997, " + left_out,
        "US dollars: making took $0.000076, using took $0.000016, saved -$0.001955, " + left_out,
        "1 making produced no tool and took 1,000 tokens ($0.002000).",
        unknown,
    ]


def test_models_without_a_price_are_reported_and_how_to_give_one(filled: Run) -> None:
    told = filled("stats")[1]
    assert cells(told, "word_sorting")[2:] == [["word_sorting", "1.5", "not measured"]]  # seconds instead of dollars
    assert "No price is known for light, strong: give it as --price MODEL=IN/OUT" in told
    told = filled("stats", "--price", "strong=2/8")[1]
    missing = "no price for light"
    assert cells(told, "word_sorting")[2] == ["word_sorting", "$0.000038", missing, "$0.000032", missing, "unknown"]
    assert "No price is known for light:" in told


def test_one_tool_alone(filled: Run) -> None:
    code, told, _ = filled("stats", "spare", *PRICES)
    assert code == 0
    assert "word_sorting" not in told
    assert "produced no tool" not in told
    assert cells(told, "spare")[0][:3] == ["spare", "1", "100%"]


def test_doubts_are_counted(filled: Run, tmp_path: Path) -> None:
    assert "doubts" not in filled("stats")[1]
    about = Doubt(code="different", sentence="it says 'not'", tool="word_sorting")
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        kept = loop_operations_of(library)
        for number, doubts in enumerate([(about,), (about, about), (Doubt(code="history", sentence="2 earlier"),)]):
            note = AnswerNote(question="Do not sort: b a", text="b a", doubts=doubts, at="2026")
            run_flow(kept.keep_answer(f"doubtful-{number}", note, None))
        assert run_flow(kept.answer("doubtful-0")).doubts == (about,)
    _, told, _ = filled("stats", *PRICES)
    assert cells(told, "word_sorting")[0] == ["word_sorting", "4", "75%", "1", "1", "3"]
    assert cells(told, "spare")[0] == ["spare", "1", "100%", "0", "0", "0"]
    assert "Doubts about answers: 3 different, 1 history." in told
    assert "Doubts about answers: 3 different." in filled("stats", "word_sorting")[1]
    counted = values(filled("stats", "--json")[1])
    assert counted["doubts"] == {"different": 3, "history": 1}
    assert [tool["doubts"] for tool in counted["tools"]] == [{}, {"different": 3}]
    page = tmp_path / "report.html"
    assert filled("report", "--out", str(page))[0] == 0
    html = page.read_text(encoding="utf-8")
    assert "doubts: 3 different, 1 history" in html
    assert "3 different" in html.replace("doubts: 3 different", "")


def test_json_is_one_object(filled: Run) -> None:
    told = values(filled("stats", *PRICES, "--json")[1])
    assert [each["name"] for each in told["tools"]] == ["spare", "word_sorting"]
    assert told["tools"][1]["tokens"]["break_even"] == 3
    assert told["dollars"]["failed"] == 0.002
    assert values(filled("stats", "word_sorting", *PRICES, "--json")[1]) == told["tools"][1]


def test_a_removed_tool_is_shown_as_such(filled: Run) -> None:
    filled("tools", "remove", "spare")
    assert cells(filled("stats")[1], "spare (removed)")


def test_bad_input_is_reported(filled: Run) -> None:
    code, told, said = filled("stats", "nothing")
    assert (code, told) == (2, "")
    assert said.startswith("Error: there never was a tool named 'nothing' in ")
    code, told, said = filled("stats", "--price", "strong=2")
    assert (code, told) == (2, "")
    assert "'strong=2' is not MODEL=IN/OUT" in said
