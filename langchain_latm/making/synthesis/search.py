"""Searches for programs that solve a problem, with every engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from langchain_latm.making.synthesis.budget import Budget
from langchain_latm.making.synthesis.converting import name_conversions
from langchain_latm.making.synthesis.decisions import decision_programs
from langchain_latm.making.synthesis.evidence import explained_cost
from langchain_latm.making.synthesis.formula_programs import formula_programs
from langchain_latm.making.synthesis.framed import framed_programs
from langchain_latm.making.synthesis.grouped import within_group
from langchain_latm.making.synthesis.helped import helped_programs
from langchain_latm.making.synthesis.lists.reading import are_lists
from langchain_latm.making.synthesis.lists.search import search as list_programs
from langchain_latm.making.synthesis.naming import naming_programs
from langchain_latm.making.synthesis.opposites import opposite_programs
from langchain_latm.making.synthesis.pairs.search import pair_programs
from langchain_latm.making.synthesis.parts.search import arranged_programs, mapped_programs, varies
from langchain_latm.making.synthesis.problem import Problem, Program
from langchain_latm.making.synthesis.stacks import stack_programs
from langchain_latm.making.synthesis.texts import text_programs
from langchain_latm.making.synthesis.things.search import thing_programs
from langchain_latm.making.synthesis.unseen import unseen

Engine = Callable[[Problem, Budget], list[Program]]


def _all_list_programs(problem: Problem, budget: Budget) -> list[Program]:
    return list_programs(problem, budget.deadline)


def _list_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(_all_list_programs(problem, budget), problem)


def _pair_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(pair_programs(problem, budget), problem)


def _stack_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(stack_programs(problem, budget), problem)


def _helped_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(helped_programs(problem, budget, _all_list_programs), problem)


def _framed_programs(problem: Problem, budget: Budget) -> list[Program]:
    return framed_programs(problem, budget, _programs_for_gaps)


def _programs_for_gaps(problem: Problem, budget: Budget) -> list[Program]:
    """Return the programs for the text in gaps, which are read no further."""
    found: list[Program] = []
    for engine in (opposite_programs, _list_programs, text_programs):
        if min((program.cost for program in found), default=math.inf) > _LIKELY:
            found += engine(problem, budget)
    return sorted(_confirmed(found, problem), key=lambda program: program.cost)


def _thing_programs(problem: Problem, budget: Budget) -> list[Program]:
    return thing_programs(problem, budget, _programs_for_things)


def _programs_for_things(problem: Problem, budget: Budget) -> list[Program]:
    """Return the programs for typed things that explain the answers better than a repetition of the examples."""
    found = [*_formula_programs(problem, budget), *decision_programs(problem, budget)]
    found += naming_programs(problem, budget)
    found += _programs_for_gaps(problem, budget)
    return [each for each in found if each.cost <= _explained(problem) and not _is_label(each, problem)]


def _formula_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(formula_programs(problem, budget.part(_FORMULAS)), problem)


def _arranged_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(arranged_programs(problem, budget), problem)


def _mapped_programs(problem: Problem, budget: Budget) -> list[Program]:
    return _confirmed(mapped_programs(problem, budget, _programs_for_parts), problem)


def _programs_for_parts(problem: Problem, budget: Budget) -> list[Program]:
    """Return the confirmed programs for the parts of cells. The parts are not split further."""
    found = _list_programs(problem, budget) if are_lists(problem) else text_programs(problem, budget)
    return [each for each in found if each.cost <= _explained(problem) and not _is_label(each, problem)]


def _confirmed(programs: Sequence[Program], problem: Problem) -> list[Program]:
    """Return the programs; for answers of two labels, such as yes and no, only those that the answers confirm.

    Two names that the rows hold among others are no labels: other rows hold other names.
    """
    if all(_holds(row, answer) for row, answer in problem.examples):
        return list(programs)
    counts = Counter(str(answer) for _, answer in problem.examples)
    if len(counts) != 2 or not all(label.isalpha() or len(label) == 1 for label in counts):  # noqa: PLR2004 - yes or no
        return list(programs)
    bits = math.log2(math.comb(counts.total(), min(counts.values())))  # the number of possible orders, in bits
    return [program for program in programs if program.cost <= _TOLD_BY_A_BIT * bits]


_ENGINES: Final[dict[str, Engine]] = {
    "opposites": opposite_programs,
    "framed": _framed_programs,
    "things": _thing_programs,
    "arranged": _arranged_programs,
    "texts": text_programs,
    "lists": _list_programs,
    "pairs": _pair_programs,
    "stacks": _stack_programs,
    "helped": _helped_programs,
    "formulas": _formula_programs,
    "mapped": _mapped_programs,
}
ENGINES: Final = tuple(_ENGINES)
"""Names of the engines."""


_FORMULAS: Final = 400_000
"""Steps of the search for formulas: all formulas of four numbers take half of them."""
_LIKELY: Final = 6.0
"""Maximum cost of a program after which no other engine is asked: several engines read texts that hold numbers."""
_RIVALS: Final = 100_000
"""Steps of the search on texts for rivals, if another engine has found programs: a third of a second."""
_LABEL: Final = 2
"""Minimum number of commas in an answer that is more than a label: a list of three items may be meant for all rows."""
_SEVERAL: Final = 3
"""Minimum number of different items of a row that an answer may be one of."""
_TOLD_BY_A_BIT: Final = 0.8
"""Maximum cost of a program on lists and numbers for each bit of the answers, if these are yes or no. Thousands of
conditions are tried, and six answers are four bits: two of 121 development tasks had a program that cost more, both of
them wrong."""


def synthesise(
    problem: Problem,
    *,
    seconds: float = 10.0,
    steps: int = 1_500_000,
    largest_cost: float | None = None,
    engines: Sequence[str] = ENGINES,
) -> list[Program]:
    """Return programs that give the answer of every example, the likeliest first.

    The search is limited by steps, and by time only as a last resort, so it is deterministic if it ends in time.

    Args:
        problem: The solved rows, and rows without an answer.
        seconds: Maximum time of the search.
        steps: Maximum number of values to compute. 1,500,000 take about 5 seconds and 200 MB.
        largest_cost: Maximum cost of a program: more expensive ones repeat the examples instead of explaining them. By
            default 3.5, plus 0.9 for each of up to 8 examples, plus more for long answers, which confirm longer
            programs; less if all answers are small numbers.
        engines: The engines to use, of `ENGINES`; their programs are merged by cost.

    Returns:
        Programs, cheapest first; empty if none was found.

    Example:
        >>> rows = (({"name": "Ada Lovelace"}, "A. Lovelace"), ({"name": "Grace Hopper"}, "G. Hopper"))
        >>> synthesise(Problem(rows))[0].run({"name": "Alan Turing"})
        'A. Turing'
    """
    largest = _explained(problem) if largest_cost is None else largest_cost
    budget = Budget(seconds, steps, largest)
    found: list[Program] = []
    for engine in _in_order(engines, problem):
        if engine == "texts" and "lists" in engines and are_lists(problem):
            continue  # this engine would treat the numbers of a list as text
        if min((program.cost for program in found), default=math.inf) > _LIKELY:
            found += _ENGINES[engine](problem, budget)
        elif engine == "texts":
            found += text_programs(problem, budget.part(_RIVALS))
    likely = [each for each in found if each.cost <= largest and not _is_label(each, problem)]
    ordered = sorted(likely, key=lambda program: program.cost)
    if not ordered:
        return []
    narrow = within_group(ordered[0], problem)
    careful = [*([] if narrow is None else [narrow]), *unseen(ordered[0], problem)]
    return sorted([*ordered, *careful], key=lambda program: program.cost)


def _in_order(engines: Sequence[str], problem: Problem) -> list[str]:
    """Return the engines in order. Cells with a varying number of parts are split before texts are searched.

    Requests for conversions are read as a whole first: the parts of their wording explain nothing.
    """
    if "texts" in engines and name_conversions(problem):
        return ["texts", *(each for each in engines if each != "texts")]
    if "mapped" not in engines or are_lists(problem) or not varies(problem):
        return list(engines)
    early = ("opposites", "framed", "arranged", "mapped")
    return [*(each for each in early if each in engines), *(each for each in engines if each not in early)]


def _holds(row: Mapping[str, Any], answer: Any) -> bool:
    """Whether an answer is one of several items of a list of the row, or of the rows in it."""
    lists = [cell for cell in row.values() if isinstance(cell, list)]
    items = [item for cell in lists for each in cell for item in (each if isinstance(each, list) else [each])]
    return len(set(map(repr, items))) >= _SEVERAL and answer in items


def _is_label(program: Program, problem: Problem) -> bool:
    """Whether all answers are one word or number, and no input holds it or the program gives it for every row.

    Equal answers do not show what they depend on: any test that six rows fail would do.
    """
    answers = {str(answer) for _, answer in problem.examples}
    if len(answers) > 1 or max(answers).count(",") >= _LABEL:
        return False
    (label,) = answers
    if not all(any(label in str(cell) for cell in row.values()) for row, _ in problem.examples):
        return True
    return all(_answer(program, row) in {None, label} for row in problem.others)


def _answer(program: Program, row: Mapping[str, Any]) -> str | None:
    try:
        return str(program.run(row))
    except ValueError:
        return None


def _explained(problem: Problem) -> float:
    return explained_cost([answer for _, answer in problem.examples])
