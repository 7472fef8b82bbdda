"""A made tool as plain Python: a module with its tests, or a file with a LangChain tool. Neither needs this package."""

from __future__ import annotations

import pprint
from pathlib import Path

from langchain_latm.interop._text import (
    checked_source,
    comment_head,
    module_name,
    proven_cases,
    refuse_hidden_builtins,
    taken_along,
    write_files,
)
from langchain_latm.tools.made_tool import MadeTool

_WIDTH = 110

_TESTS = '''\
"""The cases that the function was proven with."""

import pytest

import {module}

{taken_along}

# Arguments, and the value that the function returned in the sandbox: it was the known answer.
CASES = {cases}


@pytest.mark.parametrize(("arguments", "value"), CASES)
def test_proven_case(arguments, value):
    function = {module}.{entry}
    assert _latm_json_data(function(**_latm_arguments(function, arguments))) == value
'''

_LANGCHAIN = """\


# What follows was not written by a model: it makes a LangChain tool of the function above.

{taken_along}

from langchain_core.tools import StructuredTool as _latm_StructuredTool


def _latm_run(**arguments):
    return _latm_answer({entry}(**_latm_arguments({entry}, arguments)))


{variable} = _latm_StructuredTool(
    name={name},
    description={description},
    args_schema={schema},
    func=_latm_run,
)
"""


def write_python(tool: MadeTool, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a tool as a module, and a pytest file of its proven cases. Nothing of the tool is executed.

    Raises:
        ToolRecordError: The tool's source is not a function.
        FileExistsError: A file is there already.
        LATMError: A file cannot be written.
    """
    return write_files(Path(folder), python_files(tool), force=force)


def write_langchain(tool: MadeTool, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a tool as one file that holds a `StructuredTool`. Nothing of the tool is executed.

    Raises:
        ToolRecordError: The tool's source is not a function, or hides what the file needs.
        FileExistsError: A file is there already.
        LATMError: A file cannot be written.
    """
    return write_files(Path(folder), langchain_files(tool), force=force)


def python_files(tool: MadeTool) -> dict[str, str]:
    """Write the module and its tests, by file name.

    Raises:
        ToolRecordError: The tool's source is not a function.
    """
    module = module_name(tool)
    cases = pprint.pformat(
        [(case.arguments, case.value) for case in proven_cases(tool)], width=_WIDTH, sort_dicts=False
    )
    tests = _TESTS.format(module=module, entry=tool.entry, taken_along=taken_along(), cases=cases)
    return {
        f"{module}.py": comment_head(tool) + checked_source(tool),
        f"test_{module}.py": comment_head(tool) + tests,
    }


def langchain_files(tool: MadeTool) -> dict[str, str]:
    """Write the file with the `StructuredTool`, by file name. The tool's variable has the name of the file.

    The schema is the recorded one: what LangChain would derive from annotations differs from Python to Python.

    Raises:
        ToolRecordError: The tool's source is not a function, or hides what the file needs.
    """
    source = checked_source(tool)
    refuse_hidden_builtins(tool)
    module = module_name(tool, "_tool")
    variable = module
    while variable in source:
        variable += "_"
    tail = _LANGCHAIN.format(
        entry=tool.entry,
        taken_along=taken_along(),
        variable=variable,
        name=repr(tool.name),
        description=repr(tool.description or tool.name),
        schema=pprint.pformat(tool.parameters, width=_WIDTH, sort_dicts=False),
    )
    return {f"{module}.py": comment_head(tool) + source + tail}
