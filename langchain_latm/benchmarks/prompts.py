"""Prompts of the baselines."""

from __future__ import annotations

from langchain_core.prompts import ChatPromptTemplate

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
