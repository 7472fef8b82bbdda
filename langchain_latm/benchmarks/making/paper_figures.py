"""The paper's results on its six tasks, next to ours.

Source: Cai et al., Large Language Models as Tool Makers, https://arxiv.org/abs/2305.17126, tables 2 and 3.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from langchain_latm._core.plain_table import PlainTable
from langchain_latm.benchmarks.making.figures import BaselineFigures, MakingFigures
from langchain_latm.benchmarks.names import METHODS


class PaperTask(NamedTuple):
    """A task of the paper."""

    task: str  # its name here
    name: str  # its name in the paper
    made: int  # how many of five makings by GPT-4 gave a verified tool (table 3)
    # Share of the test that GPT-3.5 Turbo answers correctly with a chain of thought; for the last two tasks with
    # examples only (table 2).
    alone: float
    with_tool: float  # the share with a tool that GPT-4 made (table 2)


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
    """Return the baseline that answers most of a task's test correctly; None if none was measured."""
    ways = [each for each in figures.baselines if each.task == task]
    return max(ways, key=lambda each: each.test.accuracy, default=None)


def with_paper(figures: MakingFigures) -> PlainTable:
    """Return the paper's table, with our results for both methods of making."""
    return PlainTable.of(
        "The paper's tasks: GPT-4 makes and GPT-3.5 Turbo uses, as published; and one model in every role here",
        PAPER,
        ("task", lambda each: each.name),
        ("GPT-4: tools", lambda each: f"{each.made} of {MAKINGS}"),
        ("GPT-3.5 alone", lambda each: f"{each.alone:.1%}"),
        ("with tool", lambda each: f"{each.with_tool:.1%}"),
        ("here: alone", lambda each: _alone(figures, each.task)),
        *(
            column
            for method in METHODS
            for column in (
                (f"`{method}`: tools", lambda each, method=method: _made(figures, each.task, method)),
                ("with tool", lambda each, method=method: _right(figures, each.task, method)),
            )
        ),
    )


def _alone(figures: MakingFigures, task: str) -> str:
    best = best_alone(figures, task)
    return "not run" if best is None else f"{best.test.accuracy:.0%} ({best.method})"


def _made(figures: MakingFigures, task: str, method: str) -> str:
    found = (f"{each.made} of {each.runs}" for each in figures.methods if (each.task, each.method) == (task, method))
    return next(found, "not run")


def _right(figures: MakingFigures, task: str, method: str) -> str:
    right = figures.accuracy(task, method)
    return "-" if right is None else f"{right:.0%}"
