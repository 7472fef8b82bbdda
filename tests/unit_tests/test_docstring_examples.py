"""The examples in docstrings run as they are printed."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import langchain_latm
from langchain_latm import (
    MadeTool,
    ToolLibrary,
    ToolMakingMiddleware,
    create_dispatcher,
    create_latm,
    create_tool_maker,
)
from tests.unit_tests.test_pages import prepared, read  # noqa: F401 - fixtures

EXPECTED = (MadeTool, ToolLibrary, ToolMakingMiddleware, create_dispatcher, create_latm, create_tool_maker)


def example_of(documented: Any) -> str | None:
    """Return the section `Example:` of a docstring."""
    _, found, rest = (inspect.getdoc(documented) or "").partition("\nExample:\n")
    lines = rest.splitlines()
    end = next((i for i, line in enumerate(lines) if line and not line.startswith(" ")), len(lines))
    return inspect.cleandoc("\n".join(lines[:end])) if found else None


EXAMPLES = {
    name: example
    for name in langchain_latm.__all__
    if callable(documented := getattr(langchain_latm, name)) and (example := example_of(documented))
}


@pytest.mark.parametrize("documented", EXPECTED, ids=lambda each: each.__name__)
def test_what_readers_begin_with_has_an_example(documented: Any) -> None:
    example = EXAMPLES[documented.__name__]
    assert "# -> " in example, "an example shows a result, which is checked"
    code = example.removeprefix("```python\n").removesuffix("\n```")
    names = {
        alias.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert documented.__name__ in names


@pytest.mark.filterwarnings("ignore:A test tried to use socket")  # openai asks the system what sockets can do
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.slow
def test_an_example_works(name: str, read: Callable[[Path], None], tmp_path: Path) -> None:  # noqa: F811 - the fixture
    page = tmp_path / f"{name}.md"
    page.write_text(f"{EXAMPLES[name]}\n", encoding="utf-8")
    read(page)
