"""The result of comparing proven functions on requests whose answers are not known."""

from __future__ import annotations

from typing import Literal

from pydantic import NonNegativeInt, PositiveInt

from langchain_latm.types.base import Value


class Difference(Value):
    """A request on which proven functions differ.

    Attributes:
        question: The request.
        answers: The answer of each function, the tool's first; None for a function that fails there.
        decided_by: Who decided: a person, or a model. None if it is open.
        answer: The right answer, as decided. None if it is open, or if a person said that no such request occurs.
    """

    question: str
    answers: tuple[str | None, ...]
    decided_by: Literal["person", "model"] | None = None
    answer: str | None = None


class Comparison(Value):
    """Runs of several proven functions on fresh requests: those that wait, and mutations of the examples.

    Attributes:
        functions: How many different functions were compared, the tool's own included.
        inputs: How many requests they ran on.
        agreed: On how many of these all gave the same answer, or all failed.
        differences: Some of the requests on which they differ, and all that were decided.
        refuses: Whether the tool fails on requests on which they differ, instead of answering them.
    """

    functions: PositiveInt
    inputs: NonNegativeInt
    agreed: NonNegativeInt
    differences: tuple[Difference, ...] = ()
    refuses: bool = False
