"""A task of sorting words, and a model that answers it in every role."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from langchain_core.runnables import Runnable
from typer.testing import CliRunner

from langchain_latm.benchmarks.making.bench import MAKERS, Maker, MakingBench
from langchain_latm.benchmarks.making.tasks import BenchTask
from langchain_latm.cli import bench_making as command
from langchain_latm.cli.app import app
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Task
from tests.unit_tests.making_prompt import is_making
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel
from tests.unit_tests.word_task import GOOD, code, question_in, read_words

NUMBERS = "zero one two three four five six seven eight nine ten eleven".split()  # noqa: SIM905 - readable


def write_task(folder: Path, name: str = "sorting") -> None:
    lists = [[word, *NUMBERS[n + 1 :], NUMBERS[0]] for n, word in enumerate(NUMBERS[:-1])]
    examples = [{"input": f"Sort: {' '.join(words)}", "target": " ".join(sorted(words))} for words in lists]
    (folder / f"{name}.json").write_text(json.dumps({"examples": examples}))


class Model:
    """Answers in every role, and counts the questions by role."""

    def __init__(self, source: str = GOOD, dies_at: Callable[[str, Counter[str]], bool] = lambda *_: False) -> None:
        self.asked: Counter[str] = Counter()
        self.questions: Counter[tuple[str, str]] = Counter()
        self._source, self._dies_at = source, dies_at
        self.chat = ScriptedChatModel(script=self._reply)

    def _reply(self, messages: list[BaseMessage]) -> Reply:
        instructions = str(messages[0].content)
        roles = {"Read the arguments": "reading", "step by step": "cot"}
        role = next((role for words, role in roles.items() if words in instructions), "pot")
        role = "making" if is_making(messages) else role
        role = "direct" if "Reply with the answer alone" in instructions else role
        if self._dies_at(role, self.asked):
            return ConnectionError("refused")
        self.asked[role] += 1
        if role == "making":
            return code(self._source)
        question = question_in(messages)
        self.questions[role, question] += 1
        words = question.removeprefix("Sort: ").split()
        answer = " ".join(sorted(words))
        program = code(f"def solve():\n    return ' '.join(sorted({words!r}))\n")
        replies: dict[str, Reply] = {"reading": read_words(messages), "cot": f"Hm.\nAnswer: {answer}", "pot": program}
        return replies.get(role, answer)


def quick(**changes: Any) -> dict[str, Maker]:
    """Our method of making under both names, since the paper's uses other prompts."""

    def maker(model: Runnable[Any, Any], user: Runnable[Any, Any], sandbox: Sandbox) -> Runnable[Task, MadeTool]:
        return create_tool_maker(
            model, user, sandbox=sandbox, **{"attempts": 2, "search": False, "direct_samples": 0, **changes}
        )

    return dict.fromkeys(MAKERS, maker)


def bench_making(
    tasks: Sequence[tuple[BenchTask, int]],
    model: Runnable[Any, Any],
    sandbox: Sandbox,
    out: Path,
    *,
    methods: Sequence[str] = (),
    baselines: Sequence[str] = (),
    **options: Any,
) -> None:
    MakingBench(maker=model, sandbox=sandbox, out=out, **{"user": model, **options}).run(
        tasks, methods=methods, baselines=baselines
    )


def bench_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """The command on a scripted model, with the tools made in our way under both names."""
    write_task(tmp_path)
    monkeypatch.setattr("langchain_latm.benchmarks.making.bench.MAKERS", quick())

    def run(name: str, *options: str, model: Model | None = None) -> Any:
        def chosen(*names: str) -> list[Any]:
            assert model is not None, "no model is asked for"
            return [model.chat for _ in names]

        monkeypatch.setattr(command, "chosen_models", chosen)
        where = ["--data", str(tmp_path), "--out", str(tmp_path / "new" / "out")]
        return CliRunner().invoke(app, ["bench", name, "--tasks", "sorting:2", "--test", "4", *where, *options])

    return run
