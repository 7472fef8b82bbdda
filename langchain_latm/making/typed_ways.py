"""Ways to make a tool of a typed task: its parameters are the inputs, so nothing is read off a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from langchain_latm.making.proposing import InvalidReplyError
from langchain_latm.making.ways import entry_name
from langchain_latm.text.writing.answer_forms import AnswerForm, answer_forms
from langchain_latm.tools.inputs import annotation_of, as_arguments, input_annotation, parameter_names
from langchain_latm.types import Example, Task, ToolProposal, shorten

_SHOWN_NAME: Final = 200


class TypedSignature(NamedTuple):
    """The signature of the function that a typed task asks for.

    Attributes:
        entry: Name of the function: that of the task, or a neutral one where that is taken.
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
        """The parameters that take texts alone, or nothing."""
        return [name for name, kind in self.annotations.items() if kind in {"str", "str | None"}]

    @classmethod
    def of(cls, task: Task) -> TypedSignature:
        """Return the signature for a task. Types are those of the values in all of its rows."""
        entry = entry_name(task.name, task.input_names)
        parameters = parameter_names(task.input_names, entry=entry)
        rows = [*(example.inputs or {} for example in task.examples), *task.rows]
        annotations = {
            parameter: input_annotation([row[name] for row in rows]) for name, parameter in parameters.items()
        }
        return cls(entry, parameters, annotations, annotation_of([example.answer for example in task.examples]))

    def adopted(self, proposal: ToolProposal) -> ToolProposal:
        """Return a proposal as one that takes the inputs. Parameters named unlike their input are described by it.

        Raises:
            InvalidReplyError: It has other parameters.
        """
        properties = proposal.parameters["properties"]
        if properties.keys() != self.annotations.keys():
            wanted = ", ".join(f"{name}: {kind}" for name, kind in self.annotations.items())
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
    """What the maker of a typed task is asked to fill.

    Attributes:
        function: The signature, as far as the inputs decide it.
        form: What the function returns.
    """

    function: TypedSignature
    form: AnswerForm

    @property
    def signature(self) -> str:
        """The signature of the function."""
        parameters = ", ".join(f"{name}: {kind}" for name, kind in self.function.annotations.items())
        return f"def {self.function.entry}({parameters}) -> {self.form.annotation}"

    def adopted(self, proposal: ToolProposal) -> ToolProposal:
        """Return a proposal as one that takes the inputs.

        Raises:
            InvalidReplyError: It has other parameters.
        """
        return self.function.adopted(proposal)

    def shown(self, examples: Sequence[Example], first: int = 0) -> str:
        """Write the demonstrations for a prompt.

        Args:
            examples: The demonstrations.
            first: Index of the one that comes first, modulo their number; the others follow in their order.
        """
        names = {name: parameter for name, parameter in self.function.parameters.items() if name != parameter}
        columns = ", ".join(f"{parameter} is {shorten(name, _SHOWN_NAME)!r}" for name, parameter in names.items())
        order = [(first + i) % len(examples) for i in range(len(examples))]
        rows = [self._row(examples[i], self.form.values[i]) for i in order]
        return "\n\n".join([*([f"Columns: {columns}"] if columns else []), *rows])

    def _row(self, example: Example, value: Any) -> str:
        arguments = as_arguments(example.inputs or {}, self.function.parameters, self.function.texts)
        given = ", ".join(f"{name}={arguments[name]!r}" for name in self.function.annotations)
        return f"Arguments: {given}\nAnswer: {value!r}"


def typed_ways(task: Task) -> list[TypedWay]:
    """Return the ways for a typed task, the most specific first.

    Where all answers are texts, the maker may also be asked for the plain value that a text says, as for a question.
    Answers of the validation examples stay hidden; of them, only the types are known.
    """
    function = TypedSignature.of(task)
    answers = [example.answer for example in task.examples]
    shown = [example.answer for example in task.demonstrations]
    if all(isinstance(answer, str) and answer and answer == answer.strip() for answer in answers):
        return [TypedWay(function, form) for form in answer_forms(shown)]
    return [TypedWay(function, AnswerForm(function.returns, tuple(shown)))]
