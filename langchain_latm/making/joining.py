"""Joins proven functions that differ into one that answers only if they agree."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from langchain_latm._core.source import (
    free_name,
    functions_in,
    is_future_import,
    names_bound,
    names_in,
    names_needed,
    parse_source,
)
from langchain_latm.text.answer_check import AnswerCheck, NumericCheck
from langchain_latm.types import ToolProposal

NOT_SURE: Final = "functions that are right on all examples give different answers here, so none is sure"
"""Message of the error that the joined function raises if they differ."""

_TEMPLATE: Final = """\
def {outer}({parameters}){returns}:
    {docstring}
    {one} = {entry}({given})
    for {other} in ({others},):
        if {one} != {other}{texts}{numbers}:
            raise ValueError({not_sure!r})
    return {one}
"""


def joined(
    proposal: ToolProposal, others: Sequence[tuple[ToolProposal, Mapping[str, str]]], check: AnswerCheck
) -> ToolProposal:
    """Return a proposal whose function calls all functions, and raises an error if their answers differ.

    The source of each other function is enclosed in a function, so that no names clash.

    Args:
        proposal: The proposal whose parameters and answers the joined function has.
        others: The others, each with a map from its parameters to those of `proposal`.
        check: The answer check; numbers within its tolerance are the same.
    """
    module = parse_source(proposal.source)
    inner = functions_in(module)[proposal.entry]
    parameters = [argument.arg for argument in (*inner.args.args, *inner.args.kwonlyargs)]
    taken = names_in(module) | {*parameters, "str", "ValueError", "isclose", "float"}

    def name(wanted: str) -> str:
        found = free_name(wanted, taken)
        taken.add(found)
        return found

    outer, called = name(f"{proposal.entry}_agreed"), name(f"{proposal.entry}_first")
    one, other, copied = name("answer"), name("other"), name("deepcopy")
    functions, calls = [], []
    for proposed, parameter_of in others:
        function = name(f"other_{proposed.entry}")
        functions.append(_enclosed(proposed, function, module))
        calls.append(f"{function}()({', '.join(f'{to}={copied}({of})' for to, of in parameter_of.items())})")
    numbers = ""
    if isinstance(check, NumericCheck):
        close = name("isclose_")
        functions.append(f"from math import isclose as {close}\n")
        tolerances = f"rel_tol={check.relative!r}, abs_tol={check.absolute!r}"
        numbers = f" and not {close}(float({one}), float({other}), {tolerances})"
    code = _TEMPLATE.format(
        outer=outer,
        parameters=ast.unparse(inner.args),
        returns=f" -> {ast.unparse(inner.returns)}" if inner.returns else "",
        docstring=repr(ast.get_docstring(inner, clean=False)),
        one=one,
        other=other,
        entry=called,
        given=", ".join(f"{each}={copied}({each})" for each in parameters),
        others=", ".join(calls),
        texts="" if check.values else f" and str({one}).strip() != str({other}).strip()",
        numbers=numbers,
        not_sure=NOT_SURE,
    )
    imported = "deepcopy" if copied == "deepcopy" else f"deepcopy as {copied}"
    parts = [
        proposal.source.rstrip(),
        f"from copy import {imported}\n{called} = {proposal.entry}",
        *functions,
        ast.unparse(parse_source(code)),
    ]
    source = "\n\n\n".join(part.rstrip() for part in parts) + "\n"
    packages = next(filter(None, (each.packages for each in (proposal, *(each for each, _ in others)))), ())
    helpers = dict.fromkeys(
        each for proposed in (proposal, *(other for other, _ in others)) for each in proposed.helpers
    )
    changes = {"source": source, "entry": outer, "packages": packages, "helpers": tuple(helpers)}
    return proposal.model_copy(update=changes)


def _enclosed(proposal: ToolProposal, name: str, module: ast.Module) -> str:
    """Return a function that runs a whole source, without what the module defines alike, and returns its entry."""
    every = [node for node in parse_source(proposal.source).body if not is_future_import(node)]
    shared = _shared(every, module, proposal.entry)
    body = [node for node in every if node not in shared]
    function = parse_source(f"def {name}():\n    return {proposal.entry}\n")
    (defined,) = function.body
    assert isinstance(defined, ast.FunctionDef)  # noqa: S101 - for the type checker
    defined.body = [*body, *defined.body]
    # A definition at its beginning would stand behind an empty line.
    return ast.unparse(ast.fix_missing_locations(function)).replace("():\n\n", "():\n", 1)


def _shared(body: Sequence[ast.stmt], module: ast.Module, entry: str) -> list[ast.stmt]:
    """Return the functions of a source that a module has too, with all that they need.

    Functions found by one search share a table of 15,000 characters; three copies would be too long for a tool.
    """
    known = {ast.dump(node) for node in module.body}
    bound = Counter(name for node in (*body, *module.body) for name in _binds(node))
    found: list[ast.stmt] = [
        node
        for node in body
        if ast.dump(node) in known
        and isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom | ast.Assign)
        and entry not in _binds(node)
        and all(bound[name] == 2 for name in _binds(node))  # noqa: PLR2004 - once in each
    ]
    while True:
        own = {name for node in body if node not in found for name in _binds(node)}
        left = [node for node in found if not own & names_needed(node)]
        if len(left) == len(found):
            return left
        found = left


def _binds(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds there."""
    return {node.name} if isinstance(node, ast.FunctionDef | ast.ClassDef) else names_bound(node)
