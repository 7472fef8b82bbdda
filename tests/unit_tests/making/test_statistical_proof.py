"""Whole makings: a lucky guess is not proven, and all solved examples of a task are used."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from langchain_latm.exceptions import ToolMakingError
from langchain_latm.making.maker import create_tool_maker
from langchain_latm.making.task_files import load_task
from langchain_latm.sandbox import Sandbox
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Task, VerificationCase, VerificationReport
from tests.unit_tests.made_tool import made_tool
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import GOOD, WRONG, both_roles, code, question_in, word_task

RIGHT = '''\
def is_even(number: int) -> bool:
    """Say whether a number is even.

    Args:
        number: The number.
    """
    return number % 2 == 0
'''
LUCKY = RIGHT.replace("number % 2 == 0", "number in {12, 40, 58, 94}")


def even_task(numbers: list[int], further: list[int] | None = None) -> Task:
    examples = [Example(question=f"Even: {number}", answer=str(number % 2 == 0)) for number in numbers]
    more = [Example(question=f"Even: {number}", answer=str(number % 2 == 0)) for number in further or ()]
    return Task(name="is_even", demonstrations=examples[:3], validation=examples[3:], further=more)


def making(sandbox: Sandbox, task: Task, *sources: str, **options: Any) -> MadeTool:
    model = ScriptedChatModel(
        script=both_roles(in_turn(*map(code, sources)), lambda m: {"number": int(question_in(m).split()[-1])})
    )
    options = {"candidates": 1, "attempts": len(sources)} | options
    return create_tool_maker(model, sandbox=sandbox, **options).invoke(task)


SIX = [12, 33, 57, 40, 71, 58]
MORE = [95, 94, 31, 20, 47, 66, 13, 88, 29, 54]


def test_a_lucky_guess_is_not_proven(sandbox: Sandbox) -> None:
    with pytest.raises(ToolMakingError) as failure:
        making(sandbox, even_task(SIX), LUCKY, RIGHT)
    assert str(failure.value).startswith(
        "no tool was proven: a function is right on all 6 examples, but it may be a guess. With 1 candidate tried on 3 "
        "unseen examples with 2 different answers, a guess passes with a chance of up to 0.33"
    )
    assert "Add at least 6 more solved examples like these." in str(failure.value)
    (attempt,) = failure.value.attempts  # another one would prove no more
    (report,) = [candidate.report for candidate in attempt.candidates]
    assert report
    assert report.right
    assert report.may_be_chance
    assert not report.verified
    assert (report.trials, report.more_needed) == (1, 6)


@pytest.mark.slow
def test_as_many_more_examples_prove_the_right_function(sandbox: Sandbox) -> None:
    tool = making(sandbox, even_task([*SIX, *MORE[:6]]), RIGHT)
    assert tool.report.chance == pytest.approx(1 / 126)
    tool = making(sandbox, even_task([*SIX, *MORE[:7]]), LUCKY, RIGHT)
    assert tool.source.startswith(RIGHT.rstrip())
    assert tool.report.trials == 2
    with pytest.raises(ToolMakingError, match="but it may be a guess"):
        making(sandbox, even_task([*SIX, *MORE[:5]]), RIGHT)


def test_further_examples_are_unseen_ones_of_the_proof(sandbox: Sandbox) -> None:
    """A model reads them, so only as many as needed are tried."""
    tool = making(sandbox, even_task(SIX, MORE), RIGHT)
    assert [case.role for case in tool.report.cases].count("validation") == 9
    assert tool.report.chance == pytest.approx(1 / 126)
    with pytest.raises(ToolMakingError, match="but the answer is"):
        making(sandbox, even_task(SIX, MORE), LUCKY)


def test_equal_answers_prove_nothing(sandbox: Sandbox) -> None:
    constant = RIGHT.replace("number % 2 == 0", "True")
    with pytest.raises(ToolMakingError, match=r"with the same answer.* other answers: more of the same do not"):
        making(sandbox, even_task([2, 4, 6, 8, 10, 12, 14, 16], list(range(18, 60, 2))), constant)


def test_a_candidate_that_fails_a_demonstration_is_no_trial(sandbox: Sandbox) -> None:
    wrong = RIGHT.replace("number % 2 == 0", "number > 50")
    tool = making(sandbox, even_task([*SIX, *MORE]), wrong, wrong.replace("50", "35"), RIGHT)
    assert tool.provenance.candidates == 3
    assert tool.report.trials == 1


def test_a_parser_reads_all_further_examples_that_it_can(sandbox: Sandbox) -> None:
    draw = random.Random(1)
    lists = [" ".join(draw.sample("pear fig apple kiwi plum lime date".split(), 5)) for _ in range(40)]  # noqa: SIM905
    examples = [Example(question=f"Sort these words: {each}", answer=" ".join(sorted(each.split()))) for each in lists]
    foreign = Example(question="Please put into order: b a", answer="nothing that it gives")
    task = word_task(demonstrations=examples[:3], validation=examples[3:6], further=[*examples[6:], foreign])
    model = ScriptedChatModel(
        script=both_roles(
            in_turn(code(GOOD)), lambda m: {"words": question_in(m).removeprefix("Sort these words: ").split()}
        )
    )
    tool = create_tool_maker(model, sandbox=sandbox, candidates=1, attempts=1).invoke(task)
    assert tool.parser is not None
    assert len(tool.report.cases) == 40
    assert tool.report.accuracy == pytest.approx(0.05 ** (1 / 37))


@pytest.mark.slow
def test_trials_of_earlier_attempts_count(sandbox: Sandbox) -> None:
    half = GOOD.replace("sorted(words)", 'sorted(words) if "red" not in words else words')
    model = ScriptedChatModel(
        script=both_roles(in_turn(code(half), code(WRONG), code(GOOD)), lambda m: {"words": question_in(m)[6:].split()})
    )
    tool = create_tool_maker(model, sandbox=sandbox, candidates=1).invoke(word_task())
    assert (tool.provenance.candidates, tool.report.trials) == (3, 2)
    assert tool.report.chance == pytest.approx(2 / 15**3)
    assert tool.report.accuracy == pytest.approx(0.025 ** (1 / 3))


def test_a_file_gives_all_its_examples(tmp_path: Path) -> None:
    rows = [{"question": f"q{i}", "answer": f"a{i}"} for i in (*range(9), 7, 0)]
    path = tmp_path / "kind.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    task = load_task(path, validation=2)
    assert [example.question for example in task.validation] == ["q3", "q4"]
    assert [example.question for example in task.further] == ["q5", "q6", "q7", "q8"]


def test_records_without_statistics_keep_their_content_and_id() -> None:
    tool = made_tool()
    assert set(tool.report.model_dump()) == {"cases", "unstable", "hard_coded", "complete"}
    assert tool.report.verified
    stored = json.loads(tool.dump())
    stored["report"]["chance"] = 0.5
    with pytest.raises(ValueError, match="does not match its id"):
        MadeTool.model_validate(stored, context={"stored": True})


@pytest.mark.parametrize(("chance", "verified"), [(0.0, True), (0.01, True), (0.011, False), (1.0, False)])
def test_a_report_verifies_only_proofs_beyond_chance(chance: float, *, verified: bool) -> None:
    case = VerificationCase(role="validation", question="q", expected="a", passed=True)
    report = VerificationReport(cases=(case,), complete=True, trials=1, chance=chance, accuracy=0.3)
    assert report.verified is verified
    assert VerificationReport.model_validate(report.model_dump()) == report
    assert VerificationReport.model_validate_json(report.model_dump_json()) == report
