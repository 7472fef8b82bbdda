"""Prompts of the tool maker.

The worked request of `PROPOSING` shows the form of a reply, on an unrelated kind. Without it, a small model leaves out
annotations and docstrings; with an ordinary separator in it, the model copies that separator (seen on
Qwen2.5-Coder-1.5B).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate

from langchain_latm.types import Package, declared

_STANDARD_ONLY: Final = "Standard library only."

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


CORRECTING = ChatPromptTemplate(
    [
        *_PROPOSING,
        ("ai", "{reply}"),
        ("human", "{feedback}\n\nWrite the whole function again, corrected, in one ```python block."),
    ]
)
"""A correction of a failed candidate. Variables: those of `PROPOSING`, `reply`, `feedback`."""


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


_FILLING_ROWS_BEGIN: list[Any] = [
    SystemMessage(
        """\
You write one Python function that computes a value for each row of a table: not only for the examples, but for every \
later row. The arguments are the cells of the row.

- Use the signature that is given, with a docstring of one line. Import what you need.
- It returns the answer, exactly as the examples have it, and of the same type.
- It computes the answer: no answer of an example stands in the code.
- Standard library only. No input, print or files.

Reply with one ```python block and nothing else."""
    ),
    HumanMessage(
        """\
Arguments: coins=[20, 50, 5, 10], minimum=8
Answer: [50, 20, 10]

Arguments: coins=[1, 2, 10, 5], minimum=1
Answer: [10, 5, 2]

Write: def coins_above(coins: list[int], minimum: int) -> list[int]"""
    ),
    _FILLING_BEGIN[-1],
]

_COMPLETING: Any = SystemMessage(
    """\
You complete Python functions. Reply with one ```python block that holds the whole function with its imports, and \
nothing else. Its docstring has one line that says what the function computes.

- It computes the result, for every later call too: no result of an example stands in the code.
- Standard library only. No input, print or files."""
)

SHOWN_QUESTION: Final = "It answers questions such as:"
SHOWN_VALUES: Final = "In other calls:"
"""Labels in `COMPLETING`, before a question and before values of parameters."""

_FILL: Any = ("human", "{kind}{demonstrations}\n\nWrite: {signature}")
_BY_HAND: Any = (
    "human",
    """\
{kind}{demonstrations}

Begin the function with comments: work through the first example by hand, step by step, from the arguments to its \
answer. Then write the code that does these steps.

Write: {signature}""",
)
_CORRECTED: list[Any] = [
    ("ai", "{reply}"),
    ("human", "{feedback}\n\nWrite the whole function again, corrected, in one ```python block."),
]


FILLING_BY_HAND = ChatPromptTemplate([*_FILLING_BEGIN, _BY_HAND])
"""A function between known arguments and answers, with an example worked through first. Variables: `kind` (a sentence
or nothing), `demonstrations`, `signature`."""


COMPLETING = ChatPromptTemplate(
    [_COMPLETING, ("human", "{calls}\n\nComplete this function:\n\n```python\n{signature}:\n```{helpers}")]
)
"""The same with the examples as calls with their values, as in doctests, the form on which code models are trained and
measured (HumanEval, arXiv 2107.03374). They stand before the function: a small model copies a docstring that holds
them. Variables: `calls`, `signature`, `helpers`. The two prompts find different solutions (Qwen2.5-Coder-1.5B)."""


FILLING_AGAIN = ChatPromptTemplate([*_FILLING_BEGIN, _FILL, *_CORRECTED])
"""A correction of a failed candidate. Variables: those of `FILLING_BY_HAND`, `reply`, `feedback`."""


FILLING_ROWS_BY_HAND = ChatPromptTemplate([*_FILLING_ROWS_BEGIN, _BY_HAND])
"""A function for a task whose examples have inputs instead of questions, with an example worked through first.
Variables: those of `FILLING_BY_HAND`."""


FILLING_ROWS_AGAIN = ChatPromptTemplate([*_FILLING_ROWS_BEGIN, _FILL, *_CORRECTED])
"""A correction of a failed candidate of such a task. Variables: those of `FILLING_AGAIN`."""


def with_packages(prompt: ChatPromptTemplate, packages: Sequence[Package]) -> ChatPromptTemplate:
    """Return a prompt that says which packages may be imported besides the standard library."""
    named = [f"{', '.join(package.imports)} ({package.name} {package.version})" for package in declared(packages)]
    if not named:
        return prompt
    system, *others = prompt.messages
    assert isinstance(system, SystemMessage)  # noqa: S101 - for the type checker
    allowed = f"Import only the standard library and {', '.join(named)}."
    return ChatPromptTemplate([SystemMessage(system.text.replace(_STANDARD_ONLY, allowed)), *others])
