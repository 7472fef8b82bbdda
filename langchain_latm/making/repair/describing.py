"""Describes a repaired function anew, since the maker's description was of the function before the repair."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from langchain_latm._core.source import functions_in, names_bound, names_in, parse_source
from langchain_latm.making.parsed_proof import needs_no_model
from langchain_latm.making.proposing import docstring_for
from langchain_latm.making.ways import entry_name
from langchain_latm.tools.gate.gate import MAX_DESCRIPTION
from langchain_latm.types import Task, ToolProposal, shorten


def redescribed(proposal: ToolProposal, task: Task) -> ToolProposal:
    """Return a function with the task's description and name in place of the maker's.

    Docstrings of all functions are removed. Descriptions of parameters are kept only if a model reads the arguments by
    them, since only then does the proof test them.
    """
    module = parse_source(proposal.source)
    described = shorten(docstring_for(task), MAX_DESCRIPTION)  # one line, so that all of it is the description
    parameters = proposal.parameters
    if needs_no_model(proposal):
        parameters = {**parameters, "properties": _without_notes(parameters.get("properties", {}))}
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef)
            and ast.get_docstring(node) is not None
        ):
            node.body = node.body[1:] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    entry = functions_in(module)[proposal.entry]
    entry.body.insert(0, ast.Expr(ast.Constant(_docstring(described, parameters))))
    _named_as_task(module, entry, task)
    source = ast.unparse(ast.fix_missing_locations(module)) + "\n"
    return proposal.model_copy(
        update={"source": source, "entry": entry.name, "description": described, "parameters": parameters}
    )


def _without_notes(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {key: part for key, part in each.items() if key != "description"} for name, each in properties.items()
    }


def _docstring(described: str, parameters: Mapping[str, Any]) -> str:
    notes = {
        name: each["description"] for name, each in parameters.get("properties", {}).items() if each.get("description")
    }
    if not notes:
        return described
    lines = "".join(f"        {name}: {' '.join(note.split())}\n" for name, note in notes.items())
    return f"{described}\n\n    Args:\n{lines}    "


def _named_as_task(module: ast.Module, entry: ast.FunctionDef, task: Task) -> None:
    """Give the entry the task's name, unless that is taken, or another definition has the entry's name."""
    old, new = (
        entry.name,
        entry_name(task.name, (each.arg for each in ast.walk(entry.args) if isinstance(each, ast.arg))),
    )
    if new in names_in(module):
        return
    entry.name = new
    if old in names_bound(module):
        entry.name = old
        return
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
