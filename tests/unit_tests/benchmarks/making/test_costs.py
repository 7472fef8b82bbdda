"""The cost of a run: estimated before it begins, and at the end of a budget."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from langchain_latm._core.defaults import LOCAL_MODEL_NAME, TOKENS
from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.costs import Costs, estimate
from langchain_latm.benchmarks.making.events import PlannedTask, Settings, Unit, read_events
from langchain_latm.benchmarks.making.tasks import BenchTask, load_tasks
from langchain_latm.cli import bench_making as command
from langchain_latm.cli.app import app
from langchain_latm.exceptions import TaskError
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import TokenUsage
from tests.unit_tests.benchmarks.making.world import Model, bench_command, bench_making, quick, write_task

MAKING = Unit(phase="making", method="default", task="sorting")
POT = Unit(phase="using", method="pot", task="sorting")
PRICES = {"strong": (10.0, 100.0), "light": (1.0, 2.0)}


def usage(read: int, written: int) -> TokenUsage:
    return TokenUsage(input_tokens=read, output_tokens=written, calls=1)


HAPPENED: list[events.Event] = [
    events.Made(
        unit=MAKING, attempts=1, usage={"proposing": usage(1_000, 100), "verification": usage(500, 50)}, seconds=1
    ),
    events.Answered(unit=POT, number=0, right=True, failed=False, usage=usage(200, 20), seconds=1),
    events.Tested(unit=POT, requests=1, right=1, failed=0, without_model=0, usage=usage(200, 20), seconds=(1.0,)),
]
"""A test counts once: its sum repeats its answers."""


@pytest.fixture
def task(tmp_path: Path) -> BenchTask:
    write_task(tmp_path)
    (found,) = load_tasks(["sorting"], tmp_path, 4)
    return found


def test_each_model_has_its_price() -> None:
    costs = Costs("strong", "light", PRICES)
    assert costs.spent(HAPPENED) == (usage(1_000, 100), TokenUsage(input_tokens=700, output_tokens=70, calls=2))
    assert costs.dollars(costs.spent(HAPPENED)) == Decimal("0.02084")
    assert costs.over(Decimal("0.021"), HAPPENED) is None
    assert costs.over(Decimal("0.02"), HAPPENED) == (
        "The budget of $0.02 is spent: the requests and makings of this folder cost $0.0208."
    )
    paper = HAPPENED[0].model_copy(update={"unit": MAKING.model_copy(update={"method": "paper"})})
    assert [each.total for each in costs.spent([paper])] == [1_650, 0]
    unknown = Costs("strong", "mine", PRICES)
    assert unknown.dollars(unknown.spent(HAPPENED)) is None
    with pytest.raises(TaskError, match="add --price mine=IN/OUT"):
        unknown.require_prices()


def test_an_estimate_takes_what_was_measured_and_leaves_out_what_is_finished(task: BenchTask) -> None:
    settings = Settings(
        model="strong",
        seed=0,
        test=4,
        tasks={"sorting": PlannedTask(source="bbh", runs=2, fingerprint="x")},
        methods=("default", "paper"),
        baselines=("pot", "direct"),
    )
    fresh = {each.way: each for each in estimate(settings, [task], [])}
    assert [(each.way, each.parts, each.usage.calls, each.most) for each in fresh.values()] == [
        ("default", 2, 36, 2 * TOKENS),
        ("paper", 2, 16, 0),
        ("pot", 1, 4, 0),
        ("direct", 1, 4, 0),
    ]
    assert fresh["direct"].usage.output_tokens < fresh["pot"].usage.output_tokens
    begun = {each.way: each for each in estimate(settings, [task], HAPPENED)}
    assert "pot" not in begun
    assert begun["default"].usage == TokenUsage(input_tokens=3_000, output_tokens=300, calls=4)
    line = Costs("strong", "light", PRICES).outlook(list(begun.values()))
    assert line.startswith("Estimate for 5 parts: ")
    whole, most = sum(each.usage.total for each in begun.values()), 2 * TOKENS - begun["default"].usage.total
    assert f" {whole:,} tokens ({whole + most:,} if makings take their limits), $" in line
    assert line.count(" about ") == 0  # the time of two methods is unknown
    assert "price unknown" in Costs("mine", "mine", {}).outlook(list(begun.values()))


def test_the_time_is_estimated_where_it_is_known(task: BenchTask) -> None:
    """For the embedded model from our own run, for others from the finished part of this run."""

    def outlook(model: str, happened: list[events.Event], *ways: str) -> str:
        settings = Settings(
            model=model,
            seed=0,
            test=4,
            tasks={"sorting": PlannedTask(source="bbh", runs=60, fingerprint="x")},
            methods=tuple(way for way in ways if way != "pot"),
            baselines=tuple(way for way in ways if way == "pot"),
        )
        return Costs(model, model, {}).outlook(estimate(settings, [task], happened))

    assert ", about 2.1 hours." in outlook(LOCAL_MODEL_NAME, [], "default")
    assert " about " not in outlook("other", [], "default")
    made = [HAPPENED[0], HAPPENED[2].model_copy(update={"unit": MAKING})]
    assert ", about 1 min." in outlook("other", made, "default")
    assert " about " not in outlook("other", made, "default", "pot")


def test_a_budget_ends_a_run_and_a_larger_one_continues_it(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    def spent_after(requests: int) -> Callable[..., str | None]:
        return lambda happened: "spent" if sum(each.event == "answered" for each in happened) >= requests else None

    model, wanted = Model(), {"baselines": ["direct", "cot"]}
    bench_making([(task, 1)], model.chat, sandbox, tmp_path, spent=spent_after(5), **wanted)
    assert (model.asked["direct"], model.asked["cot"]) == (4, 1)
    assert read_events(tmp_path / events.FILE)[-1] == events.Spent(message="spent")
    bench_making([(task, 1)], model.chat, sandbox, tmp_path, **wanted)
    assert (model.asked["direct"], model.asked["cot"]) == (4, 4)


def test_maker_and_user_may_be_two_models(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    maker, user = Model(), Model()
    bench_making(
        [(task, 1)],
        maker.chat,
        sandbox,
        tmp_path,
        user=user.chat,
        methods=["default"],
        baselines=["direct"],
        makers=quick(),
    )
    assert (maker.asked["making"], maker.asked["direct"], user.asked["making"], user.asked["direct"]) == (1, 0, 0, 4)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    monkeypatch.setattr(command, "finish", lambda *_, **__: None)
    return bench_command(monkeypatch, tmp_path)


@pytest.mark.slow
def test_the_command_ends_at_its_budget_without_an_error(run: Callable[..., Any], tmp_path: Path) -> None:
    model = Model()
    options = ("--baselines", "direct", "--price", "ScriptedChatModel=1000/1000", "--budget")
    ended = run("using", *options, "0.05", model=model)
    assert ended.exit_code == 0, ended.output
    assert "Estimate for 1 part: 4 calls" in ended.output
    assert 0 < model.asked["direct"] < 4
    assert "The budget of $0.05 is spent" in str(read_events(tmp_path / "new" / "out" / events.FILE)[-1])
    assert run("using", *options, "5", model=model).exit_code == 0
    assert model.asked["direct"] == 4
    refused = run("using", "--baselines", "direct", "--budget", "1", model=model)
    assert "add --price ScriptedChatModel=IN/OUT" in str(refused.exception)


@pytest.mark.slow
def test_a_plan_asks_no_model(run: Callable[..., Any]) -> None:
    model = Model()
    done = run("all", "--plan", "--json", model=model)
    assert done.exit_code == 0, done.output
    planned = json.loads(done.stdout)
    assert [each["way"] for each in planned["estimate"]] == ["default", "paper", "direct", "cot", "pot"]
    assert "sorting" in run("all", "--plan", model=model).stdout
    assert not model.asked


@pytest.mark.slow
def test_a_plan_needs_no_folder_and_makes_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_task(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "chosen_models", lambda *names: [Model().chat for _ in names])
    words = ["bench", "all", "--tasks", "sorting:2", "--test", "4", "--data", "."]
    before = sorted(tmp_path.iterdir())
    for place in ([], ["--out", "figures"]):
        planned = CliRunner().invoke(app, [*words, "--plan", *place])
        assert planned.exit_code == 0, planned.output
        assert "Estimate for " in planned.output
    refused = CliRunner().invoke(app, words)
    assert (refused.exit_code, "--out" in refused.output) == (2, True)
    for name in ("all", "tables"):
        words = ["bench", name, "--data", ".", "--report", "--out", "figures"]
        refused = CliRunner().invoke(app, words)
        assert (refused.exit_code, "figures holds no run" in refused.output) == (2, True), refused.output
    assert sorted(tmp_path.iterdir()) == before
