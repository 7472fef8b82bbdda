"""Hooks for MkDocs; `mkdocs.yml` names this file.

Notebooks become pages with their saved outputs, without being run. The chapters on the commands of `latm`, the table of
public names, and `llms.txt` are generated. A public name in code format becomes a link to the reference.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from typer.cli import get_docs_for_click

import langchain_latm
from langchain_latm.cli.app import app

COMMANDS = "<!-- the commands: `make docs` writes them here -->"
NAMES = "<!-- the public names: `make docs` writes them here -->"
_NOTEBOOK = re.compile(r"\d\d_\w+\.ipynb")
_TERMINAL_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_PUBLIC = re.compile(rf"<code>({'|'.join(langchain_latm.__all__)})(\(\.\.\.\)|\(\))?</code>")
_NO_LINKS_INSIDE = re.compile(r"(<(?:a|pre|h[1-6]|autoref)\b.*?</(?:a|pre|h[1-6]|autoref)>)", re.DOTALL)


_ABOUT: dict[str, str] = {}
"""The first sentence of each page, by its file."""
_NAVIGATION: list[Navigation] = []


class _NotebookPage(File):
    """A notebook that MkDocs treats as Markdown."""

    def is_documentation_page(self) -> bool:
        return True


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Turn notebooks into pages."""
    for file in list(files):
        if _NOTEBOOK.fullmatch(file.src_uri):
            files.remove(file)
            files.append(_NotebookPage.generated(config, file.src_uri, content=_as_markdown(file.content_string)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Fill in the generated parts of a page, and remember what it is about."""
    _ABOUT[page.file.src_uri] = first_sentence(markdown)
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


def on_nav(nav: Navigation, **_: Any) -> None:
    """Remember the order of the pages."""
    _NAVIGATION[:] = [nav]


def on_post_build(config: MkDocsConfig) -> None:
    """Write `llms.txt`, the list of all pages for language models: https://llmstxt.org."""
    parts = [f"# {config.site_name}", f"> {config.site_description}"]
    for item in _NAVIGATION[0].items:
        if isinstance(item, Page):
            parts.append(_listed([item]))
        elif isinstance(item, Section):
            pages = [each for each in item.children if isinstance(each, Page)]
            parts.append(f"## {item.title}\n\n{_listed(pages)}")
    Path(config.site_dir, "llms.txt").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _listed(pages: list[Page]) -> str:
    return "\n".join(
        f"- [{page.title}]({page.url})" + (f": {about}" if (about := _ABOUT.get(page.file.src_uri)) else "")
        for page in pages
    )


def first_sentence(markdown: str) -> str:
    """Return the first sentence of a page's text, without its marks; empty if the page begins with none."""
    for block in markdown.split("\n\n"):
        text = " ".join(block.split())
        if text and text[0] not in "#!<`|-:":
            plain = re.sub(r"^\*\*[^*]*:\*\* |\[([^\]]*)\]\([^)]*\)|\*\*|`", r"\1", text)
            return re.split(r"(?<=[.?]) ", plain, maxsplit=1)[0]
    return ""


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
