"""The order in which the maker is asked for ways."""

from __future__ import annotations

import pytest

from langchain_latm.making.ways import ways
from langchain_latm.types import Example, Task


def parameters_of(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Return the parameters of each way; the first half of the examples is shown."""
    examples = [Example(question=question, answer=answer) for question, answer in pairs]
    half = len(examples) // 2
    task = Task(name="kind", demonstrations=examples[:half], validation=examples[half:])
    return [way.view.annotations for way in ways(task)]


ENGLISH = [
    ("12 lamps for 3 rooms: ?", "4 lamps"),
    ("20 eggs over 5 nests: ?", "4 eggs"),
    ("18 keys among 6 doors: ?", "3 keys"),
    ("9 cups per 3 trays: ?", "3 cups"),
]
GERMAN = [
    ("12 Lampen in 3 Räumen: ?", "4 Lampen"),
    ("20 Eier auf 5 Nester: ?", "4 Eier"),
    ("18 Schlüssel zu 6 Türen: ?", "3 Schlüssel"),
    ("9 Tassen je 3 Tablett: ?", "3 Tassen"),
]


@pytest.mark.parametrize("pairs", [ENGLISH, GERMAN])
def test_words_shared_by_answers_and_questions_come_before_bare_numbers(pairs: list[tuple[str, str]]) -> None:
    assert parameters_of(pairs)[0] == {"question": "str"}
    bare = [(question, answer.split()[0]) for question, answer in pairs]
    assert parameters_of(bare)[0] == {"numbers": "list[int]"}


def test_a_word_in_few_answers_changes_nothing() -> None:
    pairs = [(question, answer.split()[0]) for question, answer in ENGLISH]
    pairs[0] = ("12 lamps for 3 rooms: ?", "4 lamps")
    assert {"numbers": "list[int]"} in parameters_of(pairs)[:1]


def test_a_word_in_all_questions_is_not_an_argument() -> None:
    pairs = [(question.replace(":", " in lamps:"), f"{answer.split()[0]} lamps") for question, answer in ENGLISH]
    assert parameters_of(pairs)[0] == {"numbers": "list[int]"}


def test_words_come_first_if_questions_differ_in_their_count_of_numbers() -> None:
    pairs = [
        ("From 3 May to 9 June: ?", "37"),
        ("From 2020-01-01 till 5 March 2020: ?", "64"),
        ("3 June and 4 July: ?", "31"),
        ("Between 1 April and 2 April 2021: ?", "1"),
    ]
    assert parameters_of(pairs)[0] == {"question": "str"}
