"""A run of `latm bench making|using|all` in one small file, with its origin; notebooks show such a file.

    python -m langchain_latm.benchmarks.making.stored_run FOLDER FILE --commit COMMIT --command COMMAND

FOLDER is the run's `--out`. Call this on the machine that it ran on: the file describes that machine.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Self

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
    """The figures of a run, and where they come from."""

    command: _Text
    commit: _Text
    machine: _Text  # the machine that it ran on
    ended: _Text  # the day of the last event, UTC
    figures: MakingFigures  # what was measured, and what is missing

    @classmethod
    def of_folder(cls, folder: Path, *, command: str, commit: str, machine: str) -> Self:
        """Read a run from its `--out` folder.

        Raises:
            TaskError: The folder holds no events of this benchmark, or a text is empty.
        """
        figures = figures_of(read_events(folder / FILE))
        ended = datetime.fromtimestamp((folder / FILE).stat().st_mtime, UTC).date().isoformat()
        try:
            return cls(command=command, commit=commit, machine=machine, ended=ended, figures=figures)
        except ValidationError as error:
            raise TaskError(f"origin of the run: {first_error(error)}") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that `main` wrote.

        Raises:
            TaskError: The file cannot be read, or is not a stored run.
        """
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Store a run."""
    module = "langchain_latm.benchmarks.making.stored_run"
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description="Store a run.")
    parser.add_argument("folder", type=Path, help="the run's --out")
    parser.add_argument("file", type=Path, help="the file to write")
    parser.add_argument("--commit", required=True, help="commit of this package that ran")
    parser.add_argument("--command", required=True, help="the command line")
    parser.add_argument("--machine", default=this_machine(), help="default: this one, %(default)s")
    given = parser.parse_args(arguments)
    try:
        run = StoredRun.of_folder(given.folder, command=given.command, commit=given.commit, machine=given.machine)
        write_atomically(given.file, run.model_dump_json(indent=1) + "\n")
    except (TaskError, OSError) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
