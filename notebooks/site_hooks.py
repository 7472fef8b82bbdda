"""Hooks for MkDocs; `mkdocs.yml` names this file.

Notebooks become pages with their saved outputs, without being run. The chapters on the commands of `latm` and the
table of public names are generated. A public name in code format becomes a link to the reference.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.cli import get_docs_for_click

import langchain_latm
from langchain_latm.cli.app import app

COMMANDS = "<!-- the commands: `make docs` writes them here -->"
NAMES = "<!-- the public names: `make docs` writes them here -->"
_NOTEBOOK = re.compile(r"\d\d_\w+\.ipynb")
_TERMINAL_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_PUBLIC = re.compile(rf"<code>({'|'.join(langchain_latm.__all__)})(\(\.\.\.\)|\(\))?</code>")
_NO_LINKS_INSIDE = re.compile(r"(<(?:a|pre|h[1-6]|autoref)\b.*?</(?:a|pre|h[1-6]|autoref)>)", re.DOTALL)


class _NotebookPage(File):
    """A notebook that MkDocs treats as Markdown."""

    def is_documentation_page(self) -> bool:
        return True


def on_config(config: MkDocsConfig) -> None:
    """Add all notebooks to the navigation, in the order of their numbers."""
    names = sorted(path.name for path in Path(config.docs_dir).iterdir() if _NOTEBOOK.fullmatch(path.name))
    for entry in config.nav or []:
        if "Notebooks" in entry:
            entry["Notebooks"] = names
    config.nav = [entry for entry in config.nav or [] if entry != {"Notebooks": []}]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Turn notebooks into pages."""
    for file in list(files):
        if _NOTEBOOK.fullmatch(file.src_uri):
            files.remove(file)
            files.append(_NotebookPage.generated(config, file.src_uri, content=_as_markdown(file.content_string)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in the generated parts of a page."""
    for marker, generated in ((COMMANDS, _commands), (NAMES, _names)):
        if marker in markdown:
            markdown = markdown.replace(marker, generated())
    return markdown


def on_page_content(html: str, **_: Any) -> str:
    """Link public names to the reference."""
    parts = _NO_LINKS_INSIDE.split(html)
    parts[::2] = [
        _PUBLIC.sub(r'<autoref identifier="langchain_latm.\1" optional><code>\1\2</code></autoref>', part)
        for part in parts[::2]
    ]
    return "".join(parts)


def _as_markdown(notebook: str) -> str:
    """Return a notebook's cells and their outputs as Markdown.

    Raises:
        ValueError: An output is neither text nor HTML nor a picture.
    """
    parts: list[str] = []
    for cell in nbformat.reads(notebook, as_version=4).cells:
        if cell.cell_type != "code":
            parts.append(cell.source)
            continue
        parts.append(_fenced(cell.source, "python"))
        parts += [_output(each) for each in cell.outputs]
    return "\n\n".join(parts)


def _output(output: Any) -> str:
    data = output.get("data", {})
    if "text/markdown" in data:
        return str(data["text/markdown"])
    for form in ("text/html", "image/svg+xml"):
        if form in data:
            return f"<div>{data[form]}</div>"
    if "image/png" in data:
        return f"![What the cell drew](data:image/png;base64,{''.join(data['image/png'].split())})"
    text = output.get("text") or "\n".join(output.get("traceback", ())) or data.get("text/plain")
    if text is None:
        raise ValueError(f"the documentation cannot show an output of type {', '.join(data) or output.output_type}")
    return _fenced(_TERMINAL_COLOURS.sub("", text).rstrip(), "text { .output }")


def _fenced(text: str, language: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def _commands() -> str:
    """Return a chapter for each command, as `typer utils docs` writes it."""
    group: Any = typer.main.get_command(app)
    context = typer.Context(group, info_name="latm")
    chapters = [
        get_docs_for_click(obj=command, ctx=context, indent=2, call_prefix="latm")
        for name in group.list_commands(context)
        if (command := group.get_command(context, name)) is not None
    ]
    text = "\n".join(chapters)
    text = re.sub(r"\*\*Commands\*\*:\n\n(\* .*\n)+", "", text)  # each command has its own chapter below
    text = re.sub(r"(?<![`<(])https?://\S+", r"`\g<0>`", text)  # addresses on this machine: not a link
    return text.replace("\n* `--help`: Show this message and exit.", "")


def _names() -> str:
    """Return a table of the modules that define public names."""
    rows = [
        f"| `langchain_latm.{module}` | {', '.join(f'`{name}`' for name in names)} |"
        for module, names in langchain_latm._MODULES.items()  # noqa: SLF001 - our own page
    ]
    return "\n".join(["| module | public names |", "| --- | --- |", *rows])
