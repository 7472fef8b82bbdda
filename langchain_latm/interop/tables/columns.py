"""Columns by name: checks them when a table is opened, and suggests the nearest names for a missing one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from langchain_latm._core.plain_names import plain_name
from langchain_latm.exceptions import TableError
from langchain_latm.types.messages import shorten

_SHOWN: Final = 12


def check_header(where: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns; an empty one becomes `column N`.

    Raises:
        TableError: Two columns have the same name.
    """
    named = tuple(name if name.strip() else f"column {place}" for place, name in enumerate(names, 1))
    places: dict[str, int] = {}
    for place, name in enumerate(named, 1):
        if name in places:
            raise TableError(
                f"{where}: columns {places[name]} and {place} are both called {shorten(name, 60)!r}; rename one, or "
                "read the first row as data with --no-header"
            )
        places[name] = place
    return named


def find_column(where: str, columns: Sequence[str], wanted: str, *, asked: str = "") -> int:
    """Return the place of a column; case and spaces around a name may differ if only one column fits.

    Args:
        where: The file.
        columns: Their names.
        wanted: The name that a user gave.
        asked: The option, or the purpose of the column.

    Raises:
        TableError: There is no such column; the message has the nearest names.
    """
    if wanted in columns:
        return columns.index(wanted)
    alike = [place for place, name in enumerate(columns) if _plain(name) == _plain(wanted)]
    if len(alike) == 1:
        return alike[0]
    by_plain = {_plain(name): name for name in columns}
    near = [by_plain[each] for each in get_close_matches(_plain(wanted), list(by_plain), n=3, cutoff=0.6)]
    if near:
        hint = f"the nearest: {', '.join(repr(shorten(name, 60)) for name in near)}"
    else:
        some = ", ".join(repr(shorten(name, 60)) for name in columns[:_SHOWN])
        hint = f"it has {some}{', ...' if len(columns) > _SHOWN else ''}"
    raise TableError(f"{where}: there is no column {wanted!r}{f' ({asked})' if asked else ''}; {hint}")


def is_column(columns: Sequence[str], wanted: str) -> bool:
    """Whether `find_column` finds it."""
    return wanted in columns or sum(_plain(name) == _plain(wanted) for name in columns) == 1


def answer_column(columns: Sequence[str], named: str) -> str:
    """Return the column of answers: one that is called so but for case, spaces and what no tool's name has; or `named`.

    A tool is called after its column in letters, digits and underscores: `Full_name` after `Full name`.

    Args:
        columns: The columns of the table.
        named: The name that a user gave, or the tool's.
    """
    if named in columns:
        return named
    for alike in (_plain, plain_name):
        found = [name for name in columns if alike(name) == alike(named)]
        if len(found) == 1 and alike(named):
            return found[0]
    return named


def _plain(name: str) -> str:
    return name.strip().casefold()
