"""The packages that a tool may import, exactly as they were installed."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Final

from pydantic import StringConstraints, field_validator

from langchain_latm.types.base import Value

_OWN: Final = frozenset({"langchain_latm", "landlockpy", "seccompy", "tool"})
"""Modules that the sandbox itself uses."""


class Package(Value):
    """One distribution of a set of packages.

    Attributes:
        name: Its name, normalised, such as `python-dateutil`.
        version: Its exact version.
        sha256: Hash of its wheel.
        imports: The modules that a tool may import, such as `dateutil`. Empty for a package that is only a dependency
            of another one.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9A-Za-z.!+]*$", max_length=60)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    imports: tuple[str, ...] = ()

    @field_validator("imports")
    @classmethod
    def _check_imports(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [name for name in names if not may_be_imported(name)]:
            raise ValueError(f"{wrong[0]!r} is not the name of a package's module")
        return names

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


def may_be_imported(name: str) -> bool:
    """Whether a package may provide this top-level module.

    Those of the standard library and the sandbox are reserved.
    """
    is_public = name.isidentifier() and name.isascii() and not name.startswith("_")
    return is_public and name not in sys.stdlib_module_names and name not in _OWN


@lru_cache(maxsize=64)
def packages_key(packages: tuple[Package, ...]) -> str:
    """Return the hash that names a set of packages; empty for none."""
    plain = sorted((package.name, package.version, package.sha256, package.imports) for package in packages)
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest() if plain else ""


def declared(packages: Iterable[Package]) -> list[Package]:
    """Return the packages of a set that a tool may import directly."""
    return [package for package in packages if package.imports]
