"""`latm tools export`: the whole library in one file, or one tool in another format."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from langchain_latm._core.amounts import counted
from langchain_latm.cli import console
from langchain_latm.cli.completion import exported
from langchain_latm.cli.library import opened_library
from langchain_latm.cli.options import AsJson, Library, validate_target
from langchain_latm.exceptions import LATMError


class ExportFormat(StrEnum):
    """Values of `--format`."""

    JSON = "json"
    SKILL = "skill"
    PYTHON = "python"
    LANGCHAIN = "langchain"


def export_tools(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE | NAME FOLDER",
            help="For `json` the file to write; for the other formats the name of a tool and a folder.",
            autocompletion=exported,
        ),
    ],
    format_: Annotated[
        ExportFormat,
        typer.Option(
            "--format",
            help="`json`: the whole library, for `latm tools import`. For one tool: `skill`, an Agent Skill; `python`, "
            "a module with its tests; `langchain`, a file with a StructuredTool.",
        ),
    ] = ExportFormat.JSON,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    library: Library = None,
    as_json: AsJson = False,
) -> None:
    """Export all tools, with all versions and their history, to one file; or one tool for use without this package.

    The file of the whole library is a backup for `latm tools import`. It does not hold how often tools were used.

    Tools that were made of requests under a system prompt are exported with the whole library only: the other formats
    do not say under which prompt they are right.

    In the other formats the tool runs outside of the sandbox: a model wrote the code, so read it first. No tool runs
    during the export.
    """
    from langchain_latm.interop.python_files import write_langchain, write_python
    from langchain_latm.interop.skills import write_skill

    if format_ is ExportFormat.JSON:
        if len(words) != 1:
            raise typer.BadParameter("`--format json` takes one FILE", param_hint="FILE")
        _export_library(Path(words[0]), force=force, library=library, as_json=as_json)
        return
    if len(words) != 2:  # noqa: PLR2004 - NAME FOLDER
        raise typer.BadParameter(
            f"`--format {format_}` takes the NAME of a tool and a FOLDER", param_hint="NAME FOLDER"
        )
    name, folder = words[0], Path(words[1])
    with opened_library(library, tool=name) as opened:
        tool = opened.get(name)
        depends = next((each.system_key for each in opened.list() if each.name == name), "")
    writers = {
        ExportFormat.SKILL: write_skill,
        ExportFormat.PYTHON: write_python,
        ExportFormat.LANGCHAIN: write_langchain,
    }
    if depends:
        raise typer.BadParameter(
            f"{name} was made of requests under a system prompt, which the format `{format_}` cannot hold, so its "
            "answers without that prompt may be wrong; export the library as `json`",
            param_hint="NAME",
        )
    try:
        written = writers[format_](tool, folder, force=force)
    except FileExistsError as error:
        raise typer.BadParameter(f"{error}; choose another folder or add --force", param_hint="FOLDER") from error
    if as_json:
        console.print_json({"name": tool.name, "id": tool.id, "files": written})
    for path in written:
        console.say(f"written: {path}")
    console.say("a model wrote this code, and it runs outside of the sandbox: read it first")


def _export_library(file: Path, *, force: bool, library: str | None, as_json: bool) -> None:
    validate_target(file, force=force, hint="FILE")
    from langchain_latm.cli.progress import progress

    with opened_library(library) as opened, progress("exporting the library"):
        try:
            names = opened.export_file(file)
        except OSError as error:
            raise LATMError(f"{file} cannot be written: {error.strerror or error}") from error
    if as_json:
        console.print_json({"file": file, "tools": names})
    console.say(f"written to {file}: {counted(len(names), 'tool')}")
