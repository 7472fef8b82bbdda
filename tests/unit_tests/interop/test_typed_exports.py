"""A typed tool outside of this package: a skill, a module and a LangChain file; and in reports and notebooks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from langchain_latm import open_tool_library
from langchain_latm.interop.python_files import write_langchain, write_python
from langchain_latm.interop.skills import write_skill
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.tools.report.report import library_report
from langchain_latm.types import VerificationCase, VerificationReport
from tests.unit_tests.made_tool import typed_tool


@pytest.fixture
def tool() -> MadeTool:
    """Answers are objects, with null and text."""
    source = 'def badge(vor_name: str, class_: str) -> dict[str, str | None]:\n    """Write a badge."""\n'
    source += '    return {"first": vor_name[:1] or None, "last": class_}\n'
    value = {"first": "Ž", "last": "Nguyen"}
    case = VerificationCase(
        role="validation",
        question='{"Vor name": "Žofie", "class": "Nguyen"}',
        expected=value,
        arguments={"vor_name": "Žofie", "class_": "Nguyen"},
        value=value,
        passed=True,
    )
    return typed_tool(source=source, report=VerificationReport(cases=(case,), complete=True))


def test_a_skill_says_which_inputs_it_is_for(tool: MadeTool, tmp_path: Path) -> None:
    write_skill(tool, tmp_path)
    text = (tmp_path / "badge" / "SKILL.md").read_text(encoding="utf-8")
    assert 'Use it for inputs such as: {\\"Vor name\\": \\"Žofie\\"' in text
    assert '{"first": "Ž", "last": "Nguyen"}' in text


@pytest.mark.slow
def test_the_script_of_a_skill_and_the_tests_of_a_module_run(tool: MadeTool, tmp_path: Path) -> None:
    write_skill(tool, tmp_path)
    command = [sys.executable, str(tmp_path / "badge/scripts/badge.py"), '{"vor_name": "", "class_": "Ek"}']
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == '{"first": null, "last": "Ek"}\n'
    write_python(tool, tmp_path / "module")
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=tmp_path / "module", check=True
    )


def test_a_langchain_file_describes_the_columns(tool: MadeTool, tmp_path: Path) -> None:
    (path,) = write_langchain(tool, tmp_path)
    assert "'description': 'Vor name'" in path.read_text(encoding="utf-8")


def test_reports_and_notebooks_show_inputs_and_values(tool: MadeTool, tmp_path: Path) -> None:
    shown = tool._repr_mimebundle_()["text/html"]
    assert "Žofie" in shown
    assert "Nguyen" in shown
    with open_tool_library(tmp_path / "tools.sqlite") as library:
        library.add(tool)
        page = library_report(library)
    assert "Žofie" in page
    assert "&#34;last&#34;: &#34;Nguyen&#34;" in page
