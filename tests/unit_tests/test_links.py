"""Links in the README, the pages, the notebooks and the docstrings lead somewhere. Nothing is asked over a network."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "notebooks").rglob("*.md"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DOCUMENTS = [*sorted(ROOT.glob("*.md")), ROOT / "langchain_latm" / "sandbox" / "README.md", *PAGES, *NOTEBOOKS]
MODULES = sorted((ROOT / "langchain_latm").rglob("*.py"))

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_BARE = re.compile(r"https?://[^\s<>\"'`)\]]+")
_NO_WORD = re.compile(r"[^\w\- ]")
_DOCUMENTED = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
_INCLUDED = re.compile(r'^--8<-- "([^"]+)"$', re.MULTILINE)
_HOST = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}|localhost|127\.0\.0\.1|0\.0\.0\.0", re.IGNORECASE)


class Link(NamedTuple):
    """A link: its place and its target."""

    where: str
    target: str


def markdown_of(path: Path) -> str:
    """The text of a page; of a notebook that of its cells of Markdown."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    return "\n\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")


def tokens(text: str) -> Iterator[Token]:
    for token in _MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


def links(path: Path) -> Iterator[Link]:
    """Links and pictures of a document, and addresses that stand bare in its text."""
    for token in tokens(markdown_of(path)):
        for target in (token.attrGet("href"), token.attrGet("src")):
            if target is not None:
                yield Link(str(path.relative_to(ROOT)), unquote(str(target)))
        if token.type == "text":
            yield from (
                Link(str(path.relative_to(ROOT)), found.rstrip(".,;:")) for found in _BARE.findall(token.content)
            )


def docstring_links(path: Path) -> Iterator[Link]:
    text = path.read_text(encoding="utf-8")
    if "://" not in text:
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for found in _BARE.findall(ast.get_docstring(node) or ""):
                yield Link(f"{path.relative_to(ROOT)}: {getattr(node, 'name', '')}", found.rstrip(".,;:"))


@cache
def anchors(path: Path) -> set[str]:
    """The link targets of a document: its headings, and the names on pages of the reference."""
    text = markdown_of(path)
    for included in _INCLUDED.findall(text):
        text += "\n\n" + (ROOT / included).read_text(encoding="utf-8")
    found = set(_DOCUMENTED.findall(text))
    heading = False
    for token in tokens(text):
        if token.type == "inline" and heading:
            plain = "".join(child.content for child in token.children or ())
            found.add(_NO_WORD.sub("", plain).strip().lower().replace(" ", "-"))
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
    return found


def problem(document: Path, target: str) -> str | None:
    """Return the error of a link of a document, if any."""
    if urlsplit(target).scheme:
        return url_problem(target)
    file, _, anchor = target.partition("#")
    path = (document.parent / file).resolve() if file else document
    if not path.is_relative_to(ROOT) or not path.exists():
        return "there is no such file"
    if document in PAGES and not path.is_relative_to(ROOT / "notebooks"):
        return "it leads out of the folder that the site is made of"
    if anchor and path.suffix in (".md", ".ipynb") and anchor not in anchors(path):
        return f"nothing there is headed #{anchor}"
    return None


def url_problem(url: str) -> str | None:
    """Return the error in the form of an address."""
    parts = urlsplit(url)
    if parts.scheme == "data":
        return None
    if parts.scheme not in ("http", "https"):
        return "it is no address of the web"
    if parts.netloc.isupper():  # stands for one: HOST:PORT
        return None
    if parts.hostname is None or not _HOST.fullmatch(parts.hostname):
        return "its host is none"
    local = parts.hostname in ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104 - compared, not listened on
    return None if parts.scheme == "https" or local else "it is not https"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document_lead_somewhere(document: Path) -> None:
    wrong = {link.target: why for link in links(document) if (why := problem(document, link.target))}
    assert not wrong


def test_addresses_in_docstrings_have_the_form_of_one() -> None:
    found = [link for path in MODULES for link in docstring_links(path)]
    assert len(found) > 10, "the search must find them"
    assert not {link: why for link in found if (why := url_problem(link.target))}


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("models.md", None),
        ("models.md#name-it", None),
        ("#no-such-heading", "nothing there is headed"),
        ("models.md#no-such-heading", "nothing there is headed"),
        ("no_such_page.md", "no such file"),
        ("../../README.md", "leads out of"),
        ("../reference/loop.md#langchain_latm.create_latm", None),
        ("../reference/loop.md#langchain_latm.nothing", "nothing there is headed"),
        ("https://arxiv.org/abs/2305.17126", None),
        ("http://arxiv.org/abs/2305.17126", "not https"),
        ("https://arxiv/abs", "its host"),
        ("ftp://arxiv.org", "no address"),
    ],
)
def test_what_is_found(target: str, why: str | None) -> None:
    found = problem(ROOT / "notebooks" / "how_to" / "operate.md", target)
    assert (found is None) if why is None else (found is not None and why in found)
