"""Ways to make a tool of a typed task, whose parameters are the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.making.proposing import InvalidReplyError
from langchain_latm.making.ways import calls_text, entry_name
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from langchain_latm.tools.inputs import annotation_of, as_arguments, input_annotation, parameter_names
from langchain_latm.types import Example, Task, ToolProposal, shorten

_SHOWN_NAME: Final = 200


class TypedSignature(NamedTuple):
    """The signature of the function that a typed task asks for.

    Attributes:
        entry: Name of the function: the task's name, or a neutral one if that is taken.
        parameters: The parameter of each input, by the input's name, in order.
        annotations: The Python type of each parameter, by its name, in order.
        returns: The Python type of the answers.
    """

    entry: str
    parameters: dict[str, str]
    annotations: dict[str, str]
    returns: str

    @property
    def texts(self) -> list[str]:
        """The parameters that take only texts, or None."""
        return [name for name, annotation in self.annotations.items() if annotation in {"str", "str | None"}]

    @classmethod
    def of(cls, task: Task) -> TypedSignature:
        """Return the signature for a task, with the types of the values in all of its rows."""
        entry = entry_name(task.name, task.input_names)
        parameters = parameter_names(task.input_names, entry=entry)
        rows = [*(example.inputs or {} for example in task.examples), *task.rows]
        annotations = {
            parameter: input_annotation([row[name] for row in rows]) for name, parameter in parameters.items()
        }
        return cls(entry, parameters, annotations, annotation_of([example.answer for example in task.examples]))

    def adopted(self, proposal: ToolProposal) -> ToolProposal:
        """Return a proposal that takes the inputs. A renamed parameter is described by the name of its input.

        Raises:
            InvalidReplyError: The proposal has other parameters.
        """
        properties = proposal.parameters["properties"]
        if properties.keys() != self.annotations.keys():
            wanted = ", ".join(f"{name}: {annotation}" for name, annotation in self.annotations.items())
            raise InvalidReplyError(f"the parameters must be these: {wanted}")
        described = {
            parameter: {"description": shorten(name, _SHOWN_NAME), **properties[parameter]}
            if name != parameter
            else properties[parameter]
            for name, parameter in self.parameters.items()
        }
        schema = {**proposal.parameters, "properties": {name: described[name] for name in properties}}
        return proposal.model_copy(update={"inputs": self.parameters, "parameters": schema})


class TypedWay(NamedTuple):
    """The way of a typed task that the maker is asked to fill.

    Attributes:
        function: The signature, without the form of the answers.
        form: The form of the answers that the function returns.
    """

    function: TypedSignature
    form: AnswerForm

    @property
    def signature(self) -> str:
        """The signature of the function."""
        parameters = ", ".join(f"{name}: {annotation}" for name, annotation in self.function.annotations.items())
        return f"def {self.function.entry}({parameters}) -> {self.form.annotation}"

    def adopted(self, proposal: ToolProposal) -> ToolProposal:
        """Return a proposal that takes the inputs.

        Raises:
            InvalidReplyError: The proposal has other parameters.
        """
        return self.function.adopted(proposal)

    def shown(self, examples: Sequence[Example], first: int = 0) -> str:
        """Write the demonstrations for a prompt.

        Args:
            examples: The demonstrations.
            first: Index of the one that comes first, modulo their number; the others follow in their order.
        """
        rows = [f"Arguments: {given}\nAnswer: {value!r}" for given, value in self._rows(examples, first)]
        return "\n\n".join([*self._columns(), *rows])

    def calls(self, examples: Sequence[Example], kind: str, first: int = 0) -> str:
        """Write the demonstrations for a prompt as calls of the function with their values, like doctests.

        Args:
            examples: The demonstrations.
            kind: A sentence about the task, or an empty text.
            first: Index of the one that comes first, modulo their number; the others follow in their order.
        """
        calls = calls_text(self.function.entry, self._rows(examples, first))
        return "\n\n".join([*filter(None, [kind.strip()]), *self._columns(), calls])

    def _columns(self) -> list[str]:
        """Return a line on the columns whose names are no names of parameters, if there are any."""
        names = {name: parameter for name, parameter in self.function.parameters.items() if name != parameter}
        columns = ", ".join(f"{parameter} is {shorten(name, _SHOWN_NAME)!r}" for name, parameter in names.items())
        return [f"Columns: {columns}"] if columns else []

    def _rows(self, examples: Sequence[Example], first: int) -> list[tuple[str, Any]]:
        """Return the arguments and the value of each demonstration."""
        order = [(first + i) % len(examples) for i in range(len(examples))]
        return [(self._arguments(examples[i]), self.form.values[i]) for i in order]

    def _arguments(self, example: Example) -> str:
        arguments = as_arguments(example.inputs or {}, self.function.parameters, self.function.texts)
        return ", ".join(f"{name}={arguments[name]!r}" for name in self.function.annotations)


def typed_ways(task: Task) -> list[TypedWay]:
    """Return the ways for a typed task, the most specific first.

    If all answers are texts, the maker may also be asked for the plain value of a text, as for a question. Of the
    answers of validation examples, only the types are used.
    """
    function = TypedSignature.of(task)
    answers = [example.answer for example in task.examples]
    shown = [example.answer for example in task.demonstrations]
    if all(isinstance(answer, str) and answer and answer == answer.strip() for answer in answers):
        return [TypedWay(function, form) for form in answer_forms(shown)]
    return [TypedWay(function, AnswerForm(function.returns, tuple(shown)))]
