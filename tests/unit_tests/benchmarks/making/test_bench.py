"""`latm bench making|using|all`: what is run, what is stored, and how an interrupted run continues."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import Runnable, RunnableLambda
from typer.testing import CliRunner

from langchain_latm.benchmarks.making import events
from langchain_latm.benchmarks.making.events import EventLog, Unit, read_events
from langchain_latm.benchmarks.making.tasks import BenchTask, load_tasks
from langchain_latm.cli.app import app
from langchain_latm.exceptions import ModelError, SandboxError, TaskError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Task
from tests.unit_tests.benchmarks.making.world import NUMBERS, Model, bench_command, bench_making, quick, write_task
from tests.unit_tests.scripted_model import ScriptedChatModel
from tests.unit_tests.word_task import GOOD, WRONG


@pytest.fixture
def task(tmp_path: Path) -> BenchTask:
    write_task(tmp_path)
    (found,) = load_tasks(["sorting"], tmp_path, 4)
    return found


@pytest.mark.slow
def test_tools_and_baselines_answer_the_same_test(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    model, messages, steps = Model(), list[str](), list[str]()
    bench_making(
        [(task, 2)],
        model.chat,
        sandbox,
        tmp_path,
        methods=["default", "paper"],
        baselines=["direct", "cot", "pot"],
        makers=quick(),
        progress=lambda message, done, total: messages.append(f"{message} {done}/{total}"),
        step=lambda stage, _: steps.append(stage),
    )
    happened = read_events(tmp_path / events.FILE)
    assert isinstance(happened[0], events.Settings)
    tested = {event.unit: event for event in happened if isinstance(event, events.Tested)}
    assert [(unit.method, unit.run) for unit in tested] == [
        *(("default", 0), ("paper", 0), ("direct", 0), ("cot", 0), ("pot", 0), ("default", 1), ("paper", 1))
    ]
    assert all(event.right == event.requests == len(event.seconds) == 4 for event in tested.values())
    direct = tested[Unit(phase="using", method="direct", task="sorting")]
    assert (direct.usage.calls, direct.failed, direct.without_model) == (4, 0, 0)
    made = [event for event in happened if isinstance(event, events.Made)]
    assert len(made) == 4
    for event in made:
        tool = MadeTool.load(tmp_path / "tools" / f"{event.unit.method}-sorting-{event.unit.run}.tool.json")
        assert (tool.name, tool.provenance.usage) == ("sorting", event.usage)
    assert "1 of 7: default, sorting, run 0: making 0/0" in messages
    assert "3 of 7: direct, sorting: testing 4/4" in messages
    assert {"proposing", "verification"} <= set(steps)


def test_no_making_sees_the_test_and_no_event_holds_it(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    model, made = Model(), list[str]()

    def maker(chat: Runnable[Any, Any], _: Runnable[Any, Any], inside: Sandbox) -> Runnable[Task, MadeTool]:
        before = len(model.chat.prompts)

        def make(given: Task) -> MadeTool:
            tool = create_tool_maker(chat, chat, sandbox=inside).invoke(given)
            made.append(str(model.chat.prompts[before:]))
            return tool

        return RunnableLambda(make)

    wanted: dict[str, Any] = {"methods": ["default"], "makers": {"default": maker}}
    bench_making([(task, 2)], model.chat, sandbox, tmp_path, baselines=["pot"], **wanted)
    assert len(made) == 2
    assert all("Sort: " in prompts for prompts in made)
    assert not any(each.question in prompts for prompts in made for each in task.test)
    kept = (tmp_path / events.FILE).read_text() + "".join(path.read_text() for path in (tmp_path / "tools").iterdir())
    assert '"tested"' in kept
    assert not any(each.question in kept or each.answer in kept for each in task.test)


def test_a_making_that_fails_is_an_event_and_keeps_its_attempts(
    tmp_path: Path, task: BenchTask, sandbox: Sandbox
) -> None:
    bench_making([(task, 1)], Model(WRONG).chat, sandbox, tmp_path, methods=["default"], makers=quick())
    failed = read_events(tmp_path / events.FILE)[-1]
    assert isinstance(failed, events.Failed)
    assert failed.attempts == 2
    assert failed.usage["proposing"].calls == 2
    assert "no tool was proven" in failed.message
    assert not failed.unproven
    kept = json.loads((tmp_path / "tools" / "default-sorting-0.failed.json").read_text())
    assert [attempt["number"] for attempt in kept] == [1, 2]


def test_a_right_function_that_a_guess_would_match_is_marked(tmp_path: Path, sandbox: Sandbox) -> None:
    examples = [
        {"input": f"Sort: {' '.join(NUMBERS[:count])}", "target": "odd" if count % 2 else "even"}
        for count in range(1, 12)
    ]
    (tmp_path / "parity.json").write_text(json.dumps({"examples": examples}))
    (parity,) = load_tasks(["parity"], tmp_path, 2)
    model = Model(GOOD.replace('" ".join(sorted(words))', '"odd" if len(words) % 2 else "even"'))
    bench_making([(parity, 1)], model.chat, sandbox, tmp_path, methods=["default"], makers=quick())
    failed = read_events(tmp_path / events.FILE)[-1]
    assert isinstance(failed, events.Failed)
    assert failed.unproven


def test_a_baseline_without_an_answer_is_wrong_and_its_tokens_count(
    tmp_path: Path, task: BenchTask, sandbox: Sandbox
) -> None:
    chat = ScriptedChatModel(script=lambda _: "no program")
    bench_making([(task, 1)], chat, sandbox, tmp_path, baselines=["pot"])
    tested = read_events(tmp_path / events.FILE)[-1]
    assert isinstance(tested, events.Tested)
    assert (tested.right, tested.failed, tested.without_model, tested.usage.calls) == (0, 4, 0, 4)


@pytest.mark.slow
def test_a_stopped_run_resumes_and_asks_nothing_twice(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    dying = Model(dies_at=lambda role, asked: role == "direct" and asked["direct"] == 2)
    wanted: dict[str, Any] = {"methods": ["default"], "baselines": ["direct", "cot"], "makers": quick()}
    with pytest.raises(ModelError, match="cannot be reached"):
        bench_making([(task, 1)], dying.chat, sandbox, tmp_path, **wanted)
    error = read_events(tmp_path / events.FILE)[-1]
    assert isinstance(error, events.Error)
    assert error.unit.method == "direct"
    going_on = Model()
    bench_making([(task, 1)], going_on.chat, sandbox, tmp_path, **wanted)
    assert dying.asked["making"] == 1
    assert (going_on.asked["making"], going_on.asked["reading"]) == (0, 0)
    both = dying.questions + going_on.questions
    assert {question for role, question in both if role == "direct"} == {each.question for each in task.test}
    assert all(count == 1 for (role, _), count in both.items() if role in ("direct", "cot"))
    log = EventLog(tmp_path / events.FILE)
    assert len(log.finished()) == 3
    assert sum(isinstance(event, events.Settings) for event in log.events) == 1
    idle = Model()
    bench_making([(task, 1)], idle.chat, sandbox, tmp_path, **wanted)
    assert not idle.asked


def test_a_finished_tool_is_not_made_again(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    """As left by a process that was killed between making and test, in the middle of a line."""
    bench_making([(task, 1)], Model().chat, sandbox, tmp_path, methods=["default"], makers=quick())
    file = tmp_path / events.FILE
    whole = file.read_bytes().splitlines(keepends=True)
    made = next(number for number, line in enumerate(whole) if b'"made"' in line)
    file.write_bytes(b"".join(whole[: made + 2]) + whole[made + 2][:30])
    assert len(read_events(file)) == made + 2
    going_on = Model()
    bench_making([(task, 1)], going_on.chat, sandbox, tmp_path, methods=["default"], makers=quick())
    assert going_on.asked["making"] == 0
    tested = read_events(file)[-1]
    assert isinstance(tested, events.Tested)
    assert (tested.right, tested.requests) == (4, 4)
    assert len(EventLog(file).answered(tested.unit)) == 4


def test_a_sandbox_that_fails_ends_the_run(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name in ("batch", "call"):
                raise SandboxError("the sandbox is broken")
            return getattr(sandbox, name)

    broken: Any = Broken()
    with pytest.raises(SandboxError):
        bench_making([(task, 1)], Model().chat, broken, tmp_path, baselines=["pot", "direct"])
    assert [event.event for event in read_events(tmp_path / events.FILE)] == ["settings", "begin", "error"]


def test_different_settings_are_rejected_and_additional_ones_are_accepted(
    tmp_path: Path, task: BenchTask, sandbox: Sandbox
) -> None:
    model = Model()
    bench_making([(task, 1)], model.chat, sandbox, tmp_path, baselines=["direct"])
    chat = model.chat
    with pytest.raises(TaskError, match="seed 0, not 1"):
        bench_making([(task, 1)], chat, sandbox, tmp_path, baselines=["direct"], seed=1)
    (longer,) = load_tasks(["sorting"], tmp_path, 5)
    with pytest.raises(TaskError, match=r"measurement: test 4, not 5\. Choose"):
        bench_making([(longer, 1)], chat, sandbox, tmp_path, baselines=["direct"])
    changed = task.model_copy(update={"pool": task.pool[1:]})
    with pytest.raises(TaskError, match="other examples of sorting"):
        bench_making([(changed, 1)], chat, sandbox, tmp_path, baselines=["direct"])

    class Other(ScriptedChatModel):
        model_name: str = "another"

    with pytest.raises(TaskError, match="model ScriptedChatModel, not another"):
        bench_making([(task, 1)], Other(script=chat.script), sandbox, tmp_path, baselines=["direct"])
    assert model.asked["direct"] == 4
    own = load_tasks(["own"], None, 4)
    bench_making([(task, 3), (own[0], 1)], chat, sandbox, tmp_path, baselines=["direct", "cot"])
    assert (model.asked["direct"], model.asked["cot"]) == (8, 8)


def test_several_requests_at_a_time(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    dying = Model(dies_at=lambda _, asked: asked["direct"] >= 3)
    with pytest.raises(ModelError):
        bench_making([(task, 1)], dying.chat, sandbox, tmp_path, baselines=["direct"], concurrency=3)
    going_on = Model()
    bench_making([(task, 1)], going_on.chat, sandbox, tmp_path, baselines=["direct"], concurrency=3)
    assert (dying.asked["direct"], going_on.asked["direct"]) == (3, 1)


def test_a_unit_that_always_fails_does_not_block_the_others(tmp_path: Path, task: BenchTask, sandbox: Sandbox) -> None:
    for _ in range(2):
        dying = Model(dies_at=lambda role, _: role == "direct")
        with pytest.raises(ModelError):
            bench_making([(task, 1)], dying.chat, sandbox, tmp_path, baselines=["direct", "cot"])
    assert {unit.method for unit in EventLog(tmp_path / events.FILE).finished()} == {"cot"}


def test_a_damaged_file_is_rejected_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / events.FILE
    unit = Unit(phase="making", method="default", task="sorting")
    log = EventLog(file)
    log.append(events.Begin(unit=unit))
    file.write_bytes(b'{"event": "begun"}\n' + file.read_bytes() + b'{"event": "be')
    with pytest.raises(TaskError, match=r"events\.jsonl:1: not an event"):
        EventLog(file)
    with pytest.raises(TaskError, match="No such file"):
        read_events(tmp_path / "nowhere")
    file.write_bytes(events.Begin(unit=unit).model_dump_json().encode())
    assert EventLog(file).events == []
    assert file.read_bytes() == b""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    return bench_command(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("making", "--methods", "ours"), "'ours' is not one of 'default', 'paper'"),
        (("using", "--baselines", "guess"), "'guess' is not one of 'direct', 'cot', 'pot'"),
        (("using", "--methods", "paper"), "latm bench all"),
        (("making", "--draw", "3"), "takes the place of --tasks"),
        (("making", "--half", "final"), "goes with --draw"),
        (("using", "--price", "small"), "MODEL=IN/OUT"),
        (("all", "--tasks", "sorting:0"), "at least one run"),
        (("all", "--tasks", "own:none"), "'none' is not a kind of the demo"),
        (("all", "--test", "0"), "--test"),
        (("all", "--data", "/nowhere"), "--data"),
        (("making", "--report"), "holds no run"),
    ],
)
def test_bad_input_is_reported_before_a_model_is_asked(
    run: Callable[..., Any], options: tuple[str, ...], message: str
) -> None:
    ended = run(*options)
    # `main` turns our errors into one message and code 2; here they are raised.
    assert ended.exit_code == 2 or isinstance(ended.exception, TaskError)
    assert message in " ".join(f"{ended.output} {ended.exception}".replace("│", " ").split())


def test_the_output_folder_is_required() -> None:
    ended = CliRunner().invoke(app, ["bench", "all"])
    assert ended.exit_code == 2
    assert "--out" in ended.output
