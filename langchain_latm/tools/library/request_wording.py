"""The wording of a tool's requests, which the library stores for dispatchers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from langchain_latm.text.wording.character_grams import compared
from langchain_latm.text.wording.grouping import groups_of
from langchain_latm.text.wording.lexical import Wording, wordings_of
from langchain_latm.text.wording.likeness import MOST_EXAMPLES
from langchain_latm.text.wording.runs import Runs
from langchain_latm.tools.library.instances import Instance
from langchain_latm.tools.made_tool import MadeTool

_FEEDBACK: Final = frozenset({"feedback", "stranger"})
_ENOUGH: Final = 3
"""Examples by feedback that are needed for a new form: a single odd one would let the tool take other requests."""
_DIGITS: Final = 16


class RequestWording(NamedTuple):
    """The wording of a tool's requests.

    Attributes:
        wordings: The words that its examples share.
        questions: The examples, as far as they are compared (`text.wording.character_grams.compared`).
        parser: The request parser as JSON, if there is one.
        disputed: Digests of the requests to which its answer is disputed (`digest_of`).
        inputs: Names of the inputs of a typed tool, which has neither wordings nor questions.
    """

    wordings: tuple[Wording, ...]
    questions: tuple[str, ...]
    parser: str | None
    disputed: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()

    @classmethod
    def of(cls, tool: MadeTool, examples: Sequence[Instance], disputed: Iterable[str] = ()) -> RequestWording:
        """Compute it.

        Args:
            tool: The tool.
            examples: The known requests of its kind besides those of its proof.
            disputed: The requests to which its answer is disputed.
        """
        digests = tuple(map(digest_of, disputed))
        if tool.inputs is not None:
            return cls((), (), None, digests, inputs=tuple(tool.inputs))
        known = [*proven_questions(tool), *established(tool, examples)]
        parser = None if tool.parser is None else tool.parser.model_dump_json()
        return cls(wordings_of(known), tuple(map(compared, known[-MOST_EXAMPLES:])), parser, digests)


def proven_questions(tool: MadeTool) -> list[str]:
    """Return the questions of a tool's proof, each once."""
    proven = [case.question for case in tool.report.cases]
    return list(dict.fromkeys([*proven, *(example.question for example in tool.worked_examples)]))


def established(tool: MadeTool, examples: Sequence[Instance]) -> list[str]:
    """Return the examples by which a tool is found, in their order.

    An example that came by feedback is left out until its form occurs in the proof, in other examples, or in enough
    feedback.
    """
    later = [each for each in examples if each.source in _FEEDBACK]
    if not later:
        return [each.question for each in examples]
    compared_ones = later[-MOST_EXAMPLES:]
    sure = [each.question for each in examples if each.source not in _FEEDBACK][-MOST_EXAMPLES:]
    told = [*proven_questions(tool)[-MOST_EXAMPLES:], *sure]
    groups = groups_of([Runs.of(question) for question in (*told, *(each.question for each in compared_ones))])
    alike = {position for group in groups if group[0] < len(told) or len(group) >= _ENOUGH for position in group}
    kept = {each.id for position, each in enumerate(compared_ones, len(told)) if position in alike}
    return [each.question for each in examples if each.source not in _FEEDBACK or each.id in kept]


def digest_of(question: str) -> str:
    """Return the digest of a request whose answer is disputed."""
    return sha256(question.strip().encode(errors="surrogatepass")).hexdigest()[:_DIGITS]
