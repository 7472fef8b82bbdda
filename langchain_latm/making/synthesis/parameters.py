"""Renames parameters inside a function if the source needs their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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


def own_names(
    names: Mapping[str, str], texts: Sequence[str], imports: Iterable[str]
) -> tuple[dict[str, str], list[str]]:
    """Give parameters that were renamed their own names again, unless the source uses these for something else.

    Args:
        names: The names in the body, by the parameters' own.
        texts: Parts of the body.
        imports: Its imports.

    Returns:
        The names in the body, and the parts with these names.
    """
    used = set(re.findall(r"\w+", "\n".join([*texts, *imports])))
    free = {inner: name for name, inner in names.items() if inner != name and name not in used}
    changed = [re.sub(r"\w+", lambda word: free.get(word[0], word[0]), text) for text in texts]
    return {name: free.get(inner, inner) for name, inner in names.items()}, changed


def bindings(names: dict[str, str], imports: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the imports of a module, and the statements at the beginning of a function.

    A parameter hides a module's import of the same name. So the function first binds it to another name, then imports.
    """
    bound = [f"{inner} = {name}" for name, inner in names.items() if inner != name]
    return ([], [*bound, *imports]) if bound else (list(imports), [])
