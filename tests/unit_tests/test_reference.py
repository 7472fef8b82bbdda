"""Every public name has its place in the reference, and every page its place on the site."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # it ships no types

import langchain_latm
from langchain_latm import exceptions
from langchain_latm.cli import app as cli

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "notebooks" / "reference"
DOCUMENTED = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)


def documented() -> list[str]:
    return [
        name for page in sorted(REFERENCE.glob("*.md")) for name in DOCUMENTED.findall(page.read_text(encoding="utf-8"))
    ]


def test_every_public_name_stands_there_once() -> None:
    found = documented()
    assert len(found) == len(set(found))
    named = {name.removeprefix("langchain_latm.") for name in found}
    errors = {name for name in vars(exceptions) if name.endswith("Error")} if "exceptions" in named else set()
    missing = set(langchain_latm.__all__) - named - errors - {"__version__"}
    assert not missing, "give each a `::: langchain_latm.NAME` on a page of notebooks/reference"
    index = (REFERENCE / "index.md").read_text(encoding="utf-8")
    assert "`langchain_latm.__version__`" in index
    assert "<!-- the public names: `make docs` writes them here -->" in index


def test_what_stands_there_exists() -> None:
    for name in documented():
        module, _, last = name.rpartition(".")
        try:
            importlib.import_module(name)
        except ImportError:
            assert hasattr(importlib.import_module(module), last), name


def test_every_page_is_in_the_navigation() -> None:
    """Only those: MkDocs says so too, but it is not among the tests' own packages."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))

    def pages(entry: Any) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        return [page for each in (entry.values() if isinstance(entry, dict) else entry) for page in pages(each)]

    folder = ROOT / "notebooks"
    there = {str(path.relative_to(folder)) for end in ("md", "ipynb") for path in folder.rglob(f"*.{end}")}
    assert set(pages(settings["nav"])) == there


def test_a_page_has_the_exit_codes_of_the_program() -> None:
    page = ROOT / "notebooks" / "how_to" / "command_line.md"
    assert cli._EXIT_CODES.strip() in page.read_text(encoding="utf-8")
