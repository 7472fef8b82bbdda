"""The exported tests, run by pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from langchain_latm import MadeTool
from langchain_latm.interop.python_files import write_python
from tests.unit_tests.interop.test_python_files import date_tool
from tests.unit_tests.made_tool import made_tool


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("tool", [made_tool(), date_tool()], ids=["words", "dates"])
def test_the_exported_tests_pass_and_can_fail(tmp_path: Path, tool: MadeTool) -> None:
    module, tests = write_python(tool, tmp_path)
    assert (module.name, tests.name) == (f"{tool.name}.py", f"test_{tool.name}.py")
    done = pytest_in(tmp_path)
    assert "1 passed" in done.stdout, done.stdout
    assert "OUTSIDE of the sandbox" in module.read_text()
    assert "langchain_latm" not in tests.read_text()
    module.write_text(module.read_text().replace("return ", "return 'not' + "))
    assert "1 failed" in pytest_in(tmp_path).stdout
