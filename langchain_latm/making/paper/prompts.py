"""Prompts of the paper's own method of making a tool."""

from __future__ import annotations

from langchain_core.prompts import ChatPromptTemplate

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
"""The paper's tool proposing: the first message of the conversation. Variables: `demonstrations`."""


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
"""The paper's tool verification: the next message of the conversation. Variables: `samples`."""


PAPER_FAILED = ChatPromptTemplate([("human", "{what} ended in this error: {error}\nCorrect it and try again.")])
"""The reply to code that raised an error, in both stages. Variables: `what`, `error`."""


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
"""The paper's tool wrapping: the last message of the conversation. No variables."""
