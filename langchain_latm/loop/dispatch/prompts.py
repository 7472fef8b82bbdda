"""The prompt of the dispatcher."""

from __future__ import annotations

from langchain_core.prompts import ChatPromptTemplate

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
