"""Exported modules and LangChain files: they work without this package."""

from __future__ import annotations

import importlib.util
import re
import tokenize
from pathlib import Path
from typing import Any

import pytest
from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langchain_tests.unit_tests import ToolsUnitTests

from langchain_latm.exceptions import ToolRecordError
from langchain_latm.interop.export_parts import module_name
from langchain_latm.interop.python_files import write_langchain, write_python
from langchain_latm.interop.skills import write_skill
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import Package, VerificationCase, VerificationReport
from tests.unit_tests import provider_schemas
from tests.unit_tests.interop.hostile import HOSTILE_TEXTS
from tests.unit_tests.made_tool import made_tool

DATES = '''\
from datetime import date, datetime


def f(first: date, last: date) -> str:
    """Count days."""
    assert datetime.now() > datetime(2000, 1, 1)
    return str((last - first).days)
'''


def date_tool() -> MadeTool:
    case = VerificationCase(
        role="validation",
        question="Days from 2024-01-01 to 2024-01-31?",
        expected="30",
        arguments={"first": "2024-01-01", "last": "2024-01-31"},
        value="30",
        passed=True,
    )
    return made_tool(name="dates", source=DATES, entry="f", report=VerificationReport(cases=(case,), complete=True))


def loaded(path: Path) -> StructuredTool:
    """Import the file as its user would. The tests' own functions are harmless."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tool = getattr(module, path.stem)
    assert isinstance(tool, StructuredTool)
    return tool


@pytest.mark.parametrize(
    "maker", ["coding: utf-7", "x coding=utf-7", "-*- coding: utf-7 -*-", "vim: set ft=x:", "ex:x"]
)
def test_no_comment_is_read_by_python_or_an_editor(tmp_path: Path, maker: str) -> None:
    tool = made_tool(provenance=made_tool().provenance.model_copy(update={"maker_model": maker}))
    for path in (*write_python(tool, tmp_path), *write_langchain(tool, tmp_path), *write_skill(tool, tmp_path)):
        if path.suffix == ".py":
            head = "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:5])
            assert not re.search(r"coding[:=]|\b(?:vim?|ex):|-\*-", head)
            assert "\n".join(head.splitlines()[:2]).find(maker) < 0


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_no_text_of_a_model_leaves_its_place(tmp_path: Path, text: str) -> None:
    old = made_tool()
    case = old.report.cases[0].model_copy(update={"question": text, "arguments": {"words": [text]}, "value": text})
    tool = made_tool(
        description=text,
        report=VerificationReport(cases=(case,), complete=True),
        provenance=old.provenance.model_copy(update={"maker_model": text}),
    )
    for path in (*write_python(tool, tmp_path), *write_langchain(tool, tmp_path)):
        with path.open("rb") as file:
            assert tokenize.detect_encoding(file.readline)[0] == "utf-8"
        code = compile(path.read_bytes(), path.name, "exec")
        assert code == compile(path.read_text(encoding="utf-8"), path.name, "exec")
        assert "os" not in code.co_names
        assert "SystemExit" not in code.co_names
    found = loaded(tmp_path / "word_sorting_tool.py")
    assert found.description == (text or "word_sorting")
    assert found.invoke({"words": ["b", "a"]}) == "a b"


def test_a_tool_whose_names_are_ours(tmp_path: Path) -> None:
    source = "tool = StructuredTool = json = datetime = 'mine'\n" + made_tool().source
    source += "\n\ndef dates_tool() -> str:\n    return tool\n"
    write_langchain(made_tool(source=source, name="dates"), tmp_path)
    text = (tmp_path / "dates_tool.py").read_text()
    assert "\ndates_tool_ = _latm_StructuredTool(" in text


@pytest.mark.parametrize(
    "line",
    ["list = 3", "def isinstance(a, b): return True", "import math as zip", "class str: pass"],
)
def test_a_tool_that_hides_a_builtin_gets_no_file_with_our_code(tmp_path: Path, line: str) -> None:
    tool = made_tool(source=f"{line}\n{made_tool().source}")
    with pytest.raises(ToolRecordError, match="rebinds the name"):
        write_langchain(tool, tmp_path)
    assert write_python(tool, tmp_path)


class TestStandardUnit(ToolsUnitTests):
    """LangChain's own tests of tools."""

    @pytest.fixture(autouse=True)
    def _write(self, tmp_path: Path) -> None:
        self.path = write_langchain(date_tool(), tmp_path)[0]

    @property
    def tool_constructor(self) -> BaseTool:
        return loaded(self.path)

    @property
    def tool_invoke_params_example(self) -> dict[str, Any]:
        return {"first": "2024-01-01", "last": "2024-01-31"}

    def test_it_answers(self) -> None:
        assert self.tool_constructor.invoke(self.tool_invoke_params_example) == "30"


PAIRS = '''
def pairs(größe: list[tuple[str, int]]) -> str:
    """Join pairs."""
    return " ".join(f"{name}{number}" for name, number in größe)
'''


def test_a_langchain_tool_has_names_and_a_schema_that_providers_accept(tmp_path: Path) -> None:
    pair = {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "maxItems": 2}
    parameters = {"type": "object", "properties": {"größe": {"type": "array", "items": pair}}, "required": ["größe"]}
    made = made_tool(source=PAIRS, entry="pairs", parameters=parameters, worked_examples=())
    (path,) = write_langchain(made, tmp_path)
    spec = importlib.util.spec_from_file_location("exported_pairs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tool = module.word_sorting_tool
    assert provider_schemas.openai(convert_to_openai_tool(tool)["function"]["parameters"]) is None
    assert tool.invoke({"grosse": [["a", 1], ["b", 2]]}) == "a1 b2"


def test_a_key_inside_an_argument_that_providers_refuse_is_reported(tmp_path: Path) -> None:
    inner = {"type": "object", "properties": {"名": {"type": "string"}}, "required": ["名"]}
    parameters = {"type": "object", "properties": {"words": inner}, "required": ["words"]}
    with pytest.raises(ToolRecordError, match="providers refuse the key '名'"):
        write_langchain(made_tool(parameters=parameters), tmp_path)


def test_no_file_shadows_a_package_that_the_tool_needs() -> None:
    packages = (
        Package(name="python-dateutil", version="4.0.0", sha256="0" * 64, imports=("dateutil",)),
        Package(name="six", version="1.17.0", sha256="0" * 64),
    )
    for name, module in (("dateutil", "made_dateutil"), ("six", "made_six"), ("dates", "dates")):
        assert module_name(made_tool(name=name, packages=packages)) == module
