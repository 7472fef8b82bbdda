"""The demo, with a scripted model in every role."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from string import ascii_lowercase
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from langchain_latm.benchmarks.demo import KINDS, DemoEvent, KindResult, Score, draw_examples, run_demo
from langchain_latm.exceptions import ModelError
from langchain_latm.sandbox import Sandbox
from langchain_latm.types import TokenUsage
from tests.unit_tests.making_prompt import is_making
from tests.unit_tests.scripted_model import ScriptedChatModel, in_turn
from tests.unit_tests.word_task import code, is_reading, question_in

KIND = "last_letter_sorting"
SOURCE = '''\
def sort_by_last_letter(words: list[str]) -> str:
    """Sort words by their last letters.

    Args:
        words: The words after the colon.
    """
    return " ".join(sorted(words, key=lambda word: (word[-1], word)))
'''


def script(messages: list[BaseMessage]) -> Any:
    if is_reading(messages):
        return {"words": question_in(messages).partition(": ")[2].split()}
    return code(SOURCE) if is_making(messages) else "no idea"


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_draws_the_same_examples_and_another_seed_others(kind: str) -> None:
    assert draw_examples(kind, 1, 20) == draw_examples(kind, 1, 20)
    assert draw_examples(kind, 1, 20) != draw_examples(kind, 2, 20)
    assert len({example.question for example in draw_examples(kind, 3, 40)}) == 40


def test_the_answers_of_the_kinds_are_right() -> None:
    """Checked by inversion: sorting, shifting and adding are undone."""
    for example in draw_examples("last_letter_sorting", 5, 20):
        words = example.answer.split()
        assert sorted(words) == sorted(example.question.partition(": ")[2].split())
        assert all((a[-1], a) <= (b[-1], b) for a, b in pairwise(words))
    for example in draw_examples("days_between", 5, 20):
        start, end = example.question[:-1].split()[6::2]
        assert date.fromisoformat(start) + timedelta(days=int(example.answer)) == date.fromisoformat(end)
    for example in draw_examples("letter_shift", 5, 20):
        text, places = example.question.partition(": ")[2], int(example.question.split()[6])
        back = {letter: ascii_lowercase[i - places] for i, letter in enumerate(ascii_lowercase)}
        assert "".join(back.get(letter, letter) for letter in example.answer) == text


def test_measures_the_model_alone_against_the_model_with_its_tool(sandbox: Sandbox) -> None:
    events = list(run_demo(ScriptedChatModel(script=script), sandbox, requests=4, kinds=[KIND]))
    (result,) = [event for event in events if isinstance(event, KindResult)]
    assert result.tool is not None
    assert result.using is not None
    assert (result.direct.right, result.using.right, result.using.requests) == (0, 4, 4)
    assert result.making_tokens > 0
    assert result.break_even(per="right answer") == 1
    assert [e.done for e in events if isinstance(e, DemoEvent) and e.total][-1] == 4


def test_a_kind_without_a_tool_is_reported_as_such(sandbox: Sandbox) -> None:
    events = run_demo(ScriptedChatModel(script=in_turn("no idea")), sandbox, requests=2, kinds=[KIND], attempts=1)
    (result,) = [event for event in events if isinstance(event, KindResult)]
    assert result.tool is None
    assert result.error is not None
    assert result.break_even(per="request") is None


def test_a_model_that_cannot_be_reached_ends_the_demo(sandbox: Sandbox) -> None:
    model = ScriptedChatModel(script=in_turn(ConnectionError("refused")))
    with pytest.raises(ModelError):
        list(run_demo(model, sandbox, requests=2, kinds=[KIND]))


def score(right: int, tokens: int) -> Score:
    return Score(right=right, failed=0, requests=10, usage=TokenUsage(input_tokens=tokens), seconds=1)


@pytest.mark.parametrize(
    ("direct", "using", "requests", "rights"),
    [
        (score(10, 2000), score(10, 1000), 5, 5),
        (score(5, 1000), score(10, 1000), None, 5),
        (score(0, 1000), score(10, 2000), None, 1),
        (score(10, 1000), score(10, 1000), None, None),
        (score(0, 1000), score(0, 1000), None, None),
    ],
)
def test_break_even_is_the_making_over_what_each_saves(
    direct: Score, using: Score, requests: int | None, rights: int | None
) -> None:
    result = KindResult(
        kind=KIND,
        tool=None,
        making={"proposing": TokenUsage(input_tokens=500)},
        making_seconds=1,
        direct=direct,
        using=using,
    )
    assert result.break_even(per="request") == requests
    assert result.break_even(per="right answer") == rights
    assert math.isinf(score(0, 5).tokens_per_right_answer)
