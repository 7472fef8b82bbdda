"""Every operator computes the same as its Python code."""

import calendar
import math
import operator
import re
import statistics
from collections import Counter
from itertools import accumulate, groupby, pairwise
from typing import Any

from langchain_latm.making.synthesis.lists import elements, groups, operators
from langchain_latm.making.synthesis.lists.term import FAILED, Operator

SPACE = {
    "calendar": calendar, "math": math, "operator": operator, "statistics": statistics, "Counter": Counter,
    "accumulate": accumulate, "groupby": groupby, "pairwise": pairwise,
}  # fmt: skip
ARGUMENTS: list[tuple[Any, ...]] = [
    ((4, 1, 4, 7, 2, 2), 2, 4), ((9,), 0, 1), ((3, 3, 5), 5, 1), (7, 3, 2), (12, 2, 5), (True, 4, 6), (False, 4, 6),
    ((2, 1), (1, 2), 0), ("kiwi", "i", "x"), (-4, 9, 3),
]  # fmt: skip


def thawed(value: Any) -> Any:
    return list(map(thawed, value)) if isinstance(value, tuple) else value


def frozen(value: Any) -> Any:
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def all_operators() -> list[Operator]:
    found = []
    for module in (operators, elements, groups):
        for value in vars(module).values():
            found += [value] if isinstance(value, Operator) else list(value.values()) if isinstance(value, dict) else []
    found += [operator for operator, _ in groups.BETWEEN]
    return [each for each in found if isinstance(each, Operator) and "{0}" in each.template]


def test_each_operator_computes_its_template() -> None:
    for each in all_operators():
        arity = 1 + max(map(int, re.findall(r"\{(\d)", each.template)))
        agreed = 0
        for arguments in ARGUMENTS:
            value = each.run(*((argument,) for argument in arguments[:arity]))[0]
            if value is FAILED:
                continue
            text = each.template.format(*(f"({thawed(argument)!r})" for argument in arguments[:arity]))
            assert frozen(eval(text, dict(SPACE))) == value, (each.template, arguments)  # noqa: S307 - our own text
            agreed += 1
        assert agreed, f"{each.template} fails on all arguments"
