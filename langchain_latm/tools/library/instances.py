"""Instances: solved requests of a kind, as the closed loop stores them, and the choice of those that a maker is shown.

The loop, after it retired a tool, and `latm remake` use the same functions.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from pydantic import Field, NonNegativeInt

from langchain_latm.tools.library.known_rows import asked_text, row_instance
from langchain_latm.tools.library.store_batch import unique_key
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Example, Inputs, Stage, StoredValue, TokenUsage, ToolName, shorten

LabelSource = Literal["model", "person", "feedback", "proof", "stranger"]
InstanceRole = Literal["counterexample", "demonstration"]
_TRUST: dict[LabelSource, int] = {"feedback": 0, "person": 1, "proof": 2, "model": 3, "stranger": 4}
_MOST_COUNTEREXAMPLES: Final = 2
"""Maximum number of counterexamples that are shown together with demonstrations of the version before."""


class Instance(StoredValue):
    """A request with its answer, if that is known.

    Attributes:
        id: The answer's id.
        question: The request.
        answer: The correct answer; None while it is unknown.
        source: Source of the answer. `"proof"` is an example of a retired tool, `"feedback"` comes from a person whom
            you trust, `"stranger"` from any user.
        model: The strong model that answered.
        usage: Tokens that the answer took.
        tool: The retired tool of the request's kind.
        role: Its role for the tool that is to be replaced: a request that the tool gets wrong, or one of its
            demonstrations.
        system_key: Key of the system prompt that the request came under; empty without one. Requests under different
            system prompts are of different kinds.
        typed: Whether it is a row of a typed tool: question and answer are JSON.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"system_key", "typed"})

    id: str
    question: str
    answer: str | None
    source: LabelSource = "model"
    model: str | None = None
    usage: TokenUsage = TokenUsage()
    tool: ToolName | None = None
    role: InstanceRole | None = None
    system_key: str = ""
    typed: bool = False

    @property
    def request(self) -> str | Inputs:
        """The input of a tool user: the question, or the inputs."""
        inputs: Inputs | None = json.loads(self.question) if self.typed else None
        return self.question if inputs is None else inputs

    @property
    def example(self) -> Example:
        """Question or inputs, and the answer; for instances with a known answer."""
        if self.typed:
            return Example(inputs=json.loads(self.question), answer=json.loads(self.answer or ""))
        return Example(question=self.question, answer=self.answer or "")


class FailedMaking(StoredValue):
    """A making that produced no tool.

    Attributes:
        id: A key of its own.
        name: The intended name of the tool.
        instances: The ids of its instances.
        error: The reason.
        usage: Tokens by stage.
        models: The model of each stage.
        more_needed: How many more examples a proof needs, if a function was right on all but might have guessed.
        makers: Tokens of the stage `proposing` by model, if one maker after the other was asked.
    """

    later_fields: ClassVar[frozenset[str]] = frozenset({"more_needed", "makers"})

    id: str = Field(default_factory=unique_key)
    name: ToolName
    instances: tuple[str, ...]
    error: str
    usage: dict[Stage, TokenUsage] = Field(default_factory=dict)
    models: dict[Stage, str] = Field(default_factory=dict)
    more_needed: NonNegativeInt = 0
    makers: dict[str, TokenUsage] = {}  # noqa: RUF012 - pydantic copies it

    @property
    def enough(self) -> int:
        """Number of examples for the next making: 1.5 times what the proof needs, which is a lower bound."""
        tried = len(self.instances)
        return tried + max(self.more_needed, tried // 2) if self.more_needed else 0


def failed_making(
    name: str,
    instances: Sequence[Instance],
    error: str,
    usage: dict[Stage, TokenUsage],
    models: dict[Stage, str],
    *,
    more_needed: int = 0,
    makers: Mapping[str, TokenUsage] = MappingProxyType({}),
) -> FailedMaking:
    """Return the record of a making that produced no tool."""
    ids = tuple(each.id for each in instances)
    return FailedMaking(
        name=name,
        instances=ids,
        error=shorten(error, 500),
        usage=usage,
        models=models,
        more_needed=more_needed,
        makers=dict(makers),
    )


def outranks(label: LabelSource, known: LabelSource) -> bool:
    """Whether a new label replaces a known one; a stranger's never does."""
    return label != "stranger" and _TRUST[label] <= _TRUST[known]


def most_trusted(instances: Iterable[Instance], tried: Mapping[str, int]) -> tuple[Instance, ...]:
    """Return the instances with a known answer, each question once, with the answer that is trusted most.

    Args:
        instances: All that are known.
        tried: The number of failed makings of each instance, by its id.
    """
    known = [each for each in instances if each.answer]
    known.sort(key=lambda each: (_TRUST[each.source], tried.get(each.id, 0), each.id))
    once: dict[str, Instance] = {}
    for each in known:
        once.setdefault(each.question.strip(), each)
    return tuple(once.values())


def newest_trusted(instances: Iterable[Instance]) -> Instance | None:
    """Return the newest of those whose answer is most trusted; None if no answer is known."""
    return max(
        (each for each in instances if each.answer), key=lambda each: (-_TRUST[each.source], each.id), default=None
    )


def system_key_of(examples: Iterable[Instance]) -> str:
    """Return the key of the system prompt of a tool's requests, which is the same for all its examples."""
    return next((each.system_key for each in examples if each.system_key), "")


def known_of(tool: MadeTool, examples: Iterable[Instance]) -> list[Instance]:
    """Return all requests of a tool with a known answer: its proof, and those added since.

    Args:
        tool: The version that is to be replaced.
        examples: The library's requests of this name besides the proof.
    """
    examples = tuple(examples)
    key, typed = system_key_of(examples), tool.inputs is not None
    if typed:
        examples = tuple(row for each in examples if (row := row_instance(tool, each)) is not None)
    proof = [
        Instance(
            id=f"{tool.id[:16]}-{number:03}",
            question=asked_text(tool, case.question),
            answer=json.dumps(case.expected, ensure_ascii=False) if typed else case.expected,
            source="proof",
            system_key=key,
            typed=typed,
        )
        for number, case in enumerate(tool.report.cases)
    ]
    shown = {asked_text(tool, case.question) for case in tool.report.cases if case.role == "demonstration"}
    roles: dict[bool, InstanceRole | None] = {True: "demonstration", False: None}
    return [
        each.model_copy(update={"tool": tool.name, "role": roles[each.question.strip() in shown]})
        for each in (*proof, *examples)
        if each.answer
    ]


def with_counterexamples(known: Iterable[Instance], questions: Collection[str]) -> list[Instance]:
    """Mark the requests that the version before answers wrongly, or not at all."""
    wrong = {question.strip() for question in questions}
    return [
        each.model_copy(update={"role": "counterexample"}) if each.question.strip() in wrong else each for each in known
    ]


def shown_first(known: Sequence[Instance]) -> list[Instance]:
    """Order instances so that the demonstrations come first; the others are the proof.

    Counterexamples come first, because the new version must learn them: at most two if there are demonstrations of the
    version before, which follow them. The others keep their order.
    """
    wrong = [each for each in known if each.role == "counterexample"]
    shown = [each for each in known if each.role == "demonstration"]
    first = [*wrong[:_MOST_COUNTEREXAMPLES], *shown] if shown else wrong
    ids = {each.id for each in first}
    return [*first, *(each for each in known if each.id not in ids)]
