"""Decides whether the words of a template distinguish requests of its kind from others."""

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
"""Requests of other kinds. A parser that reads one of them would read any request."""
_FEWEST_WORDS: Final = 2
"""Minimum number of words among the literals: fewer would admit requests of other kinds."""
PROSE: Final = 5
"""Number of words that stands for free text of any length. In 375 draws of 6 examples of everyday intents (CLINC150),
the longest wording that all of them share, with free text before it, has 3 words."""


def identifies_kind(template: Template, questions: Sequence[str]) -> bool:
    """Whether a template has enough words, and fits no request of another kind."""
    foreign = set(FOREIGN) - set(questions)
    return distinctive_words(template) >= _FEWEST_WORDS and all(gaps_in(template, each) is None for each in foreign)


def is_distinctive(template: Template, free: Sequence[int]) -> bool:
    """Whether the words of a parser alone identify requests of a kind.

    Free text between or after fixed words is data. Free text at the beginning may say what is asked, as "cancel" does
    in "cancel my reservation for Ann". Then there must be as many fixed words, and some at the end.

    One request of `FOREIGN` may fit, since it may be of this kind.

    Args:
        template: The literals of the parser.
        free: For each gap, the number of words of free text that it takes; 0 if it takes values or known texts.
    """
    enough = distinctive_words(template) >= max(_FEWEST_WORDS, 0 if words(template[0]) else free[0])
    if not enough or _is_open(template, free):
        return False
    return sum(gaps_in(template, each) is not None for each in FOREIGN) <= 1


def is_mostly_fixed(template: Template, free: Sequence[int]) -> bool:
    """Whether a request of a kind has at least one fixed word, and as many fixed words as words of free text.

    Such wording may be too little to find the tool for a request. If a tool was found by likeness, it confirms that the
    request is of its kind.

    Args:
        template: As for `is_distinctive`.
        free: Likewise.
    """
    return any(map(words, template)) and distinctive_words(template) >= sum(free) and not _is_open(template, free)


def _is_open(template: Template, free: Sequence[int]) -> bool:
    """Whether requests begin and end with free text, so that it may say what is asked."""
    return bool(free[0] and free[-1]) and not words(template[0]) and not words(template[-1])


def distinctive_words(template: Template) -> int:
    """Count the words of three letters and more in literals; in unspaced scripts, three characters count as a word."""
    return sum(len(word) // 3 if is_unspaced(word) else 1 for literal in template for word in words(literal, 3))
