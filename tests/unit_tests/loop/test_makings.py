"""Which requests lead to the making of a tool: one tool for a kind, whatever its requests have in common."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest
from langchain_core.messages import BaseMessage
from langgraph.store.memory import InMemoryStore

from langchain_latm import LATM, Answer, ToolLibrary, create_latm
from langchain_latm.sandbox import Sandbox
from tests.unit_tests.loop_world import KINDS
from tests.unit_tests.scripted_model import Reply, ScriptedChatModel
from tests.unit_tests.word_task import question_in

PHRASINGS: Final = (
    "Sort these words: {}",
    "Put the following words into alphabetical order: {}",
    "Please arrange these words alphabetically: {}",
    "In which order does a dictionary list these words? {}",
)
LENGTHS: Final = ((3, 20), (4, 10), (3, 8), (3, 5), (10, 20))
COUNT: Final = 24


@dataclass
class Sorter:
    """A model that is right about the order of words, whatever the phrasing, and counts what it makes."""

    makings: int = 0
    answered: list[str] = field(default_factory=list)

    def reply(self, messages: list[BaseMessage]) -> Reply:
        system, last = str(messages[0].content), str(messages[-1].content)
        if "Read the arguments" in system:
            return {"words": words_of(question_in(messages))}
        if "Do what is asked last" in system:
            self.answered.append(last)
            return f"I work it out.\nAnswer: {solved(last)}"
        if "You compare two requests" in system:
            return "yes"
        self.makings += 1
        return f"```python\n{KINDS['sort'].source}```"


def words_of(request: str) -> list[str]:
    opening = next(each for phrasing in PHRASINGS if (each := phrasing.removesuffix("{}")) in request)
    return request.partition(opening)[2].split()


def solved(request: str) -> str:
    return " ".join(sorted(words_of(request)))


def requests_of(number: int) -> list[str]:
    """Return a stream of requests for the order of words that are seldom repeated."""
    rng = random.Random(number)
    syllables = [f"{first}{vowel}" for first in "bdfgklmnprstvz" for vowel in "aeiou"]
    phrasing, (least, most) = PHRASINGS[number % len(PHRASINGS)], LENGTHS[number % len(LENGTHS)]
    lists = [["".join(rng.choices(syllables, k=3)) for _ in range(rng.randint(least, most))] for _ in range(COUNT)]
    return [phrasing.format(" ".join(words)) for words in lists]


@pytest.fixture
def library() -> ToolLibrary:
    return ToolLibrary(InMemoryStore())


@pytest.fixture
def sorter() -> Sorter:
    return Sorter()


def loop(sorter: Sorter, library: ToolLibrary, sandbox: Sandbox) -> LATM:
    model = ScriptedChatModel(script=sorter.reply)
    return create_latm(model, library=library, sandbox=sandbox, refresh_seconds=0.0, parser_checks=0.0)


def answered(latm: LATM, requests: Sequence[str]) -> list[Answer]:
    answers = [latm.invoke(request) for request in requests]
    assert [answer.text for answer in answers] == list(map(solved, requests))
    return answers


@pytest.mark.parametrize("number", range(20))
def test_a_stream_of_seldom_repeated_words_makes_one_tool_at_most(
    number: int, sorter: Sorter, library: ToolLibrary, sandbox: Sandbox
) -> None:
    answers = answered(loop(sorter, library, sandbox), requests_of(number))
    made = [i for i, answer in enumerate(answers) if answer.tool_made]
    assert len(library.list()) == len(made) == sorter.makings <= 1
    if PHRASINGS[number % len(PHRASINGS)] != PHRASINGS[0]:  # three words shared with long lists: the wording may fail
        assert all(answer.tool_use for answer in answers[made[0] + 1 :])


def test_no_tool_is_made_where_a_parser_reads_what_waits(
    sorter: Sorter, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm = loop(sorter, library, sandbox)
    answers = answered(latm, requests_of(8))
    notes = [note for answer in answers for note in answer.notes if note.startswith("no tool was made")]
    (made,) = library.list()
    assert {f"no tool was made: {made.name} answers the requests that wait, as they were answered"} >= set(notes)


def test_requests_with_a_word_or_a_space_more_do_not_keep_a_tool_from_being_made(
    sorter: Sorter, library: ToolLibrary, sandbox: Sandbox
) -> None:
    latm, requests = loop(sorter, library, sandbox), requests_of(1)[:6]
    repeated = [each for request in requests for each in (request, f"{request} zuzuzu", request.replace(": ", ":  "))]
    answers = [latm.invoke(request) for request in repeated]
    made = [i for i, answer in enumerate(answers) if answer.tool_made]
    assert made == [15]  # the sixth that is no repetition
    assert all(answer.tool_use for answer in answers[16:])


def test_repetitions_alone_make_no_tool(sorter: Sorter, library: ToolLibrary, sandbox: Sandbox) -> None:
    latm = loop(sorter, library, sandbox)
    for extra in ("", ".", "!", " kiwi", "  lime", " date", " fig", " plum"):
        latm.invoke(f"Sort these words: pear apple{extra}")
    assert sorter.makings == 0
