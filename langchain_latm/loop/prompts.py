"""The prompt of the strong model where no tool fits."""

from __future__ import annotations

from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

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
