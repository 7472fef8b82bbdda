"""Whether the words of a template tell requests of its kind from others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from langchain_latm.text.lexing.words import is_unspaced, words
from langchain_latm.text.reading.gaps import Template, gaps_in

FOREIGN: Final = (
    "What is the capital of France?",
    "Write a short poem about the sea.",
    "Please summarize the following text: The meeting was moved to Monday, since three of us were ill.",
    "How many days are there between 2024-01-01 and 2024-03-01?",
    "Translate into German: I would like a cup of coffee, please.",
    "Is the following sentence true or false? The moon is larger than the sun.",
    "Find all prime numbers between 10 and 50.",
    "Given the list [3, 1, 2], return the largest element.",
    "You have 5 apples and give 2 to Tom. How many apples do you have left?",
    "Which of these is a fruit?\nOptions:\n(A) carrot\n(B) apple\n(C) potato",
    "Fix this code: print('hello'",
    "Thank you!",
)
"""Requests of other kinds. A parser that reads one of them would read anything."""
_LEAST_TELLING: Final = 2
"""Words among the literals that a request is known by: fewer would let foreign requests in."""


def tells_kind(template: Template, questions: Sequence[str]) -> bool:
    """Whether a template has words enough, and fits no request of another kind."""
    foreign = set(FOREIGN) - set(questions)
    return telling_words(template) >= _LEAST_TELLING and all(gaps_in(template, each) is None for each in foreign)


def is_telling(template: Template) -> bool:
    """Whether a request of a kind can be known by the words of a parser alone.

    Without the kind's questions at hand, one foreign request may be of the kind itself.
    """
    return (
        telling_words(template) >= _LEAST_TELLING and sum(gaps_in(template, each) is not None for each in FOREIGN) <= 1
    )


def telling_words(template: Template) -> int:
    """Count the words of three letters and more among literals; without spaces, each three characters are a word."""
    return sum(len(word) // 3 if is_unspaced(word) else 1 for literal in template for word in words(literal, 3))
