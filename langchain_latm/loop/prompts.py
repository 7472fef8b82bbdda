"""The prompts of the judging model."""

from __future__ import annotations

from langchain_core.prompts import ChatPromptTemplate

JUDGING = ChatPromptTemplate(
    [
        (
            "system",
            """\
You compare two requests. A program answers the first one. It may answer the second one only if that asks for the same \
computation and differs in nothing but the data. If anything else was added, left out, negated or changed, such as a \
condition, a number that is no data, a unit, an order, a precision or the form of the answer, it asks for something \
else. Politeness, spelling and other words for the same are no change.

Reply with one word: "yes" if both ask for the same computation, otherwise "no".""",
        ),
        (
            "human",
            """\
First request: {example}

Second request: {request}

Words of the second that differ from what all such requests have in common:
{changes}

Same computation, yes or no?""",
        ),
    ]
)
"""Whether a reworded request asks for what a tool computes. Variables: `example`, `request`, `changes`."""


NO_CHANGES = "- none; its data holds what no example has, or is written in another form"
"""Used for `changes` if there are none."""
