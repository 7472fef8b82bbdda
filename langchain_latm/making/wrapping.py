"""Wrapping: turns a proven candidate into a record that can be stored, shown and served (paper, section 3.1)."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import NamedTuple

from langchain_latm.making.verification import worked_examples
from langchain_latm.text.reading.parser import RequestParser
from langchain_latm.tools.made_tool import MadeTool, Reader
from langchain_latm.types import Attempt, Candidate, InlinedHelper, Provenance, Stage, Task, TokenUsage


class Readers(NamedTuple):
    """The proven readers of arguments.

    Attributes:
        parser: The parser, if there is one.
        model: Whether the tool user's model was proven to read the arguments; None if it was not tried.
    """

    parser: RequestParser | None
    model: bool | None


def wrap(
    candidate: Candidate,
    task: Task,
    *,
    readers: Readers,
    attempts: Sequence[Attempt],
    usage: Mapping[Stage, TokenUsage],
    seconds: float,
    user_model: str,
    makers: Mapping[str, TokenUsage],
) -> MadeTool:
    """Make the record of a verified candidate, with the name and answer check of its task.

    Raises:
        ValueError: The candidate is not verified.
    """
    proposal, report = candidate.proposal, candidate.report
    if proposal is None or report is None or not report.verified:
        raise ValueError("only a verified candidate becomes a tool")
    return MadeTool(
        name=task.name,
        **proposal.model_dump(exclude={"parser", "helpers"}),
        worked_examples=() if task.typed else worked_examples(report.cases),
        parser=readers.parser,
        read_by=_read_by(readers, task),
        check=task.check,
        report=report,
        provenance=provenance(
            maker_model=candidate.maker,
            user_model=user_model,
            attempts=len(attempts),
            candidates=sum(not each.repaired for attempt in attempts for each in attempt.candidates),
            usage=dict(usage),
            seconds=seconds,
            repaired=candidate.repaired,
            makers=makers,
            helpers=proposal.helpers,
        ),
    )


def _read_by(readers: Readers, task: Task) -> tuple[Reader, ...]:
    if task.typed:
        return ("inputs",)
    by_model: tuple[Reader, ...] = ("untried_model",) if readers.model is None else ("model",) if readers.model else ()
    return (*(("parser",) if readers.parser else ()), *by_model)


def provenance(
    *,
    maker_model: str,
    user_model: str,
    attempts: int,
    candidates: int,
    usage: dict[Stage, TokenUsage],
    seconds: float,
    repaired: tuple[str, ...] = (),
    makers: Mapping[str, TokenUsage] = MappingProxyType({}),
    helpers: tuple[InlinedHelper, ...] = (),
) -> Provenance:
    """Return the provenance of a tool made now, with the installed versions."""
    return Provenance(
        maker_model=maker_model,
        user_model=user_model,
        attempts=attempts,
        candidates=candidates,
        usage=usage,
        seconds=round(seconds, 3),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=installed_versions(),
        repaired=repaired,
        makers=dict(makers),
        helpers=helpers,
    )


@cache
def installed_versions() -> dict[str, str]:
    """Return the versions that a record names. The first call reads files, so make it with `Compute`."""
    return {
        "langchain-latm": version("langchain-latm"),
        "langchain-core": version("langchain-core"),
        "python": platform.python_version(),
    }
