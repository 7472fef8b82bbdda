"""`latm bench dispatch`, on few tools: its figures are there, whatever they are; time is never asserted."""

from __future__ import annotations

import json
import random
import sys
from itertools import islice
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from langgraph.store.memory import InMemoryStore
from typer.testing import CliRunner

from langchain_latm import ToolLibrary, create_dispatcher
from langchain_latm.benchmarks import dispatch as bench
from langchain_latm.benchmarks import dispatch_report as report
from langchain_latm.benchmarks import real_kinds
from langchain_latm.benchmarks.dispatch_figures import DispatchFigures, Found, PaperSplit, SizeFigures
from langchain_latm.benchmarks.dispatch_library import Kind, fill, tool_of
from langchain_latm.benchmarks.dispatch_measure import Request, ask
from langchain_latm.benchmarks.made_up_kinds import made_up_kinds
from langchain_latm.benchmarks.names import PAPER_TASKS
from langchain_latm.cli.app import app

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


def kind(name: str, form: str, requests: int = 4) -> Kind:
    questions = [form.replace("?", str(number)) for number in range(3 + requests)]
    return Kind(name, questions[:3], questions[3:])


def write_tasks(folder: Path, names: tuple[str, ...]) -> None:
    for number, name in enumerate(names):
        words = f"kind{'abcdefgh'[number]} of request{'abcdefgh'[number]}"
        examples = [{"input": f"This {words} asks about {each}", "target": "x"} for each in range(6)]
        (folder / f"{name}.json").write_text(json.dumps({"examples": examples}))


def test_made_up_kinds_are_the_same_for_a_seed_and_never_twice() -> None:
    kinds = list(islice(made_up_kinds(1), 3_000))
    assert len({each.name for each in kinds}) == len({each.template for each in kinds}) == 3_000
    first = kinds[0].questions(random.Random(2), 20)
    assert first == next(made_up_kinds(1)).questions(random.Random(2), 20)
    assert len(set(first)) > 1
    assert next(made_up_kinds(2)).questions(random.Random(2), 20) != first
    fixed = [" ".join(part for part in each.template if isinstance(part, str)) for each in kinds]
    assert min(len(text.split()) for text in fixed) >= 6
    shared = [text for text in fixed if text.endswith("Give only the result as your final answer.")]
    assert 10 < len(shared) < 1_000


def test_many_tools_are_added_as_one_by_one() -> None:
    kinds = [kind("sums", "What is the sum of ? and 3"), kind("days", "How many days has month ? of the year")]
    together, singly = ToolLibrary(InMemoryStore()), ToolLibrary(InMemoryStore())
    told: list[int] = []
    fill(together, kinds, told.append)
    for each in kinds:
        singly.add(tool_of(each))
    assert told == [2]
    assert [each.id for each in together.list()] == [each.id for each in singly.list()]
    assert [each.action for each in together.history("sums")] == ["added"]
    for library in (together, singly):
        assert create_dispatcher(library).invoke("What is the sum of 8 and 3").tool == "sums"


def test_what_requests_are_told_is_counted() -> None:
    library = ToolLibrary(InMemoryStore())
    fill(library, [kind("sums", "What is the sum of ? and 3"), kind("days", "How many days has month ? of the year")])
    found = ask(
        library,
        [
            Request("What is the sum of 8 and 3", "sums", has_tool=True),
            Request("What is the sum of 8 and 3", "other", has_tool=False),
            Request("Who wrote it", "days", has_tool=True),
            Request("Who wrote it", "letters", has_tool=False),
            Request("Say how many days has February in the year", "february", has_tool=False),
        ],
    )
    # The last one leaves it open: it holds a part of what the examples share.
    assert found == Found(
        seen=2, seen_right=1, unseen=3, unseen_right=2, wrong_tool=1, seen_by_words=2, unseen_by_words=2
    )
    assert (found.reuse, found.none_fits, found.by_words) == (1 / 2, 2 / 3, 4 / 5)
    assert (NOTHING.reuse, NOTHING.none_fits, NOTHING.by_words) == (None, None, 0.0)
    assert found + NOTHING == found


def test_kinds_of_reasoning_gym(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def create_dataset(name: str, size: int, seed: int) -> list[dict[str, str]]:
        sys.stdout.write("a data set prints")
        if name == "broken":
            raise ValueError(name)
        count = 1 if name == "few" else size
        return [{"question": f"{name} {seed} {number % count}"} for number in range(size)]

    gym = ModuleType("reasoning_gym")
    gym.create_dataset = create_dataset  # type: ignore[attr-defined]
    names = ("sums", "few", "broken", "composite", "knight_swap")
    gym.factory = SimpleNamespace(DATASETS=dict.fromkeys(names))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "reasoning_gym", gym)
    (found,) = real_kinds.reasoning_gym_kinds(2, 3, 7)
    assert found == Kind("gym_sums", ("sums 7 0", "sums 7 1"), ("sums 7 2", "sums 7 3", "sums 7 4"))
    assert capsys.readouterr().out == ""


def test_kinds_of_files(tmp_path: Path) -> None:
    write_tasks(tmp_path, ("some tasks", "others"))
    assert [each.name for each in real_kinds.big_bench_kinds(tmp_path, 3, 2)] == ["data_others", "data_some_tasks"]
    assert [len(each.requests) for each in real_kinds.big_bench_kinds(tmp_path, 3, 2)] == [2, 2]
    assert real_kinds.big_bench_kinds(tmp_path, 6, 2) == []


def test_exponents() -> None:
    assert bench.exponent([(10, 5.0), (100, 50.0), (1_000, 500.0)]) == pytest.approx(1)
    assert bench.exponent([(10, 5.0), (100, 5.0)]) == pytest.approx(0)
    assert bench.exponent([(10, 5.0), (100, 0.0)]) is None


def test_tables_and_goals() -> None:
    worse = Found(seen=10, seen_right=9, unseen=10, unseen_right=10, wrong_tool=1, seen_by_words=8, unseen_by_words=4)
    told = figures(
        size(6),
        size(1_000, p50_ms=1.5, mistaken={"a -> b": 2}, made_up=worse),
        paper=[PaperSplit(tools=("a",), found=ALL_RIGHT), PaperSplit(tools=("b",), found=worse)],
        time_exponent=0.5,
        memory_exponent=1.2,
    )
    found, costs, paper, goals = report.tables(told)
    assert found.rows == [
        ["6", "6", "100.0%", "100.0%", "-", "-", "0 of 20", "95.0%"],
        ["1,000", "6", "100.0%", "100.0%", "90.0%", "100.0%", "1 of 40", "77.5%"],
    ]
    assert costs.rows[0] == ["6", "0.50", "1.25", "12.3", "0.00", "3.00", "500", "123"]
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
    assert all(len(row) == len(table.head) for table in (found, costs, paper, goals) for row in table.rows)
    assert "a -> b (2)" in report.markdown(told)
    assert "the median time of a decision with the power 0.50" in report.markdown(told)


def test_what_is_left_out_is_said() -> None:
    told = " ".join(report.sentences(figures(size(6))))
    assert "12 from data" in told
    assert "reasoning-gym is not installed" in told
    assert "The paper's setting is left out" in told
    assert "power" not in told
    assert [table.title for table in report.tables(figures(size(6)))][-1] == "Goals"


def test_command_writes_tables_and_a_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "has_reasoning_gym", lambda: False)
    data, out = tmp_path / "data", tmp_path / "new" / "figures"
    data.mkdir()
    write_tasks(data, PAPER_TASKS)
    options = ["--tools", "12", "--tools", "2", "--requests", "16", "--data", str(data), "--splits", "2"]
    done = CliRunner().invoke(app, ["bench", "dispatch", *options, "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = DispatchFigures.model_validate(json.loads(done.stdout))
    assert found == DispatchFigures.model_validate_json((out / "dispatch.json").read_text())
    assert found.real_kinds == {"reasoning-gym": 0, "data": 6}
    few, more = found.sizes
    assert [(few.tools, few.real_tools), (more.tools, more.real_tools)] == [(2, 2), (12, 3)]
    assert few.made_up.seen == 0
    for each in (few.real, more.real, more.made_up):
        assert (each.seen, each.unseen) == (4, 4)
        assert each.seen_right + each.unseen_right <= each.requests
    assert min(more.p50_ms, more.p99_ms, more.opening_s, more.change_s, more.building_s) > 0
    assert [len(split.tools) for split in found.paper] == [4, 4]
    assert [(split.found.seen, split.found.unseen) for split in found.paper] == [(12, 12), (12, 12)]
    assert found.time_exponent is None
    assert "Goals" in (out / "dispatch.md").read_text()
    assert (out / "dispatch.png").read_bytes().startswith(b"\x89PNG")


def test_without_any_data_there_are_made_up_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "has_reasoning_gym", lambda: False)
    steps: list[str] = []
    (found,) = bench.bench_dispatch(sizes=[5], requests=40, progress=lambda told, *_: steps.append(told)).sizes
    assert (found.real.requests, found.made_up.seen, found.made_up.unseen) == (0, 10, 10)
    assert found.made_up.reuse is not None
    assert "5 tools: measuring" in steps


def test_command_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["bench", "dispatch", "--data", str(tmp_path / "nowhere")])
    assert refused.exit_code == 2
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    refused = CliRunner().invoke(app, ["bench", "dispatch"])
    assert refused.exit_code == 2
    assert "langchain-latm[bench]" in refused.output.replace("\n", " ")
