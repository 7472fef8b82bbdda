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
PROSE: Final = 5
"""Words for which a free text of any length counts. In 375 draws of 6 examples of everyday intents (CLINC150), the
longest wording that all of them share, with free text before it, has 3 words."""


def tells_kind(template: Template, questions: Sequence[str]) -> bool:
    """Whether a template has words enough, and fits no request of another kind."""
    foreign = set(FOREIGN) - set(questions)
    return telling_words(template) >= _LEAST_TELLING and all(gaps_in(template, each) is None for each in foreign)


def is_telling(template: Template, free: Sequence[int]) -> bool:
    """Whether a request of a kind can be known by the words of a parser alone.

    Free text between fixed words, or behind them, is data. Free text that begins a request may say what is asked, as
    "cancel" does in "cancel my reservation for Ann". Then there must be as many fixed words, and some at the end.

    Without the kind's questions at hand, one foreign request may be of the kind itself.

    Args:
        template: The literals of the parser.
        free: For each gap, the number of words of the free text that it takes; 0 if it takes values, or known texts.
    """
    enough = telling_words(template) >= max(_LEAST_TELLING, 0 if words(template[0]) else free[0])
    if not enough or _is_open(template, free):
        return False
    return sum(gaps_in(template, each) is not None for each in FOREIGN) <= 1


def is_mostly_fixed(template: Template, free: Sequence[int]) -> bool:
    """Whether a request of a kind has at least one fixed word, and as many as its free text has words.

    Such wording may be too little to find a request's tool by. If a tool was found by likeness, it shows whether the
    request has all of it.

    Args:
        template: As for `is_telling`.
        free: Likewise.
    """
    return any(map(words, template)) and telling_words(template) >= sum(free) and not _is_open(template, free)


def _is_open(template: Template, free: Sequence[int]) -> bool:
    """Whether requests begin and end with free text, which may say what is asked."""
    return bool(free[0] and free[-1]) and not words(template[0]) and not words(template[-1])


def telling_words(template: Template) -> int:
    """Count the words of three letters and more among literals; without spaces, each three characters are a word."""
    return sum(len(word) // 3 if is_unspaced(word) else 1 for literal in template for word in words(literal, 3))
