"""What the paper measured on its six tasks, and the same tasks here beside it.

Source: Cai et al., Large Language Models as Tool Makers, https://arxiv.org/abs/2305.17126, tables 2 and 3.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making_figures import BaselineFigures, MakingFigures
from langchain_latm.benchmarks.making_goals import OURS, PAPERS


class PaperTask(NamedTuple):
    """A task of the paper.

    Attributes:
        task: Its name here.
        name: Its name there.
        made: Of five makings by GPT-4, so many gave a tool that passed the verification (table 3).
        alone: The part of the test that GPT-3.5 Turbo answers rightly by a chain of thought; for the last two tasks
            from examples alone (table 2).
        with_tool: The same with a tool that GPT-4 made (table 2).
    """

    task: str
    name: str
    made: int
    alone: float
    with_tool: float


MAKINGS: Final = 5
PAPER: Final = (
    PaperTask("logical_deduction_five_objects", "logical deduction (5)", 3, 0.664, 0.797),
    PaperTask("tracking_shuffled_objects_five_objects", "tracking shuffled objects (5)", 4, 0.616, 0.996),
    PaperTask("dyck_languages", "Dyck language", 5, 0.204, 0.922),
    PaperTask("word_sorting", "word sorting", 5, 0.592, 0.983),
    PaperTask("chinese_remainder_theorem", "Chinese remainder theorem", 5, 0.0, 1.0),
    PaperTask("schedule_meeting", "schedule meeting", 3, 0.189, 1.0),
)


def best_alone(figures: MakingFigures, task: str) -> BaselineFigures | None:
    """Return the way without a tool that answers most of a task's test rightly; None where none was measured."""
    ways = [each for each in figures.baselines if each.task == task]
    return max(ways, key=lambda each: each.test.accuracy, default=None)


def right_with_tool(figures: MakingFigures, task: str, method: str) -> float | None:
    """Return the part of the test that the tools of a task answer rightly, mean over the runs that made one."""
    found = [each for each in figures.methods if (each.task, each.method) == (task, method)]
    return found[0].accuracy.mean if found and found[0].accuracy else None


def beside_paper(figures: MakingFigures) -> PlainTable:
    """Return the paper's table, and beside it what was measured here, in both ways of making."""
    rows = [
        (
            each.name,
            f"{each.made} of {MAKINGS}",
            f"{each.alone:.1%}",
            f"{each.with_tool:.1%}",
            _alone(figures, each.task),
            *(
                word
                for method in (OURS, PAPERS)
                for word in (_made(figures, each.task, method), _right(figures, each.task, method))
            ),
        )
        for each in PAPER
    ]
    head = ("task", "GPT-4: tools", "GPT-3.5 alone", "with tool", "here: alone")
    return PlainTable(
        "The paper's tasks: GPT-4 makes and GPT-3.5 Turbo uses, as published; and one model in every role here",
        (*head, *(word for method in (OURS, PAPERS) for word in (f"`{method}`: tools", "with tool"))),
        rows,
    )


def _alone(figures: MakingFigures, task: str) -> str:
    best = best_alone(figures, task)
    return "not run" if best is None else f"{best.test.accuracy:.0%} ({best.method})"


def _made(figures: MakingFigures, task: str, method: str) -> str:
    found = [each for each in figures.methods if (each.task, each.method) == (task, method)]
    return f"{found[0].made} of {found[0].runs}" if found else "not run"


def _right(figures: MakingFigures, task: str, method: str) -> str:
    right = right_with_tool(figures, task, method)
    return "-" if right is None else f"{right:.0%}"
