"""A task: one kind of request, given by solved examples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.types.base import MAX_QUESTION_CHARACTERS, ToolName, Value
from langchain_latm.types.messages import shorten

LEAST_TOLD = 4
"""Fewest solved examples with which a user or an agent may ask for a tool: at least two of them are then the proof."""

_MAX_SHOWN = 3

_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]


class Example(Value):
    """A question with its known answer.

    Attributes:
        question: The request, as it will be put.
        answer: In the form that later answers shall have.
    """

    # The docstring is part of the JSON schema that MCP clients get, and so of what their models read.

    question: _Text
    answer: _Text


class Task(Value):
    """One kind of request, given by solved examples.

    Attributes:
        name: Name of the tool. The maker sees it: from a descriptive name a model may know the computation.
        demonstrations: Examples that the maker sees.
        validation: Examples that the maker never sees: the tool must solve them too.
        further: More examples that the maker never sees. A tool that is right on the validation is tried on them too:
            on all that its parser can read or, where a model reads the arguments, on as many as the proof needs.
        requests: Requests of this kind without a known answer. Two different functions that are right on the examples
            are compared on them, and on mutations of the examples.
        description: One sentence about the kind of request, if the examples alone do not define it.
        check: How a tool's value is compared with an answer: `"exact"` (default), `"text"` (ignores case and white
            space), `"numeric"` (within a tolerance) or a function `(value, answer) -> bool`.

    Raises:
        pydantic.ValidationError: A question occurs twice, or has two answers.
    """

    name: ToolName
    demonstrations: Annotated[tuple[Example, ...], Field(min_length=1)]
    validation: Annotated[tuple[Example, ...], Field(min_length=1)]
    further: tuple[Example, ...] = ()
    requests: tuple[_Text, ...] = ()
    description: str | None = None
    check: AnswerCheck = ExactCheck()

    @property
    def examples(self) -> tuple[Example, ...]:
        """All of them."""
        return (*self.demonstrations, *self.validation, *self.further)

    @classmethod
    def of_examples(
        cls,
        name: str,
        description: str,
        examples: Sequence[Example],
        *,
        check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
    ) -> Self:
        """Split examples into a task: the first ones, at most three, are shown; at least half are the proof.

        Raises:
            pydantic.ValidationError: As for `Task`, or there are fewer than two examples.
        """
        shown = min(_MAX_SHOWN, len(examples) // 2)
        return cls(
            name=name,
            description=description,
            demonstrations=tuple(examples[:shown]),
            validation=tuple(examples[shown:]),
            check=check,
        )

    @model_validator(mode="after")
    def _check_questions_differ(self) -> Self:
        seen: dict[str, Example] = {}
        for example in self.examples:
            if (first := seen.get(example.question.strip())) is not None:
                twice = "occurs twice" if first.answer.strip() == example.answer.strip() else "has two answers"
                raise ValueError(
                    f"a question {twice}: {shorten(example.question)!r}. All demonstrations and validation examples "
                    "must have different questions, or the proof would prove nothing"
                )
            seen[example.question.strip()] = example
        return self
