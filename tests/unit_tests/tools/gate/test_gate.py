"""The gate: forbidden code is refused, usual code passes, and sizes are checked first."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from langchain_latm._core.source import MAX_SOURCE_CHARACTERS
from langchain_latm.sandbox.modules import TOOL_MODULES
from langchain_latm.tools.gate.gate import (
    MAX_DEPTH,
    MAX_DESCRIPTION,
    MAX_NODES,
    RefusedSourceError,
    check_code,
    check_description,
    check_source,
)
from tests.unit_tests.sandbox.typical_tools import TOOLS
from tests.unit_tests.tools.gate.attacks import ATTACKS
from tests.unit_tests.tools.gate.honest import HONEST


def refusal(source: str, entry: str = "f") -> str:
    try:
        check_source(source, entry)
    except RefusedSourceError as error:
        return str(error)
    return ""


def test_no_source_that_runs_text_as_code_passes() -> None:
    passed = [source for source in ATTACKS if not refusal(source)]
    assert not passed
    assert len(ATTACKS) > 200


def test_every_refusal_names_the_line() -> None:
    unclear = [(source, refusal(source)) for source in ATTACKS if not refusal(source).startswith("line ")]
    assert not unclear


def test_honest_sources_pass() -> None:
    typical = [tool.source.partition("if __name__")[0] for tool in TOOLS.values()]  # a making cuts main blocks off
    refused = {source: refusal(source) for source in [*HONEST, *typical]}
    assert not {source: reason for source, reason in refused.items() if reason}
    assert len(HONEST) > 100


def test_no_module_that_another_one_imports_is_reached() -> None:
    """In this version of Python; a tool module may import more in the next one."""
    shown = [
        f"{module}.{name}"
        for module in TOOL_MODULES
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, ModuleType) and not name.startswith("__")
    ]
    allowed = {*TOOL_MODULES, "html.entities", "json.decoder", "json.encoder"}
    forms: tuple[Callable[[str, str], str], ...] = (
        lambda module, name: f"import {module}\ndef f(x): return {module}.{name}.x",
        lambda module, name: f"import {module} as m\ndef f(x): return m.{name}.x",
        lambda module, name: f"from {module} import {name}\ndef f(x): return {name}.x",
    )
    reached = [
        form(*full.rsplit(".", 1))
        for full in shown
        for form in forms
        if full not in allowed and not refusal(form(*full.rsplit(".", 1)))
    ]
    assert not reached
    assert "dataclasses.builtins" in shown


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 1", "no function 'f'"),
        ("", "no function 'f'"),
        ("async def f(x): pass", "no function 'f'"),
        ("class C:\n    def f(x): pass", "no function 'f'"),
        ("def f(:", "not valid Python (line 1)"),
        ("def f(x): \0", "null bytes"),
        ("(" * 10_000, "not valid Python"),
        (f"def f(x): return {'-' * 5_000}1", "not valid Python: "),
        (f"def f(x): return x{'+x' * MAX_DEPTH}", "nested too deep"),
        (f"def f(x): return x{'.a' * MAX_DEPTH}", "nested too deep"),
        (f"def f(x): return 0x{'f' * 10_000}", "4,300 digits"),
        (f"def f(x): return [{'1,' * MAX_NODES}]", "20,000 parts"),
        ("a\n" * MAX_SOURCE_CHARACTERS, "100,000 characters"),
    ],
)
def test_what_cannot_be_dealt_with_is_refused(source: str, told: str) -> None:
    assert told in refusal(source)


def test_a_source_that_is_too_long_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ast.parse", lambda *_: pytest.fail("it was parsed"))
    with pytest.raises(RefusedSourceError, match="50,001 characters; at most 50,000"):
        check_code("#" * (MAX_SOURCE_CHARACTERS + 1))


def test_the_largest_description_passes() -> None:
    check_description("d" * MAX_DESCRIPTION)
    with pytest.raises(RefusedSourceError, match="20,001 characters"):
        check_description("d" * (MAX_DESCRIPTION + 1))


@pytest.mark.slow
@pytest.mark.parametrize(
    "source",
    [
        "import re\n" * 4_900,
        "def f(x): return [" + "[" * 50 + "x for x in x" + "]" * 50 + "]",
        "def f(x):\n" + " a = x\n" * 4_900,
        "".join(f"def f{i}(x): return x.format(f)\n" for i in range(1_300)),
        "def f(x):" + "".join(f"\n{' ' * i}def f{i}(x):" for i in range(1, 95)) + " return x",
        "def f(x): return " + "x.a(" * 55 + ")" * 55,
        "def f(x: '" + "list[" * 100 + "x" + "]" * 100 + "'): return x",
        "def f(x):\n" + " a = a + 'x'\n" * 1_500 + " a.format(x)\n" * 1_200,
        "def f(x):\n" + " T = T | int\n" * 500 + "".join(f" def g{i}(x: T): pass\n" for i in range(150)),
        "def f(x): return '" + "{" * 40_000 + "'",
        "def f(x): return '" + "{a" * 20_000 + "'",
    ],
)
def test_no_source_takes_much_work(source: str) -> None:
    """Each of them has the maximum size; more than linear work would exceed the counted steps."""
    steps = 0

    def count(*_: object) -> Callable[..., object] | None:
        nonlocal steps
        steps += 1
        return None

    kept = sys.getprofile()
    sys.setprofile(count)
    try:
        refusal(source)
    finally:
        sys.setprofile(kept)
    assert steps < 2_000_000
