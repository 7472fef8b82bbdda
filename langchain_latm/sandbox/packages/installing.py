"""Installs packages for tools: only wheels, so that no code of a package runs, into a folder that is only read."""

from __future__ import annotations

import hashlib
import importlib.machinery
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm.exceptions import PackageError, SandboxUnavailableError
from langchain_latm.sandbox.packages.declaring import requirements
from langchain_latm.sandbox.packages.describing import describe_members
from langchain_latm.sandbox.packages.folder import digest, is_installed, members_file, packages_root
from langchain_latm.types import Package, declared, may_be_imported, packages_key

_LOCK_SECONDS: Final = 900.0
_PIP_SECONDS: Final = 1_800.0
_LATER: Final = re.compile(rb"^[ \t]+(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
"""An import inside a function or a branch, which may run only when a tool is called."""


def install_packages(packages: Sequence[str] | Sequence[Package]) -> tuple[Package, ...]:
    """Install packages that tools may import, with their dependencies. Installed sets are found at once.

    pip downloads wheels from your package index, and unpacks them into a separate folder of the user's cache. Packages
    without a wheel are refused, since their installation would run code. Only locked processes load the packages; this
    happens here once, to list their members. All tools on this machine may use packages that are installed in this way.

    Args:
        packages: Names, such as `python-dateutil` or `sympy==1.14.0`, or the recorded `MadeTool.packages`, which are
            installed in exactly these versions, with exactly these wheels.

    Returns:
        Every package of the set, with its version and the hash of its wheel.

    Raises:
        PackageError: A name is not valid, pip failed, or the packages cannot be loaded in the sandbox.
    """
    recorded = tuple(package for package in packages if isinstance(package, Package))
    if recorded:
        lines = [f"{package} --hash=sha256:{package.sha256}" for package in recorded]
        names = {package.name for package in declared(recorded)}
    else:
        wanted = requirements([each for each in packages if isinstance(each, str)])
        lines, names = list(wanted.values()), set(wanted)
    if is_installed(recorded) and (recorded or not lines):
        return recorded
    root = packages_root()
    resolved = root / f"{hashlib.sha256(json.dumps(lines).encode()).hexdigest()[:32]}.json"
    if not recorded and (known := _resolved_before(resolved)) is not None:
        return known
    import filelock  # noqa: PLC0415 - most tools declare no packages, and a tool in a file is read by commands that start fast

    try:
        root.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(root / ".lock", timeout=_LOCK_SECONDS), tempfile.TemporaryDirectory(dir=root) as made:
            if recorded:
                return _installed(lines, names, Path(made), recorded)
            if (known := _resolved_before(resolved)) is not None:  # installed by another process meanwhile
                return known
            found = _installed(lines, names, Path(made), ())
            write_atomically(resolved, json.dumps([package.model_dump(mode="json") for package in found]))
            return found
    except OSError as error:  # TimeoutError: another process holds the lock
        raise PackageError(f"packages cannot be installed in {packages_root()}: {error.strerror or error}") from error


def _resolved_before(file: Path) -> tuple[Package, ...] | None:
    """Return the earlier result for the same names: a set changes only if its names do."""
    try:
        known = tuple(Package.model_validate(each) for each in json.loads(file.read_bytes()))
    except (OSError, ValueError):
        return None
    return known if is_installed(known) else None


def _installed(lines: list[str], names: set[str], made: Path, recorded: tuple[Package, ...]) -> tuple[Package, ...]:
    """Download and unpack packages, and give them their final place.

    Args:
        lines: Requirements, as in a file for pip.
        names: The packages that a tool may import.
        made: A folder for incomplete sets.
        recorded: The exact packages, if known.
    """
    wheels, site, wanted = made / "wheels", made / "site", made / "wanted.txt"
    wanted.write_text("\n".join(lines))
    exact = ["--no-deps", "--require-hashes"] if recorded else []
    _pip("download", "--only-binary", ":all:", *exact, "--dest", str(wheels), "--requirement", str(wanted))
    files = sorted(wheels.iterdir())
    _pip("install", "--no-index", "--no-deps", "--target", str(site), *map(str, files))
    found = metadata.distributions(path=[str(site)])
    tops: dict[str, list[str]] = {canonicalize_name(each.name): sorted(_top_level(each)) for each in found}
    packages = tuple(_package(file, tops, names) for file in files)
    if recorded and packages_key(packages) != packages_key(recorded):
        raise PackageError(f"the packages {', '.join(map(str, recorded))} are not as recorded: they have other modules")
    if further := sorted(tops.keys() - _needed(site, names)):
        raise PackageError(f"nothing that was allowed needs the recorded packages {', '.join(further)}")
    _place(packages, made, site)
    return packages


def _needed(site: Path, names: set[str]) -> set[str]:
    """Return the names of packages, and of all their dependencies, including optional ones."""
    found = {canonicalize_name(each.name): each for each in metadata.distributions(path=[str(site)])}
    needed: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found and name not in needed:
            needed.add(name)
            waiting += [canonicalize_name(Requirement(each).name) for each in found[name].requires or ()]
    return needed


def _package(file: Path, tops: dict[str, list[str]], names: set[str]) -> Package:
    """Describe a package by its wheel."""
    name, version, _, _ = parse_wheel_filename(file.name)
    imports = tuple(tops[name]) if name in names else ()
    if name in names and not imports:
        raise PackageError(f"the package {name} has no module that a tool may import")
    return Package(
        name=name, version=str(version), sha256=hashlib.sha256(file.read_bytes()).hexdigest(), imports=imports
    )


def _top_level(distribution: metadata.Distribution) -> set[str]:
    """Return the names of the modules at the top of a distribution, by its list of files."""
    found = set()
    for file in distribution.files or ():
        suffix = next((each for each in importlib.machinery.all_suffixes() if file.name.endswith(each)), None)
        if suffix is not None:
            top = file.parts[0]
            found.add(top.removesuffix(suffix) if len(file.parts) == 1 else top)
    return {name for name in found if may_be_imported(name)}


def _place(packages: tuple[Package, ...], made: Path, site: Path) -> None:
    key = packages_key(packages)
    place = packages_root() / key
    if not is_installed(packages):
        shutil.rmtree(place, ignore_errors=True)  # left by an installation that was killed
        imports = [name for package in packages for name in package.imports]
        content = {
            "packages": list(map(str, packages)),
            "imports": imports,
            "later": sorted(_later(site)),
            "digest": digest(site),
        }
        whole = made / "set"
        whole.mkdir()
        site.rename(whole / "site")
        (whole / "packages.json").write_text(json.dumps(content))
        whole.rename(place)
        try:
            text = json.dumps(describe_members(key, imports))
        except SandboxUnavailableError as error:
            shutil.rmtree(place, ignore_errors=True)
            raise PackageError(f"{', '.join(map(str, packages))} cannot be loaded in the sandbox: {error}") from error
        write_atomically(members_file(key), text)
        for folder, _, files in os.walk(place):
            for file in files:
                (Path(folder) / file).chmod(0o444)


def _later(site: Path) -> Iterator[str]:
    """Yield the modules of the standard library that packages import while they run."""
    found = {name.decode() for file in site.rglob("*.py") for name in _LATER.findall(file.read_bytes())}
    return (name for name in found if name.partition(".")[0] in sys.stdlib_module_names)


def _pip(*arguments: str) -> None:
    """Run pip with the settings of the user, such as those of a package index.

    Raises:
        PackageError: It failed; the message holds its last error.
    """
    # Without -P, an untrusted file pip.py in the current folder would be executed.
    command = [sys.executable, "-P", "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_PIP_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PackageError(f"pip {arguments[0]} took longer than {_PIP_SECONDS:g} s") from error
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["it gave no reason"]
        raise PackageError(f"pip {arguments[0]} failed: {' '.join(errors)[:1_000]}")
