"""What is known of a tool's requests, and which of it the maker of its next version is shown.

The loop, where a tool was retired, and `latm remake` choose in this one way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from langchain_latm.tools.library.waiting import Instance, Role
from langchain_latm.tools.made_tool import MadeTool

_MOST_COUNTEREXAMPLES: Final = 2
"""Shown beside demonstrations of the version before: what that one got wrong must not hide what it got right."""


def known_of(tool: MadeTool, examples: Iterable[Instance]) -> list[Instance]:
    """Return all requests of a tool whose answer is known: its proof, and what was learned of others since.

    Args:
        tool: The version that is to be replaced.
        examples: What the library keeps of its name's requests beside the proof.
    """
    proof = [
        Instance(id=f"{tool.id[:16]}-{number:03}", question=case.question, answer=case.expected, source="proof")
        for number, case in enumerate(tool.report.cases)
    ]
    shown = {case.question.strip() for case in tool.report.cases if case.role == "demonstration"}
    roles: dict[bool, Role | None] = {True: "demonstration", False: None}
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
    """Put first what a maker is to be shown; whatever it is not shown is the proof.

    Counterexamples come first, since they are what it must learn: two at most, where there are demonstrations of the
    version before, which follow them. Then everything else, in its order.
    """
    wrong = [each for each in known if each.role == "counterexample"]
    shown = [each for each in known if each.role == "demonstration"]
    first = [*wrong[:_MOST_COUNTEREXAMPLES], *shown] if shown else wrong
    ids = {each.id for each in first}
    return [*first, *(each for each in known if each.id not in ids)]
