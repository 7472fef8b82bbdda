"""Renames what a module defines, so that it can be put into one source with other code."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from langchain_latm._core.source import free_name, is_future_import, names_bound, names_in, parse_source

_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def definitions(module: ast.Module) -> dict[str, str]:
    """Return the names that a module binds at its top level, each with what an import binds it to; else empty."""
    found: dict[str, str] = {}
    for node in module.body:
        if is_future_import(node):
            continue
        if isinstance(node, ast.Import):
            found |= {each.asname or each.name.partition(".")[0]: _whole(each) for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module}:{each.name}" for each in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = ""
        else:
            found |= dict.fromkeys(names_bound(node), "")
    return found


def disjoint(source: str, taken: Mapping[str, str]) -> tuple[str, dict[str, str]] | None:
    """Rename the definitions of a module that conflict with others.

    Args:
        source: The module. It is parsed, not executed.
        taken: Names of the other code, as `definitions` returns them. Equal imports do not conflict.

    Returns:
        The module and the new names by the old ones. The text is unchanged if nothing conflicts. None if a name cannot
        be replaced safely, because an inner scope binds it too.
    """
    module = parse_source(source)
    own = definitions(module)
    clashing = [name for name, of in own.items() if name in taken and (not of or of != taken[name])]
    if not clashing:
        return source, {}
    inner = set(_bound_inside(module))
    if inner & set(clashing):
        return None
    used = {*names_in(module), *taken}
    new: dict[str, str] = {}
    for name in clashing:
        new[name] = free_name(f"{name}_", used)
        used.add(new[name])
    return (ast.unparse(module) + "\n", new) if _rename(module, new) else None


def _rename(module: ast.Module, new: Mapping[str, str]) -> bool:
    """Rename top-level definitions and their uses; return False for `import a.b`, which has no name of its own."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            node.id = new.get(node.id, node.id)
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            statement.name = new.get(statement.name, statement.name)
        for alias in statement.names if isinstance(statement, ast.Import | ast.ImportFrom) else ():
            bound = alias.asname or alias.name
            if "." in bound and bound.partition(".")[0] in new:
                return False
            if bound in new:
                alias.asname = new[bound]
    return True


def _whole(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _bound_inside(module: ast.Module) -> Iterator[str]:
    """Yield the names that functions, classes and comprehensions bind in their own scopes."""
    for node in ast.walk(module):
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, _OWN_SCOPE):
            body = [*node.body] if isinstance(node.body, list) else [node.body]
            inside = [*body, *([node.args] if not isinstance(node, ast.ClassDef) else [])]
            yield from (name for each in inside for name in names_bound(each))
        elif isinstance(node, _COMPREHENSIONS):
            yield from (name for each in node.generators for name in names_bound(each.target))
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name
