"""A tool as plain Python: a module with its tests, or a file with a LangChain tool. Neither needs this package."""

from __future__ import annotations

import pprint
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from langchain_latm._core.plain_names import plain_keys
from langchain_latm.exceptions import ToolRecordError
from langchain_latm.interop.export_parts import (
    checked_source,
    comment_head,
    module_name,
    proven_cases,
    reject_shadowed_names,
    runtime_source,
    write_files,
)
from langchain_latm.tools.made_tool import MadeTool

_WIDTH = 110

_TESTS = '''\
"""The cases that the function was proven with."""

import pytest

import {module}

{runtime}

# Arguments, and the value that the function returned in the sandbox: the known answer.
CASES = {cases}


@pytest.mark.parametrize(("arguments", "value"), CASES)
def test_proven_case(arguments, value):
    function = {module}.{entry}
    assert _latm_json_data(function(**_latm_arguments(function, arguments))) == value
'''

_OWN_NAMES = """
    own = {names}  # which providers refuse
    arguments = {{own.get(name, name): value for name, value in arguments.items()}}"""

_LANGCHAIN = """\


# The code below was not written by a model: it makes a LangChain tool of the function above.

{runtime}

from langchain_core.tools import StructuredTool as _latm_StructuredTool


def _latm_run(**arguments):{own_names}
    return _latm_answer({entry}(**_latm_arguments({entry}, arguments)))


{variable} = _latm_StructuredTool(
    name={name},
    description={description},
    args_schema={schema},
    func=_latm_run,
)
"""


def write_python(tool: MadeTool, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a tool as a module, with a pytest file of its proven cases. The tool is not executed.

    Raises:
        ToolRecordError: The tool's source defines no such function, or runs text as code.
        FileExistsError: A file exists and `force` is not given.
        LATMError: A file cannot be written.
    """
    module = module_name(tool)
    cases = [(case.arguments, case.value) for case in proven_cases(tool)]
    tests = _TESTS.format(
        module=module,
        entry=tool.entry,
        runtime=runtime_source(),
        cases=pprint.pformat(cases, width=_WIDTH, sort_dicts=False),
    )
    files = {
        f"{module}.py": comment_head(tool) + checked_source(tool),
        f"test_{module}.py": comment_head(tool) + tests,
    }
    return write_files(Path(folder), files, force=force)


def write_langchain(tool: MadeTool, folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a tool as one file with a `StructuredTool`, in a variable named like the file. The tool is not executed.

    The schema is that of `MadeTool.as_tool`, because the schema that LangChain derives from annotations depends on the
    version of Python, and some providers do not accept it.

    Raises:
        ToolRecordError: As for `write_python`, or the source rebinds a name that the file needs.
        FileExistsError: A file exists and `force` is not given.
        LATMError: A file cannot be written.
    """
    source = checked_source(tool)
    reject_shadowed_names(tool)
    module = module_name(tool, "_tool")
    variable = module
    while variable in source:
        variable += "_"
    model = tool.arguments_model
    own = {name: model.own_name(name) for name in model.model_fields if model.own_name(name) != name}
    tail = _LANGCHAIN.format(
        entry=tool.entry,
        runtime=runtime_source(),
        variable=variable,
        name=repr(tool.name),
        description=repr(tool.description or tool.name),
        schema=pprint.pformat(_schema(tool), width=_WIDTH, sort_dicts=False),
        own_names=_OWN_NAMES.format(names=own) if own else "",
    )
    return write_files(Path(folder), {f"{module}.py": comment_head(tool) + source + tail}, force=force)


def _schema(tool: MadeTool) -> dict[str, Any]:
    """Return the schema that providers accept.

    Raises:
        ToolRecordError: The function needs a key inside an argument that providers refuse.
    """
    for part in tool.parameters.get("properties", {}).values():
        for key, plain in _inner_keys(part):
            if key != plain:
                raise ToolRecordError(
                    f"{tool.name}: providers refuse the key {key!r} inside its arguments; export it as JSON or Python"
                )
    return tool.arguments_model.provider_schema()


def _inner_keys(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield the keys of the records in a schema, with their names for providers."""
    if isinstance(schema, dict):
        yield from plain_keys(schema.get("properties", {})).items()
        for part in schema.values():
            yield from _inner_keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _inner_keys(part)
