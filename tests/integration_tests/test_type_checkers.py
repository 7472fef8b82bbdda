"""mypy in strict mode sees the types of the public names in a program that uses the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import langchain_latm

ROOT = Path(__file__).parents[2]
PROGRAM = """\
from langchain_latm import Example, Task, ToolLibrary, __version__, create_sandbox, create_tool_maker

def make(library: ToolLibrary, task: Task) -> str:
    with create_sandbox() as sandbox:
        tool = create_tool_maker("local", sandbox=sandbox).invoke(task)
    return library.add(tool, reason=__version__)

"""


def checked(folder: Path, program: str) -> str:
    """Run mypy on a program outside of the repository, with the cache that `make lint` filled."""
    file = folder / "program.py"
    file.write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout


def test_every_public_name_can_be_imported_in_strict_mode(tmp_path: Path) -> None:
    imports = "".join(f"from langchain_latm import {name}\n" for name in langchain_latm.__all__)
    assert checked(tmp_path, imports + PROGRAM).startswith("Success")


def test_wrong_uses_of_public_names_are_found(tmp_path: Path) -> None:
    told = checked(tmp_path, f"{PROGRAM}make(1, Task(name='a'))\nfrom langchain_latm import create_latn\n")
    assert 'Argument 1 to "make" has incompatible type "int"; expected "ToolLibrary"' in told
    assert 'Module "langchain_latm" has no attribute "create_latn"' in told
