"""Prompts for reading arguments, and for answering without a tool."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

from langchain_latm.types import Example, WorkedExample

_READING = [
    (
        "system",
        """\
Read the arguments of a function off the question: the part of the question that each parameter stands for, without \
the words around it. Copy names, words and numbers as they stand there, all of them, in the same order. Do not answer \
the question. Reply with the arguments as one JSON object.

{signature}

{worked_examples}""",
    ),
    ("human", "Question: {question}\nArguments:"),
]


UNWORKED = """\
For example, for `def coins_above(coins: list[str], minimum: int) -> str`:

Question: Which of these coins are worth more than 8 cents? Coins: penny nickel quarter dime
Arguments: {"coins": ["penny", "nickel", "quarter", "dime"], "minimum": 8}"""
"""Used instead of worked examples for a function that has none yet."""


READING = ChatPromptTemplate(_READING)
"""Arguments for a tool. Variables: `signature`, `worked_examples` (or `UNWORKED`), `question`."""


READING_AGAIN = ChatPromptTemplate([*_READING, ("ai", "{reply}"), ("human", "{error}\nArguments, corrected:")])
"""Another try after wrong arguments. Variables: those of `READING`, `reply`, `error`."""


ANSWERING = ChatPromptTemplate(
    [
        (
            "system",
            """\
Answer the question. Reply with the answer alone, written exactly as in these examples.

{demonstrations}""",
        ),
        ("human", "Question: {question}\nAnswer:"),
    ]
)
"""The model's own answer, without a tool. Variables: `demonstrations`, `question`."""


SOLVING = ChatPromptTemplate(
    [
        (
            "system",
            """\
Do what is asked last. Work it out first, as far as it needs working out. Then write a line that begins with \
"Answer:", and after it the answer alone, in the form that was asked for.""",
        ),
        MessagesPlaceholder("conversation"),
    ]
)
"""The answer of the strong model, worked out. Variable: `conversation`."""


FORM_ASKED: Final = "In what form are requests like the next one answered? I know only how answers are written."
FORM_TOLD: Final = """\
In forms like these, where abc stands for any word and 9 for any digit:

{outlines}"""
"""A question and its answer before the request, where answers to requests of its kind are known."""


def examples_text(examples: Sequence[Example]) -> str:
    """Write solved examples for a prompt."""
    return "\n\n".join(f"Question: {example.question}\nAnswer: {example.answer}" for example in examples)


def worked_examples_text(examples: Sequence[WorkedExample]) -> str:
    """Write questions with their arguments for a prompt."""
    return "\n\n".join(
        f"Question: {example.question}\nArguments: {json.dumps(example.arguments, ensure_ascii=False)}"
        for example in examples
    )
