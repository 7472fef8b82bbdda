"""What the maker is asked for: which way, how warm, afresh or as a repair; and the prompt for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.runnables import Runnable

from langchain_latm.making.prompts import FILLING, FILLING_AGAIN, FILLING_BY_HAND, PROPOSING, REPAIRING
from langchain_latm.making.proposing import feedback
from langchain_latm.making.ways import Way, way_of_turn, ways
from langchain_latm.tools.prompts import examples_text
from langchain_latm.types import Candidate, Task, ToolProposal, shorten


@dataclass(frozen=True)
class Asked:
    """What one candidate is asked for.

    Attributes:
        number: The rank of the way; None for the maker's own parameters.
        way: The way itself.
        temperature: What is sampled with; None for the model's own.
        first: Which demonstration is shown first, counted on over their end.
        repairs: The candidate that failed and is to be corrected.
        by_hand: Whether an example is to be worked through first.
    """

    number: int | None
    way: Way | None
    temperature: float | None
    first: int
    repairs: Candidate | None
    by_hand: bool


def best_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """Find the candidate that came furthest: proven on most examples, else run at all; the latest of equals."""
    return max(
        reversed(candidates),
        key=lambda candidate: candidate.report.passed if candidate.report else -1,
        default=None,
    )


def planned(
    task: Task,
    attempt: int,
    candidates: int,
    temperatures: Sequence[float | None],
    earlier: Sequence[Candidate],
) -> list[Asked]:
    """Plan an attempt: for each candidate the way, the temperature, and whether it repairs an earlier one.

    The ladder of temperatures goes on where the attempt before left it, for each way by itself; on each of its steps
    the way is tried plainly, and with an example worked through. The next step shows another demonstration first.

    Where one is proven already, and something quicker is looked for, it is asked for in the same way, warmer: a model
    that is told to make its function faster writes it again as it is (seen on Qwen2.5-Coder-1.5B).

    Args:
        task: What a tool is made for.
        attempt: Which one, from 1.
        candidates: How many are asked for at once.
        temperatures: What is sampled with, in turn.
        earlier: All candidates of the attempts before.
    """
    found = ways(task)
    proven = next((i for i, each in enumerate(earlier) if each.verified), None)
    if proven is not None:
        number = earlier[proven].way
        way = None if number is None else found[number]
        steps = range(len(earlier) - proven, len(earlier) - proven + candidates)
        return [Asked(number, way, temperatures[i % len(temperatures)], 0, None, by_hand=False) for i in steps]
    asked: list[Asked] = []
    for turn in range((attempt - 1) * candidates, attempt * candidates):
        number = way_of_turn(turn, len(found))
        way = None if number is None else found[number]
        tries = [*(each.way for each in earlier), *(each.number for each in asked)].count(number)
        best = best_of([each for each in earlier if each.way == number])
        asked.append(
            Asked(
                number=number,
                way=way,
                temperature=temperatures[tries // 2 % len(temperatures)],
                first=tries // 2,
                repairs=best if best is not None and _worth_repairing(best, way, tries) else None,
                by_hand=tries % 2 == 1,
            )
        )
    return asked


def prompt_for(asked: Asked, task: Task) -> tuple[Runnable[Any, Any], dict[str, str]]:
    """Choose the template, and fill in what it needs."""
    values = {"kind": f"{task.description}\n\n" if task.description else ""}
    if asked.way is None:
        values["demonstrations"] = examples_text(task.demonstrations)
        plain, again = PROPOSING, REPAIRING
    else:
        values |= {
            "demonstrations": asked.way.shown(task.demonstrations, asked.first),
            "signature": asked.way.signature,
        }
        plain, again = FILLING_BY_HAND if asked.by_hand else FILLING, FILLING_AGAIN
    if asked.repairs is None:
        return plain, values
    shown = asked.way.form.values if asked.way else [example.answer for example in task.demonstrations]
    answers = {example.question: value for example, value in zip(task.demonstrations, shown, strict=True)}
    return again, values | {"reply": asked.repairs.reply or "(nothing)", "feedback": feedback(asked.repairs, answers)}


def _worth_repairing(best: Candidate, way: Way | None, tries: int) -> bool:
    """Whether to repair instead of starting afresh.

    A model seldom repairs what it does not understand: so where proofs are cheap, only what is right on some examples.
    """
    if way is None:
        return tries % 2 == 1
    return tries % 3 == 2 and best.report is not None and best.report.passed > 0  # noqa: PLR2004 - every third


def same(one: ToolProposal, other: ToolProposal) -> bool:
    """Whether two candidates would be proven alike. The one may have a function more, which writes its value."""
    written = one.entry != other.entry and one.source.startswith(f"{other.source.rstrip()}\n\n\ndef {other.entry}_text")
    return one.parser == other.parser and (written or one.source.rstrip() == other.source.rstrip())


def docstring_for(task: Task) -> str:
    """Return a docstring for a function that its maker gave none."""
    return task.description or f"Answer questions such as: {shorten(task.demonstrations[0].question, 200)}"
