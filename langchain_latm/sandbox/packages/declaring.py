"""Reads the packages that a user declares: names, with or without an exact version."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from langchain_latm.exceptions import PackageError


def requirements(declared: Iterable[str]) -> dict[str, str]:
    """Read declared packages: `NAME` or `NAME==VERSION`, nothing else.

    Returns:
        Requirements for pip by normalised name, sorted.

    Raises:
        PackageError: An entry has another form, or a package is declared with two versions.
    """
    if isinstance(declared, str):
        raise PackageError(f"packages is a list of names, such as [{declared!r}]")
    found: dict[str, str] = {}
    for text in declared:
        name, wanted = _requirement(text)
        if found.setdefault(name, wanted) != wanted:
            raise PackageError(f"the package {name} is declared twice, as {found[name]} and as {wanted}")
    return dict(sorted(found.items()))


def _requirement(text: str) -> tuple[str, str]:
    try:
        read = Requirement(text)
    except (InvalidRequirement, TypeError):
        read = None
    pins = list(read.specifier) if read else []
    exact = not pins or (len(pins) == 1 and pins[0].operator == "==" and "*" not in pins[0].version)
    if read is None or read.url or read.extras or read.marker or not exact:
        raise PackageError(f"{text!r} is not a package: write NAME or NAME==VERSION, such as python-dateutil")
    name = canonicalize_name(read.name)
    return name, f"{name}{read.specifier}"
