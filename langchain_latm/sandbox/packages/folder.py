"""The folders of installed sets of packages, and their manifests. No code of a package is executed here."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from langchain_latm._core.cache_folder import cache_folder
from langchain_latm.exceptions import PackageError
from langchain_latm.types import Package, packages_key

Members = Mapping[str, Mapping[str, str]]
"""The public members of each module that a tool may import.

The value is the module's name if the member is a module, else empty.
"""


def packages_root() -> Path:
    """Return the folder of all sets, which depends on user, machine and version of Python."""
    return cache_folder() / "packages" / str(sys.implementation.cache_tag)


def site_folder(key: str) -> Path:
    """Return the folder with the importable code of the set with this key."""
    return packages_root() / key / "site"


def members_file(key: str) -> Path:
    """Return the file that is written last; a set without it is not installed."""
    return packages_root() / key / "members.json"


def is_installed(packages: tuple[Package, ...]) -> bool:
    """Whether exactly these packages are installed for tools. True if there are none."""
    key = packages_key(packages)
    return not key or members_file(key).is_file()


def require_installed(packages: tuple[Package, ...]) -> None:
    """Make sure that exactly these packages are installed for tools.

    Raises:
        PackageError: They are not. The message says which ones, and what to do.
    """
    if not is_installed(packages):
        names = [package.name for package in packages if package.imports]
        raise PackageError(
            f"it needs packages that are not installed for tools on this machine: {', '.join(map(str, packages))}. "
            "If you trust them, allow them: MadeTool.load(file, packages=["
            f"{', '.join(map(repr, names))}]), or latm tools add FILE {' '.join(f'--package {name}' for name in names)}"
        )


def manifest(key: str) -> dict[str, Any]:
    """Return the zygote's information about a set: `imports`, and the `later` imports of the standard library.

    Raises:
        PackageError: The set is not installed, or its files were changed.
    """
    place = packages_root() / key
    found = dict(_read(place / "packages.json"))
    wanted, seen = found.pop("digest", ""), _stats(place / "site")
    if _unchanged.get(place) == (wanted, seen):
        return found
    if wanted != digest(place / "site"):
        raise PackageError(
            f"the packages of the tool were changed after their installation: delete the folder {place}, and install "
            "them again with langchain_latm.install_packages"
        )
    _unchanged[place] = wanted, seen
    return found


_unchanged: dict[Path, tuple[str, list[tuple[str, int, int, int, int]]]] = {}
"""The hash of the files of each set that this process has read, with their file statistics before.

Each sandbox process that loads a set needs it. Reading the files of sympy takes 0.3 s, reading their statistics 0.05 s.
Programs cannot set the time of a file's last change (ctime), so changed files are read again.
"""


def _stats(folder: Path) -> list[tuple[str, int, int, int, int]]:
    """Return the statistics of all files in a folder."""
    found = []
    for place, _, names in os.walk(folder):
        for name in ("", *names):
            stat = os.lstat(os.path.join(place, name))  # noqa: PTH118 - takes half the time of pathlib
            found.append((os.path.join(place, name), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))  # noqa: PTH118 - the same
    return sorted(found)


def digest(folder: Path) -> str:
    """Return the hash of the names and contents of all files in a folder."""
    found = hashlib.sha256()
    for file in sorted(each for each in folder.rglob("*") if not each.is_dir()):
        found.update(f"{file.relative_to(folder)}\0".encode())
        with suppress(OSError):  # a dangling link, or not readable: the hash differs from that of the file
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


@lru_cache(maxsize=8)
def members(key: str) -> Members:
    """Return the members of the modules of a set; empty without a key.

    Raises:
        PackageError: The set is not installed.
    """
    return dict(_read(members_file(key))) if key else {}


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise PackageError(
            f"the packages of the tool are not installed on this machine ({file.parent}): install them with "
            "langchain_latm.install_packages"
        ) from error
