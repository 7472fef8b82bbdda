"""The docstring of a repaired function comes from the task, not from the writer of the near miss."""

from __future__ import annotations

import pytest

from langchain_latm.making.repair.describing import redescribed
from langchain_latm.sandbox import Sandbox, ToolSource
from langchain_latm.types import Example, Task, ToolProposal

LONGEST = '''\
"""Finds the longest word."""

def length(word: str) -> int:
    """The length, the longest first."""
    return len(word)

def longest_word(words: list[str], limit: int) -> str:
    """Return the longest word.

    Longest means: the most letters.

    Args:
        words: The words,
            the longest of which is searched.
        limit: Words that are longer than this count.

    Returns:
        The longest.
    """
    if not words:
        return longest_word(["none"], limit)
    return min(words, key=length)
'''


def proposal_of(source: str, entry: str, sandbox: Sandbox, *, typed: bool) -> ToolProposal:
    described = sandbox.check(ToolSource(source=source, entry=entry)).value
    inputs = {"words": "words", "limit": "limit"} if typed else None
    return ToolProposal(source=source, entry=entry, **described, inputs=inputs)


def task_of(description: str | None = None) -> Task:
    examples = [Example(question=f"Shortest of: fig apple {word}?", answer="fig") for word in ("plum", "banana")]
    return Task(name="shortest", description=description, demonstrations=examples[:1], validation=examples[1:])


@pytest.mark.parametrize("typed", [True, False])
def test_the_writer_s_description_is_removed(sandbox: Sandbox, typed: bool) -> None:
    before = proposal_of(LONGEST, "longest_word", sandbox, typed=typed)
    after = redescribed(before, task_of("Find the word with the fewest letters."))
    assert after.entry == "shortest"
    assert after.description == "Find the word with the fewest letters."
    told = sandbox.check(ToolSource(source=after.source, entry=after.entry)).value
    assert told == {"description": after.description, "parameters": after.parameters}
    assert sandbox.call(ToolSource(source=after.source, entry="shortest"), {"words": [], "limit": 3}).value == "none"
    if typed:
        assert "longest" not in after.source.lower()
        assert "description" not in str(after.parameters)
    else:  # a model reads the arguments by these notes, and the proof tries it
        assert after.parameters == before.parameters


def test_without_a_description_an_example_describes_it(sandbox: Sandbox) -> None:
    after = redescribed(proposal_of(LONGEST, "longest_word", sandbox, typed=True), task_of())
    assert after.description == "Answer questions such as: Shortest of: fig apple plum?"


@pytest.mark.parametrize(
    "source",
    [
        "def largest(numbers: list[int]) -> int:\n    shortest = numbers[0]\n    return shortest\n",
        "def largest(numbers: list[int]) -> int:\n    largest = numbers[0]\n    return largest\n",
    ],
)
def test_a_name_that_would_clash_stays(source: str, sandbox: Sandbox) -> None:
    after = redescribed(proposal_of(source, "largest", sandbox, typed=True), task_of())
    assert after.entry == "largest"
    assert sandbox.call(ToolSource(source=after.source, entry="largest"), {"numbers": [4, 2]}).value == 4


def test_the_same_repair_is_described_the_same_way_each_time(sandbox: Sandbox) -> None:
    once = redescribed(proposal_of(LONGEST, "longest_word", sandbox, typed=True), task_of())
    assert redescribed(once, task_of()) == once
