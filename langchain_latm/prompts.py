"""What the models are told: the templates, and how examples are written into them.

Which values go in is decided where a template is used.

The worked request of `PROPOSING` is of no kind that anyone asks for; it shows the form. Without it a small model
leaves out annotations and docstrings, and with an ordinary separator it copies that one (seen on Qwen2.5-Coder-1.5B).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

from langchain_latm.types import Example, WorkedExample

_PROPOSING: list[Any] = [
    SystemMessage(
        """\
You write one Python function that answers a whole kind of question: not only the examples, but every later question \
of the same kind.

- One top-level function. Its parameters are what changes from question to question; annotate each with int, float, \
str, bool, list[...] or dict[str, ...], and the result with -> str.
- Docstring: what it computes, then "Args:" with a line per parameter saying which part of the question it is.
- It returns the answer, written exactly as the examples write it.
- It computes the answer: no answer or number of an example stands in the code.
- Standard library only. No input, print or files.

Reply with one ```python block and nothing else."""
    ),
    HumanMessage(
        """\
Question: Ann has these coins: 20, 50, 5 and 10 cents. Which coins are worth more than 8 cents? Largest first.
Answer: 50 > 20 > 10

Question: Tom has these coins: 1, 2, 10 and 5 cents. Which coins are worth more than 1 cents? Largest first.
Answer: 10 > 5 > 2

Write the function."""
    ),
    AIMessage(
        '''\
```python
def coins_above(coins: list[int], minimum: int) -> str:
    """List the coins worth more than a minimum, largest first.

    Args:
        coins: The values of all coins in the question, in cents.
        minimum: The number of cents that a coin must exceed.
    """
    above = [coin for coin in coins if coin > minimum]
    above.sort(reverse=True)
    return " > ".join(str(coin) for coin in above)
```'''
    ),
    ("human", "{kind}{demonstrations}\n\nWrite the function."),
]

PROPOSING = ChatPromptTemplate(_PROPOSING)
"""Programming by example. Variables: `kind` (a sentence or nothing), `demonstrations`."""

REPAIRING = ChatPromptTemplate(
    [
        *_PROPOSING,
        ("ai", "{reply}"),
        ("human", "{feedback}\n\nWrite the whole function again, corrected, in one ```python block."),
    ]
)
"""A further try after one that failed. Variables: those of `PROPOSING`, `reply`, `feedback`."""

_FILLING_BEGIN: list[Any] = [
    SystemMessage(
        """\
You write one Python function that answers a whole kind of question: not only the examples, but every later question \
of the same kind. The arguments are already read off the question: write the computation from them to the answer.

- Use the signature that is given, with a docstring of one line. Import what you need.
- It returns the answer, exactly as the examples have it.
- It computes the answer: no answer of an example stands in the code.
- Standard library only. No input, print or files.

Reply with one ```python block and nothing else."""
    ),
    HumanMessage(
        """\
Question: Ann has these coins: 20, 50, 5 and 10 cents. Which coins are worth more than 8 cents? Largest first.
Arguments: coins=[20, 50, 5, 10], minimum=8
Answer: [50, 20, 10]

Question: Tom has these coins: 1, 2, 10 and 5 cents. Which coins are worth more than 1 cents? Largest first.
Arguments: coins=[1, 2, 10, 5], minimum=1
Answer: [10, 5, 2]

Write: def coins_above(coins: list[int], minimum: int) -> list[int]"""
    ),
    AIMessage(
        '''\
```python
def coins_above(coins: list[int], minimum: int) -> list[int]:
    """List the coins worth more than a minimum, largest first."""
    above = [coin for coin in coins if coin > minimum]
    above.sort(reverse=True)
    return above
```'''
    ),
]
_FILLING: list[Any] = [*_FILLING_BEGIN, ("human", "{kind}{demonstrations}\n\nWrite: {signature}")]

FILLING = ChatPromptTemplate(_FILLING)
"""A function between known arguments and answers. Variables: `kind` (a sentence or nothing), `demonstrations`,
`signature`."""

FILLING_BY_HAND = ChatPromptTemplate(
    [
        *_FILLING_BEGIN,
        (
            "human",
            """\
{kind}{demonstrations}

Begin the function with comments: work through the first example by hand, step by step, from the arguments to its \
answer. Then write the code that does these steps.

Write: {signature}""",
        ),
    ]
)
"""The same, with an example worked through first: another way of thinking finds what the first one does not. What it
has in common with `FILLING` comes first, so that a model's cache of prompts holds it."""

FILLING_AGAIN = ChatPromptTemplate(
    [
        *_FILLING,
        ("ai", "{reply}"),
        ("human", "{feedback}\n\nWrite the whole function again, corrected, in one ```python block."),
    ]
)
"""A further try after one that failed. Variables: those of `FILLING`, `reply`, `feedback`."""

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
"""Stands for the worked examples of a function that has none yet."""

READING = ChatPromptTemplate(_READING)
"""Arguments for a tool. Variables: `signature`, `worked_examples` (or `UNWORKED`), `question`."""

READING_AGAIN = ChatPromptTemplate([*_READING, ("ai", "{reply}"), ("human", "{error}\nArguments, corrected:")])
"""A further try after arguments that were wrong. Variables: those of `READING`, `reply`, `error`."""

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
"Answer:", and after it the answer alone, in the form that was asked for.{demonstrations}""",
        ),
        MessagesPlaceholder("conversation"),
    ]
)
"""The strong model's answer where no tool fits. Variables: `demonstrations` (or nothing), `conversation`."""

SOLVED_BEFORE = """

Answers to requests of this kind are written like these:

{examples}"""
"""The demonstrations of `SOLVING`, where there are some."""

DISPATCHING = ChatPromptTemplate(
    [
        (
            "system",
            """\
Below are tools, each with requests that it answers. Decide which of them can answer the last request: one that asks \
for the same kind of computation, whatever the words, names and numbers in it.

{tools}

Reply with the number of that tool alone, or with 0 when the last request asks for anything else.""",
        ),
        ("human", "Request: {request}\nNumber:"),
    ]
)
"""Which tool a request is for. Variables: `tools` (numbered from 1), `request`."""


THINKING = ChatPromptTemplate(
    [
        (
            "system",
            """\
Answer the question. Think step by step first. Then write a last line that begins with "Answer:", and after it the \
answer alone, written exactly as in these examples.

{demonstrations}""",
        ),
        ("human", "Question: {question}\nThink step by step:"),
    ]
)
"""A baseline of the benchmarks: chain of thought. Variables: `demonstrations`, `question`."""

PROGRAMMING = ChatPromptTemplate(
    [
        (
            "system",
            """\
You write one Python program that answers one question: a function solve() without parameters that computes the \
answer and returns it as text, written exactly as in these examples. Standard library only. Reply with one ```python \
block and nothing else.

{demonstrations}""",
        ),
        (
            "human",
            """\
Question: Ann has these coins: 20, 50, 5 and 10 cents. Which coins are worth more than 8 cents? Largest first, with > \
between them.

Write the program.""",
        ),
        (
            "ai",
            """\
```python
def solve() -> str:
    coins = [20, 50, 5, 10]
    above = sorted((coin for coin in coins if coin > 8), reverse=True)
    return " > ".join(str(coin) for coin in above)
```""",
        ),
        ("human", "Question: {question}\n\nWrite the program."),
    ]
)
"""A baseline of the benchmarks: a program for each request. Variables: `demonstrations`, `question`."""

PAPER_PROPOSING = ChatPromptTemplate(
    [
        (
            "human",
            """\
{demonstrations}

Write a Python function that solves every problem of this kind, with the standard library of Python alone. It may \
return something else than the answer, as long as the answer (the option, where there are options to choose from) can \
be made of it afterwards. Put all of the code between
```python
```""",
        )
    ]
)
"""The paper's tool proposing: the first message of a conversation that goes on. Variables: `demonstrations`."""

PAPER_TESTING = ChatPromptTemplate(
    [
        (
            "human",
            """\
{samples}

Now write unit tests that show whether the function is right on these questions. The form of each test:
```python
<the arguments of the function, parsed from the question>
<the call of the function; its value goes into a variable `ret`>
<where there are options to choose from: the options, parsed>
<`ret` is made into the answer (where there are options: into the option), which goes into a variable `ans`>
<assert that `ans` equals the answer above (where there are options: the option)>
```""",
        )
    ]
)
"""The paper's tool verification: the next message of that conversation. Variables: `samples`."""

PAPER_FAILED = ChatPromptTemplate([("human", "{what} ended in this error: {error}\nCorrect it and try again.")])
"""What goes back after code that raised, in both stages. Variables: `what`, `error`."""

PAPER_WRAPPING = ChatPromptTemplate(
    [
        (
            "human",
            """\
All tests passed: the function is right. Now sum up the function and how it is used, for later readers. Take both from \
what was written above, and keep to this form:

Here is a function for a whole class of problems:
```python
<the function, with the imports it needs>
```

Use cases:
Question: <the question, with its options>
Solution:
```python
<the arguments of the function, parsed from the question>
<the call of the function; its value goes into a variable `ret`>
<where there are options to choose from: the options, parsed>
<`ret` is made into the answer (where there are options: into the option), which goes into a variable `ans`>
```

Write a use case for each question that was tested.""",
        )
    ]
)
"""The paper's tool wrapping: the last message of that conversation. No variables."""


def examples_text(examples: Sequence[Example]) -> str:
    """Write solved examples for a prompt."""
    return "\n\n".join(f"Question: {example.question}\nAnswer: {example.answer}" for example in examples)


def worked_examples_text(examples: Sequence[WorkedExample]) -> str:
    """Write questions with their arguments for a prompt."""
    return "\n\n".join(
        f"Question: {example.question}\nArguments: {json.dumps(example.arguments, ensure_ascii=False)}"
        for example in examples
    )
