"""Source code of programs over pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_latm._core.source import free_name
from langchain_latm.making.synthesis.pairs.goals import Goal
from langchain_latm.making.synthesis.pairs.reading import Layout
from langchain_latm.making.synthesis.problem import Problem


def written(problem: Problem, layout: Layout, goal: Goal, condition: str, values: Sequence[str]) -> str:
    """Return the source code of a function that loops over pairs.

    Args:
        problem: The problem; it has the parameters and the function's name.
        layout: Which columns hold the lists.
        goal: What is returned.
        condition: Source code of the condition; empty for none.
        values: Source code of each number that is returned of a pair.
    """
    one, other = layout.items
    taken = {*problem.examples[0][0], one, other}
    value = f"[{', '.join(values)}]" if goal.is_list else "".join(values)
    begin, end, each = _parts(goal, value, taken)
    lines = [f'"""Return {_summary(layout, goal, condition, value)}."""', *begin, *_loops(layout, taken)]
    inner = "    " * (len(_loops(layout, taken)))
    if condition:
        lines.append(f"{inner}if {condition}:")
        inner += "    "
    lines += [f"{inner}{each}", *end]
    parameters = ", ".join(f"{name}: {_annotation(problem, name)}" for name in problem.examples[0][0])
    body = "\n".join(f"    {line}" for line in lines)
    return f"def {problem.name}({parameters}) -> {_returned(problem, goal)}:\n{body}\n"


def _parts(goal: Goal, value: str, taken: set[str]) -> tuple[list[str], list[str], str]:
    """Return the statements before the loops and after them, and the one for a pair that fits."""
    if goal.mode == "first":
        missing = "return None" if goal.may_miss else 'raise ValueError("no pair of items fits")'
        return [], [missing], f"return {value}"
    if goal.mode == "all":
        found = free_name("found", taken)
        return [f"{found} = []"], [f"return {found}"], f"{found}.append({value})"
    count = free_name("count", taken)
    return [f"{count} = 0"], [f"return {count}"], f"{count} += 1"


def _loops(layout: Layout, taken: set[str]) -> list[str]:
    one, other = layout.items
    first, *rest = layout.lists
    if rest:
        return [f"for {one} in {first}:", f"    for {other} in {rest[0]}:"]
    place = free_name("place", taken)
    return [f"for {place}, {one} in enumerate({first}):", f"    for {other} in {first}[{place} + 1 :]:"]


def _summary(layout: Layout, goal: Goal, condition: str, value: str) -> str:
    both = "two items" if len(layout.lists) == 1 else "pair of items"
    suffix = f" with `{condition}`" if condition else ""
    if goal.mode == "first":
        return f"`{value}` of the first {both}{suffix}"
    each = "each two items" if len(layout.lists) == 1 else "each pair of items"
    if goal.mode == "all":
        return f"`{value}` of {each}{suffix}"
    return f"the number of {'two items' if len(layout.lists) == 1 else 'pairs of items'}{suffix}"


def _annotation(problem: Problem, name: str) -> str:
    cells = [row[name] for row, _ in problem.examples] + [row[name] for row in problem.others if name in row]
    return _type(cells)


def _returned(problem: Problem, goal: Goal) -> str:
    found = _type([answer for _, answer in problem.examples if answer is not None])
    return f"{found} | None" if goal.may_miss else found


def _type(values: Sequence[Any]) -> str:
    """Return the type of some numbers, or lists of them."""
    if any(isinstance(value, list) for value in values):
        return f"list[{_type([each for value in values if isinstance(value, list) for each in value])}]"
    return "float" if any(isinstance(value, float) for value in values) else "int"
