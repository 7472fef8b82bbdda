"""Solved requests that no tool fits, waiting until there are enough of one kind to make one (paper, section 3.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from langchain_latm.text.wording.grouping import Groups
from langchain_latm.text.wording.lexical import LexicalIndex, forms_of
from langchain_latm.text.wording.runs import Runs
from langchain_latm.types import Example, Stage, TokenUsage, ToolName, Value

Source = Literal["model", "person", "feedback", "proof"]
Role = Literal["counterexample", "demonstration"]
_TRUST: dict[Source, int] = {"feedback": 0, "person": 1, "proof": 2, "model": 3}


class Instance(Value):
    """A request with its answer, as far as that is known.

    Attributes:
        id: The answer's id.
        question: The request.
        answer: What is taken for right; None as long as nobody is trusted to know.
        source: Who says so. `"proof"` is an example of a tool that was retired.
        model: The strong model that answered.
        usage: What that took.
        tool: The retired tool of whose kind it is.
        role: What it is to the tool that is to be replaced: one that it gets wrong, or one that its maker was shown.
    """

    id: str
    question: str
    answer: str | None
    source: Source = "model"
    model: str | None = None
    usage: TokenUsage = TokenUsage()
    tool: ToolName | None = None
    role: Role | None = None

    @property
    def example(self) -> Example:
        """Question and answer of one whose answer is known."""
        return Example(question=self.question, answer=self.answer or "")


class FailedMaking(Value):
    """A making without success: what it was tried with, and what it took.

    Attributes:
        id: A key of its own.
        name: What the tool would have been named.
        instances: The ids of what it was to be made of.
        error: Why there is none.
        usage: Tokens by stage.
        models: The model of each stage.
    """

    id: str
    name: ToolName
    instances: tuple[str, ...]
    error: str
    usage: dict[Stage, TokenUsage] = Field(default_factory=dict)
    models: dict[Stage, str] = Field(default_factory=dict)


class Kind(NamedTuple):
    """Instances of one kind, and how many are needed for a making.

    Attributes:
        instances: Those whose answer is known, each question once: the most trusted first, then those that took part
            in the fewest makings without success (one wrong answer lets every making fail), then the oldest.
        needed: After each making without success twice as many.
    """

    instances: tuple[Instance, ...]
    needed: int

    @property
    def due(self) -> bool:
        """Whether a tool can be made."""
        return len(self.instances) >= self.needed

    @property
    def tool(self) -> str | None:
        """The name of the retired tool that is to be replaced: the one whose proof is of this kind.

        Feedback on it alone is no sign: the request may have been of another kind, and gone to it by mistake.
        """
        return next((each.tool for each in self.instances if each.source == "proof"), None)


class WaitingKinds:
    """What waits, sorted into kinds by how it is put. It belongs to one thread at a time.

    Args:
        needed: Instances for a first making.
    """

    def __init__(self, needed: int) -> None:
        self._needed = needed
        self._instances: dict[str, Instance] = {}
        self._groups: Groups[str] = Groups()
        self._failed: Sequence[FailedMaking] = ()

    def take(self, instances: Iterable[Instance], failed: Sequence[FailedMaking]) -> None:
        """Replace what is known by what the library holds now."""
        self._instances = {each.id: each for each in instances}
        self._failed = failed
        for gone in [key for key in self._groups if key not in self._instances]:
            self._groups.remove(gone)
        for each in self._instances.values():
            if each.id not in self._groups:
                self._groups.add(each.id, Runs.of(each.question))

    def kind_of(self, question: str) -> Kind:
        """Return the kind that a request is of."""
        group = self._group(question)
        group |= self._of_retired(group)
        failed = [making for making in self._failed if not group.isdisjoint(making.instances)]
        tried = Counter(key for making in failed for key in making.instances)
        usable = most_trusted([self._instances[key] for key in group], tried)
        return Kind(usable, self._needed * 2 ** len(failed))

    def _of_retired(self, group: set[str]) -> set[str]:
        """Return what is known of the retired tools whose proof is in a group, as far as it is put as the proof is."""
        found: set[str] = set()
        for tool in {each.tool for key in group if (each := self._instances[key]).source == "proof"}:
            known = [each for each in self._instances.values() if each.tool == tool]
            proof = [each for each in known if each.source == "proof"]
            words = LexicalIndex()
            words.put("kind", forms_of([each.question for each in proof]))
            found |= {each.id for each in proof}
            found |= {each.id for each in known if any(match.fits for match in words.search(each.question))}
        return found

    def _group(self, question: str) -> set[str]:
        same = next((key for key, each in self._instances.items() if each.question == question), None)
        if same is not None:  # nothing else would be as near to it as it is to itself
            return self._groups.group(same)
        request = ""  # no instance has an empty id
        self._groups.add(request, Runs.of(question))
        try:
            return self._groups.group(request) - {request}
        finally:
            self._groups.remove(request)


def most_trusted(instances: Iterable[Instance], tried: Mapping[str, int]) -> tuple[Instance, ...]:
    """Return those whose answer is known, each question once, by the answer that is trusted most.

    Args:
        instances: What is known.
        tried: In how many makings without success each took part, by its id.
    """
    known = [each for each in instances if each.answer]
    known.sort(key=lambda each: (_TRUST[each.source], tried.get(each.id, 0), each.id))
    once: dict[str, Instance] = {}
    for each in known:
        once.setdefault(each.question.strip(), each)
    return tuple(once.values())
