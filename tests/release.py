"""Builds the release files, checks them, and uses the wheel in an otherwise empty environment.

    python -m tests.release

The wheel is built from the source distribution, as pip would build it. In a new environment without extras, a tool is
made by search, used, and exported; the commands are those that a user types.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_PEOPLE: Final = (
    "name,signup,iso\nAda,5.3.2020,2020-03-05\nBo,24.12.1999,1999-12-24\nCy,1.10.2001,2001-10-01\n"
    "Di,30.6.2012,2012-06-30\nEd,9.11.1989,1989-11-09\nFlo,2.2.2002,2002-02-02\nGus,17.4.2015,\n"
)
_SHIPPED: Final = ("py.typed", "tools/report/page.css", "tools/report/page.html.jinja", "sandbox/README.md")
"""Required files of the package that are not Python."""


def main() -> None:
    """Build, check, install and use; stop at the first error."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _run(sys.executable, "-m", "build", "--outdir", str(folder / "dist"), str(ROOT))
        (wheel,), (source,) = (folder / "dist").glob("*.whl"), (folder / "dist").glob("*.tar.gz")
        _run(sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(source))
        _check_contents(wheel, source)
        _use(wheel, folder)
    print(f"{wheel.name} and {source.name}: built, checked, installed and used")  # noqa: T201 - a script


def _check_contents(wheel: Path, source: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    missing = [name for name in _SHIPPED if f"langchain_latm/{name}" not in names]
    foreign = [name for name in names if not name.startswith(("langchain_latm/", f"langchain_latm-{version}"))]
    with tarfile.open(source) as packed:
        first = {Path(name).parts[1] for name in packed.getnames() if len(Path(name).parts) > 1}
    missing += [name for name in ("tests", "notebooks", "README.md", "CHANGELOG.md", "LICENSE") if name not in first]
    if missing or foreign:
        sys.exit(f"not in the distributions: {missing}; in the wheel, though it is not of the package: {foreign[:10]}")


def _use(wheel: Path, folder: Path) -> None:
    """Install the wheel into a new environment, and follow the README there."""
    venv.create(folder / "bare", with_pip=True)
    binaries = folder / "bare" / ("Scripts" if os.name == "nt" else "bin")
    _run(str(binaries / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    (folder / "people.csv").write_text(_PEOPLE, encoding="utf-8")
    latm = str(binaries / "latm")
    _run(latm, "--version", at=folder)
    _run(latm, "make", "people.csv", "--from", "signup", "--to", "iso", "--maker", "none", at=folder)
    answer = _run(latm, "use", "iso.tool.json", "--args", '{"signup": "17.4.2015"}', at=folder)
    _run(latm, "apply", "iso.tool.json", "people.csv", "--out", "done.csv", at=folder)
    filled = (folder / "done.csv").read_text(encoding="utf-8")
    if answer.strip() != "2015-04-17" or "Gus,17.4.2015,2015-04-17" not in filled:
        sys.exit(f"the installed wheel answers {answer!r}, and fills in:\n{filled}")


def _run(*command: str, at: Path = ROOT) -> str:
    """Run a command; if it fails, end with what it printed. Nothing of this checkout is importable in it."""
    clean = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    clean |= {"LATM_LIBRARY": str(at / "tools.sqlite"), "LATM_CONFIG": os.devnull}
    done = subprocess.run(command, cwd=at, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
