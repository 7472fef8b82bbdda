"""Renames parameters inside a function if the source needs their names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_USED: Final = frozenset(
    """
    Counter Decimal ROUND_HALF_UP accumulate calendar character date digit divisor dropwhile each end following
    groupby index item json letter letters line math name number operator other pairwise part re run start
    statistics takewhile timedelta unicodedata value word
    """.split()  # noqa: SIM905 - a text of words reads best as one
)
"""Names that a source imports, or binds in comprehensions."""


def inner_names(parameters: Iterable[str]) -> dict[str, str]:
    """Return the name of each parameter in the function's body, such as `given_date` beside an imported `date`."""
    return {name: f"given_{name}" if name in _USED else name for name in parameters}


def bindings(names: dict[str, str], imports: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the imports of a module, and the statements at the beginning of a function.

    A parameter hides a module's import of the same name. So the function first binds it to another name, then imports.
    """
    bound = [f"{inner} = {name}" for name, inner in names.items() if inner != name]
    return ([], [*bound, *imports]) if bound else (list(imports), [])
