"""A run of `latm bench making|using|all` in one small file, with its origin; notebooks show such a file.

    python -m langchain_latm.benchmarks.making.stored_run FOLDER FILE --commit COMMIT --command COMMAND

FOLDER is the run's `--out`. Call this on the machine of the run, which the file describes.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Self

import typer
from pydantic import StringConstraints, ValidationError

from langchain_latm._core.atomic_file import write_atomically
from langchain_latm.benchmarks.making.events import FILE, read_events
from langchain_latm.benchmarks.making.figures import MakingFigures
from langchain_latm.benchmarks.making.summary import figures_of
from langchain_latm.exceptions import TaskError
from langchain_latm.types import Value, first_error

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_GIGABYTE: Final = 2**30


class StoredRun(Value):
    """The figures of a run, with their origin."""

    command: _Text
    commit: _Text
    machine: _Text  # the machine that it ran on
    ended: _Text  # the day of the last event, UTC
    figures: MakingFigures  # the figures, and the missing parts

    @classmethod
    def of_folder(cls, folder: Path, *, command: str, commit: str, machine: str) -> Self:
        """Read a run from its `--out` folder; a TaskError says if it holds no events, or a text is empty."""
        figures = figures_of(read_events(folder / FILE))
        ended = datetime.fromtimestamp((folder / FILE).stat().st_mtime, UTC).date().isoformat()
        try:
            return cls(command=command, commit=commit, machine=machine, ended=ended, figures=figures)
        except ValidationError as error:
            raise TaskError(f"origin of the run: {first_error(error)}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `main` wrote; a TaskError says if it is not one."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise TaskError(f"{path}: {error.strerror or error}") from error
        except ValidationError as error:
            raise TaskError(f"{path} is not a stored run: {first_error(error)}") from error


def this_machine() -> str:
    """Describe this machine: processor, memory, Python."""
    processor, memory = platform.processor() or platform.machine(), ""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        memory = f"{round(os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / _GIGABYTE)} GB of memory, "
    except (OSError, StopIteration, ValueError):  # no Linux, or a processor without a name
        pass
    return f"{os.cpu_count()} cores of {processor}, {memory}Python {platform.python_version()}"


def main(
    folder: Annotated[Path, typer.Argument(help="The run's --out.")],
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    commit: Annotated[str, typer.Option(help="Commit of this package that ran.")],
    command: Annotated[str, typer.Option(help="The command line.")],
    machine: Annotated[str | None, typer.Option(help="The machine; by default this one.")] = None,
) -> None:
    """Store a run in a file."""
    try:
        run = StoredRun.of_folder(folder, command=command, commit=commit, machine=machine or this_machine())
        write_atomically(file, run.model_dump_json(indent=1) + "\n")
    except (TaskError, OSError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    typer.run(main)
