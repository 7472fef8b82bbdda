"""Functions that a search found for parts of the answers: how they are offered to a maker and added to its source."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from langchain_latm._core.source import functions_in, names_needed, parse_source, with_modules, without_statements
from langchain_latm.making.synthesis.partial import Part
from langchain_latm.types import Value


class FoundPart(Value):
    """A function for a part of the answers, in the state of a making.

    Attributes:
        name: Name of the function.
        source: The module that defines it.
        line: The line that offers it to a maker: signature, docstring and examples.
        way: Index of the way whose parameters it has; None for a typed task.
    """

    name: str
    source: str
    line: str
    way: int | None = None

    @classmethod
    def of(cls, part: Part, way: int | None) -> FoundPart:
        """Return the function of a part."""
        function = functions_in(parse_source(part.program.source))[part.name]
        signature = f"{part.name}({ast.unparse(function.args)}) -> {ast.unparse(function.returns or ast.Name('str'))}"
        summary = " ".join((ast.get_docstring(function) or "").split())
        calls = [
            f"{part.name}({', '.join(f'{name}={value!r}' for name, value in row.items())}) == {value_of!r}"
            for row, value_of in part.examples
        ]
        return cls(
            name=part.name, source=part.program.source, line=f"- {signature}: {summary} {'; '.join(calls)}", way=way
        )


def parts_text(parts: Sequence[FoundPart]) -> str:
    """Return the lines that offer functions for parts of the answer; an empty text if there are none."""
    if not parts:
        return ""
    head = "These functions exist already and compute parts of the answer; call them where they help:"
    return "\n".join([head, *(part.line for part in parts)])


def with_parts(source: str, parts: Sequence[FoundPart]) -> str:
    """Return a source with the modules of the functions that it calls.

    If the source defines such a function again, as small models do, often wrongly, the definition is replaced. A module
    is not added if the source binds another of its names; the call then fails, and so does the candidate.

    Raises:
        SyntaxError: The source is not Python.
        ValueError: The source is too long.
        RecursionError: The source is nested too deeply.
        MemoryError: The source is nested too deeply for the parser.
    """
    names = {part.name for part in parts}
    module = parse_source(source)
    copies = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name in names]
    others = [node for node in module.body if isinstance(node, ast.FunctionDef) and node not in copies]
    if copies and others:
        source = without_statements(source, copies)
        module = parse_source(source)
    bound, used = _bound(module), names_needed(module)
    added: list[str] = []
    for part in parts:
        names_of_part = _bound(parse_source(part.source))
        if part.name in used and not names_of_part & bound:
            bound |= names_of_part
            added.append(part.source)
    return with_modules(source, added) if added else source


def _bound(module: ast.Module) -> set[str]:
    """Return the names of functions, classes and constants that a module binds; imports never conflict."""
    found = {node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    targets = [target for node in module.body if isinstance(node, ast.Assign) for target in node.targets]
    return found | {target.id for target in targets if isinstance(target, ast.Name)}
