"""Functions of other made tools, which a new tool may call: how they are taken, offered and inlined."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, Final

from langchain_latm._core.source import (
    functions_in,
    is_text_statement,
    names_needed,
    parse_source,
    with_modules,
    without_statements,
)
from langchain_latm._core.visible import visible
from langchain_latm.making.helpers.inlining import offer_of
from langchain_latm.making.helpers.renaming import definitions, disjoint
from langchain_latm.tools.made_tool import MadeTool
from langchain_latm.types import InlinedHelper, Value, shorten

_LONGEST_SOURCE: Final = 8_000
"""Maximum number of characters of a function's module: it becomes a part of the new tool."""
_SHOWN: Final = 120


class MadeHelper(Value):
    """The function of a made tool, as text, in the state of a making. Only a sandbox runs it.

    Attributes:
        origin: The function's name and the tool that it is from.
        source: The module that defines it.
        parameters: JSON schema of its parameters.
        line: The line that offers it to a maker: signature, description and an example.
    """

    origin: InlinedHelper
    source: str
    parameters: dict[str, Any]
    line: str

    @property
    def name(self) -> str:
        """Name of the function."""
        return self.origin.function

    @classmethod
    def of(cls, tool: MadeTool) -> MadeHelper | None:
        """Return the function of a tool; None if the tool is not proven or may not be used, or cannot be inlined."""
        if not tool.report.verified or tool.packages or len(tool.source) > _LONGEST_SOURCE:
            return None
        if tool.refusal is not None or tool.runs_snippets:
            return None
        module = parse_source(tool.source)
        function = functions_in(module)[tool.entry]
        texts = [node for node in module.body if is_text_statement(node)]
        returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
        said = [shorten(visible(" ".join(tool.description.split())), _SHOWN), *_example(tool)]
        return cls(
            origin=InlinedHelper(function=tool.entry, tool=tool.name, id=tool.id),
            source=without_statements(tool.source, texts).strip("\n") + "\n",
            parameters=tool.parameters,
            line=f"- {tool.entry}({ast.unparse(function.args)}){returns}: {' '.join(said)}",
        )


def _example(tool: MadeTool) -> list[str]:
    """Return the shortest proven call as an expression, if it is short."""
    calls = [
        f"{tool.entry}({', '.join(f'{name}={value!r}' for name, value in case.arguments.items())}) == {case.value!r}"
        for case in tool.report.cases
        if case.passed and case.arguments
    ]
    return [visible(each) for each in sorted(calls, key=len)[:1] if len(each) <= _SHOWN]


def made_text(helpers: Sequence[MadeHelper]) -> str:
    """Return the lines that offer functions of other tools to a maker; an empty text if there are none."""
    return offer_of([each.line for each in helpers])


def with_made(source: str, helpers: Sequence[MadeHelper]) -> tuple[str, tuple[InlinedHelper, ...]]:
    """Return a source with the modules of the functions that it calls, and which these are.

    If the source defines such a function again with the same parameters, as small models do, the definition is
    replaced. A module is not added if one of its names conflicts and cannot be changed; the call then fails.

    Raises:
        SyntaxError: The source is not Python.
        ValueError: The source is too long.
        RecursionError: The source is nested too deeply.
        MemoryError: The source is nested too deeply for the parser.
    """
    module = parse_source(source)
    by_name = {each.name: each for each in helpers}
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    copies = [each for each in functions if each.name in by_name and _has_parameters(each, by_name[each.name])]
    if copies and len(copies) < len(functions):
        source = without_statements(source, copies)
        module = parse_source(source)
    taken, needed = definitions(module), names_needed(module)
    added: list[str] = []
    used: list[InlinedHelper] = []
    for name in [name for name in by_name if name in needed]:
        apart = disjoint(by_name[name].source, taken)
        if apart is None or name in apart[1]:
            continue
        added.append(apart[0])
        used.append(by_name[name].origin)
        taken |= definitions(parse_source(apart[0]))
    return (with_modules(source, added) if added else source), tuple(used)


def _has_parameters(function: ast.FunctionDef, helper: MadeHelper) -> bool:
    return [each.arg for each in function.args.args] == [*helper.parameters.get("properties", {})]
