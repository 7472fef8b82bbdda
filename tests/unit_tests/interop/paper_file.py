"""A small file in the form of the LATM paper's authors, made up here."""

from __future__ import annotations

from typing import Any

FUNCTION = '''\
import re

def best(items, rules):
    """Find the first item that fits."""
    text = "\\\\ \\"\\"\\" '"
    return next(i for i, item in enumerate(items) if all(rule(item) for rule in rules)) + 1
'''
QUESTIONS = {
    "Which word is longer than three letters?\nOptions:\n(A) fig\n(B) plum\n(C) date": "(B)",
    "Which word begins with d?\nOptions:\n(A) fig\n(B) plum\n(C) date": "(C)",
}
SNIPPETS = [
    'items = ["fig", "plum", "date"]\nret = best(items, [lambda item: len(item) > 3])\nans = ret',
    'words = ["fig", "plum", "date"]\nret2 = best(words, [lambda word: word.startswith("d")])\nans2 = "ABC"[ret2 - 1]',
]


def paper_messages(
    function: str = FUNCTION, snippets: list[str] | None = None, answers: dict[str, str] | None = None
) -> list[Any]:
    """The conversation: asked, a failure, made, verified, wrapped up."""
    pairs = (answers or QUESTIONS).items()
    asked = "\n\n".join(f"Question: {question}\nAnswer: {answer}" for question, answer in pairs)
    cases = "\n\n".join(
        f"Question: {question.replace(chr(10) + 'Options', '. Options')}\n\nSolution:\n```python\n{snippet}\n```"
        for question, snippet in zip(QUESTIONS, snippets or SNIPPETS, strict=True)
    )
    return [
        {
            "role": "user",
            "content": "Question: Which is shorter? Options: a, bb\nAnswer: (A)\n\nPlease write a function.",
        },
        {"role": "assistant", "content": "```python\ndef best(): ...\n```"},
        {"role": "user", "content": "Failed to execute the function due to the error: TypeError. Please fix it."},
        {"role": "assistant", "content": f"```python\n{function}```"},
        {"role": "user", "content": f"{asked}\n\nWrite unit tests."},
        {"role": "assistant", "content": "```python\nassert True\n```"},
        {"role": "user", "content": "Success! Use cases:\nQuestion: {question (including options)}\nSolution:\n"},
        {"role": "assistant", "content": f"Here it is:\n\n```python\n{function}```\n\nUse cases:\n\n{cases}"},
    ]
