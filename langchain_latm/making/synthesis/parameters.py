"""What a function calls its parameters inside, where the source needs the name itself."""

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
    """Return what the body of a function calls each parameter: `given_date` beside `from datetime import date`."""
    return {name: f"given_{name}" if name in _USED else name for name in parameters}


def bindings(names: dict[str, str], imports: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the imports of a module, and the statements that a function begins with.

    A parameter hides what the module imports under its name. So it is bound to another name first, and then the
    function imports.
    """
    bound = [f"{inner} = {name}" for name, inner in names.items() if inner != name]
    return ([], [*bound, *imports]) if bound else (list(imports), [])
