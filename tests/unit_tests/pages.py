"""Pages of documentation as programs: every Python snippet runs, and every command of `latm` does.

`run_page(path, ...)` takes any Markdown file. Its blocks are executed from top to bottom in one folder:

- a fence with a title (```` ```json title="more.jsonl" ````) becomes a file;
- a fence of Python is a separate program; the text after a `# -> ` must be its output;
- a fence of sh: each line that begins with `latm` is run and must end with 0; `export` counts; others are not run.

A comment `<!-- not run: why -->` before a fence has it checked without running it: the names and keywords that Python
uses must exist, and the real command line must take the commands.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import inspect
import io
import itertools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from markdown_it import MarkdownIt

from tests.unit_tests.command_line import ROOT, Run, parsed

RUN = ("python", "sh")
"""Languages of the blocks that run."""
_NOT_RUN = re.compile(r"<!-- not run: .+ -->")
_TITLE = re.compile(r'title="([^"]+)"')
_OPERATORS = {"|", ">", ">>", "<", "&", "&&", "||", ";"}
_AT_ONCE = {"--version", "--install-completion", "--show-completion"}
_PRINTED = re.compile(r"# -> (.+)$", re.MULTILINE)


class Fence(NamedTuple):
    """A block of code in a page."""

    page: Path
    line: int
    language: str
    title: str | None
    text: str
    runs: bool

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: Path) -> Iterator[Fence]:
    """The blocks of code, from top to bottom."""
    before = ""
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.map is not None:
            language, _, rest = token.info.strip().partition(" ")
            title = _TITLE.search(rest)
            runs = not _NOT_RUN.fullmatch(before)
            yield Fence(page, token.map[0] + 1, language, title[1] if title else None, token.content, runs)
        before = token.content.strip()


def run_page(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, latm: Run) -> None:
    """Execute a page in a folder."""
    monkeypatch.chdir(folder)
    for fence in fences(page):
        if fence.title is not None:
            Path(fence.title).write_text(fence.text, encoding="utf-8")
        if fence.language == "python":
            (_run_python if fence.runs else check_python)(fence)
        elif fence.language == "sh":
            for command in commands(fence):
                _run_command(fence, command, monkeypatch, latm)


def _run_python(fence: Fence) -> None:
    told = io.StringIO()
    code = compile("\n" * fence.line + fence.text, str(fence.page), "exec")
    with contextlib.redirect_stdout(told):
        exec(code, {"__name__": "__main__"})  # noqa: S102 - our own pages
    left = told.getvalue()
    for expected in _PRINTED.findall(fence.text):
        before, found, left = left.partition(expected)
        assert found, f"{fence.where}: it does not print {expected!r}, but {before!r}"


def check_python(fence: Fence) -> None:
    """Check that imported names exist and accept their keywords."""
    tree = ast.parse(fence.text, str(fence.page))
    known: dict[str, Any] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom | ast.Import):
            continue
        module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        if importlib.util.find_spec((module or "").partition(".")[0]) is None:
            continue  # of a package that is not among the tests' own
        loaded = importlib.import_module(module or "")
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            assert hasattr(loaded, alias.name), f"{fence.where}: {module} has no {alias.name}"
            known[alias.asname or alias.name] = getattr(loaded, alias.name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known:
            taken = inspect.signature(known[node.func.id]).parameters
            if not any(each.kind is each.VAR_KEYWORD for each in taken.values()):
                wrong = {word.arg for word in node.keywords if word.arg} - set(taken)
                assert not wrong, f"{fence.where}: {node.func.id} takes no {wrong}"


def commands(fence: Fence) -> Iterator[list[str]]:
    """The words of each command of a block, up to where its output goes; variables for it alone stand before it."""
    for line in fence.text.replace("\\\n", " ").splitlines():
        reader = shlex.shlex(line, posix=True, punctuation_chars=True)
        reader.whitespace_split = True
        words = list(itertools.takewhile(lambda word: word not in _OPERATORS, reader))
        if words:
            yield words


def _run_command(fence: Fence, words: list[str], monkeypatch: pytest.MonkeyPatch, latm: Run) -> None:
    if words[0] == "export":
        for name, _, value in (word.partition("=") for word in words[1:]):
            monkeypatch.setenv(name, value)
        return
    variables = [word.partition("=") for word in words[: next((i for i, w in enumerate(words) if "=" not in w), 0)]]
    command = words[len(variables) :]
    if not command or command[0] != "latm":
        return
    if not fence.runs:
        check_command(fence, command[1:])
        return
    with pytest.MonkeyPatch.context() as for_one:
        for name, _, value in variables:
            for_one.setenv(name, value)
        code, _, told = latm(*command[1:])
    assert code == 0, f"{fence.where}: {shlex.join(command)} ended with {code}: {told}"


def check_command(fence: Fence, words: list[str]) -> None:
    """Check that the real command line can parse a command."""
    if words[0] in _AT_ONCE:  # only to read them would do what they say
        assert words[0] in {option for each in ROOT.params for option in each.opts}, f"{fence.where}: {words[0]}"
        return
    try:
        parsed(words)
    except Exception as error:
        if "does not exist" not in str(error):  # a file of the reader's
            raise AssertionError(f"{fence.where}: latm {shlex.join(words)}: {error}") from error
