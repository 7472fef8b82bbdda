"""A task: one kind of request, given by solved examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Self

from pydantic import (
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    StringConstraints,
    field_validator,
    model_serializer,
    model_validator,
)

from langchain_latm.text.answer_check import AnswerCheck, ExactCheck
from langchain_latm.text.json_values import json_key, same_json
from langchain_latm.types.base import MAX_QUESTION_CHARACTERS, ToolName, Value
from langchain_latm.types.messages import shorten

MIN_GIVEN_EXAMPLES = 4
"""Fewest solved examples for a tool that a user or an agent asks for; at least two of them are the proof."""

_MAX_SHOWN = 3

_Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARACTERS)]
Inputs = dict[str, JsonValue]
"""The named inputs of a typed task, such as the cells of a row by the names of their columns."""


class Example(Value):
    """A solved example: a question, or named inputs, with the known answer.

    Attributes:
        question: The request, worded as later ones will be; empty if there are inputs.
        inputs: The values that the function gets, by name: any text, such as the name of a column.
        answer: In the form that later answers should have. With a question it is text; with inputs any JSON value but
            null, which stands for a row without an answer. `""` is a cell that stays blank.

    Raises:
        pydantic.ValidationError: There are both or neither of question and inputs, or a part of it is not a JSON value,
            too long, or not encodable as UTF-8.

    Example:
        ```python
        from langchain_latm import Example

        Example(question="Sort these words: pear fig", answer="fig pear")
        Example(inputs={"First name": "Ada", "born": 1815}, answer="ada1815")
        ```
    """

    question: Annotated[str, StringConstraints(max_length=MAX_QUESTION_CHARACTERS)] = ""
    inputs: Inputs | None = None
    answer: Any

    @model_validator(mode="after")
    def _check_parts(self) -> Self:
        if self.inputs is None:
            if not self.question:
                raise ValueError("an example needs a question that is not empty, or inputs")
            if not isinstance(self.answer, str) or len(self.answer) > MAX_QUESTION_CHARACTERS:
                raise ValueError(
                    f"answer: the answer to a question is a text of at most {MAX_QUESTION_CHARACTERS:,} characters"
                )
            return self
        if self.question:
            raise ValueError("an example has a question or inputs, not both")
        if self.answer is None:
            raise ValueError('answer: null stands for a row without an answer; write "" for a cell that stays blank')
        check_inputs(self.inputs)
        _check_json("answer", self.answer)
        return self

    @model_serializer(mode="wrap")
    def _either(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Dump the question or the inputs, whichever it has."""
        left_out = "inputs" if self.inputs is None else "question"
        return {name: value for name, value in dump(self).items() if name != left_out}

    @property
    def text(self) -> str:
        """The question, or the inputs as JSON: what stands for the example in reports."""
        return self.question if self.inputs is None else inputs_text(self.inputs)


class Task(Value):
    """One kind of request, given by solved examples.

    A *typed* task has examples with inputs. Their names are the same in all of them, and become the parameters of the
    function; answers are compared as JSON values.

    Attributes:
        name: Name of the tool. The maker sees it: from a descriptive name a model may know the computation.
        demonstrations: Examples that the maker sees.
        validation: Examples that the maker never sees: the tool must solve them too.
        further: More examples that the maker never sees. A tool that is right on the validation is tried on them too:
            on all that its parser can read or, where a model reads the arguments, on as many as the proof needs.
        requests: Requests of this kind without a known answer. Two different functions that are right on the examples
            are compared on them, and on mutations of the examples.
        rows: The same for a typed task: inputs without a known answer.
        description: One sentence about the kind of request, if the examples alone do not define it.
        check: How a tool's value is compared with an answer: `"exact"` (default), `"text"` (ignores case and white
            space), `"numeric"` (within a tolerance), `"numeric:0.01"`, or a function `(value, answer) -> bool`.

    Raises:
        pydantic.ValidationError: A question or a row occurs twice, or has two answers; or the examples differ in the
            names of their inputs.
    """

    name: ToolName
    demonstrations: Annotated[tuple[Example, ...], Field(min_length=1)]
    validation: Annotated[tuple[Example, ...], Field(min_length=1)]
    further: tuple[Example, ...] = ()
    requests: tuple[_Text, ...] = ()
    rows: tuple[Inputs, ...] = ()
    description: str | None = None
    check: AnswerCheck = ExactCheck()

    @property
    def examples(self) -> tuple[Example, ...]:
        """All of them."""
        return (*self.demonstrations, *self.validation, *self.further)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of the first example; none if the task is not typed."""
        return tuple(self.demonstrations[0].inputs or ())

    @property
    def typed(self) -> bool:
        """Whether its examples have inputs."""
        return self.demonstrations[0].inputs is not None

    @classmethod
    def of_examples(
        cls,
        name: str,
        description: str,
        examples: Sequence[Example],
        *,
        check: AnswerCheck | str = ExactCheck(),  # noqa: B008 - frozen
    ) -> Self:
        """Split examples into a task: the first ones, at most three and at most half, are the demonstrations.

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

    @field_validator("rows")
    @classmethod
    def _check_rows(cls, rows: tuple[Inputs, ...]) -> tuple[Inputs, ...]:
        for row in rows:
            check_inputs(row)
        return rows

    @model_validator(mode="after")
    def _check_inputs(self) -> Self:
        """Make sure that all examples have the same inputs, and that the check fits the type of the answers."""
        for place, example in self._places():
            if (example.inputs is not None) != self.typed:
                raise ValueError(
                    f"{place}: it has {'a question' if self.typed else 'inputs'}, but the first example has "
                    f"{'inputs' if self.typed else 'a question'}. A task has either questions or inputs"
                )
            if example.inputs is not None and (problem := self.misfit(example.inputs)):
                raise ValueError(f"{place}: {problem}")
        if self.typed and self.requests:
            raise ValueError("requests: a task with inputs has `rows` without an answer, no requests in words")
        for number, row in enumerate(self.rows, 1):
            if problem := self.misfit(row):
                raise ValueError(f"rows, number {number}: {problem}")
        if self.check.values != self.typed:
            check = self.check.model_copy(update={"values": self.typed})
            object.__setattr__(self, "check", check)  # the only write to a frozen value, during its construction
        return self

    @model_validator(mode="after")
    def _check_examples_differ(self) -> Self:
        seen: dict[str, tuple[str, Example]] = {}
        for place, example in self._places():
            key = example.question.strip() if example.inputs is None else json_key(example.inputs)
            if key not in seen:
                seen[key] = place, example
                continue
            first_place, first = seen[key]
            if example.inputs is not None:
                raise ValueError(
                    f"{place}: the same inputs as {first_place}, with "
                    f"{'the same answer' if same_json(first.answer, example.answer) else 'another answer'}: "
                    f"{shorten(example.text)}. All examples must have different inputs, or the proof proves nothing"
                )
            twice = "occurs twice" if first.answer.strip() == example.answer.strip() else "has two answers"
            raise ValueError(
                f"a question {twice}: {shorten(example.question)!r}. All demonstrations and validation examples "
                "must have different questions, or the proof would prove nothing"
            )
        return self

    def misfit(self, inputs: Inputs) -> str | None:
        """Describe how the names of some inputs differ from those of the task; None if they are the same."""
        wanted = self.demonstrations[0].inputs
        if wanted is None:
            return "the task has questions, no inputs"
        if wanted.keys() == inputs.keys():
            return None
        missing = [repr(name) for name in wanted if name not in inputs]
        unknown = [repr(name) for name in inputs if name not in wanted]
        said = [
            *([f"the input {', '.join(missing)} is missing"] if missing else []),
            *([f"the first example has no input {', '.join(unknown)}"] if unknown else []),
        ]
        return "; ".join(said)

    def _places(self) -> Iterator[tuple[str, Example]]:
        """Yield each example with where it stands, for messages."""
        parts = {"demonstration": self.demonstrations, "validation example": self.validation, "further": self.further}
        for part, examples in parts.items():
            for number, example in enumerate(examples, 1):
                yield f"{part} {number}", example


def inputs_text(inputs: Inputs) -> str:
    """Write inputs as JSON, as they stand for an example in reports."""
    return json.dumps(inputs, ensure_ascii=False)


def check_inputs(inputs: Inputs) -> None:
    """Make sure that inputs are valid arguments of a function.

    Raises:
        ValueError: There are none, or one is not a JSON value, too long, or not encodable as UTF-8.
    """
    if not inputs:
        raise ValueError("inputs: there is none; a function needs at least one")
    _check_json("inputs", inputs)


def _check_json(field: str, value: Any) -> None:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{field}: it holds a lone surrogate, not encodable as UTF-8") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{field}: it is not a JSON value: {error}") from error
    if len(text) > MAX_QUESTION_CHARACTERS:
        raise ValueError(f"{field}: {len(text):,} characters as JSON; at most {MAX_QUESTION_CHARACTERS:,} are read")
