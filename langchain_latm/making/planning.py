"""Plans an attempt: what the maker is asked for each candidate, and with which prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm.making.helpers.inlining import fitting, offered
from langchain_latm.making.helpers.made import MadeHelper, made_text
from langchain_latm.making.helpers.parts import FoundPart, parts_text
from langchain_latm.making.prompts import (
    COMPLETING,
    CORRECTING,
    FILLING_AGAIN,
    FILLING_BY_HAND,
    FILLING_ROWS_AGAIN,
    FILLING_ROWS_BY_HAND,
    PROPOSING,
    with_packages,
)
from langchain_latm.making.proposing import feedback
from langchain_latm.making.typed_ways import TypedWay, typed_ways
from langchain_latm.making.ways import Way, way_of_turn, ways
from langchain_latm.tools.prompts import examples_text
from langchain_latm.types import Candidate, Package, Task


@dataclass(frozen=True)
class CandidatePlan:
    """What the maker is asked for one candidate.

    Attributes:
        temperature: Sampling temperature; None for the model's default.
        index: Index of the way among those of the task; None if the maker chooses the parameters itself.
        way: The way to fill.
        first: Index of the demonstration that is shown first, modulo their number.
        corrects: The failed candidate to correct; None for a new one.
        by_hand: Whether the maker works through an example first.
    """

    temperature: float | None
    index: int | None
    way: Way | TypedWay | None
    first: int = 0
    corrects: Candidate | None = None
    by_hand: bool = False


def best_candidate(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that passed most examples, or at least ran; of equal ones, the latest."""
    return max(
        reversed(candidates),
        key=lambda candidate: candidate.report.passed if candidate.report else -1,
        default=None,
    )


def ways_of(task: Task) -> Sequence[Way | TypedWay]:
    """Return the ways of a task that the maker may be asked to fill, the most specific first."""
    return typed_ways(task) if task.typed else ways(task)


def plan_attempt(
    task: Task,
    attempt: int,
    candidates: int,
    temperatures: Sequence[float | None],
    earlier: Sequence[Candidate],
    *,
    of_others: int = 0,
) -> list[CandidatePlan]:
    """Plan the candidates of one attempt, given those of all earlier attempts.

    Args:
        task: The task.
        attempt: Number of the attempt among those of the current maker, from 1.
        candidates: Number of candidates to plan.
        temperatures: Sampling temperatures of each way, used in turn.
        earlier: All candidates of earlier attempts, except those that a search found.
        of_others: How many of these, from the first, are of earlier makers. The plans of a maker start over, but it may
            correct a candidate of another maker.
    """
    proven = next((i for i, candidate in enumerate(earlier) if candidate.verified), None)
    if proven is not None:
        return _plan_another(task, earlier[proven].way, len(earlier) - proven, candidates, temperatures)
    found = ways_of(task)
    plans: list[CandidatePlan] = []
    for turn in range((attempt - 1) * candidates, attempt * candidates):
        index = way_of_turn(turn, len(found))
        if index is None and task.typed:
            index = 0  # the inputs are the parameters, so the maker has nothing to choose
        way = None if index is None else found[index]
        tries = [
            *(each.way for each in earlier[of_others:] if not each.repaired),
            *(each.index for each in plans),
        ].count(index)
        best = best_candidate([each for each in earlier if each.way == index])
        # Each way goes through the temperatures, at each one once plainly and once with an example worked through.
        # Each step shows another demonstration first.
        plans.append(
            CandidatePlan(
                temperature=temperatures[tries // 2 % len(temperatures)],
                index=index,
                way=way,
                first=tries // 2,
                corrects=best if best is not None and _worth_correcting(best, way, tries) else None,
                by_hand=tries % 2 == 1,
            )
        )
    return plans


def _plan_another(
    task: Task, index: int | None, tries: int, candidates: int, temperatures: Sequence[float | None]
) -> list[CandidatePlan]:
    """Plan the search for a function that differs from a proven one: the same way again, at the next temperatures.

    Each candidate is shown another demonstration first, and every second works through an example. A model that is
    asked to make its function faster writes the same function again (seen on Qwen2.5-Coder-1.5B).
    """
    way = None if index is None else ways_of(task)[index]
    return [
        CandidatePlan(temperatures[step % len(temperatures)], index, way, first=step, by_hand=step % 2 == 1)
        for step in range(tries, tries + candidates)
    ]


def _worth_correcting(best: Candidate, way: Way | TypedWay | None, tries: int) -> bool:
    """Decide between a correction and a new candidate.

    A model seldom corrects what it does not understand. If a parser reads the arguments, proofs cost no tokens, so only
    every third try is a correction, and only of a candidate that is right on some examples.
    """
    if way is None:
        return tries % 2 == 1
    return tries % 3 == 2 and best.report is not None and best.report.passed > 0  # noqa: PLR2004 - every third


def _helpers(way: Way, task: Task) -> str:
    """Return the part of a prompt on the helpers that fit the arguments of all demonstrations."""
    readings = [way.view.parser.parse(example.question) or {} for example in task.demonstrations]
    said = offered(fitting([list(reading.values()) for reading in readings]))
    return f"\n\n{said}" if said else ""


def parts_of(plan: CandidatePlan, task: Task, parts: Sequence[FoundPart]) -> list[FoundPart]:
    """Return the found functions that take the parameters of a plan."""
    return [part for part in parts if plan.way is not None and (task.typed or part.way == plan.index)]


def helpers_of(plan: CandidatePlan, helpers: Sequence[MadeHelper]) -> list[MadeHelper]:
    """Return the functions of other tools to offer for a plan: not one with the name of the function to write."""
    return [each for each in helpers if plan.way and not plan.way.signature.startswith(f"def {each.name}(")]


def prompt_for(
    plan: CandidatePlan,
    task: Task,
    packages: Sequence[Package] = (),
    parts: Sequence[FoundPart] = (),
    helpers: Sequence[MadeHelper] = (),
) -> tuple[Runnable[Any, Any], dict[str, str]]:
    """Return the prompt template for a plan, and its values.

    The prompt names the packages that may be imported, the functions that a search found for parts of the answers, and
    those of other tools.
    """
    values = {"kind": f"{task.description}\n\n" if task.description else ""}
    if plan.way is None:
        values["demonstrations"] = examples_text(task.demonstrations)
        template, correcting_template = PROPOSING, CORRECTING
    else:
        values["demonstrations"] = plan.way.shown(task.demonstrations, plan.first)
        values["signature"] = plan.way.signature
        said = [parts_text(parts_of(plan, task, parts)), made_text(helpers_of(plan, helpers))]
        offer = "".join(f"\n\n{each}" for each in said if each)
        values["helpers"] = (_helpers(plan.way, task) if isinstance(plan.way, Way) else "") + offer
        values["demonstrations"] += values["helpers"]
        values["calls"] = plan.way.calls(task.demonstrations, values["kind"], plan.first)
        by_hand = FILLING_ROWS_BY_HAND if task.typed else FILLING_BY_HAND
        template = by_hand if plan.by_hand else COMPLETING
        correcting_template = FILLING_ROWS_AGAIN if task.typed else FILLING_AGAIN
    if plan.corrects is None:
        return with_packages(template, packages), values
    shown = plan.way.form.values if plan.way else [example.answer for example in task.demonstrations]
    answers = {example.text: value for example, value in zip(task.demonstrations, shown, strict=True)}
    values["reply"] = plan.corrects.reply or "(nothing)"
    values["feedback"] = feedback(plan.corrects, answers)
    return with_packages(correcting_template, packages), values
